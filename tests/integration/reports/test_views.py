"""The report of a course: figures over HTTP, in the same number of statements for any number of people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.factories.world import make_world
from trainer.cohorts.services import withdraw


@pytest.mark.parametrize("path", ["/courses/{code}/report", "/courses/{code}/report.csv"])
def test_the_same_number_of_statements_for_one_three_and_thirty(
    ctx: Any, sign_in: Callable[..., Any], count_queries: Callable[[], Any], path: str
) -> None:
    counts = []
    for number in (1, 3, 30):
        world = make_world(trainees=number, code=f"R{number}")
        client = sign_in(world.person_id("organiser"))
        client.get(path.format(code=world.course.code))
        with count_queries() as seen:
            assert client.get(path.format(code=world.course.code)).status_code == 200
        counts.append(seen.count)
    assert counts[0] == counts[1] == counts[2]


def test_who_left_is_counted_and_nobody_is_named(world: Any, client_as: Callable[[str], Any]) -> None:
    withdraw(world.actor("organiser"), world.trainees[0])
    client = client_as("organiser")
    name = world.trainees[0].person.display_name
    table = client.get(f"/courses/{world.course.code}/report.csv").get_data().decode("utf-8-sig")
    everyone = table.splitlines()[-1].replace(";", ",").split(",")
    assert everyone[1:6] == ["3", "2", "0", "1", "0"]
    assert name not in table
    assert name not in client.get(f"/courses/{world.course.code}/report").text
