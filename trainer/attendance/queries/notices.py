"""Announced absences: those of a session, a course, a person; and who may be told about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, select
from sqlalchemy.orm import aliased

from trainer.attendance.models import AbsenceNote, AbsenceNotice, Mark
from trainer.cohorts.models import Course, Enrolment
from trainer.cohorts.queries import course_by_code
from trainer.core import clock
from trainer.core.database import session
from trainer.people.models import Membership, Person
from trainer.people.queries import in_force
from trainer.scheduling.models import Session, SessionTrainer


@dataclass(frozen=True, slots=True)
class Notice:
    """What one person announced for a session, for the register to suggest. The register says what happened."""

    id: int
    enrolment_id: int
    kind: str
    reason_code: str
    decided: str | None
    announced_at: datetime


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """An announced absence as the course's list shows it. `timezone` is that of the session."""

    id: int
    enrolment_id: int
    person_id: int
    name: str
    session_id: int
    number: int
    starts_local: datetime
    timezone: str
    minutes: int
    session_status: str
    kind: str
    reason_code: str
    announced_at: datetime
    withdrawn_at: datetime | None
    decided: str | None
    decided_by: str | None


@dataclass(frozen=True, slots=True)
class NoticeOf:
    """One notice with its course."""

    course: Course
    row: NoticeRow


@dataclass(frozen=True, slots=True)
class OwnNotice:
    """A person's own notice for one session. `has_note`: words to the support contact are kept with it."""

    id: int
    kind: str
    reason_code: str
    decided: str | None
    announced_at: datetime
    has_note: bool


@dataclass(frozen=True, slots=True)
class NoteOf:
    """The words beside a notice, still sealed: whose they are and who may read them."""

    notice_id: int
    reader_id: int
    reader: str
    person_id: int
    name: str
    course_code: str
    number: int
    starts_local: datetime
    kind: str
    sealed: str | None
    announced_at: datetime


@dataclass(frozen=True, slots=True)
class ToTell:
    """Somebody a mail goes to."""

    person_id: int
    email: str
    language: str | None


def announced_for(session_id: int) -> dict[int, Notice]:
    """What was announced for a session and stands, by enrolment. One statement."""
    rows = session.execute(
        select(
            AbsenceNotice.id,
            AbsenceNotice.enrolment_id,
            AbsenceNotice.kind,
            AbsenceNotice.reason_code,
            AbsenceNotice.decided,
            AbsenceNotice.announced_at,
        ).where(AbsenceNotice.session_id == session_id, AbsenceNotice.withdrawn_at.is_(None))
    )
    return {row[1]: Notice(*row) for row in rows}


def own_notices(enrolment_id: int) -> dict[int, OwnNotice]:
    """A person's own notices that stand, by session. One statement."""
    rows = session.execute(
        select(
            AbsenceNotice.session_id,
            AbsenceNotice.id,
            AbsenceNotice.kind,
            AbsenceNotice.reason_code,
            AbsenceNotice.decided,
            AbsenceNotice.announced_at,
            case((AbsenceNote.sealed.is_not(None), True), else_=False),
        )
        .outerjoin(AbsenceNote, AbsenceNote.notice_id == AbsenceNotice.id)
        .where(AbsenceNotice.enrolment_id == enrolment_id, AbsenceNotice.withdrawn_at.is_(None))
    )
    return {row[0]: OwnNotice(*row[1:]) for row in rows}


def notice_rows(course_id: int, notice_id: int | None = None) -> list[NoticeRow]:
    """The notices of a course's people that were not taken back, by session; or one, taken back or not. One statement."""
    decider = aliased(Person)
    statement = (
        select(
            AbsenceNotice.id,
            AbsenceNotice.enrolment_id,
            Enrolment.person_id,
            Person.display_name,
            Session.id,
            Session.number,
            Session.starts_local,
            Session.timezone,
            Session.minutes,
            Session.status,
            AbsenceNotice.kind,
            AbsenceNotice.reason_code,
            AbsenceNotice.announced_at,
            AbsenceNotice.withdrawn_at,
            AbsenceNotice.decided,
            decider.display_name,
        )
        .join(Enrolment, Enrolment.id == AbsenceNotice.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Session, Session.id == AbsenceNotice.session_id)
        .outerjoin(decider, decider.id == AbsenceNotice.decided_by)
        .where(Enrolment.course_id == course_id)
        .order_by(Session.starts_local, Person.family_name, Person.given_name, AbsenceNotice.id)
    )
    if notice_id is None:
        statement = statement.where(AbsenceNotice.withdrawn_at.is_(None))
    else:
        statement = statement.where(AbsenceNotice.id == notice_id)
    found: Any = session.execute(statement)
    return [NoticeRow(*row) for row in found]


