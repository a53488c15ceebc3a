"""Who may see and do what."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from trainer.core.access import Actor
from trainer.placement import policy

COURSE = SimpleNamespace(organisation_id=1, university_id=2)
ENROLMENT = SimpleNamespace(person_id=10, course=COURSE)
PLACEMENT: Any = SimpleNamespace(reference_id=20, enrolment=ENROLMENT)


def actor(person: int | None, *roles: tuple[str, int | None], system: bool = False) -> Actor:
    return Actor(person_id=person, account_id=person, roles=frozenset(roles), system=system)


WHO = {
    "worker": actor(10),
    "reference": actor(20, ("supervisor", 3)),
    "former_reference": actor(20),
    "other_reference": actor(21, ("supervisor", 3)),
    "organiser": actor(30, ("organiser", 1)),
    "other_organiser": actor(31, ("organiser", 9)),
    "trainer": actor(32, ("trainer", 1)),
    "assessor": actor(33, ("assessor", 1)),
    "registrar": actor(34, ("registrar", 2)),
    "admin": actor(35, ("admin", None)),
    "system": actor(None, system=True),
    "organiser_on_placement": actor(10, ("organiser", 1)),
    "nobody": actor(99),
}
ALLOWED = {
    "can_read": {"worker", "reference", "organiser", "admin", "system", "organiser_on_placement"},
    "can_administer": {"organiser", "admin", "system"},
    "can_log": {"worker", "organiser", "admin", "system", "organiser_on_placement"},
    "can_sign_off": {"reference"},
    "can_dispute": {"worker", "reference", "organiser_on_placement"},
    "can_follow_up": {"worker", "reference", "organiser", "admin", "system", "organiser_on_placement"},
    "can_read_notes": {"worker", "reference", "organiser_on_placement"},
}


@pytest.mark.parametrize("name", ALLOWED)
def test_placement(name: str) -> None:
    assert {who for who, one in WHO.items() if getattr(policy, name)(one, PLACEMENT)} == ALLOWED[name]


def test_course() -> None:
    seen = {who for who, one in WHO.items() if policy.can_see_course(one, COURSE)}
    assert seen == {"organiser", "trainer", "assessor", "admin", "system", "organiser_on_placement"}
    opened = {who for who, one in WHO.items() if policy.can_open(one, ENROLMENT)}
    assert opened == {"organiser", "admin", "system"}


def test_nobody_signs_off_their_own_hours() -> None:
    own: Any = SimpleNamespace(reference_id=10, enrolment=ENROLMENT)
    assert not policy.can_sign_off(actor(10, ("supervisor", 3)), own)
