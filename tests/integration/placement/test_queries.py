"""The same number of statements for one person and for many; notes that are not even read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.factories.world import make_world
from tests.integration.placement.conftest import START, Placed, agreement, place
from trainer.core import clock
from trainer.core.database import session
from trainer.placement import queries, services
from trainer.placement.services import LogInput

TEN_OCLOCK = datetime(2026, 11, 19, 10, 0, tzinfo=UTC)


def filled(trainees: int) -> Any:
    """A world in which everyone has a placement and a log."""
    world = make_world(trainees=trainees, code=f"Q-{trainees}")
    for number in range(trainees):
        placement = place(world, number)
        for day in range(3):
            services.add_log(
                world.actor("organiser"), placement, LogInput(START + timedelta(days=day), 60, "direct")
            )
        services.record_follow_up(world.actor("reference"), placement, START, True)
    return world


@pytest.mark.usefixtures("ctx")
def test_statements_do_not_grow(count_queries: Callable[[], Any]) -> None:
    seen: dict[str, set[int]] = {"course": set(), "reference": set(), "facts": set()}
    for trainees in (1, 3, 30):
        world = filled(trainees)
        ids, reference_id = [one.id for one in world.trainees], world.reference.id
        queries.course_lines(world.course)  # the programme is read once a process
        session.rollback()
        with count_queries() as course:
            assert len(queries.course_lines(world.course)) == trainees
        with count_queries() as reference:
            assert len(queries.lines_of_reference(reference_id)) >= trainees
        with count_queries() as facts:
            assert len(queries.facts(world.course.id, ids)) == trainees
        seen["course"].add(course.count)
        seen["reference"].add(reference.count)
        seen["facts"].add(facts.count)
    assert all(len(counts) == 1 for counts in seen.values()), seen
    assert seen["facts"] == {1}
    assert max(seen["reference"]) <= 5


def test_notes_are_read_only_for_the_two(placed: Placed) -> None:
    services.record_follow_up(placed.reference, placed.placement, START, True, note="Entre nosaltres")
    assert [row.note for row in queries.follow_ups_of(placed.placement.id, notes=True)] == ["Entre nosaltres"]
    assert [row.note for row in queries.follow_ups_of(placed.placement.id, notes=False)] == [None]


def test_hours_of_two_placements_add_up(placed: Placed) -> None:
    services.add_log(placed.worker, placed.placement, LogInput(START, 60, "direct"))
    services.close_placement(placed.organiser, placed.placement, START)
    second = place_again(placed)
    entry = services.add_log(placed.worker, second, LogInput(date(2026, 10, 20), 30, "direct"))
    services.sign_off(placed.reference, second, [entry.id])
    line = queries.line_of(second.id)
    assert (line.own.counted, line.total.counted, line.total.waiting) == (30, 30, 60)
    assert [one.row.id for one in queries.lines_of_person(placed.worker.person_id)] == [
        second.id,
        placed.placement.id,
    ]


def place_again(placed: Placed) -> Any:
    return services.open_placement(
        placed.organiser, placed.world.trainees[0], agreement(placed.world, starts_on=date(2026, 10, 19))
    )


def test_facts_as_of_a_moment(placed: Placed) -> None:
    with clock.frozen(TEN_OCLOCK):
        entry = services.add_log(placed.worker, placed.placement, LogInput(START, 60, "direct"))
    with clock.frozen(TEN_OCLOCK + timedelta(hours=2)):
        services.sign_off(placed.reference, placed.placement, [entry.id])
    enrolment = placed.world.trainees[0]

    def states(hours: int) -> list[str]:
        found = queries.facts(enrolment.course_id, [enrolment.id], TEN_OCLOCK + timedelta(hours=hours))
        return [one.state for span in found[enrolment.id].spans for one in span.done]

    assert (states(-1), states(1), states(2)) == ([], ["waiting"], ["signed"])
    before = queries.facts(enrolment.course_id, [enrolment.id], TEN_OCLOCK - timedelta(days=3650))
    assert before == {}