def notice_of(code: str, notice_id: int) -> NoticeOf | None:
    """One notice of a course's people; None when it is not of that course."""
    course = course_by_code(code)
    if course is None:
        return None
    rows = notice_rows(course.id, notice_id)
    return NoticeOf(course, rows[0]) if rows else None


def excused_lengths(course_id: int, but: int | None = None) -> dict[int, list[int]]:
    """By enrolment, the minutes of every session that is marked excused, or decided beforehand to be (leaving out the notice
    `but`). Two statements."""
    found: dict[int, dict[int, int]] = {}
    for enrolment_id, session_id, minutes, effective in session.execute(
        select(Mark.enrolment_id, Session.id, Session.minutes, Session.effective_minutes)
        .join(Session, Session.id == Mark.session_id)
        .where(
            Session.course_id == course_id,
            Session.status == "held",
            Session.extra.is_(False),
            Mark.kind == "excused",
        )
    ):
        found.setdefault(enrolment_id, {})[session_id] = effective or minutes
    for key, enrolment_id, session_id, minutes in session.execute(
        select(AbsenceNotice.id, AbsenceNotice.enrolment_id, Session.id, Session.minutes)
        .join(Session, Session.id == AbsenceNotice.session_id)
        .where(
            Session.course_id == course_id,
            Session.status == "planned",
            Session.extra.is_(False),
            AbsenceNotice.decided == "excused",
            AbsenceNotice.withdrawn_at.is_(None),
        )
    ):
        if key != but:
            found.setdefault(enrolment_id, {})[session_id] = minutes
    return {enrolment_id: list(lengths.values()) for enrolment_id, lengths in found.items()}


def note_of(notice_id: int) -> NoteOf | None:
    """The words beside a notice; None when there never were any."""
    found = notes_where(AbsenceNote.notice_id == notice_id)
    return found[0] if found else None


def notes_for(reader_id: int) -> list[NoteOf]:
    """The notes that are there for a reader, the newest first. One statement."""
    return notes_where((AbsenceNote.reader_id == reader_id) & AbsenceNote.sealed.is_not(None))


def notes_where(condition: ColumnElement[bool]) -> list[NoteOf]:
    """Notes that fulfil a condition. One statement."""
    reader = aliased(Person)
    rows = session.execute(
        select(
            AbsenceNote.notice_id,
            AbsenceNote.reader_id,
            reader.display_name,
            Enrolment.person_id,
            Person.display_name,
            Course.code,
            Session.number,
            Session.starts_local,
            AbsenceNotice.kind,
            AbsenceNote.sealed,
            AbsenceNotice.announced_at,
        )
        .join(AbsenceNotice, AbsenceNotice.id == AbsenceNote.notice_id)
        .join(Enrolment, Enrolment.id == AbsenceNotice.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Course, Course.id == Enrolment.course_id)
        .join(Session, Session.id == AbsenceNotice.session_id)
        .join(reader, reader.id == AbsenceNote.reader_id)
        .where(condition)
        .order_by(AbsenceNotice.announced_at.desc(), AbsenceNotice.id.desc())
    )
    return [NoteOf(*row) for row in rows]


def staff_to_tell(course: Course, session_id: int | None = None) -> list[ToTell]:
    """The organisers of a course's provider and, with a session, who trains there. One statement."""
    organisers = select(Membership.person_id).where(
        Membership.organisation_id == course.organisation_id,
        Membership.role == "organiser",
        in_force(clock.today(course.timezone)),
    )
    wanted: ColumnElement[bool] = Person.id.in_(organisers)
    if session_id is not None:
        trainers = select(SessionTrainer.person_id).where(SessionTrainer.session_id == session_id)
        wanted = wanted | Person.id.in_(trainers)
    rows = session.execute(
        select(Person.id, Person.email, Person.language)
        .where(wanted, Person.email.is_not(None), Person.erased_at.is_(None))
        .order_by(Person.id)
    )
    return [ToTell(key, str(email), language) for key, email, language in rows]
