"""What is read agrees with what is allowed, in the same number of statements for any number of people."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from sqlalchemy import select

from tests.factories.world import World, make_world
from trainer.cohorts import policy, queries
from trainer.cohorts.models import Course
from trainer.core.access import Actor
from trainer.core.database import session


def test_visible_courses_are_those_that_the_policy_allows(world: World) -> None:
    make_world(1, code="TEST-2")
    places: list[int | None] = [1, 2, 3, 4, None]
    roles = [(role, place) for role in ("organiser", "trainer", "registrar", "admin") for place in places]
    everything = list(session.scalars(select(Course).order_by(Course.id)))
    for held in [*combinations(roles, 1), *combinations(roles, 2)]:
        actor = Actor(1, 1, "x", frozenset(held))
        seen = {row.code for row in queries.courses_for(actor)}
        assert seen == {course.code for course in everything if policy.can_see(actor, course)}


def test_the_same_statements_for_any_number(ctx: Any, count_queries: Any) -> None:
    seen = set()
    for number in (1, 3, 30):
        world = make_world(number, code=f"N-{number}")
        course_id, actor = world.course.id, world.actor("organiser")
        with count_queries() as counted:
            rows = queries.roster(course_id, invited=True)
            queries.roster_accounts(rows)
            queries.pauses(course_id)
            queries.counts(course_id)
            queries.courses_for(actor)
        assert len(rows) == number
        seen.add(counted.count)
    assert len(seen) == 1


def test_roster_by_family_name(world: World) -> None:
    rows = queries.roster(world.course.id)
    assert [row.given_name for row in rows] == ["Núria00", "Núria01", "Núria02"]
    assert queries.counts(world.course.id) == {
        "invited": 0,
        "enrolled": 3,
        "paused": 0,
        "withdrawn": 0,
        "completed": 0,
    }
    found = queries.enrolment_by_email(world.course.id, str(rows[0].email).upper())
    assert found is not None
    assert found.id == rows[0].enrolment_id
    assert queries.enrolments_by_email(world.course.id)[str(rows[0].email)] == (
        rows[0].enrolment_id,
        "enrolled",
    )
