"""A course on which everybody may be accredited, by a waiver that says why."""

from __future__ import annotations

from typing import Any

import pytest

from tests.factories.world import World, make_world
from trainer.accreditation import services
from trainer.gates.services import waive


def waive_all(world: World, gate: str = "accreditation") -> None:
    """Opens the gate for every trainee of the world."""
    organiser = world.actor("organiser")
    for enrolment in world.trainees:
        waive(organiser, enrolment, gate, None, "Convalidat amb la universitat")


def issue_all(world: World) -> list[Any]:
    """Proposes, approves and issues for everybody; gives what was issued, by serial."""
    services.propose(world.actor("organiser"), world.course)
    services.approve(world.actor("registrar"), world.course)
    batch = services.issue(world.actor("registrar"), world.course)
    return sorted((one.row for one in (*batch.done, *batch.already)), key=lambda row: row.serial or "")


@pytest.fixture
def ready(world: World) -> World:
    """The world with three people who may be accredited."""
    waive_all(world)
    return world


@pytest.fixture
def issued(ready: World) -> list[Any]:
    """The three certificates of `ready`, by serial."""
    return issue_all(ready)


__all__ = ["issue_all", "make_world", "waive_all"]
