"""What verification reads: keys of signatures, share links, and when a certificate was looked up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from trainer.accreditation.models import Certificate, CertificateLook, ShareLink, SigningKey
from trainer.core.database import session

LOOKS_PAGE = 50


def test_key_fingerprints(university_id: int) -> frozenset[str]:
    """The fingerprints of the university's keys that are of our own test authority."""
    return frozenset(
        session.scalars(
            select(SigningKey.fingerprint).where(
                SigningKey.organisation_id == university_id, SigningKey.test.is_(True)
            )
        )
    )


def credential_text(certificate_id: int) -> str | None:
    """The signed credential of a certificate as it was attached; None for one issued without."""
    return session.scalar(select(Certificate.credential).where(Certificate.id == certificate_id)) or None


def has_credential(certificate_id: int) -> bool:
    """Whether a certificate was issued with a credential."""
    return bool(
        session.scalar(
            select(func.count())
            .select_from(Certificate)
            .where(Certificate.id == certificate_id, Certificate.credential.is_not(None))
        )
    )


@dataclass(frozen=True)
class LinkRow:
    """A share link as its holder sees it."""

    id: int
    token: str
    label: str
    shows: list[str]
    created_at: datetime
    expires_on: date | None
    withdrawn_at: datetime | None
    looks: int

    def is_open(self, today: date) -> bool:
        """Whether it still answers on that day."""
        return self.withdrawn_at is None and (self.expires_on is None or today <= self.expires_on)


def links_of(certificate_id: int) -> list[LinkRow]:
    """The share links of a certificate, newest first, each with how often it was opened."""
    looks = (
        select(func.count())
        .select_from(CertificateLook)
        .where(CertificateLook.share_link_id == ShareLink.id)
        .correlate(ShareLink)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            ShareLink.id,
            ShareLink.token,
            ShareLink.label,
            ShareLink.shows,
            ShareLink.created_at,
            ShareLink.expires_on,
            ShareLink.withdrawn_at,
            looks,
        )
        .where(ShareLink.certificate_id == certificate_id)
        .order_by(ShareLink.id.desc())
    )
    return [LinkRow(*row) for row in rows]


def link_by_token(token: str) -> tuple[ShareLink, Certificate] | None:
    """A share link and its certificate, whatever the state of either; None when there is none."""
    row = session.execute(
        select(ShareLink, Certificate)
        .join(Certificate, Certificate.id == ShareLink.certificate_id)
        .where(ShareLink.token == token)
    ).one_or_none()
    return None if row is None else (row[0], row[1])


@dataclass(frozen=True)
class LookRow:
    """One look from outside: when and how; `link` is the holder's own words for a share link."""

    at: datetime
    how: str
    link: str | None


def looks_page(certificate_id: int, page: int) -> tuple[list[LookRow], int]:
    """One page of the looks at a certificate, newest first, and how many there are in all."""
    mine = CertificateLook.certificate_id == certificate_id
    total = session.scalar(select(func.count()).select_from(CertificateLook).where(mine)) or 0
    rows = session.execute(
        select(CertificateLook.at, CertificateLook.how, ShareLink.label)
        .outerjoin(ShareLink, ShareLink.id == CertificateLook.share_link_id)
        .where(mine)
        .order_by(CertificateLook.at.desc(), CertificateLook.id.desc())
        .limit(LOOKS_PAGE)
        .offset((page - 1) * LOOKS_PAGE)
    )
    return [LookRow(*row) for row in rows], total
