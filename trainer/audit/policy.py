"""Who may read the audit."""

from __future__ import annotations

from typing import Any, Protocol


class ActorLike(Protocol):
    @property
    def is_admin(self) -> bool: ...


def can_read(actor: ActorLike, thing: Any) -> bool:
    """Administrators of the instance."""
    return actor.is_admin
