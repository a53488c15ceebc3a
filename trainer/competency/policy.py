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


class EvidenceLike(Protocol):
    """What the policies need of a piece of evidence."""

    @property
    def added_by(self) -> int | None: ...
    @property
    def enrolment(self) -> cohorts.EnrolmentLike: ...


class ClaimLike(Protocol):
    """What the policies need of a claim of prior learning."""

    @property
    def enrolment(self) -> cohorts.EnrolmentLike: ...


class AppealLike(Protocol):
    """What the policies need of an appeal."""

    @property
    def assigned_to(self) -> int | None: ...
    @property
    def enrolment(self) -> cohorts.EnrolmentLike: ...


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


def can_add_evidence(actor: Actor, enrolment: cohorts.EnrolmentLike) -> bool:
    """Show what somebody can do: the person, and the provider's staff."""
    return can_assess_self(actor, enrolment) or can_see_person(actor, enrolment)


def can_see_evidence(actor: Actor, one: EvidenceLike) -> bool:
    """Read and download evidence: the person, and the provider's staff; nobody at the university or at a host."""
    return can_add_evidence(actor, one.enrolment)


def can_withdraw_evidence(actor: Actor, one: EvidenceLike) -> bool:
    """Take evidence back: who added it, and an organiser."""
    if not can_see_evidence(actor, one):
        return False
    return (actor.person_id is not None and actor.person_id == one.added_by) or cohorts.can_manage(
        actor, one.enrolment.course
    )


def can_see_claim(actor: Actor, one: ClaimLike) -> bool:
    """Read a claim of prior learning: the provider's staff. The person has a page of their own."""
    return can_see_person(actor, one.enrolment)


def can_decide_claim(actor: Actor, one: ClaimLike) -> bool:
    """Answer a claim: who may assess the person (declared conflicts: rules.decider_problem)."""
    return can_assess_person(actor, one.enrolment)


def owns_claim(actor: Actor, one: ClaimLike) -> bool:
    """The claim is the actor's own."""
    return cohorts.is_own(actor, one.enrolment)


def can_see_appeal(actor: Actor, one: AppealLike) -> bool:
    """Read an appeal: the provider's staff, and whoever it was given to. The person has a page of their own."""
    return can_see_person(actor, one.enrolment) or can_decide_appeal(actor, one)


def can_assign_appeal(actor: Actor, one: AppealLike) -> bool:
    """Give an appeal to another assessor: the provider's organisers, but nobody their own."""
    return cohorts.can_manage(actor, one.enrolment.course) and not cohorts.is_own(actor, one.enrolment)


def can_decide_appeal(actor: Actor, one: AppealLike) -> bool:
    """Answer an appeal: who it was given to, and nobody else."""
    return actor.person_id is not None and actor.person_id == one.assigned_to


def owns_appeal(actor: Actor, one: AppealLike) -> bool:
    """The appeal is the actor's own."""
    return cohorts.is_own(actor, one.enrolment)
