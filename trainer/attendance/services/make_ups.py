"""Making up a missed session: asked for, agreed, done, declined, called off. Every step is appended and audited."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import select

from trainer.attendance.models import MakeUp
from trainer.attendance.queries.make_ups import (
    Context,
    Option,
    context_of,
    possible_sessions,
    serves_already,
)
from trainer.attendance.queries.notices import ToTell, staff_to_tell
from trainer.attendance.rules import Line
from trainer.attendance.rules import make_ups as rules
from trainer.attendance.rules.make_ups import MakeUpStatus, Way
from trainer.attendance.services.following import facts_changed, place_free
from trainer.attendance.services.shared import (
    clean_words,
    credit_changed,
    is_self,
    on_course,
    self_or_staff,
    staff_for_another,
    step,
    tell,
)
from trainer.cohorts.models import Course, Enrolment
from trainer.cohorts.policy import can_manage
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.database import lock, lock_all, session, transaction
from trainer.core.errors import Invalid, Missing, Refused
from trainer.core.text import msg
from trainer.people.models import Person
from trainer.scheduling.models import Session
from trainer.scheduling.services import mark_held

LONGEST_TASK = 1000


def ask(
    actor: Actor,
    enrolment_id: int,
    session_id: int,
    way: str,
    target_session_id: int | None = None,
    task: str = "",
) -> MakeUp:
    """Asks to make up a missed (or announced) session: by the person, or by staff for them; who approves is another step.

    `task` says the work that is proposed, for the way "task". Raises Refused with the programme's reason when the session
    cannot be made up, Invalid for a way or session that cannot serve.
    """
    with transaction() as current:
        if target_session_id is not None and way != Way.TASK:
            lock(Session, target_session_id)  # its room is given away one by one
        enrolment = lock(Enrolment, enrolment_id)
        course = session.get_one(Course, enrolment.course_id)
        self_or_staff(actor, enrolment, course)
        on_course(enrolment)
        context, line = _line(course, enrolment.id, session_id)
        today = clock.today(course.timezone)
        if problem := rules.why_not(context.policy, line, context.used, today):
            raise Refused(problem)
        target = _target(course, enrolment.id, context, line, way, target_session_id)
        missed = rules.missed_minutes(line)
        make_up = MakeUp(
            enrolment_id=enrolment.id,
            session_id=session_id,
            way=way,
            target_session_id=target.session_id if target else None,
            task=_clean_task(task) if way == Way.TASK else "",
            minutes=rules.worth(context.policy, missed, target.minutes if target else None, context.used),
            until=context.policy.last_day(line.session.on),
            status=MakeUpStatus.ASKED.value,
            asked_by=actor.person_id,
            asked_at=clock.now(),
        )
        current.add(make_up)
        current.flush()
        step(actor, make_up, "asked")
        if is_self(actor, enrolment):
            tell(
                staff_to_tell(course),
                "attendance/mail/asked",
                actor,
                course=course.code,
                page=f"/courses/{course.code}/absences/make-ups",
            )
    return make_up


def agree(
    actor: Actor,
    make_up_id: int,
    minutes: int | None = None,
    until: date | None = None,
    words: str = "",
    other: tuple[str, int | None] | None = None,
) -> MakeUp:
    """Approves a make-up, or changes what was agreed: the minutes it is worth and the day by which it is done.

    `other` is another way than the one asked for, with the session that serves (None for agreed work). What was agreed before
    and waits again, because its session was cancelled or moved, may be done beyond the programme's own limit: an organiser says
    so in `words`. Never for oneself. Raises Invalid for minutes above what was missed or a day outside the limit, Refused when
    the other session is full, cancelled or gone by, and once what was agreed is past its day (see extend).
    """
    with transaction():
        enrolment, course, make_up = _locked(make_up_id, other[1] if other else None)
        staff_for_another(actor, enrolment, course)
        today = clock.today(course.timezone)
        rules.check_move(make_up.status, MakeUpStatus.AGREED)
        rules.check_in_time(make_up.status, make_up.until, today)
        context, line = _line(course, enrolment.id, make_up.session_id, but=make_up.id)
        last = context.policy.last_day(line.session.on)
        if rules.given_back(make_up.status, make_up.approved_at):
            context = replace(context, policy=replace(context.policy, within=None))
        if problem := rules.why_not(context.policy, line, context.used, today):
            raise Refused(problem)
        words = clean_words(words)
        if make_up.status == MakeUpStatus.ASKED:
            way, target_id = other or (make_up.way, make_up.target_session_id)
            target = _target(course, enrolment.id, context, line, way, target_id, make_up.id)
            make_up.way, make_up.target_session_id = way, target.session_id if target else None
            if context.policy.within is None:
                until = until or rules.latest(make_up.until, target.starts_local.date() if target else None)
                _beyond(actor, course, until, last, words)
        minutes = make_up.minutes if minutes is None else minutes
        rules.check_minutes(minutes, rules.missed_minutes(line), context.policy, context.used)
        make_up.minutes = minutes
        make_up.until = rules.check_until(until, context.policy, line.session.on, today)
        make_up.status = MakeUpStatus.AGREED.value
        make_up.approved_by, make_up.approved_at = actor.person_id, clock.now()
        make_up.words = words
        step(actor, make_up, "agreed")
        _tell_person(actor, enrolment, course)
    return make_up


def decline(actor: Actor, make_up_id: int, words: str = "") -> MakeUp:
    """Says that it is not possible this way; another way can be asked for at once."""
    with transaction():
        enrolment, course, make_up = _locked(make_up_id)
        staff_for_another(actor, enrolment, course)
        rules.check_move(make_up.status, MakeUpStatus.DECLINED)
        make_up.status = MakeUpStatus.DECLINED.value
        make_up.words = clean_words(words)
        step(actor, make_up, "declined")
        place_free(actor, enrolment.id)
        _tell_person(actor, enrolment, course)
    return make_up


def extend(actor: Actor, make_up_id: int, until: date, words: str) -> MakeUp:
    """Sets another day for an agreed make-up, past its day or not, and says why; by an organiser, never for themself.

    This one may lie beyond the programme's own limit: a named person answers for the exception. Raises Invalid for a day in the
    past and without words.
    """
    with transaction():
        enrolment, course, make_up = _locked(make_up_id)
        staff_for_another(actor, enrolment, course)
        if not can_manage(actor, course):
            raise Refused(msg("Only an organiser of the course may do this."))
        if make_up.status != MakeUpStatus.AGREED:
            raise Refused(msg("Only an agreed make-up has a deadline to extend."))
        if until < clock.today(course.timezone):
            raise Invalid(msg("The deadline is in the past."))
        make_up.words = clean_words(words, msg("Say why the deadline is extended."))
        make_up.until = until
        step(actor, make_up, "extended")
        _tell_person(actor, enrolment, course)
    return make_up


def complete(actor: Actor, make_up_id: int, minutes: int | None = None) -> MakeUp:
    """It was done: its minutes are credited, at most what was missed. By staff, never for oneself.

    What was done at another session counts on that session's day, whenever it is recorded; a repeat is held by it. Raises
    Refused past the deadline, and before that session or after it was cancelled.
    """
    with transaction():
        enrolment, course, make_up = _locked(make_up_id)
        staff_for_another(actor, enrolment, course)
        rules.check_move(make_up.status, MakeUpStatus.DONE)
        today = done_on = clock.today(course.timezone)
        repeat: Session | None = None
        if make_up.target_session_id is not None:
            target = session.get_one(Session, make_up.target_session_id)
            if target.status == "cancelled":
                raise Refused(msg("That session was cancelled: call this off and agree on another."))
            done_on = target.starts_local.date()
            if done_on > today:
                raise Refused(msg("That session is still to come."))
            repeat = target if target.extra else None
        rules.check_in_time(make_up.status, make_up.until, done_on)
        context, line = _line(course, enrolment.id, make_up.session_id, but=make_up.id)
        minutes = make_up.minutes if minutes is None else minutes
        rules.check_minutes(minutes, rules.missed_minutes(line), context.policy, context.used)
        make_up.minutes = minutes
        make_up.status = MakeUpStatus.DONE.value
        make_up.done_by, make_up.done_at = actor.person_id, clock.now()
        step(actor, make_up, "done")
        if repeat is not None:
            mark_held(repeat)  # nobody is marked at a repeat: that somebody made something up there holds it
        credit_changed(actor, enrolment.id)
        facts_changed(actor, [enrolment.id])
    return make_up


def call_off(actor: Actor, make_up_id: int, words: str = "") -> MakeUp:
    """Takes a make-up back: the person while it is not done; staff also afterwards, saying why (the credit goes with it)."""
    with transaction():
        enrolment, course, make_up = _locked(make_up_id)
        self_or_staff(actor, enrolment, course)
        rules.check_move(make_up.status, MakeUpStatus.CALLED_OFF)
        was_done = make_up.status == MakeUpStatus.DONE
        if was_done:
            staff_for_another(actor, enrolment, course)
        make_up.words = clean_words(words, msg("Say why the credit is taken back.") if was_done else None)
        _call_off(actor, make_up)
        if not is_self(actor, enrolment):
            _tell_person(actor, enrolment, course)
        if was_done:
            credit_changed(actor, enrolment.id)
        place_free(actor, enrolment.id)
    return make_up


def call_off_for(actor: Actor, enrolment_id: int, session_id: int) -> None:
    """The person comes to the session after all: what was asked for or agreed is needless. In the caller's transaction."""
    make_up = session.scalars(
        select(MakeUp).where(
            MakeUp.enrolment_id == enrolment_id,
            MakeUp.session_id == session_id,
            MakeUp.status.in_((MakeUpStatus.ASKED.value, MakeUpStatus.AGREED.value)),
        )
    ).one_or_none()
    if make_up is not None:
        make_up.words = ""
        _call_off(actor, make_up)


