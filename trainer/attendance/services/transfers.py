"""Going on in another course of the same programme, with the time that was attended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, select

from trainer.attendance.models import Transfer
from trainer.attendance.queries import session_facts
from trainer.attendance.queries.make_ups import context_of
from trainer.attendance.rules import AttendanceRule, SessionFact
from trainer.attendance.rules.transfers import Carried, Earned, carried, carries
from trainer.attendance.services.following import credit_of
from trainer.attendance.services.shared import credit_changed, is_self, step
from trainer.audit.services import record
from trainer.cohorts.models import Course, Enrolment
from trainer.cohorts.policy import can_manage
from trainer.cohorts.services import enrol, withdraw
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.database import lock, session, transaction
from trainer.core.errors import Refused
from trainer.core.text import msg
from trainer.curriculum.models import ProgrammeVersion
from trainer.curriculum.queries import programme_of
from trainer.people.models import Organisation, Person
from trainer.scheduling.models import Session


@dataclass(frozen=True, slots=True)
class TransferPlan:
    """What a transfer would do, shown before it is done. Minutes.

    earned: attended or made up on the old course. lines: what is credited on the new one. earlier: sessions there before
    the day of joining. counts_earlier: whether the programme keeps those in the base of who joins late; where it does
    not, nothing is credited for them, because nothing is missing.
    """

    earned: int
    lines: tuple[Carried, ...]
    earlier: tuple[SessionFact, ...]
    counts_earlier: bool

    @property
    def credited(self) -> int:
        return sum(line.minutes for line in self.lines)


def plan_transfer(old: Course, enrolment_id: int, new: Course, joined_on: date) -> TransferPlan:
    """What would go along. Raises Refused for the same course, another programme, a course that is closed, and a day from which
    on none of its sessions is left."""
    if old.id == new.id:
        raise Refused(msg("The person is on this course already."))
    here = programme_of(old.programme_version_id)
    there = programme_of(new.programme_version_id)
    if here.code != there.code:
        raise Refused(msg("The other course follows another programme: attendance cannot be carried over."))
    if new.status == "closed":
        raise Refused(msg("The course is closed."))
    last = max(
        joined_on, clock.today(old.timezone)
    )  # as where this is followed: what comes later is not taken along
    lines = [one for one in context_of(old, enrolment_id).lines if one.session.on <= last]
    earned = [Earned(one.session.id, one.session.module_code, one.attended + one.made_up) for one in lines]
    sessions = [one for one in session_facts(new.id) if not one.extra]
    dates = [one.on for one in sessions if one.status != "cancelled"]
    if dates and joined_on > max(dates):
        raise Refused(msg("That course has no session left from that day on."))
    rule = AttendanceRule.from_document(there.attendance)
    counts = carries(rule, joined_on, new.starts_on)
    return TransferPlan(
        earned=sum(one.minutes for one in earned),
        lines=tuple(carried(earned, sessions, joined_on)) if counts else (),
        earlier=tuple(one for one in sessions if one.status != "cancelled" and one.on < joined_on),
        counts_earlier=counts,
    )


def transfer(actor: Actor, enrolment_id: int, new_course_id: int, joined_on: date) -> Enrolment:
    """Moves a person: the old enrolment ends with the note "continues on another course", the new one begins on
    `joined_on`, and what was attended is credited to the sessions there that lie before. Consent is asked for anew.

    By somebody who organises both courses, never for themself, and once: the same time is not credited on two courses. Raises
    Refused and Invalid as plan_transfer, enrol and withdraw do, and when the person does not follow the old course (any more).
    """
    with transaction() as current:
        # Courses in one order, so that two moves in opposite directions cannot wait for each other.
        found = session.get_one(Enrolment, enrolment_id)
        courses = {key: lock(Course, key) for key in sorted({found.course_id, new_course_id})}
        enrolment = lock(Enrolment, enrolment_id)
        old, new = courses[enrolment.course_id], courses[new_course_id]
        if not (can_manage(actor, old) and can_manage(actor, new)):
            raise Refused(msg("Only somebody who organises both courses may do this."))
        if is_self(actor, enrolment):
            raise Refused(msg("Nobody decides this for themself: ask a colleague."))
        if enrolment.status not in ("enrolled", "paused"):
            raise Refused(msg("This is for people who are on the course."))
        if session.scalar(select(Transfer.id).where(Transfer.from_enrolment_id == enrolment.id)):
            raise Refused(
                msg("This person went on in another course already: what was attended is credited there.")
            )
        plan = plan_transfer(old, enrolment.id, new, joined_on)
        person = session.get_one(Person, enrolment.person_id)
        entity = session.get(Organisation, enrolment.entity_id) if enrolment.entity_id else None
        fresh = enrol(actor, new, person, entity, joined_on)
        leaves = max(min(joined_on, clock.today(old.timezone)), enrolment.joined_on or joined_on)
        withdraw(actor, enrolment, leaves, "other_course")
        now = clock.now()
        current.add(
            Transfer(
                from_enrolment_id=enrolment.id,
                to_enrolment_id=fresh.id,
                effective_on=joined_on,
                by=actor.person_id,
                at=now,
            )
        )
        for line in plan.lines:
            make_up = credit_of(fresh.id, line, actor.person_id, actor.person_id)
            current.add(make_up)
            step(actor, make_up, "carried")
        record(
            actor,
            "enrolment.transferred",
            f"enrolment:{enrolment.id}",
            to=fresh.id,
            effective_on=joined_on,
            minutes=plan.credited,
            sessions=len(plan.lines),
        )
        credit_changed(actor, fresh.id)
    return fresh


def transferable_to(actor: Actor, course: Course) -> list[Course]:
    """Courses of the same programme that the actor organises and that somebody of `course` could go on in, newest first: those
    with a session today or later, or with no dates yet. One statement."""
    code = programme_of(course.programme_version_id).code
    rows = session.execute(
        select(Course, func.max(Session.starts_local))
        .join(ProgrammeVersion, ProgrammeVersion.id == Course.programme_version_id)
        .outerjoin(
            Session,
            and_(
                Session.course_id == Course.id,
                Session.status != "cancelled",
                Session.extra.is_(False),
            ),
        )
        .where(
            ProgrammeVersion.code == code,
            Course.id != course.id,
            Course.status != "closed",
            Course.specimen == course.specimen,
        )
        .group_by(Course.id)
        .order_by(Course.starts_on.desc(), Course.code)
    )
    return [
        one
        for one, last in rows
        if can_manage(actor, one) and (last is None or last.date() >= clock.today(one.timezone))
    ]
