"""Who sees and runs a course."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from trainer.cohorts import policy
from trainer.core.access import ANONYMOUS, Actor


@dataclass(frozen=True)
class C:
    organisation_id: int = 1
    university_id: int = 2


@dataclass(frozen=True)
class E:
    person_id: int = 7
    course: C = C()


def actor(role: str, place: int | None, person: int = 5) -> Actor:
    return Actor(person, person, "x", frozenset({(role, place)}))


@pytest.mark.parametrize(
    ("who", "sees", "manages", "teaches", "accredits"),
    [
        (actor("admin", None), True, True, True, True),
        (actor("organiser", 1), True, True, True, False),
        (actor("trainer", 1), True, False, True, False),
        (actor("assessor", 1), True, False, False, False),
        (actor("organiser", 3), False, False, False, False),
        (actor("registrar", 2), False, False, False, True),
        (actor("registrar", 1), False, False, False, False),
        (actor("supervisor", 1), False, False, False, False),
        (ANONYMOUS, False, False, False, False),
    ],
)
def test_matrix(who: Actor, sees: bool, manages: bool, teaches: bool, accredits: bool) -> None:
    course = C()
    assert policy.can_see(who, course) is policy.can_assess(who, course) is sees
    assert policy.can_manage(who, course) is manages
    assert policy.can_teach(who, course) is teaches
    assert policy.can_accredit(who, course) is accredits
    assert policy.can_see_enrolment(who, E()) is sees
    assert policy.can_manage_enrolment(who, E()) is manages


def test_nobody_is_somebody_else() -> None:
    assert policy.is_own(Actor(7, 7), E())
    assert not policy.is_own(actor("admin", None), E())
    assert not policy.is_own(Actor(system=True), E())