def _call_off(actor: Actor, make_up: MakeUp) -> None:
    make_up.status = MakeUpStatus.CALLED_OFF.value
    step(actor, make_up, "called_off")


def _beyond(actor: Actor, course: Course, until: date | None, last: date | None, words: str) -> None:
    """A day beyond the programme's limit is an organiser's to give, who says why: a named person answers for the exception."""
    if until is not None and last is not None and until > last:
        if not can_manage(actor, course):
            raise Refused(
                msg("A day beyond the programme's limit is for an organiser of the course to give.")
            )
        clean_words(words, msg("Say why the deadline is extended."))


def _locked(make_up_id: int, other_session_id: int | None = None) -> tuple[Enrolment, Course, MakeUp]:
    """The session that serves, whose room is given away one by one; then the person: whatever changes of their make-ups is
    decided one after the other. In the order of docs/decisions/locks.md."""
    found = session.get(MakeUp, make_up_id)
    if found is None:
        raise Missing(msg("This is not here (any more)."))
    lock_all(Session, {key for key in (found.target_session_id, other_session_id) if key is not None})
    enrolment = lock(Enrolment, found.enrolment_id)
    return enrolment, session.get_one(Course, enrolment.course_id), lock(MakeUp, make_up_id)


def _line(course: Course, enrolment_id: int, session_id: int, but: int | None = None) -> tuple[Context, Line]:
    context = context_of(course, enrolment_id, but)
    line = context.line(session_id)
    if line is None:
        raise Missing(msg("This is not here (any more)."))
    return context, line


