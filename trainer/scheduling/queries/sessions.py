"""Sessions as rows, and what belongs to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from trainer.cohorts.models import Course
from trainer.cohorts.queries import course_by_code
from trainer.core import clock
from trainer.core.database import session
from trainer.curriculum.queries import programme_of
from trainer.people.models import Membership, Person
from trainer.scheduling.models import Session, SessionHandout, SessionTrainer, Venue
from trainer.scheduling.rules import CalendarEvent, SessionStatus, ends_at, resolve


@dataclass(frozen=True)
class SessionRow:
    """A session to show. `starts_at` and `ends_at` are aware, in the session's zone; lengths in minutes."""

    id: int
    course_id: int
    number: int
    module_code: str
    title: str | None
    starts_local: datetime
    timezone: str
    minutes: int
    effective_minutes: int | None
    status: str
    cancel_reason: str | None
    uid: str
    sequence: int
    updated_at: datetime
    note: str
    venue_id: int
    venue: str
    venue_address: str
    venue_region: str
    extra: bool = False  # a repeat for those who missed it: in nobody's base

    @property
    def starts_at(self) -> datetime:
        """The moment it begins."""
        return resolve(self.starts_local, self.timezone)

    @property
    def ends_at(self) -> datetime:
        """The moment it is planned to end."""
        return ends_at(self.starts_at, self.minutes)

    @property
    def ends_local(self) -> datetime:
        """When it is planned to end, by the clock on the wall."""
        return self.ends_at.replace(tzinfo=None)

    @property
    def length(self) -> int:
        """The minutes that count: the effective ones where they were recorded, else the planned ones."""
        return self.effective_minutes if self.effective_minutes is not None else self.minutes

    @property
    def is_planned(self) -> bool:
        return self.status == SessionStatus.PLANNED

    @property
    def is_held(self) -> bool:
        return self.status == SessionStatus.HELD

    @property
    def is_cancelled(self) -> bool:
        return self.status == SessionStatus.CANCELLED

    @property
    def place(self) -> str:
        """Venue and address in one line."""
        return f"{self.venue}, {self.venue_address}" if self.venue_address else self.venue

    def event(self, course_code: str, title: str = "") -> CalendarEvent:
        """The session as a neutral calendar event."""
        return CalendarEvent(
            uid=self.uid,
            summary=f"{course_code} · {self.number}",
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            sequence=self.sequence,
            updated_at=self.updated_at,
            location=self.place,
            cancelled=self.is_cancelled,
            title=title,
            extra=self.extra,
        )


@dataclass(frozen=True)
class CourseSession:
    """One session with its course: what the pages of a session are given."""

    course: Course
    row: SessionRow

    @property
    def id(self) -> int:
        return self.row.id

    @property
    def course_id(self) -> int:
        return self.row.course_id

    @property
    def number(self) -> int:
        return self.row.number


@dataclass(frozen=True)
class PersonName:
    """A person as far as a list of trainers needs them."""

    id: int
    name: str


@dataclass(frozen=True)
class Handout:
    """A hand-out of a session."""

    id: int
    title: str
    url: str


COLUMNS = (
    Session.id,
    Session.course_id,
    Session.number,
    Session.module_code,
    Session.title,
    Session.starts_local,
    Session.timezone,
    Session.minutes,
    Session.effective_minutes,
    Session.status,
    Session.cancel_reason,
    Session.uid,
    Session.sequence,
    Session.updated_at,
    Session.note,
    Session.venue_id,
    Venue.name.label("venue"),
    Venue.address.label("venue_address"),
    Venue.region.label("venue_region"),
    Session.extra,
)


def select_rows() -> Any:
    """The statement behind every SessionRow."""
    return select(*COLUMNS).join(Venue, Venue.id == Session.venue_id)


def as_row(row: Any) -> SessionRow:
    """One result of `select_rows` as a SessionRow; further columns are left alone."""
    return SessionRow(*row[: len(COLUMNS)])


def sessions_of(course_id: int) -> list[SessionRow]:
    """All sessions of a course by number, cancelled ones too. One statement."""
    found = session.execute(select_rows().where(Session.course_id == course_id).order_by(Session.number))
    return [as_row(row) for row in found]


def session_of(course_code: str, number: int) -> CourseSession | None:
    """One session of a course by the code and the number; None when there is none."""
    if not 0 < number < 2**31:
        return None
    course = course_by_code(course_code)
    if course is None:
        return None
    found = session.execute(
        select_rows().where(Session.course_id == course.id, Session.number == number)
    ).one_or_none()
    return CourseSession(course, as_row(found)) if found is not None else None


def session_document(row: SessionRow) -> dict[str, Any]:
    """A session as JSON: `start` is ISO 8601 with its offset, `minutes` the planned length. A repeat, which is in
    nobody's base, says `extra`."""
    return {
        "number": row.number,
        "module": row.module_code,
        "start": row.starts_at.isoformat(),
        "minutes": row.minutes,
        "venue": row.venue,
        "status": row.status,
        "uid": row.uid,
        "sequence": row.sequence,
        **({"extra": True} if row.extra else {}),
    }


def module_titles(course: Course) -> dict[str, Mapping[str, str]]:
    """Titles, in every language, of the modules of the programme that a course is pinned to."""
    return {module.code: module.title for module in programme_of(course.programme_version_id).modules}


def trainers_of(session_ids: Sequence[int]) -> dict[int, list[PersonName]]:
    """Who trains at each of the sessions, by name. One statement."""
    found: dict[int, list[PersonName]] = {number: [] for number in session_ids}
    rows = session.execute(
        select(SessionTrainer.session_id, Person.id, Person.display_name)
        .join(Person, Person.id == SessionTrainer.person_id)
        .where(SessionTrainer.session_id.in_(session_ids))
        .order_by(Person.display_name, Person.id)
    )
    for session_id, person_id, name in rows:
        found[session_id].append(PersonName(person_id, name))
    return found


def possible_trainers(course: Course, also: Iterable[int] = ()) -> list[PersonName]:
    """Trainers and organisers of the provider, and the people `also` named (who train already), by name."""
    today = clock.today(course.timezone)
    members = select(Membership.person_id).where(
        Membership.organisation_id == course.organisation_id,
        Membership.role.in_(("trainer", "organiser")),
        or_(Membership.ended_on.is_(None), Membership.ended_on > today),
    )
    rows = session.execute(
        select(Person.id, Person.display_name)
        .where(or_(Person.id.in_(members), Person.id.in_(list(also))))
        .order_by(Person.display_name, Person.id)
    )
    return [PersonName(*row) for row in rows]


def handouts_of(session_id: int) -> list[Handout]:
    """The hand-outs of a session in the order in which they were added."""
    rows = session.execute(
        select(SessionHandout.id, SessionHandout.title, SessionHandout.url)
        .where(SessionHandout.session_id == session_id)
        .order_by(SessionHandout.id)
    )
    return [Handout(*row) for row in rows]
