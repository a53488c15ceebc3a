"""Who takes registers. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from trainer.cohorts.policy import CourseLike, can_see, can_teach

if TYPE_CHECKING:
    from trainer.core.access import Actor


class OfCourse(Protocol):
    """Anything of a course: a session, one person's mark."""

    @property
    def course(self) -> CourseLike: ...


def can_read(actor: Actor, thing: OfCourse) -> bool:
    """See a register and its history: the provider's staff."""
    return can_see(actor, thing.course)


def can_take(actor: Actor, thing: OfCourse) -> bool:
    """Take, correct and withdraw a register: the provider's trainers and organisers."""
    return can_teach(actor, thing.course)
