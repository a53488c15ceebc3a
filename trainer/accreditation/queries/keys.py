"""The keys that universities sign with. What is secret is read for signing alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from trainer.accreditation.models import SigningKey, UniversityProfile
from trainer.core.database import session
from trainer.people.models import Organisation, Person

SIGNATURE = "signature"
CREDENTIAL = "credential"


@dataclass(frozen=True)
class KeyRow:
    """A key as pages and commands show it: without its private half."""

    id: int
    university_id: int
    university: str  # code
    purpose: str
    place: int
    label: str
    algorithm: str
    fingerprint: str
    test: bool
    not_before: datetime | None
    not_after: datetime | None
    added_at: datetime
    added_by: str | None
    retired_at: datetime | None

    def days_left(self, moment: datetime) -> int | None:
        """Whole days until the certificate ends, from `moment`; negative after; None when it does not end."""
        return None if self.not_after is None else (self.not_after - moment).days


@dataclass(frozen=True)
class StampSettings:
    """How a university has its signatures stamped with the time."""

    timestamp_url: str = ""
    long_term: bool = False


def _rows() -> Any:
    return (
        select(
            SigningKey.id,
            SigningKey.organisation_id,
            Organisation.code,
            SigningKey.purpose,
            SigningKey.place,
            SigningKey.label,
            SigningKey.algorithm,
            SigningKey.fingerprint,
            SigningKey.test,
            SigningKey.not_before,
            SigningKey.not_after,
            SigningKey.added_at,
            Person.display_name,
            SigningKey.retired_at,
        )
        .join(Organisation, Organisation.id == SigningKey.organisation_id)
        .outerjoin(Person, Person.id == SigningKey.added_by)
        .order_by(
            Organisation.code, SigningKey.retired_at.is_not(None), SigningKey.place, SigningKey.id.desc()
        )
    )


def keys_of(university_id: int | None = None) -> list[KeyRow]:
    """The keys of a university, or of all: those in use first, by place; then the retired ones, newest
    first."""
    statement = _rows()
    if university_id is not None:
        statement = statement.where(SigningKey.organisation_id == university_id)
    return [KeyRow(*row) for row in session.execute(statement)]


def key_row(key_id: int) -> KeyRow | None:
    """One key; None when there is none."""
    row = session.execute(_rows().where(SigningKey.id == key_id)).one_or_none()
    return None if row is None else KeyRow(*row)


def keys_in_use(university_id: int) -> list[SigningKey]:
    """The keys that sign documents now, by place, with their sealed halves."""
    return list(
        session.scalars(
            select(SigningKey)
            .where(
                SigningKey.organisation_id == university_id,
                SigningKey.purpose == SIGNATURE,
                SigningKey.retired_at.is_(None),
            )
            .order_by(SigningKey.place)
        )
    )


def chains_of(university_id: int | None = None) -> list[tuple[int, str]]:
    """University and PEM chain of every key that ever signed documents, of one university or of all."""
    statement = (
        select(SigningKey.organisation_id, SigningKey.chain)
        .where(SigningKey.purpose == SIGNATURE)
        .order_by(SigningKey.id)
    )
    if university_id is not None:
        statement = statement.where(SigningKey.organisation_id == university_id)
    return [(owner, chain) for owner, chain in session.execute(statement)]


def stamp_settings(university_id: int) -> StampSettings:
    """How the university's signatures are stamped with the time; not at all while nobody has said so."""
    row = session.execute(
        select(UniversityProfile.timestamp_url, UniversityProfile.long_term).where(
            UniversityProfile.organisation_id == university_id
        )
    ).one_or_none()
    return StampSettings() if row is None else StampSettings(*row)


def place_in_use(university_id: int, place: int) -> bool:
    """Whether a key signs at this place now."""
    found = session.scalar(
        select(func.count())
        .select_from(SigningKey)
        .where(
            SigningKey.organisation_id == university_id,
            SigningKey.place == place,
            SigningKey.retired_at.is_(None),
        )
    )
    return bool(found)
