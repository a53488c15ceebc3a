"""Who takes registers, and who reads the words beside a notice. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from trainer.cohorts.policy import CourseLike, can_manage, can_see, can_teach

if TYPE_CHECKING:
    from trainer.core.access import Actor


class NoteLike(Protocol):
    """Words beside a notice."""

    @property
    def reader_id(self) -> int: ...
    @property
    def person_id(self) -> int: ...


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


def can_organise(actor: Actor, thing: OfCourse) -> bool:
    """Move a person to another course: the provider's organisers."""
    return can_manage(actor, thing.course)


def can_open_note(actor: Actor, note: NoteLike) -> bool:
    """Read, and erase, the words beside a notice: the person who wrote them and their one reader; no administrator."""
    return actor.person_id is not None and actor.person_id in (note.reader_id, note.person_id)
