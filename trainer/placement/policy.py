"""Who may see and do what with a placement. Pure.

Three parties see one: the person whose placement it is, the reference professional of its agreement (as long as they hold
that role), and the provider's organisers. Trainers and assessors of the provider see where somebody works and the sums of
the hours, and nothing of the log: tasks can tell about third parties. Universities see nothing of it. The notes of the weekly
follow-up are for the two alone: no organiser and no administrator reads them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from trainer.cohorts.policy import CourseLike, EnrolmentLike, can_manage, can_see, is_own

if TYPE_CHECKING:
    from trainer.core.access import Actor


class PlacementLike(Protocol):
    """What the policies need of a placement."""

    @property
    def reference_id(self) -> int | None: ...
    @property
    def enrolment(self) -> EnrolmentLike: ...


def can_see_course(actor: Actor, course: CourseLike) -> bool:
    """See who has a placement where, and the sums of hours: the provider's staff."""
    return can_see(actor, course)


def can_manage_course(actor: Actor, course: CourseLike) -> bool:
    """Open placements and import logs: the provider's organisers."""
    return can_manage(actor, course)


def can_see_person(actor: Actor, enrolment: EnrolmentLike) -> bool:
    """See where a person works, and the sums of hours: the provider's staff."""
    return can_see(actor, enrolment.course)


def can_open(actor: Actor, enrolment: EnrolmentLike) -> bool:
    """Agree a placement for a person: the provider's organisers, never for themself."""
    return can_manage(actor, enrolment.course) and not is_own(actor, enrolment)


def is_worker(actor: Actor, placement: PlacementLike) -> bool:
    """The placement is the actor's own; nobody else acts as the person."""
    return is_own(actor, placement.enrolment)


def is_reference(actor: Actor, placement: PlacementLike) -> bool:
    """The actor is the reference professional of the agreement, by name, and still holds that role."""
    return (
        actor.person_id is not None
        and actor.person_id == placement.reference_id
        and actor.holds("supervisor")
        and not is_worker(actor, placement)
    )


def can_administer(actor: Actor, placement: PlacementLike) -> bool:
    """Change the agreement, pause, close: the provider's organisers, never their own."""
    return can_open(actor, placement.enrolment)


def can_read(actor: Actor, placement: PlacementLike) -> bool:
    """See the agreement, the log and whether follow-ups were held."""
    return is_worker(actor, placement) or is_reference(actor, placement) or can_administer(actor, placement)


def can_log(actor: Actor, placement: PlacementLike) -> bool:
    """Add hours, and change those not signed off: the person, or an organiser for them."""
    return is_worker(actor, placement) or can_administer(actor, placement)


def can_sign_off(actor: Actor, placement: PlacementLike) -> bool:
    """Sign off hours: the reference professional, in person. Nobody signs off their own."""
    return is_reference(actor, placement)


def can_dispute(actor: Actor, placement: PlacementLike) -> bool:
    """Say that an entry is not right: the person and the reference professional."""
    return is_worker(actor, placement) or is_reference(actor, placement)


def can_follow_up(actor: Actor, placement: PlacementLike) -> bool:
    """Record whether a weekly follow-up was held: the two, or an organiser from paper."""
    return can_read(actor, placement)


def can_read_notes(actor: Actor, placement: PlacementLike) -> bool:
    """Read and write the notes of follow-ups: the two, and nobody by being an administrator."""
    return can_dispute(actor, placement)
