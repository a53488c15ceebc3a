"""Who may assess whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainer.cohorts import policy as cohorts

if TYPE_CHECKING:
    from trainer.core.access import Actor


def can_see_matrix(actor: Actor, course: cohorts.CourseLike) -> bool:
    """The provider's staff see every assessment of the course."""
    return cohorts.can_see(actor, course)


def can_see_person(actor: Actor, enrolment: cohorts.EnrolmentLike) -> bool:
    """The provider's staff see one person's assessments."""
    return cohorts.can_see(actor, enrolment.course)


def can_assess_person(actor: Actor, enrolment: cohorts.EnrolmentLike) -> bool:
    """The provider's staff assess, but nobody themself (domain page, Competency 6)."""
    return cohorts.can_assess(actor, enrolment.course) and actor.person_id != enrolment.person_id


def can_assess_self(actor: Actor, enrolment: cohorts.EnrolmentLike) -> bool:
    """A self-assessment is the person's own, and nobody else's."""
    return cohorts.is_own(actor, enrolment)
