"""Lists of people in a fixed number of statements."""

from __future__ import annotations

from typing import Any

from tests.factories.world import World, make_world
from trainer.people import queries


def test_the_same_statements_for_any_number(ctx: Any, count_queries: Any) -> None:
    seen = set()
    for number in (1, 3, 30):
        make_world(number, code=f"P-{number}")
        with count_queries() as counted:
            queries.people_page()
            queries.organisations()
        seen.add(counted.count)
    assert len(seen) == 1


def test_search_and_pages(world: World) -> None:
    rows, pages = queries.people_page(1, "prova")
    assert pages == 1
    assert {row.name for row in rows} >= {"Organiser Prova", "Admin Prova"}
    assert queries.people_page(1, "100%")[0] == []
    assert [row.email for row in queries.people_page(1, "TRAINEE01")[0]] == ["trainee01.test-1@example.org"]
    assert queries.people_page(9)[0] == []
    organiser = next(row for row in rows if row.name == "Organiser Prova")
    assert organiser.roles == [("organiser", "Associació de Prova")]
    assert organiser.account == "invited"
    assert queries.members(world.organisation.id, ["organiser"]) == [(organiser.id, "Organiser Prova")]
