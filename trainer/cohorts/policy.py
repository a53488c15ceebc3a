"""Who may see and do what with a course; the roster is health data: universities and hosts never see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from trainer.core.access import Actor


class CourseLike(Protocol):
    """What the policies need of a course."""

    @property
    def organisation_id(self) -> int: ...
    @property
    def university_id(self) -> int: ...


class EnrolmentLike(Protocol):
    """What the policies need of an enrolment."""

    @property
    def person_id(self) -> int: ...
    @property
    def course(self) -> CourseLike: ...


STAFF = ("organiser", "trainer", "assessor")


def can_list(actor: Actor, thing: object = None) -> bool:
    """Open the list of courses, which shows those that the actor can see."""
    return actor.is_admin or any(actor.holds(role) for role in STAFF)


def can_create(actor: Actor, thing: object = None) -> bool:
    """Open the page for a new course."""
    return actor.is_admin or actor.holds("organiser")


def can_create_for(actor: Actor, organisation_id: int) -> bool:
    """Create a course of this provider."""
    return actor.has("organiser", organisation_id)


def can_see(actor: Actor, course: CourseLike) -> bool:
    """See the course and its people: the provider's staff."""
    return any(actor.has(role, course.organisation_id) for role in STAFF)


def can_manage(actor: Actor, course: CourseLike) -> bool:
    """Change the course and its roster: the provider's organisers."""
    return actor.has("organiser", course.organisation_id)


def can_teach(actor: Actor, course: CourseLike) -> bool:
    """Take the register: organisers and trainers of the provider."""
    return any(actor.has(role, course.organisation_id) for role in ("organiser", "trainer"))


def can_assess(actor: Actor, course: CourseLike) -> bool:
    """Record assessments: assessors, trainers and organisers of the provider."""
    return can_see(actor, course)


def can_accredit(actor: Actor, course: CourseLike) -> bool:
    """Query, approve, issue: registrars of the course's university. Counts and proposals, no roster."""
    return actor.has("registrar", course.university_id)


def can_see_enrolment(actor: Actor, enrolment: EnrolmentLike) -> bool:
    """See one person on a course: the provider's staff."""
    return can_see(actor, enrolment.course)


def can_manage_enrolment(actor: Actor, enrolment: EnrolmentLike) -> bool:
    """Change one person's enrolment: the provider's organisers."""
    return can_manage(actor, enrolment.course)


def is_own(actor: Actor, enrolment: EnrolmentLike) -> bool:
    """The enrolment is the actor's own; nobody else, not even an administrator, acts as the person."""
    return actor.person_id is not None and actor.person_id == enrolment.person_id


def can_review_version(actor: Actor, course: CourseLike, proposed_by: int | None) -> bool:
    """Decide on a proposal to move the course to another version: an organiser of it, and never who proposed it."""
    return can_manage(actor, course) and actor.person_id is not None and actor.person_id != proposed_by
