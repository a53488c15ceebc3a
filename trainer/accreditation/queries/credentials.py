"""Credential keys, and what the credentials' public addresses answer from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import undefer

from trainer.accreditation.models import Certificate, CertificateEvent, SerialCounter, SigningKey
from trainer.accreditation.queries.certificates import NOBODY
from trainer.accreditation.rules.codes import normalise
from trainer.audit.models import AuditHead
from trainer.cohorts.models import Course, Enrolment
from trainer.core.database import session
from trainer.curriculum.models import ProgrammeVersion
from trainer.people.models import Organisation

PURPOSE = "credential"


@dataclass(frozen=True)
class Listed:
    """A status list: whose, of which year, how long, and the numbers of what was ever revoked or replaced."""

    university_id: int
    year: int
    last: int
    touched: tuple[Any, ...]  # number, status, reinstated_from
    changed_at: datetime | None  # the newest step in the life of one of them


def credential_key(university_id: int) -> tuple[SigningKey, str] | None:
    """The university's credential key in use, with the university's code; None when it has none."""
    row = session.execute(
        select(SigningKey, Organisation.code)
        .join(Organisation, Organisation.id == SigningKey.organisation_id)
        .where(
            SigningKey.organisation_id == university_id,
            SigningKey.purpose == PURPOSE,
            SigningKey.retired_at.is_(None),
        )
        .execution_options(populate_existing=True)
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def credential_keys() -> list[tuple[str, str]]:
    """Name and public key of every credential key that there ever was, oldest first."""
    rows = session.execute(
        select(SigningKey.label, SigningKey.public_key)
        .where(SigningKey.purpose == PURPOSE)
        .order_by(SigningKey.id)
    )
    return [(label, public_key) for label, public_key in rows]


def credential_key_count(university_id: int) -> int:
    """How many credential keys a university ever had."""
    return (
        session.scalar(
            select(func.count())
            .select_from(SigningKey)
            .where(SigningKey.organisation_id == university_id, SigningKey.purpose == PURPOSE)
        )
        or 0
    )


def certificate_with_credential(typed: str) -> Certificate | None:
    """The certificate with a verification code, its credential loaded; None when there is none."""
    return session.scalar(
        select(Certificate)
        .where(Certificate.code == (normalise(typed) or NOBODY))
        .options(undefer(Certificate.credential))
    )


def certificate_with_credential_by_id(certificate_id: int) -> Certificate | None:
    """A certificate, its credential loaded; None when there is none."""
    return session.scalar(
        select(Certificate).where(Certificate.id == certificate_id).options(undefer(Certificate.credential))
    )


def newest_step() -> int:
    """A number that grows with every step in the life of any certificate: for caches.

    That of the audit's last entry, which every step comes with. Entries become visible in the order of their
    numbers; events need not, where two are written at once, and the later one would go unnoticed.
    """
    return session.scalar(select(AuditHead.entry_id).where(AuditHead.id == 1)) or 0


def status_listed(counter_id: int) -> Listed | None:
    """What the status list of a counter says; None when there is no such list.

    Found by the history, which is small: going through all certificates would read past their documents.
    """
    counter = session.get(SerialCounter, counter_id)
    if counter is None:
        return None
    revoked = select(CertificateEvent.certificate_id).where(CertificateEvent.event == "revoked")
    replaced = select(Certificate.supersedes_id).where(Certificate.supersedes_id.is_not(None))
    mine = (
        Certificate.university_id == counter.organisation_id,
        Certificate.year == counter.year,
        or_(Certificate.id.in_(revoked), Certificate.id.in_(replaced)),
    )
    touched = session.execute(
        select(Certificate.number, Certificate.status, Certificate.reinstated_from).where(*mine)
    ).all()
    changed_at = session.scalar(
        select(func.max(CertificateEvent.at))
        .join(Certificate, Certificate.id == CertificateEvent.certificate_id)
        .where(*mine, CertificateEvent.event.in_(("revoked", "reinstated", "superseded")))
    )
    return Listed(counter.organisation_id, counter.year, counter.last, tuple(touched), changed_at)


def newest_of_achievement(
    university: str, programme: str, version: str, kind: str, language: str, specimen: bool
) -> str | None:
    """The newest credential that was given for an achievement; None when there is none."""
    return session.scalar(
        select(Certificate.credential)
        .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
        .join(Course, Course.id == Enrolment.course_id)
        .join(ProgrammeVersion, ProgrammeVersion.id == Course.programme_version_id)
        .join(Organisation, Organisation.id == Certificate.university_id)
        .where(
            Organisation.code == university,
            ProgrammeVersion.code == programme,
            ProgrammeVersion.version == version,
            Certificate.kind == kind,
            Certificate.language == language,
            Course.specimen.is_(specimen),
            Certificate.credential.is_not(None),
            Certificate.credential != "",
        )
        .order_by(Certificate.id.desc())
        .limit(1)
    )
