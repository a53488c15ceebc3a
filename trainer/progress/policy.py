"""Who reads progress: a course's staff, everybody for themself; no university or host. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainer.cohorts.policy import CourseLike, EnrolmentLike, can_see, can_see_enrolment, is_own

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
