"""A correction after issue flags the certificate, and changes nothing of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from trainer.accreditation import services as accreditation
from trainer.accreditation.models import Certificate
from trainer.attendance.rules import MarkInput, MarkKind
from trainer.attendance.services import save_register, withdraw_register
from trainer.core.database import session
from trainer.gates.services import waive
from trainer.scheduling.models import Session
from trainer.scheduling.queries import sessions_of


def issued(world: Any) -> Certificate:
    """A certificate for the first trainee, by a waiver of the gate."""
    organiser, registrar = world.actor("organiser"), world.actor("registrar")
    waive(organiser, world.trainees[0], "accreditation", None, "A reason.")
    accreditation.propose(organiser, world.course, "accreditation", [world.trainees[0].id])
    accreditation.approve(registrar, world.course)
    accreditation.issue(registrar, world.course)
    return session.scalars(select(Certificate)).one()


def test_a_correction_flags_and_changes_nothing_else(world: Any) -> None:
    one = session.get_one(Session, sessions_of(world.course.id)[0].id)
    first, second = (enrolment.id for enrolment in world.trainees[:2])
    trainer = world.actor("trainer")
    save_register(trainer, one, {first: MarkInput(MarkKind.PRESENT), second: MarkInput(MarkKind.PRESENT)})
    before = issued(world)
    frozen = (before.sha256, before.status, before.frozen)
    save_register(trainer, one, {second: MarkInput(MarkKind.ABSENT)}, reason="Was away.")
    assert session.get_one(Certificate, before.id).flagged_at is None
    save_register(trainer, one, {first: MarkInput(MarkKind.ABSENT)}, reason="Was away.")
    after = session.get_one(Certificate, before.id)
    assert after.flagged_at is not None
    assert (after.sha256, after.status, after.frozen) == frozen


def test_a_withdrawn_register_flags_too(world: Any) -> None:
    one = session.get_one(Session, sessions_of(world.course.id)[0].id)
    save_register(world.actor("trainer"), one, {world.trainees[0].id: MarkInput(MarkKind.PRESENT)})
    certificate = issued(world)
    withdraw_register(world.actor("trainer"), one, "The wrong session.")
    assert session.get_one(Certificate, certificate.id).flagged_at is not None
