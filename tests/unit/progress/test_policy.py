"""Who reads progress."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from trainer.core.access import Actor
from trainer.progress.policy import can_read_course, can_read_own, can_read_person

COURSE = SimpleNamespace(organisation_id=1, university_id=2)
ENROLMENT = SimpleNamespace(person_id=7, course=COURSE)


def actor(role: str, place: int | None, person: int = 1) -> Actor:
    return Actor(person_id=person, account_id=person, roles=frozenset({(role, place)}))


@pytest.mark.parametrize(
    ("role", "place", "may"),
    [
        ("organiser", 1, True),
        ("trainer", 1, True),
        ("assessor", 1, True),
        ("admin", None, True),
        ("organiser", 3, False),
        ("registrar", 2, False),
        ("supervisor", 1, False),
    ],
)
def test_the_staff_of_the_provider_read(role, place, may):
    assert can_read_course(actor(role, place), COURSE) is may
    assert can_read_person(actor(role, place), ENROLMENT) is may


def test_ones_own_page_is_ones_own_alone():
    assert can_read_own(Actor(person_id=7, account_id=7), ENROLMENT)
    assert not can_read_own(Actor(person_id=8, account_id=8), ENROLMENT)
    assert not can_read_own(actor("admin", None), ENROLMENT)
    assert not can_read_own(Actor(system=True), ENROLMENT)
    assert not can_read_course(Actor(person_id=7, account_id=7), COURSE)
