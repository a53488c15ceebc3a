"""Who may waive: an organiser of the provider, never for themself. Pure.

The university is not bound by it: the evidence that it approves names every waiver.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainer.cohorts.policy import EnrolmentLike, can_manage, can_see

if TYPE_CHECKING:
    from trainer.core.access import Actor


def can_read(actor: Actor, enrolment: EnrolmentLike) -> bool:
    """See a person's gates and waivers: the provider's staff."""
    return can_see(actor, enrolment.course)


def can_waive(actor: Actor, enrolment: EnrolmentLike) -> bool:
    """Grant or revoke a waiver. It names who did, so the command line alone cannot."""
    own = actor.person_id == enrolment.person_id
    return actor.person_id is not None and not own and can_manage(actor, enrolment.course)
