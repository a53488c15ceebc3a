"""What was on record at an earlier moment, from facts that are only ever appended. A fixed number of statements.

Sessions come from their history, marks from their changes, joining, leaving and pausing from the enrolment's events, make-ups
from theirs. Source: the domain page, "Attendance" 8 and 9.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from trainer.attendance.models import AbsenceNotice, MakeUp, MakeUpEvent, Mark, MarkChange
from trainer.attendance.queries.made_of import Inputs, late, mark_fact
from trainer.attendance.rules import MakeUpFact, MarkFact, NoticeFact, SessionFact
from trainer.cohorts.models import Course, Enrolment, EnrolmentEvent
from trainer.cohorts.rules import JOINED, PauseSpan
from trainer.core.database import session
from trainer.scheduling.models import Session, SessionHistory


def inputs_as_of(course_id: int, enrolment_ids: Sequence[int] | None, as_of: datetime) -> dict[int, Inputs]:
    """What these people's attendance, or that of all who were enrolled by then, was made of. Seven statements."""
    course = session.execute(select(Course.starts_on, Course.timezone).where(Course.id == course_id)).one()
    people = _people(course_id, enrolment_ids, as_of)
    ids = list(people)
    sessions = _sessions(course_id, as_of)
    marks = _marks(ids, as_of)
    make_ups = _make_ups(ids, as_of)
    notices = _notices(ids, as_of)
    today = as_of.astimezone(ZoneInfo(course.timezone)).date()
    return {
        key: Inputs(
            sessions,
            marks.get(key, {}),
            late(one.joined_on, course.starts_on),
            one.left_on,
            tuple(one.pauses),
            make_ups.get(key, {}),
            notices.get(key, {}),
            today,
        )
        for key, one in people.items()
    }


@dataclass(slots=True)
class _Person:
    joined_on: date | None = None
    left_on: date | None = None
    status: str = "invited"
    pauses: list[PauseSpan] = field(default_factory=list)


def _people(course_id: int, enrolment_ids: Sequence[int] | None, as_of: datetime) -> dict[int, _Person]:
    statement = (
        select(
            Enrolment.id,
            Enrolment.joined_on,
            EnrolmentEvent.at,
            EnrolmentEvent.to_status,
            EnrolmentEvent.effective_on,
            EnrolmentEvent.note_code,
        )
        .join(EnrolmentEvent, EnrolmentEvent.enrolment_id == Enrolment.id)
        .where(Enrolment.course_id == course_id)
        .order_by(EnrolmentEvent.at, EnrolmentEvent.id)
    )
    if enrolment_ids is not None:
        statement = statement.where(Enrolment.id.in_(enrolment_ids))
    found: dict[int, _Person] = {}
    known_joining: dict[int, date] = {}
    for key, joined_on, at, to, on, code in session.execute(statement):
        if at > as_of:
            continue
        if code == JOINED:
            known_joining[key] = on
            continue
        one = found.setdefault(key, _Person(joined_on))
        if one.status == "paused" and one.pauses and one.pauses[-1].ends_on is None:
            began = one.pauses.pop().starts_on
            one.pauses.append(PauseSpan(began, max(on, began)))
        if to == "paused":
            one.pauses.append(PauseSpan(on, None))
        one.left_on = on if to == "withdrawn" else None
        one.status = to
    for key, day in known_joining.items():
        if key in found:
            found[key].joined_on = day
    if enrolment_ids is None:
        return {key: one for key, one in found.items() if one.status != "invited"}
    return found


def _sessions(course_id: int, as_of: datetime) -> tuple[SessionFact, ...]:
    latest: dict[int, SessionFact] = {}
    for row in session.execute(
        select(
            Session.id,
            Session.number,
            SessionHistory.status,
            SessionHistory.starts_local,
            SessionHistory.minutes,
            SessionHistory.effective_minutes,
            SessionHistory.module_code,
            SessionHistory.extra,
        )
        .join(SessionHistory, SessionHistory.session_id == Session.id)
        .where(Session.course_id == course_id, SessionHistory.at <= as_of)
        .order_by(SessionHistory.at, SessionHistory.id)
    ):
        latest[row[0]] = SessionFact(*row)
    return tuple(sorted(latest.values(), key=lambda one: (one.starts_local, one.number)))


def _marks(ids: Sequence[int], as_of: datetime) -> dict[int, dict[int, MarkFact]]:
    found: dict[int, dict[int, MarkFact]] = {}
    for enrolment_id, session_id, kind, minutes in session.execute(
        select(Mark.enrolment_id, Mark.session_id, MarkChange.to_kind, MarkChange.to_minutes)
        .join(MarkChange, MarkChange.mark_id == Mark.id)
        .where(Mark.enrolment_id.in_(ids), MarkChange.at <= as_of)
        .order_by(MarkChange.at, MarkChange.id)
    ):
        found.setdefault(enrolment_id, {})[session_id] = mark_fact(kind, minutes)
    return found


def _make_ups(ids: Sequence[int], as_of: datetime) -> dict[int, dict[int, MakeUpFact]]:
    latest: dict[int, tuple[int, MakeUpFact]] = {}
    for key, enrolment_id, session_id, minutes, status, until, way in session.execute(
        select(
            MakeUp.id,
            MakeUp.enrolment_id,
            MakeUp.session_id,
            MakeUpEvent.minutes,
            MakeUpEvent.status,
            MakeUpEvent.until,
            MakeUp.way,
        )
        .join(MakeUpEvent, MakeUpEvent.make_up_id == MakeUp.id)
        .where(MakeUp.enrolment_id.in_(ids), MakeUpEvent.at <= as_of)
        .order_by(MakeUpEvent.at, MakeUpEvent.id)
    ):
        latest[key] = (enrolment_id, MakeUpFact(session_id, minutes, status, until, way, key))
    found: dict[int, dict[int, MakeUpFact]] = {}
    for enrolment_id, fact in latest.values():
        if fact.status in ("asked", "agreed", "done"):
            found.setdefault(enrolment_id, {})[fact.session_id] = fact
    return found


def _notices(ids: Sequence[int], as_of: datetime) -> dict[int, dict[int, NoticeFact]]:
    found: dict[int, dict[int, NoticeFact]] = {}
    for enrolment_id, session_id, kind, code, decided, decided_at, key in session.execute(
        select(
            AbsenceNotice.enrolment_id,
            AbsenceNotice.session_id,
            AbsenceNotice.kind,
            AbsenceNotice.reason_code,
            AbsenceNotice.decided,
            AbsenceNotice.decided_at,
            AbsenceNotice.id,
        ).where(
            AbsenceNotice.enrolment_id.in_(ids),
            AbsenceNotice.announced_at <= as_of,
            AbsenceNotice.withdrawn_at.is_(None) | (AbsenceNotice.withdrawn_at > as_of),
        )
    ):
        known = decided if decided_at is not None and decided_at <= as_of else None
        found.setdefault(enrolment_id, {})[session_id] = NoticeFact(session_id, kind, code, known, key)
    return found
