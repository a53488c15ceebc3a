"""Granting and revoking waivers."""

from __future__ import annotations

from datetime import date

from trainer.audit.services import record
from trainer.cohorts.models import Course, Enrolment
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.database import lock, session, transaction
from trainer.core.errors import Invalid, Missing, Refused
from trainer.core.text import msg
from trainer.curriculum.queries import programme_of
from trainer.gates.models import Waiver
from trainer.gates.policy import can_waive
from trainer.gates.queries import waiver_in_force
from trainer.gates.rules import requirement_keys

LONGEST_REASON = 1000


def waive(
    actor: Actor,
    enrolment: Enrolment,
    gate: str,
    requirement: str | None,
    reason: str,
    until: date | None = None,
) -> Waiver:
    """Waives a gate for one person, or the `requirement` of it with that key (rules.requirement_keys).

    Says who, when and why; `until` is its last day. Raises Invalid for an unknown gate or requirement,
    without a reason, for a day that has passed, or where one is in force; Refused for who may not.
    """
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise Invalid(
            msg("Say why, in at most %(most)d characters: the reason stays with the waiver.", most=1000)
        )
    with transaction():
        one = _open(actor, enrolment.id)
        course = session.get_one(Course, one.course_id)
        spec = programme_of(course.programme_version_id).gates.get(gate)
        if spec is None:
            raise Invalid(msg("The programme has no gate %(gate)s.", gate=gate))
        if requirement is not None and requirement not in requirement_keys(spec.requirements):
            raise Invalid(msg("The gate has no requirement %(key)s.", key=requirement))
        today = clock.today(course.timezone)
        if until is not None and until < today:
            raise Invalid(msg("The last day of the waiver has passed already."))
        before = waiver_in_force(one.id, gate, requirement)
        if before is not None and (before.until is None or before.until >= today):
            raise Invalid(msg("This is waived already. Revoke that waiver first, then grant another."))
        waiver = Waiver(
            enrolment_id=one.id,
            gate=gate,
            requirement=requirement,
            reason=reason,
            granted_by=_person(actor),
            granted_at=clock.now(),
            until=until,
        )
        session.add(waiver)
        session.flush()
        record(
            actor,
            "waiver.granted",
            f"enrolment:{one.id}",
            waiver=waiver.id,
            gate=gate,
            requirement=requirement,
            until=until,
        )
        return waiver


def revoke_waiver(actor: Actor, waiver: Waiver) -> None:
    """Takes a waiver back; it stays on record. Raises Refused for who may not, Missing when it is revoked.

    What was opened while it held stays as it is: a placement that began is not undone.
    """
    with transaction():
        one = lock(Waiver, waiver.id)
        _open(actor, one.enrolment_id)
        if one.revoked_at is not None:
            raise Missing(msg("This waiver is revoked already."))
        one.revoked_at, one.revoked_by = clock.now(), _person(actor)
        record(actor, "waiver.revoked", f"enrolment:{one.enrolment_id}", waiver=one.id, gate=one.gate)


def _open(actor: Actor, enrolment_id: int) -> Enrolment:
    enrolment = lock(Enrolment, enrolment_id)
    if not can_waive(actor, enrolment):
        raise Refused(
            msg("Only an organiser of the course's provider may waive, by name and never for themself.")
        )
    return enrolment


def _person(actor: Actor) -> int:
    if actor.person_id is None:  # the policy asked already
        raise Refused(msg("A waiver names who granted it."))
    return actor.person_id
