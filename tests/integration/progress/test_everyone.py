"""Everybody over all courses: what is decided for thousands at a time is what each page says."""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests.factories.registers import ABSENT, hold, late
from tests.factories.world import make_world
from trainer.competency.models import Assessment
from trainer.core import clock
from trainer.core.database import session, transaction
from trainer.curriculum.queries import programme_of
from trainer.gates.queries import standings
from trainer.gates.services import waive
from trainer.progress.queries import everyone
from trainer.progress.queries.everyone import everyone_passed

GATES = ("placement", "accreditation", "completion")


def assess(world: Any, dice: random.Random) -> None:
    """Everybody in every competency, now and then one of them not yet."""
    programme = programme_of(world.course.programme_version_id)
    levels = [one.code for one in programme.scale.levels]
    passing = [one.code for one in programme.scale.levels if one.passing]
    with transaction():
        for enrolment in world.trainees:
            whole = dice.random() < 0.6
            for code in programme.competency_codes:
                session.add(
                    Assessment(
                        enrolment_id=enrolment.id,
                        competency_code=code,
                        level_code=passing[0] if whole else dice.choice(levels),
                        kind="assessor",
                        assessor_id=world.person_id("assessor"),
                        assessed_on=clock.today(),
                        recorded_at=clock.now(),
                        evidence="",
                    )
                )


def course(number: int, dice: random.Random) -> Any:
    world = make_world(trainees=3, code=f"E-{number}")
    marks = {
        (index, session_number): dice.choice([ABSENT, late(dice.randint(30, 239))])
        for index in range(3)
        for session_number in range(1, 11)
        if dice.random() < 0.12
    }
    hold(world, range(1, 11), marks)
    assess(world, dice)
    if number % 2:
        waive(world.actor("organiser"), world.trainees[0], "accreditation", "competencies", "Agreed.", None)
    return world


@pytest.fixture
def worlds(ctx: Any, monkeypatch: Any) -> list[Any]:
    monkeypatch.setattr(everyone, "CHUNK", 3)  # several rounds, none of them at the edge of a course
    dice = random.Random(8)
    return [course(number, dice) for number in range(3)]


def test_it_equals_each_page_and_takes_no_statement_more_for_more_courses(
    worlds: list[Any], monkeypatch: Any, count_queries: Any
) -> None:
    some = 0
    for gate in GATES:
        expected = {
            world.course.id: sorted(
                key for key, gates in standings(world.course).items() if gates[gate].passed
            )
            for world in worlds
        }
        assert everyone_passed(gate) == {key: people for key, people in expected.items() if people}
        some += sum(len(people) for people in expected.values())
    assert 0 < some < 3 * 9
    monkeypatch.setattr(everyone, "CHUNK", 2000)
    plain = [world.course.id for world in worlds if world is not worlds[1]]  # that one has a waiver
    counts = []
    for ids in (plain[:1], plain):
        with count_queries() as seen:
            everyone_passed("accreditation", ids)
        counts.append(seen.count)
    assert counts[0] == counts[1], counts
