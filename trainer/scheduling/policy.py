"""Who may see and change sessions, venues and calendars. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from trainer.cohorts import policy as courses

if TYPE_CHECKING:
    from trainer.cohorts.policy import CourseLike
    from trainer.core.access import Actor


class SessionLike(Protocol):
    """What the policies need of a session."""

    @property
    def course(self) -> CourseLike: ...


def can_see_session(actor: Actor, session: SessionLike) -> bool:
    """See a session: the provider's staff."""
    return courses.can_see(actor, session.course)


def can_change_session(actor: Actor, session: SessionLike) -> bool:
    """Move, cancel or edit a session: the provider's organisers."""
    return courses.can_manage(actor, session.course)


def can_prepare_session(actor: Actor, session: SessionLike) -> bool:
    """Say who trains, give out hand-outs, record how long it took: the provider's organisers and trainers."""
    return courses.can_teach(actor, session.course)


def can_see_venues(actor: Actor, thing: object = None) -> bool:
    """See the venues, which all providers of an instance share: anybody's staff."""
    return courses.can_list(actor, thing)


def can_change_venues(actor: Actor, thing: object = None) -> bool:
    """Add and change venues: any provider's organisers."""
    return courses.can_create(actor, thing)
