"""The neutral decision and what follows: an answer for everybody, a place taken or freed under the course's lock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import select

from trainer.cohorts import services as cohorts
from trainer.cohorts.models import Course, Enrolment
from trainer.cohorts.rules import Status as OnCourse
from trainer.core import clock
from trainer.core.access import ANONYMOUS, Actor
from trainer.core.database import lock, session, transaction
from trainer.core.errors import Invalid, Refused
from trainer.core.text import msg
from trainer.joining import queries, rules
from trainer.joining.models import Candidate, InfoSession
from trainer.joining.rules import Outcome, Status
from trainer.joining.services.common import locked, mail, move, note, opening_locked, organisers_only
from trainer.joining.services.erasure import empty_words
from trainer.people import services as people_services
from trainer.people.models import Organisation, Person
from trainer.people.queries import person_by_email


def decide(actor: Actor, candidate: Candidate, outcome: str, answer_by: date | None = None) -> Candidate:
    """Offers a place (until `answer_by`, by default in two weeks), puts on the waiting list, or says "not this time".

    The candidate hears of it by mail, in their language. A place is taken only while one is free for them, and from the
    waiting list only when it is their turn. Raises Invalid or Refused with the reason in words.
    """
    with transaction():
        course, row = locked(candidate)
        organisers_only(actor, course)
        _decide(actor, course, row, outcome, answer_by)
    return row


def decide_all(actor: Actor, course: Course, outcomes: Mapping[int, str]) -> int:
    """Answers several candidates at once, in the order given; all of them or none. Gives how many."""
    with transaction():
        row = lock(Course, course.id)
        organisers_only(actor, row)
        for candidate_id, outcome in outcomes.items():
            one = lock(Candidate, candidate_id)
            if one.course_id != row.id or one.erased_at is not None:
                raise Invalid(msg("Somebody in the list is no candidate of this course (any more)."))
            _decide(actor, row, one, outcome, None)
    return len(outcomes)


def _decide(actor: Actor, course: Course, row: Candidate, outcome: str, answer_by: date | None) -> None:
    if outcome not in set(Outcome):
        raise Invalid(msg("There is no such answer."))
    to = Status(outcome)
    opening = opening_locked(course.id)
    today = clock.today(course.timezone)
    if to is Status.WAITING and row.consent_at is None:
        raise Refused(msg("The application is not complete: the person has not said yes to it yet."))
    if problem := rules.why_not(row.status, to):
        raise Invalid(problem)
    row.answer_by = None
    if to is Status.OFFERED:
        places = queries.places_of(course.id)
        queue = queries.waiting_list(course.id)
        problem = rules.offer_problem(
            places,
            row.entity_id,
            consented=row.consent_at is not None,
            needs_confirmation=opening.needs_confirmation,
            confirmed=row.confirmed_at is not None,
        ) or rules.turn_problem(queue, places, row.id)
        if problem:
            raise Refused(problem)
        row.answer_by = answer_by or today + timedelta(days=rules.ANSWER_DAYS)
        if row.answer_by < today:
            raise Invalid(msg("The day to answer by is over already."))
    # Who comes back to the waiting list from an offer goes to its end.
    row.waiting_since = clock.now() if to is Status.WAITING else None
    row.decided_by, row.decided_at, row.answered_at = actor.person_id, clock.now(), None
    move(actor, row, to, "decided")
    if mail(course, row, to.value, answer_by=row.answer_by):
        row.answered_at = clock.now()


def mark_told(actor: Actor, candidate: Candidate) -> Candidate:
    """An organiser told somebody without an address of mail what was decided."""
    with transaction():
        course, row = locked(candidate)
        organisers_only(actor, course)
        if row.status not in set(Outcome):
            raise Refused(msg("Nothing was decided yet."))
        if row.answered_at is None:
            row.answered_at = clock.now()
            note(actor, row, "told", row.status)
    return row


def accept(candidate: Candidate, consent: bool) -> Enrolment:
    """The candidate says yes to the place: they are on the course, with their consent in the wording of the course.

    The offer was an organiser's act; this is the person's own, so no right on the course is asked. They get a mail
    with the way to sign in. Raises Refused when no place is offered (any more).
    """
    if not consent:
        raise Invalid(msg("Without your yes to what the course keeps about you, you cannot join it."))
    system = Actor(system=True)
    with transaction():
        course, row = locked(candidate)
        if row.status != Status.OFFERED:
            raise Refused(msg("No place is offered to you at the moment."))
        enrolment = _enrol(system, course, row, "invited")
        cohorts.give_consent(Actor(person_id=enrolment.person_id), enrolment)
        _joined(ANONYMOUS, row, enrolment)
        _welcome(system, course, enrolment)
    return enrolment


def accept_for(actor: Actor, candidate: Candidate) -> Enrolment:
    """An organiser records the yes of somebody who gave it by telephone or on paper; the consent stays to be given."""
    with transaction():
        course, row = locked(candidate)
        organisers_only(actor, course)
        if row.status != Status.OFFERED:
            raise Refused(msg("No place is offered to this person at the moment."))
        enrolment = _enrol(actor, course, row, "enrolled")
        row.answered_at = row.answered_at or clock.now()
        _joined(actor, row, enrolment)
        if row.email:
            _welcome(actor, course, enrolment)
    return enrolment


def _enrol(actor: Actor, course: Course, row: Candidate, status: str) -> Enrolment:
    """The enrolment of a candidate; whoever is on the course already, by an imported roster say, has theirs."""
    person = person_by_email(row.email) if row.email else None
    found = person and session.scalar(
        select(Enrolment).where(Enrolment.course_id == course.id, Enrolment.person_id == person.id)
    )
    if found:
        if found.status == OnCourse.WITHDRAWN:
            return cohorts.change_status(
                Actor(system=True), found, OnCourse.ENROLLED, clock.today(course.timezone), "own_request"
            )
        return found
    return cohorts.add_by_hand(
        actor,
        course,
        given_name=row.given_name,
        family_name=row.family_name,
        email=row.email or "",
        language=row.language,
        entity=session.get(Organisation, row.entity_id) if row.entity_id else None,
        status=status,
    )


def _joined(actor: Actor, row: Candidate, enrolment: Enrolment) -> None:
    row.enrolment_id = enrolment.id
    row.waiting_since = row.answer_by = None
    move(actor, row, Status.ACCEPTED, "accepted", enrolment=enrolment.id)


def _welcome(actor: Actor, course: Course, enrolment: Enrolment) -> None:
    person = session.get_one(Person, enrolment.person_id)
    provider = session.get_one(Organisation, course.organisation_id)
    people_services.invite(
        actor,
        person,
        "joining/mail/welcome",
        code=course.code,
        title=course.title,
        provider=provider.name,
        starts_on=course.starts_on,
    )


def decline(candidate: Candidate) -> Candidate:
    """The candidate says no to the place, which is free again. No reason is asked."""
    with transaction():
        course, row = locked(candidate)
        if row.status != Status.OFFERED:
            raise Refused(msg("No place is offered to you at the moment."))
        move(ANONYMOUS, row, Status.WITHDRAWN, "declined")
        row.answer_by, row.info_session_id = None, None
        empty_words(row)
        mail(course, row, "withdrew")
    return row


def mark_came(actor: Actor, info: InfoSession, shown: Sequence[int], came: Sequence[int]) -> None:
    """Who of those `shown` was at an information session; the others were not. Unmarked until somebody says so."""
    with transaction():
        course = lock(Course, info.course_id)
        organisers_only(actor, course)
        for candidate in queries.chose(info.id):
            if candidate.id not in shown:
                continue  # chose it while the page was open
            there = candidate.id in came
            if candidate.came_to_info is not there:
                candidate.came_to_info = there
                note(actor, candidate, "came" if there else "did_not_come", candidate.status)


def confirm_on_paper(actor: Actor, candidate: Candidate, person_id: int) -> Candidate:
    """Records that a reference professional confirmed on paper that the person can take part: a name and a day."""
    with transaction():
        course, row = locked(candidate)
        organisers_only(actor, course)
        if person_id not in dict(queries.professionals()):
            raise Invalid(msg("Only a reference professional can confirm this."))
        row.confirmed_by, row.confirmed_at = person_id, clock.now()
        note(actor, row, "confirmed", row.status, by=person_id)
    return row


def set_entity(actor: Actor, candidate: Candidate, entity_id: int | None) -> Candidate:
    """Which entity sends the candidate, and so whose kept places they can have.

    Somebody who holds a place by an offer keeps the entity that it was offered under.
    """
    with transaction():
        course, row = locked(candidate)
        organisers_only(actor, course)
        if row.status in {Status.OFFERED, Status.ACCEPTED}:
            raise Refused(msg("A place is held already: the entity stays."))
        if entity_id is not None and session.get(Organisation, entity_id) is None:
            raise Invalid(msg("There is no such organisation."))
        if row.entity_id != entity_id:
            row.entity_id = entity_id
            note(actor, row, "entity", row.status, entity=entity_id)
    return row
