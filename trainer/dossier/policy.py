"""Who may see and do what with a dossier. Pure.

The person sees all of their own and hands in. The provider's staff see everybody's, answer what was handed in and record
results, never their own. A decision is taken by the role that the programme names. A university sees only those whom an
organiser has put forward for a decision of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainer.cohorts.policy import CourseLike, EnrolmentLike, can_accredit, can_manage, can_see, is_own

if TYPE_CHECKING:
    from trainer.core.access import Actor

REGISTRAR = "registrar"


def can_see_course(actor: Actor, course: CourseLike) -> bool:
    """See what everybody has handed in: the provider's staff."""
    return can_see(actor, course)


def can_see_person(actor: Actor, enrolment: EnrolmentLike) -> bool:
    """See one person's dossier: the provider's staff."""
    return can_see(actor, enrolment.course)


def can_answer(actor: Actor, enrolment: EnrolmentLike) -> bool:
    """Accept and give back, record results: the provider's staff, never their own."""
    return can_see(actor, enrolment.course) and not is_own(actor, enrolment)


def can_hand_in(actor: Actor, enrolment: EnrolmentLike) -> bool:
    """Hand something in: the person, or the provider's staff for them."""
    return is_own(actor, enrolment) or can_see(actor, enrolment.course)


def is_persons(actor: Actor, enrolment: EnrolmentLike) -> bool:
    """The dossier is the actor's own; nobody else acts as the person."""
    return is_own(actor, enrolment)


def can_decide_as(actor: Actor, course: CourseLike, by: str) -> bool:
    """Take decisions that the programme gives to this role; the registrar's are those of the course's university."""
    if by == REGISTRAR:
        return can_accredit(actor, course)
    return actor.has(by, course.organisation_id)


def can_put_forward(actor: Actor, course: CourseLike) -> bool:
    """Name people to the university for a decision of its own: the provider's organisers."""
    return can_manage(actor, course)


def can_open_university(actor: Actor, course: CourseLike) -> bool:
    """The university's page of decisions: registrars of the course's university."""
    return can_accredit(actor, course)
