"""Every SELECT of attendance: column tuples, in a number of statements that does not grow with the people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from trainer.attendance.models import Mark, MarkChange
from trainer.attendance.queries import replay
from trainer.attendance.queries.around import around_marks
from trainer.attendance.queries.made_of import Inputs, OnCourse, late, mark_fact
from trainer.attendance.rules import (
    Attendance,
    AttendanceRule,
    MarkFact,
    MarkKind,
    SavedMark,
    SessionFact,
    expected_on,
    programme_rule,
    programme_rules,
)
from trainer.cohorts.models import Course, Enrolment, Pause
from trainer.cohorts.rules import PauseSpan
from trainer.core import clock
from trainer.core.database import session
from trainer.curriculum.queries import programme_of
from trainer.people.models import Person
from trainer.scheduling.models import Session
from trainer.scheduling.queries import CourseSession, session_of

_KIND = {kind.value: kind for kind in MarkKind}


@dataclass(frozen=True, slots=True)
class MarkRow:
    """A mark as the grid shows it; minutes attended, for late and left early."""

    kind: str
    minutes: int | None
    version: int
    reason_code: str


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One person on a register. `expected`: on its roster, or belongs there; others may be marked too."""

    enrolment_id: int
    name: str
    status: str
    expected: bool
    saved: SavedMark
    recorded_by: str | None = None
    corrections: int = 0


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One entry of a mark's history."""

    from_kind: str
    from_minutes: int | None
    to_kind: str
    to_minutes: int | None
    reason_code: str
    reason: str
    by: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class MarkOf:
    """One person's mark at one session: what the history page is about."""

    at: CourseSession
    enrolment_id: int
    name: str

    @property
    def course(self) -> Course:
        return self.at.course


def session_facts(course_id: int) -> tuple[SessionFact, ...]:
    """The course's sessions as the arithmetic needs them. One statement."""
    rows = session.execute(
        select(
            Session.id,
            Session.number,
            Session.status,
            Session.starts_local,
            Session.minutes,
            Session.effective_minutes,
            Session.module_code,
            Session.extra,
        )
        .where(Session.course_id == course_id)
        .order_by(Session.starts_local, Session.number)
    )
    return tuple(SessionFact(*row) for row in rows)


def inputs(
    course_id: int,
    enrolment_ids: Sequence[int] | None = None,
    as_of: datetime | None = None,
    *,
    sessions: Sequence[SessionFact] | None = None,
    people: Sequence[OnCourse] | None = None,
) -> dict[int, Inputs]:
    """What these people's attendance, or that of all who were ever enrolled, is made of. At most four statements.

    A page that has the sessions or the people already hands them in, which saves a statement each. With `as_of`, what was on
    record at that moment (see replay).
    """
    if as_of is not None:
        return replay.inputs_as_of(course_id, enrolment_ids, as_of)
    if sessions is None:
        sessions = session_facts(course_id)
    if people is None:
        people = people_of(course_id, enrolment_ids)
    ids = [one.enrolment_id for one in people]
    marks: dict[int, dict[int, MarkFact]] = {key: {} for key in ids}
    for enrolment_id, session_id, kind, minutes in session.execute(
        select(Mark.enrolment_id, Mark.session_id, Mark.kind, Mark.minutes).where(Mark.enrolment_id.in_(ids))
    ):
        marks[enrolment_id][session_id] = mark_fact(kind, minutes)
    around = around_marks(ids)
    in_order = tuple(sessions)
    today = clock.today(people[0].zone) if people else None
    return {
        one.enrolment_id: Inputs(
            in_order,
            marks[one.enrolment_id],
            one.late_on,
            one.left_on,
            tuple(around.pauses.get(one.enrolment_id, ())),
            around.make_ups.get(one.enrolment_id, {}),
            around.notices.get(one.enrolment_id, {}),
            today,
        )
        for one in people
    }


def people_of(course_id: int, enrolment_ids: Sequence[int] | None = None) -> list[OnCourse]:
    """These people, or all who were ever enrolled. One statement."""
    people = (
        select(Enrolment.id, Enrolment.joined_on, Enrolment.left_on, Course.starts_on, Course.timezone)
        .join(Course, Course.id == Enrolment.course_id)
        .where(Enrolment.course_id == course_id)
    )
    if enrolment_ids is None:
        people = people.where(Enrolment.status != "invited")
    else:
        people = people.where(Enrolment.id.in_(enrolment_ids))
    return [
        OnCourse(key, late(joined_on, first), left_on, zone)
        for key, joined_on, left_on, first, zone in session.execute(people)
    ]


def pauses_of(enrolment_ids: Iterable[int]) -> dict[int, list[PauseSpan]]:
    """The pauses of these people. One statement."""
    found: dict[int, list[PauseSpan]] = {}
    for key, starts_on, ends_on in session.execute(
        select(Pause.enrolment_id, Pause.starts_on, Pause.ends_on).where(
            Pause.enrolment_id.in_(list(enrolment_ids))
        )
    ):
        found.setdefault(key, []).append(PauseSpan(starts_on, ends_on))
    return found


def course_rule(course_id: int) -> AttendanceRule:
    """The attendance rule of the programme that the course is pinned to. One or two statements."""
    version_id = session.execute(
        select(Course.programme_version_id).where(Course.id == course_id)
    ).scalar_one()
    return programme_rule(programme_of(version_id))


def attendance_facts(course_id: int, enrolment_ids: Sequence[int] | None = None) -> dict[int, Attendance]:
    """Where these people, or all who were ever enrolled, stand by the programme's rules on attendance."""
    version_id = session.execute(
        select(Course.programme_version_id).where(Course.id == course_id)
    ).scalar_one()
    rules = programme_rules(programme_of(version_id))
    return {key: one.stand(rules) for key, one in inputs(course_id, enrolment_ids).items()}


