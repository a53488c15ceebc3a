"""Who reads progress: a course's staff, everybody for themself; no university or host. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainer.cohorts.policy import CourseLike, EnrolmentLike, can_see, can_see_enrolment, can_teach, is_own

if TYPE_CHECKING:
    from trainer.core.access import Actor


def can_read_course(actor: Actor, course: CourseLike) -> bool:
    """The grid of a course is a register: the provider's staff alone."""
    return can_see(actor, course)


def can_read_person(actor: Actor, enrolment: EnrolmentLike) -> bool:
    """One person's page, as the staff see it."""
    return can_see_enrolment(actor, enrolment)


def can_read_own(actor: Actor, enrolment: EnrolmentLike) -> bool:
    """One's own page: nobody else, whatever their role."""
    return is_own(actor, enrolment)


def can_read_log(actor: Actor, course: CourseLike) -> bool:
    """The log of contacts with trainees: those who ring them, the provider's organisers and trainers."""
    return can_teach(actor, course)


def can_read_contacts(actor: Actor, enrolment: EnrolmentLike) -> bool:
    """One person's contacts, as the team sees them."""
    return can_teach(actor, enrolment.course)


def can_note_contact(actor: Actor, enrolment: EnrolmentLike) -> bool:
    """Write down a contact, which names who had it: a person of the team, and nobody about themself."""
    own = actor.person_id == enrolment.person_id
    return actor.person_id is not None and not own and can_teach(actor, enrolment.course)
