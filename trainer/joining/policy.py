"""Who may see and do what with candidates. Pure.

That somebody would like to join can disclose a health history: only the provider's organisers see candidates. A reference
professional sees whom they proposed themself, and nothing of what the person wrote. Candidates open their own page by link.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from trainer.cohorts.policy import CourseLike, can_manage

if TYPE_CHECKING:
    from trainer.core.access import Actor


class OfCourse(Protocol):
    """Something that belongs to a course."""

    @property
    def course(self) -> CourseLike: ...


def can_run(actor: Actor, course: CourseLike) -> bool:
    """Open a course to candidates, see them and answer them: the provider's organisers."""
    return can_manage(actor, course)


def can_run_of(actor: Actor, thing: OfCourse) -> bool:
    """The same for something that belongs to a course."""
    return can_manage(actor, thing.course)


def can_propose(actor: Actor, thing: object = None) -> bool:
    """Propose candidates: reference professionals, by name; nobody by being an administrator."""
    return actor.person_id is not None and actor.holds("supervisor")
