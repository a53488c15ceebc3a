"""The sheet of a course: people by sessions, with every mark. A fixed number of statements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from trainer.attendance.models import Mark
from trainer.attendance.queries.facts import pauses_of
from trainer.attendance.queries.made_of import late
from trainer.attendance.rules import UNTOUCHED, MarkKind, SavedMark, expected_on
from trainer.cohorts.models import Course, Enrolment
from trainer.core.database import session
from trainer.people.models import Person
from trainer.scheduling.models import Session
from trainer.scheduling.queries import SessionRow, sessions_of


@dataclass(frozen=True, slots=True)
class SheetCell:
    """One person at one session. `expected`: on its roster, or belongs there."""

    saved: SavedMark
    expected: bool


@dataclass(frozen=True, slots=True)
class SheetPerson:
    """A line of the sheet; cells by session id."""

    enrolment_id: int
    name: str
    status: str
    cells: Mapping[int, SheetCell]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Sessions in order of time but for repeats, where nobody is marked, and everyone on the course but the invited by name."""

    sessions: tuple[SessionRow, ...]
    people: tuple[SheetPerson, ...]
    today: date

    def is_open(self, one: SessionRow) -> bool:
        """Whether marks can be typed for a session: held, or its day has come, and not cancelled."""
        return not one.is_cancelled and (one.is_held or one.starts_local.date() <= self.today)


def sheet_of(course_id: int, today: date) -> Sheet:
    """Everything on the sheet of a course; `today` by the course's zone. Four statements."""
    rows = [one for one in sessions_of(course_id) if not one.extra]
    sessions = tuple(sorted(rows, key=lambda one: (one.starts_local, one.number)))
    people = session.execute(
        select(
            Enrolment.id,
            Person.display_name,
            Enrolment.status,
            Enrolment.joined_on,
            Enrolment.left_on,
            Course.starts_on,
        )
        .join(Person, Person.id == Enrolment.person_id)
        .join(Course, Course.id == Enrolment.course_id)
        .where(Enrolment.course_id == course_id, Enrolment.status != "invited")
        .order_by(Person.family_name, Person.given_name, Enrolment.id)
    ).all()
    away = pauses_of(row[0] for row in people)
    marks: dict[tuple[int, int], SavedMark] = {
        (enrolment_id, session_id): SavedMark(MarkKind(kind), minutes, code, version, by, at)
        for enrolment_id, session_id, kind, minutes, code, version, by, at in session.execute(
            select(
                Mark.enrolment_id,
                Mark.session_id,
                Mark.kind,
                Mark.minutes,
                Mark.reason_code,
                Mark.version,
                Mark.recorded_by,
                Mark.recorded_at,
            )
            .join(Session, Session.id == Mark.session_id)
            .where(Session.course_id == course_id)
        )
    }

    def cell(key: int, one: SessionRow, status: str, joined: date | None, left: date | None) -> SheetCell:
        saved = marks.get((key, one.id))
        belongs = expected_on(one.starts_local.date(), status, joined, left, away.get(key, ()))
        return SheetCell(saved or UNTOUCHED, saved is not None or belongs)

    lines = []
    for key, name, status, joined_on, left_on, first in people:
        joined = late(joined_on, first)
        cells = {one.id: cell(key, one, status, joined, left_on) for one in sessions}
        lines.append(SheetPerson(key, name, status, cells))
    return Sheet(sessions, tuple(lines), today)
