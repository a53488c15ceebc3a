"""Commands on who is on a course, by its organisers."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from trainer.audit.services import record
from trainer.cohorts import rules
from trainer.cohorts.models import Course, Enrolment
from trainer.cohorts.rules import CourseStatus, Status
from trainer.cohorts.services.moves import managers_only, move, note, take_details
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.database import lock, session, transaction
from trainer.core.errors import Invalid, Refused
from trainer.core.text import msg
from trainer.people import services as people_services
from trainer.people.models import Invitation, Organisation, Person
from trainer.people.queries import person_by_email


def enrol(
    actor: Actor,
    course: Course,
    person: Person,
    entity: Organisation | None = None,
    joined_on: date | None = None,
    status: str = "enrolled",
    *,
    note_code: str = "",
) -> Enrolment:
    """Puts a person on a course, as enrolled or only invited; `joined_on` defaults to the course's first day.

    Mails nobody. Raises Invalid when the person is on the course already, Refused when the course is closed.
    """
    if status not in {Status.ENROLLED, Status.INVITED}:
        raise Invalid(msg("Somebody new on a course is enrolled or invited."))
    course_id, person_id, entity_id = course.id, person.id, entity.id if entity else None
    with transaction() as current:
        row = lock(Course, course_id)
        managers_only(actor, row)
        if row.status == CourseStatus.CLOSED:
            raise Refused(msg("The course is closed."))
        if session.scalar(
            select(Enrolment.id).where(Enrolment.course_id == course_id, Enrolment.person_id == person_id)
        ):
            raise Invalid(msg("This person is on the course already."))
        enrolment = Enrolment(
            course_id=course_id,
            person_id=person_id,
            entity_id=entity_id,
            status=str(status),
            joined_on=(joined_on or row.starts_on) if status == Status.ENROLLED else joined_on,
            created_at=clock.now(),
        )
        current.add(enrolment)
        current.flush()
        note(actor, enrolment, None, enrolment.joined_on or clock.today(row.timezone), note_code)
        record(
            actor,
            "enrolment.added",
            f"enrolment:{enrolment.id}",
            course=row.code,
            person=person_id,
            status=enrolment.status,
        )
    return enrolment


def add_by_hand(
    actor: Actor,
    course: Course,
    *,
    given_name: str,
    family_name: str,
    email: str,
    language: str | None = None,
    entity: Organisation | None = None,
    joined_on: date | None = None,
    status: str = "invited",
    mail: bool = False,
) -> Enrolment:
    """Puts somebody on a course who may not be known yet; with `mail` the invitation goes out.

    Somebody who is known by the address is taken as they are: their names stay.
    """
    entity_id = entity.id if entity else None
    with transaction():
        managers_only(actor, lock(Course, course.id))
        person = person_by_email(email)
        if person is None:
            person = people_services.add_person(actor, given_name, family_name, email, language=language)
        sender = session.get_one(Organisation, entity_id) if entity_id else None
        enrolment = enrol(actor, course, person, sender, joined_on, status)
        if mail:
            invite_to_course(actor, enrolment)
    return enrolment


def change_status(
    actor: Actor, enrolment: Enrolment, to: str, effective_on: date | None = None, note_code: str = ""
) -> Enrolment:
    """Moves a person to another status from a day on (default: today). No reason of health is asked or kept.

    Raises Invalid for a move or day that the rules forbid, Refused for who is no organiser of the course.
    """
    if to not in set(Status):
        raise Invalid(msg("There is no status %(status)s.", status=to))
    if note_code not in rules.NOTE_CODES:
        raise Invalid(msg("There is no reason %(code)s.", code=note_code))
    with transaction():
        course = lock(Course, enrolment.course_id)
        row = lock(Enrolment, enrolment.id)
        managers_only(actor, course)
        move(actor, course, row, to, effective_on or clock.today(course.timezone), note_code)
    return row


def pause(actor: Actor, enrolment: Enrolment, starts_on: date | None = None) -> Enrolment:
    """Stops the clocks for a person; what was earned stays."""
    return change_status(actor, enrolment, Status.PAUSED, starts_on)


def resume(actor: Actor, enrolment: Enrolment, on: date | None = None) -> Enrolment:
    """Ends a pause: the clocks run again from `on`."""
    return change_status(actor, enrolment, Status.ENROLLED, on)


def withdraw(
    actor: Actor, enrolment: Enrolment, effective_on: date | None = None, note_code: str = ""
) -> Enrolment:
    """The person left the course. They can come back."""
    return change_status(actor, enrolment, Status.WITHDRAWN, effective_on, note_code)


def complete(actor: Actor, enrolment: Enrolment, effective_on: date | None = None) -> Enrolment:
    """The person completed the course; nothing is required first (the gates say what was met)."""
    return change_status(actor, enrolment, Status.COMPLETED, effective_on)


def complete_by_last_gate(actor: Actor, enrolment_id: int) -> None:
    """The document of the programme's last gate was issued: who is on the course has completed it.

    The university acts here, not an organiser, so no right on the course is asked. Somebody who is paused or left stays as
    they are: that is an organiser's to say (contract, Progress).
    """
    with transaction():
        row = lock(Enrolment, enrolment_id)
        if row.status == Status.ENROLLED:
            course = session.get_one(Course, row.course_id)
            move(actor, course, row, Status.COMPLETED, clock.today(course.timezone), "")


def set_details(
    actor: Actor, enrolment: Enrolment, *, joined_on: date | None, entity: Organisation | None
) -> Enrolment:
    """When the person joined, and which entity sends them."""
    entity_id = entity.id if entity else None
    with transaction():
        course = lock(Course, enrolment.course_id)
        row = lock(Enrolment, enrolment.id)
        managers_only(actor, course)
        if row.status != Status.INVITED and joined_on is None:
            raise Invalid(msg("Say when the person joined."))
        if (row.joined_on, row.entity_id) != (joined_on, entity_id):
            take_details(actor, row, joined_on, entity_id)
    return row


def invite_to_course(actor: Actor, enrolment: Enrolment) -> Invitation | None:
    """Mails the person about the course, with the link that sets a password if they have none yet."""
    with transaction():
        course = lock(Course, enrolment.course_id)
        row = lock(Enrolment, enrolment.id)
        managers_only(actor, course)
        if row.status == Status.WITHDRAWN:
            raise Refused(msg("The person left the course."))
        person = session.get_one(Person, row.person_id)
        provider = session.get_one(Organisation, course.organisation_id)
        return people_services.invite(
            actor,
            person,
            "cohorts/mail/invitation",
            course_code=course.code,
            course_title=course.title,
            provider=provider.name,
            starts_on=course.starts_on,
        )
