"""Who may assess whom. Pure.

Conflicts of interest that were declared are data; the services ask for them (services/assessments.py), and pages do not
offer what the services would refuse.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from trainer.cohorts import policy as cohorts
from trainer.placement import policy as placements

if TYPE_CHECKING:
    from trainer.core.access import Actor


class PlacementLike(placements.PlacementLike, Protocol):
    """What the policies need of a placement."""

    @property
    def status(self) -> str: ...


class CourseSessionLike(Protocol):
    """What the policies need of a session of a course."""

    @property
    def course(self) -> cohorts.CourseLike: ...


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


def can_assess_session(actor: Actor, one: CourseSessionLike) -> bool:
    """After a session the provider's staff assess the group."""
    return cohorts.can_assess(actor, one.course)


def can_assess_as_reference(actor: Actor, placement: PlacementLike) -> bool:
    """The reference professional of a placement that is not closed assesses the person whose placement it is."""
    return placements.is_reference(actor, placement) and placement.status != "closed"


def can_declare_for(actor: Actor, enrolment: cohorts.EnrolmentLike, assessor_id: int) -> bool:
    """Say, or take back, that an assessor is too close to a person: the assessor, or an organiser; never the person."""
    if actor.person_id is not None and actor.person_id == enrolment.person_id:
        return False
    return actor.person_id == assessor_id or cohorts.can_manage(actor, enrolment.course)
