"""The document of the last gate completes the course, and no other does (contract, Progress)."""

from __future__ import annotations

from typing import Any

import pytest

from trainer.accreditation import services as accreditation
from trainer.cohorts.models import Enrolment
from trainer.cohorts.services import pause
from trainer.core.database import session
from trainer.gates.services import waive


def issue(world: Any, kind: str) -> str:
    """Issues a document of `kind` to the first trainee, by a waiver; gives the status of the enrolment."""
    waive(world.actor("organiser"), world.trainees[0], kind, None, "A reason.")
    accreditation.propose(world.actor("organiser"), world.course, kind, [world.trainees[0].id])
    accreditation.approve(world.actor("registrar"), world.course, kind)
    assert len(accreditation.issue(world.actor("registrar"), world.course, kind).done) == 1
    return session.get_one(Enrolment, world.trainees[0].id).status


@pytest.mark.parametrize(("kind", "status"), [("accreditation", "enrolled"), ("completion", "completed")])
def test_the_last_gate_completes(world: Any, kind: str, status: str) -> None:
    assert issue(world, kind) == status


def test_who_is_paused_stays_paused(world: Any) -> None:
    pause(world.actor("organiser"), world.trainees[0])
    assert issue(world, "completion") == "paused"
