"""The pages of competencies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.factories.world import make_world
from trainer.competency.queries import history


@pytest.mark.parametrize("path", ["/courses/{code}/competencies.csv"])
def test_lists_ask_the_same_for_any_number(
    ctx: Any, sign_in: Callable[..., Any], count_queries: Callable[[], Any], path: str
) -> None:
    counts = []
    for number in (1, 3):
        world = make_world(trainees=number, code=f"C{number}")
        client = sign_in(world.person_id("organiser"))
        client.get(path.format(code=world.course.code))
        with count_queries() as seen:
            assert client.get(path.format(code=world.course.code)).status_code == 200
        counts.append(seen.count)
    assert counts[0] == counts[1]


def test_an_assessor_records_what_was_seen(world: Any, client_as: Callable[[str], Any]) -> None:
    client = client_as("assessor")
    address = f"/courses/{world.course.code}/people/{world.trainees[0].id}/competencies/1"
    assert client.get(address).status_code == 200
    answer = client.post(
        address,
        data={
            "assessed_on": "2026-10-05",
            "kind": "assessor",
            "level_0": "achieved",
            "note_0": "Va escoltar.",
        },
    )
    assert answer.status_code == 302
    [[row]] = history(world.trainees[0].id).values()
    assert (row.judgement.level_code, row.note) == ("achieved", "Va escoltar.")
    page = client.get(f"/courses/{world.course.code}/people/{world.trainees[0].id}/competencies").text
    assert "Va escoltar." in page


def test_choosing_nothing_is_said(world: Any, client_as: Callable[[str], Any]) -> None:
    address = f"/courses/{world.course.code}/people/{world.trainees[0].id}/competencies/1"
    answer = client_as("assessor").post(address, data={"assessed_on": "2026-10-05", "kind": "assessor"})
    assert "Choose a level" in answer.text
    assert history(world.trainees[0].id) == {}


def test_a_trainee_says_how_they_see_it(world: Any, client_as: Callable[[str], Any]) -> None:
    client = client_as("trainee")
    address = f"/me/courses/{world.course.code}/competencies"
    assert client.get(address).status_code == 200
    data = {"assessed_on": "2026-10-05", "kind": "self", "level_0": "emerging"}
    assert client.post(f"{address}/1", data=data).status_code == 302
    # Not even by a forged form does a self-assessment become an assessor's.
    assert client.post(f"{address}/1", data={**data, "kind": "assessor"}).status_code == 200
    kinds = {row.judgement.kind for rows in history(world.trainees[0].id).values() for row in rows}
    assert kinds == {"self"}


def test_a_trainee_sees_no_one_elses(world: Any, client_as: Callable[[str], Any]) -> None:
    client = client_as("trainee")
    assert client.get(f"/courses/{world.course.code}/competencies").status_code == 404
    other = world.trainees[1].id
    assert client.get(f"/courses/{world.course.code}/people/{other}/competencies").status_code == 404