def grid(course_id: int) -> dict[int, dict[int, MarkRow]]:
    """Every mark of a course, by enrolment and session. One statement."""
    found: dict[int, dict[int, MarkRow]] = {}
    for enrolment_id, session_id, kind, minutes, version, code in session.execute(
        select(Mark.enrolment_id, Mark.session_id, Mark.kind, Mark.minutes, Mark.version, Mark.reason_code)
        .join(Session, Session.id == Mark.session_id)
        .where(Session.course_id == course_id)
    ):
        found.setdefault(enrolment_id, {})[session_id] = MarkRow(kind, minutes, version, code)
    return found


def saved_marks(session_id: int) -> dict[int, SavedMark]:
    """The marks of a session by enrolment. One statement."""
    rows = session.execute(
        select(
            Mark.enrolment_id,
            Mark.kind,
            Mark.minutes,
            Mark.reason_code,
            Mark.version,
            Mark.recorded_by,
            Mark.recorded_at,
        ).where(Mark.session_id == session_id)
    )
    return {
        key: SavedMark(_KIND[kind], minutes, code, version, by, at)
        for key, kind, minutes, code, version, by, at in rows
    }


def mark_ids(session_id: int) -> dict[int, int]:
    """Ids of a session's marks by enrolment. One statement."""
    rows = session.execute(select(Mark.enrolment_id, Mark.id).where(Mark.session_id == session_id))
    return dict(rows.tuples().all())


def roster_of(course_id: int, day: date) -> dict[int, bool]:
    """Everyone on the course but the invited, and whether a session that day expects them. Two statements."""
    rows = session.execute(
        select(Enrolment.id, Enrolment.status, Enrolment.joined_on, Enrolment.left_on, Course.starts_on)
        .join(Course, Course.id == Enrolment.course_id)
        .where(Enrolment.course_id == course_id, Enrolment.status != "invited")
    ).all()
    away = pauses_of(row[0] for row in rows)
    return {
        key: expected_on(day, status, late(joined_on, first), left_on, away.get(key, ()))
        for key, status, joined_on, left_on, first in rows
    }


def register_rows(course_id: int, session_id: int, day: date) -> list[RegisterRow]:
    """A session's register by name: its frozen roster or, before that, who is expected. Four statements."""
    roster = roster_of(course_id, day)
    recorder = aliased(Person)
    rows = session.execute(
        select(
            Enrolment.id,
            Person.display_name,
            Enrolment.status,
            Mark.id,
            Mark.kind,
            Mark.minutes,
            Mark.reason_code,
            Mark.version,
            Mark.recorded_by,
            Mark.recorded_at,
            recorder.display_name,
        )
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(Mark, (Mark.enrolment_id == Enrolment.id) & (Mark.session_id == session_id))
        .outerjoin(recorder, recorder.id == Mark.recorded_by)
        .where(Enrolment.id.in_(list(roster)))
        .order_by(Person.family_name, Person.given_name, Enrolment.id)
    ).all()
    corrected = dict(
        session.execute(
            select(MarkChange.mark_id, func.count())
            .join(Mark, Mark.id == MarkChange.mark_id)
            .where(Mark.session_id == session_id, MarkChange.from_kind != "unmarked")
            .group_by(MarkChange.mark_id)
        )
        .tuples()
        .all()
    )
    return [
        RegisterRow(
            enrolment_id=key,
            name=name,
            status=status,
            expected=roster[key] or mark_id is not None,
            saved=SavedMark() if mark_id is None else SavedMark(_KIND[kind], *mark),
            recorded_by=by,
            corrections=corrected.get(mark_id, 0),
        )
        for key, name, status, mark_id, kind, *mark, by in rows
    ]


def history_of(session_id: int, enrolment_id: int) -> list[ChangeRow]:
    """Everything that was recorded for one person at one session, the newest first. One statement."""
    rows = session.execute(
        select(
            MarkChange.from_kind,
            MarkChange.from_minutes,
            MarkChange.to_kind,
            MarkChange.to_minutes,
            MarkChange.to_reason_code,
            MarkChange.reason,
            Person.display_name,
            MarkChange.at,
        )
        .join(Mark, Mark.id == MarkChange.mark_id)
        .outerjoin(Person, Person.id == MarkChange.by)
        .where(
            Mark.session_id == session_id,
            Mark.enrolment_id == enrolment_id,
            # That somebody was expected, written when the roster was frozen, is for replay alone.
            (MarkChange.from_kind != "unmarked") | (MarkChange.to_kind != "unmarked"),
        )
        .order_by(MarkChange.id.desc())
    )
    return [ChangeRow(*row) for row in rows]


def names_of(person_ids: Iterable[int]) -> dict[int, str]:
    """Display names. One statement."""
    rows = session.execute(select(Person.id, Person.display_name).where(Person.id.in_(list(person_ids))))
    return dict(rows.tuples().all())


def enrolments_by_email(course_id: int) -> dict[str, tuple[int, str]]:
    """Enrolment id and status of everyone on the course by their address, invited ones too. One statement."""
    rows = session.execute(
        select(Person.email, Enrolment.id, Enrolment.status)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .where(Enrolment.course_id == course_id, Person.email.is_not(None))
    )
    return {str(email): (key, status) for email, key, status in rows}


def mark_of(code: str, number: int, enrolment_id: int) -> MarkOf | None:
    """One person at one session of a course; None when either is not of that course."""
    found = session_of(code, number)
    if found is None:
        return None
    name = session.execute(
        select(Person.display_name)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .where(Enrolment.id == enrolment_id, Enrolment.course_id == found.course_id)
    ).scalar_one_or_none()
    return None if name is None else MarkOf(found, enrolment_id, name)
