"""A course whose first trainee may begin a placement, and one that has begun."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest

from trainer.core import clock
from trainer.core.access import Actor
from trainer.gates.services import waive
from trainer.placement.models import Placement
from trainer.placement.services import Agreement, open_placement

TODAY = date(2026, 11, 18)  # a Wednesday
START, END = date(2026, 10, 5), date(2027, 4, 4)


@pytest.fixture(autouse=True)
def stand_still() -> Any:
    with clock.frozen(datetime(2026, 11, 18, 11, 0, tzinfo=UTC)):
        yield


@dataclass
class Placed:
    """A placement of the world's first trainee, and who has to do with it."""

    world: Any
    placement: Placement
    organiser: Actor
    reference: Actor
    worker: Actor


def agreement(world: Any, **values: Any) -> Agreement:
    """An agreement with the world's host and reference professional."""
    fields: dict[str, Any] = {
        "host_id": world.host.id,
        "starts_on": START,
        "ends_on": END,
        "weekly_minutes": 600,
        "reference_id": world.reference.id,
        "service": "Servei de rehabilitació",
    }
    return Agreement(**{**fields, **values})


def place(world: Any, number: int = 0, **values: Any) -> Placement:
    """Opens the placement of a trainee by a waiver."""
    enrolment = world.trainees[number]
    waive(world.actor("organiser"), enrolment, "placement", None, "Hores fetes en una altra edició")
    return open_placement(world.actor("organiser"), enrolment, agreement(world, **values))


@pytest.fixture
def placed(world: Any) -> Placed:
    placement = place(world)
    return Placed(
        world, placement, world.actor("organiser"), world.actor("reference"), world.actor("trainee")
    )
