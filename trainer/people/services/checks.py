"""Checks that several commands share."""

from __future__ import annotations

from trainer.core.access import Actor
from trainer.core.errors import Refused
from trainer.core.text import msg
from trainer.people.policy import can_administer


def only_administrators(actor: Actor) -> None:
    """Raises Refused for anybody else."""
    if not can_administer(actor):
        raise Refused(msg("Only an administrator may do this."))


def own_id(actor: Actor) -> int:
    """The id of the actor's person. Raises Refused for the command line, which is nobody."""
    if actor.person_id is None:
        raise Refused(msg("Only the person themself may do this."))
    return actor.person_id
