"""Repeats, for those who missed a part of the course and in nobody's base: who comes, who could, in whose calendar."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_, select

from trainer.attendance.models import MakeUp, Mark
from trainer.attendance.queries.facts import inputs
from trainer.attendance.rules import AttendanceRule
from trainer.attendance.rules.make_ups import (
    LIVE,
    MakeUpPolicy,
    MakeUpStatus,
    Used,
    Way,
    missed_minutes,
    why_not,
)
from trainer.cohorts.models import Course, Enrolment
from trainer.core import clock
from trainer.core.database import session
from trainer.core.text import Text, msg
from trainer.curriculum.queries import programme_of
from trainer.people.models import Person
from trainer.scheduling.models import Session
from trainer.scheduling.queries import events_where
from trainer.scheduling.rules import CalendarEvent

_COMING = (MakeUpStatus.AGREED.value, MakeUpStatus.DONE.value)


@dataclass(frozen=True, slots=True)
class CouldCome:
    """Somebody who missed a session that a repeat repeats and may still make it up: its number, and the minutes missed."""

    enrolment_id: int
    name: str
    number: int
    minutes: int
    paused: bool = False


def who_could_come(course: Course, module_code: str) -> list[CouldCome]:
    """Who missed something of a module and may make it up by the programme's rule, by name. At most six statements."""
    document = programme_of(course.programme_version_id).attendance
    policy, rule = MakeUpPolicy.from_document(document), AttendanceRule.from_document(document)
    if Way.SESSION not in policy.ways:
        return []
    people = (
        session.execute(
            select(Enrolment.id, Person.display_name, Enrolment.status == "paused")
            .join(Person, Person.id == Enrolment.person_id)
            .where(
                Enrolment.course_id == course.id, Enrolment.status.in_(("enrolled", "paused", "completed"))
            )
            .order_by(Person.family_name, Person.given_name, Enrolment.id)
        )
        .tuples()
        .all()
    )
    made_of, today = inputs(course.id, [key for key, _name, _paused in people]), clock.today(course.timezone)
    found = []
    for key, name, paused in people:
        one = made_of[key]
        used = Used.of((fact.way, fact.status, fact.minutes) for fact in one.make_ups.values())
        found += [
            CouldCome(key, name, line.session.number, missed_minutes(line), paused)
            for line in one.weigh(rule).lines
            if line.session.module_code == module_code and why_not(policy, line, used, today) is None
        ]
    return found


def coming_to(session_id: int) -> set[int]:
    """The enrolments, of any course, that make something up at that session. One statement."""
    return set(
        session.scalars(
            select(MakeUp.enrolment_id).where(
                MakeUp.target_session_id == session_id,
                MakeUp.status.in_(_COMING),
                MakeUp.way != Way.TRANSFER.value,
            )
        )
    )


def made_up_here(session_id: int) -> bool:
    """Whether somebody is credited for having been at that session to make something up. One statement."""
    return (
        session.execute(
            select(MakeUp.id)
            .where(
                MakeUp.target_session_id == session_id,
                MakeUp.status == MakeUpStatus.DONE.value,
                MakeUp.way != Way.TRANSFER.value,
            )
            .limit(1)
        ).first()
        is not None
    )


def own_repeat(enrolment_id: int, session_id: int) -> int | None:
    """The number of the session that a person makes up at that repeat; None where they make up nothing there. One statement."""
    return session.scalars(
        select(Session.number)
        .join(MakeUp, MakeUp.session_id == Session.id)
        .where(
            MakeUp.enrolment_id == enrolment_id,
            MakeUp.target_session_id == session_id,
            MakeUp.status.in_(list(LIVE)),
        )
    ).first()


def why_in_use(session_id: int) -> Text | None:
    """Why it is settled whether a session is a repeat: somebody was marked there, or makes something up there or for it.

    None while it may still change. Two statements.
    """
    if session.execute(
        select(Mark.id).where(Mark.session_id == session_id, Mark.kind != "unmarked").limit(1)
    ).first():
        return msg("Somebody was marked at this session: whether it is a repeat can no longer change.")
    if session.execute(
        select(MakeUp.id)
        .where(
            or_(MakeUp.target_session_id == session_id, MakeUp.session_id == session_id),
            MakeUp.status.in_(list(LIVE)),
        )
        .limit(1)
    ).first():
        return msg(
            "Somebody makes something up at this session, or for it: whether it is a repeat can no longer change. "
            "Call that off first."
        )
    return None


class MakeUpsSource:
    """The calendar source of make-ups: the sessions at which a person has agreed to make something up, or did."""

    name = "make_ups"

    def events(self, person_id: int) -> list[CalendarEvent]:
        """One statement, and one or two for each version of a programme."""
        targets = (
            select(MakeUp.target_session_id)
            .join(Enrolment, Enrolment.id == MakeUp.enrolment_id)
            .where(
                Enrolment.person_id == person_id,
                MakeUp.status.in_(_COMING),
                MakeUp.way.in_((Way.SESSION.value, Way.OTHER_COURSE.value)),
            )
        )
        return events_where(Session.id.in_(targets))