def _target(
    course: Course,
    enrolment_id: int,
    context: Context,
    line: Line,
    way: str,
    target_session_id: int | None,
    but: int | None = None,
) -> Option | None:
    """The session that is to serve, once it is sure that it can; None for agreed work."""
    if way not in context.policy.ways:
        raise Invalid(msg("The programme does not allow this way of making up."))
    if way == Way.TASK:
        return None
    if target_session_id is not None:
        if serves_already(enrolment_id, target_session_id, but):
            raise Invalid(
                msg("That session serves another make-up of this person already: time counts once.")
            )
        meeting = session.get(Session, target_session_id)
        if meeting is not None and meeting.course_id == course.id and not meeting.extra:
            raise Invalid(
                msg(
                    "A session of this course counts for itself and cannot serve twice. A repeat of it can serve."
                )
            )
    one = line.session
    options = possible_sessions(course, one.id, one.module_code, context.policy, one.on)
    found = next((option for option in options if option.session_id == target_session_id), None)
    if found is None or found.way != way:
        raise Invalid(msg("That session cannot serve (any more): it is full, cancelled or gone by."))
    return found


def _clean_task(task: str) -> str:
    found = task.strip()
    if len(found) > LONGEST_TASK:
        raise Invalid(msg("The words are longer than %(most)d characters.", most=LONGEST_TASK))
    return found


def _tell_person(actor: Actor, enrolment: Enrolment, course: Course) -> None:
    person = session.get_one(Person, enrolment.person_id)
    if person.email:
        to = ToTell(person.id, person.email, person.language)
        tell(
            [to],
            "attendance/mail/make_up",
            actor,
            course=course.code,
            page=f"/me/courses/{course.code}/absences",
        )
