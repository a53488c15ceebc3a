"""Who may waive."""

from __future__ import annotations

from types import SimpleNamespace

from trainer.core.access import Actor
from trainer.gates.policy import can_read, can_waive

ENROLMENT = SimpleNamespace(person_id=9, course=SimpleNamespace(organisation_id=1, university_id=2))


def actor(role: str, place: int | None, person_id: int = 5) -> Actor:
    return Actor(person_id=person_id, account_id=person_id, roles=frozenset({(role, place)}))


def test_the_providers_organisers_waive_and_its_staff_reads():
    assert can_waive(actor("organiser", 1), ENROLMENT)
    assert can_waive(actor("admin", None), ENROLMENT)
    for role, place in (("organiser", 2), ("trainer", 1), ("assessor", 1), ("registrar", 2)):
        assert not can_waive(actor(role, place), ENROLMENT)
    assert can_read(actor("trainer", 1), ENROLMENT)
    assert not can_read(actor("registrar", 2), ENROLMENT)


def test_never_for_oneself_and_never_nameless():
    assert not can_waive(actor("organiser", 1, person_id=9), ENROLMENT)
    assert not can_waive(Actor(system=True), ENROLMENT)
