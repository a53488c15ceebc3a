"""Who takes registers."""

from __future__ import annotations

from types import SimpleNamespace

from trainer.attendance.policy import can_read, can_take
from trainer.core.access import Actor

THING = SimpleNamespace(course=SimpleNamespace(organisation_id=1, university_id=2))


def actor(role: str, place: int | None) -> Actor:
    return Actor(person_id=5, account_id=5, roles=frozenset({(role, place)}))


def test_trainers_and_organisers_take_them_and_assessors_read():
    for role in ("organiser", "trainer"):
        assert can_take(actor(role, 1), THING)
        assert not can_take(actor(role, 2), THING)
    assert can_read(actor("assessor", 1), THING)
    assert not can_take(actor("assessor", 1), THING)
    for role, place in (("registrar", 2), ("supervisor", 1), ("organiser", 2)):
        assert not can_read(actor(role, place), THING)
