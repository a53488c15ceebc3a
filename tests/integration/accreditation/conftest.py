"""A course on which everybody may be accredited, by a waiver that says why."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import new_database
from tests.factories.world import World, load_world, make_world
from trainer.accreditation import queries, services
from trainer.accreditation.models import Certificate
from trainer.accreditation.queries import university_by_code
from trainer.accreditation.services import keys
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


@pytest.fixture(scope="session")
def signed_database(
    request: pytest.FixtureRequest, world_database: str, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """The world's database with the certificates of all three in it, signed with test keys; made once."""

    def fill() -> None:
        world = load_world()
        university = university_by_code("UNI")
        assert university is not None
        keys.create_test_authority(world.actor("registrar"), university)
        waive_all(world)
        issue_all(world)

    return new_database(request, tmp_path_factory.mktemp("signed") / "here", world_database, fill)


@pytest.fixture
def signed(world: World) -> Certificate:
    """The trainee's certificate, with a credential and two signatures, in a module whose `world_database` is
    `signed_database`."""
    row = queries.certificates_of_person(world.person_id("trainee"))[0]
    certificate = queries.certificate_by_code(row.code)
    assert certificate is not None
    return certificate


__all__ = ["issue_all", "make_world", "waive_all"]
