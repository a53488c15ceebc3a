"""Everybody's credit in sums, for lists over all courses: the facts in SQL, the decision by the same rule as on every page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, select

from trainer.attendance.models import MakeUp, Mark
from trainer.attendance.rules import AttendanceRule, Count, Excused, decided, needed
from trainer.cohorts.models import Course, Enrolment, Pause
from trainer.core.database import session
from trainer.gates.rules import Status
from trainer.scheduling.models import Session

# The length that counts, as SessionFact.length says it.
_LENGTH = case(
    ((Session.status == "held") & Session.effective_minutes.is_not(None), Session.effective_minutes),
    else_=Session.minutes,
)


@dataclass(frozen=True, slots=True)
class Bases:
    """A course's base, without what is cancelled or a repeat: whole minutes and sessions."""

    minutes: int
    sessions: int


def bases(course_ids: Sequence[int] | None = None) -> dict[int, Bases]:
    """By course, or of all courses. One statement."""
    statement = (
        select(Session.course_id, func.sum(_LENGTH), func.count())
        .where(Session.status != "cancelled", Session.extra.is_(False))
        .group_by(Session.course_id)
    )
    if course_ids is not None:
        statement = statement.where(Session.course_id.in_(course_ids))
    return {key: Bases(int(minutes), count) for key, minutes, count in session.execute(statement)}


def credits_of(course_ids: Sequence[int] | None = None) -> Iterator[tuple[int, int, int, int, int]]:
    """(course, enrolment, minutes attended, sessions attended whole, sessions attended in part) of everyone with a mark.

    One statement: the aggregate over all marks of held sessions.
    """
    partial = Mark.kind.in_(("late", "left_early"))
    attended = case(
        (Mark.kind == "present", _LENGTH),
        (partial & (Mark.minutes < _LENGTH), Mark.minutes),
        (partial, _LENGTH),
        else_=0,
    )
    statement = (
        select(
            Session.course_id,
            Mark.enrolment_id,
            func.sum(attended),
            func.sum(case((Mark.kind == "present", 1), else_=0)),
            func.sum(case((partial, 1), else_=0)),
        )
        .join(Session, Session.id == Mark.session_id)
        .where(Session.status == "held", Session.extra.is_(False))
        .group_by(Session.course_id, Mark.enrolment_id)
    )
    if course_ids is not None:
        statement = statement.where(Session.course_id.in_(course_ids))
    rows: Iterator[tuple[int, int, int, int, int]] = session.execute(statement).tuples()
    return rows


def special(rule: AttendanceRule, course_ids: Sequence[int] | None = None) -> set[int]:
    """Enrolments that sums alone do not decide under the rule: make-ups, and what the programme lets leave the base or be
    credited. At most four statements."""
    asked = [select(MakeUp.enrolment_id).where(MakeUp.status == "done")]
    if rule.excused is not Excused.ABSENT:
        asked.append(select(Mark.enrolment_id).where(Mark.kind == "excused").distinct())
    if rule.pauses_excluded:
        asked.append(select(Pause.enrolment_id).distinct())
    if rule.late_joiners_from_joining:
        asked.append(
            select(Enrolment.id)
            .join(Course, Course.id == Enrolment.course_id)
            .where(Enrolment.joined_on > Course.starts_on)
        )
    found: set[int] = set()
    for statement in asked:
        found.update(session.scalars(statement))
    return found


def met_by_sums(
    rule: AttendanceRule, course_ids: Sequence[int] | None = None
) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    """Who meets the rule, and who has to be looked at one by one, as enrolments by course.

    Agrees with the full arithmetic on everybody (tests/integration/attendance/test_totals.py). A rule limited to modules is
    looked at one by one for all.
    """
    whole = bases(course_ids)
    apart = special(rule, course_ids)
    met: dict[int, list[int]] = {}
    open_: dict[int, list[int]] = {}
    in_minutes = rule.count is Count.MINUTES
    need = {key: needed(rule, base.minutes if in_minutes else base.sessions) for key, base in whole.items()}
    for course_id, enrolment_id, minutes, complete, partial in credits_of(course_ids):
        if enrolment_id in apart or rule.modules is not None or (partial and not in_minutes):
            open_.setdefault(course_id, []).append(enrolment_id)
            continue
        base = whole[course_id]
        credited, of = (minutes, base.minutes) if in_minutes else (complete, base.sessions)
        if decided(credited, 0, of, need[course_id]) is Status.MET:
            met.setdefault(course_id, []).append(enrolment_id)
    # Somebody without a single mark can be credited by make-ups alone.
    for course_id, enrolment_id in _without_marks(apart, met, open_):
        if course_ids is None or course_id in course_ids:
            open_.setdefault(course_id, []).append(enrolment_id)
    return met, open_


def _without_marks(
    apart: set[int], met: dict[int, list[int]], open_: dict[int, list[int]]
) -> list[tuple[int, int]]:
    seen = {key for keys in (*met.values(), *open_.values()) for key in keys}
    rest = sorted(apart - seen)
    if not rest:
        return []
    rows = session.execute(select(Enrolment.course_id, Enrolment.id).where(Enrolment.id.in_(rest)))
    return [(course_id, key) for course_id, key in rows]
