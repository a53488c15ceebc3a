"""Every SELECT of the dossier, in a number of statements that does not grow with the people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from trainer.cohorts.models import Course, Enrolment
from trainer.core.database import session
from trainer.core.models import StoredFile
from trainer.curriculum.queries import programme_of
from trainer.dossier.models import DossierEntry
from trainer.dossier.rules import Entry, asks_for_anything
from trainer.people.models import Person


@dataclass(frozen=True)
class OneEntry:
    """An entry with the person it is about and their course."""

    entry: DossierEntry
    enrolment: Enrolment

    @property
    def person_id(self) -> int:
        return self.enrolment.person_id

    @property
    def course(self) -> Course:
        return self.enrolment.course


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody on the course, as lists name them."""

    enrolment_id: int
    person_id: int
    name: str
    status: str


def entries(
    course_id: int, enrolment_ids: Sequence[int], as_of: datetime | None = None
) -> dict[int, tuple[Entry, ...]]:
    """What was recorded for these people, by enrolment, as requirements need it; with `as_of`, up to that moment.

    One statement. The source "dossier": no words, links, files or names, so that no decision rests on them.
    """
    statement = (
        select(
            DossierEntry.enrolment_id,
            DossierEntry.id,
            DossierEntry.kind,
            DossierEntry.code,
            DossierEntry.state,
            DossierEntry.on,
            DossierEntry.points,
            DossierEntry.out_of,
            DossierEntry.valid_until,
            DossierEntry.voids_id,
        )
        .where(DossierEntry.enrolment_id.in_(enrolment_ids))
        .order_by(DossierEntry.id)
    )
    if as_of is not None:
        statement = statement.where(DossierEntry.recorded_at <= as_of)
    found: dict[int, list[Entry]] = {}
    for enrolment_id, *values in session.execute(statement):
        found.setdefault(enrolment_id, []).append(Entry(*values))
    return {key: tuple(rows) for key, rows in found.items()}


def whole(enrolment_ids: Iterable[int], kinds: Sequence[str] | None = None) -> dict[int, tuple[Entry, ...]]:
    """Every entry of these people with its words, link, file and who recorded it, by enrolment. One statement."""
    statement = (
        select(DossierEntry, StoredFile.name, StoredFile.erased_at, Person.display_name)
        .outerjoin(StoredFile, StoredFile.id == DossierEntry.file_id)
        .outerjoin(Person, Person.id == DossierEntry.recorded_by)
        .where(DossierEntry.enrolment_id.in_(list(enrolment_ids)))
        .order_by(DossierEntry.id)
    )
    if kinds is not None:
        statement = statement.where(DossierEntry.kind.in_(kinds))
    found: dict[int, list[Entry]] = {}
    for row, file_name, erased_at, by in session.execute(statement):
        found.setdefault(row.enrolment_id, []).append(
            Entry(
                id=row.id,
                kind=row.kind,
                code=row.code,
                state=row.state,
                on=row.on,
                points=row.points,
                out_of=row.out_of,
                valid_until=row.valid_until,
                voids_id=row.voids_id,
                words=row.words,
                url=row.url,
                file_id=None if erased_at else row.file_id,
                file_name=file_name or None,
                by=by,
                by_id=row.recorded_by,
                at=row.recorded_at,
            )
        )
    return {key: tuple(rows) for key, rows in found.items()}


def members(course_id: int, statuses: Sequence[str] = ("enrolled", "paused", "completed")) -> list[Member]:
    """Who is on the course, by name. One statement."""
    rows = session.execute(
        select(Enrolment.id, Enrolment.person_id, Person.display_name, Enrolment.status)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.course_id == course_id, Enrolment.status.in_(statuses))
        .order_by(Person.family_name, Person.given_name, Enrolment.id)
    )
    return [Member(*row) for row in rows]


def asked_on(code: str) -> bool:
    """Whether the programme of that course asks for anything that lies in a dossier.

    The pages of a course have loaded it: it is taken from the session, and no statement is made for a link.
    """
    known = (one for one in session.identity_map.values() if isinstance(one, Course) and one.code == code)
    course = next(known, None) or session.scalar(select(Course).where(Course.code == code))
    return course is not None and asks_for_anything(programme_of(course.programme_version_id))


def enrolment_of(code: str, enrolment_id: int) -> Enrolment | None:
    """One person on a course; None when they are not on that course."""
    return _enrolment(Course.code == code, Enrolment.id == enrolment_id, Enrolment.status != "invited")


def own_enrolment(code: str, person_id: int | None) -> Enrolment | None:
    """The person's own enrolment on a course; None when there is none."""
    return _enrolment(Course.code == code, Enrolment.person_id == person_id, Enrolment.status != "invited")


def _enrolment(*conditions: object) -> Enrolment | None:
    return session.execute(
        select(Enrolment)
        .join(Course, Course.id == Enrolment.course_id)
        .where(*conditions)  # type: ignore[arg-type]
        .options(joinedload(Enrolment.person), joinedload(Enrolment.course))
    ).scalar_one_or_none()


def one_entry(code: str, enrolment_id: int, entry_id: int) -> OneEntry | None:
    """One entry of one person on a course, its file along; None when it is not theirs."""
    enrolment = enrolment_of(code, enrolment_id)
    return None if enrolment is None else _entry_of(enrolment, entry_id)


def own_entry(code: str, person_id: int | None, entry_id: int) -> OneEntry | None:
    """One entry of the person's own; None when it is not theirs."""
    enrolment = own_enrolment(code, person_id)
    return None if enrolment is None else _entry_of(enrolment, entry_id)


def _entry_of(enrolment: Enrolment, entry_id: int) -> OneEntry | None:
    entry = session.execute(
        select(DossierEntry)
        .where(DossierEntry.id == entry_id, DossierEntry.enrolment_id == enrolment.id)
        .options(joinedload(DossierEntry.file))
    ).scalar_one_or_none()
    return None if entry is None else OneEntry(entry, enrolment)


def enrolments_by_email(course_id: int) -> dict[str, tuple[int, str]]:
    """Enrolment id and status of everyone on the course by their address in lower case. One statement."""
    rows = session.execute(
        select(func.lower(Person.email), Enrolment.id, Enrolment.status)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .where(Enrolment.course_id == course_id, Person.email.is_not(None))
    )
    return {str(email): (key, status) for email, key, status in rows}
