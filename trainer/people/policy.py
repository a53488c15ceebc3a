"""Who may do what with persons and organisations. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trainer.core.access import Actor


def can_administer(actor: Actor, thing: object = None) -> bool:
    """Manage organisations, people and their roles."""
    return actor.is_admin


def can_invite(actor: Actor, person: object = None) -> bool:
    """Send someone the link that sets up their account; which of them, the course decides."""
    return actor.is_admin or actor.holds("organiser")


def can_see_national_id(actor: Actor, university_id: int | None) -> bool:
    """See a national id, masked: the university's registrar, and nobody by being an administrator."""
    return ("registrar", university_id) in actor.roles
