"""Who may do what with persons."""

from __future__ import annotations

from trainer.core.access import ANONYMOUS, Actor
from trainer.people import policy

ADMIN = Actor(1, 1, "A", frozenset({("admin", None)}))
ORGANISER = Actor(2, 2, "O", frozenset({("organiser", 1)}))
REGISTRAR = Actor(3, 3, "R", frozenset({("registrar", 9)}))


def test_only_administrators_administer() -> None:
    assert policy.can_administer(ADMIN)
    assert policy.can_administer(Actor(system=True))
    assert not any(policy.can_administer(one) for one in (ORGANISER, REGISTRAR, ANONYMOUS))


def test_organisers_invite() -> None:
    assert policy.can_invite(ADMIN)
    assert policy.can_invite(ORGANISER)
    assert not policy.can_invite(REGISTRAR)


def test_ids_are_the_registrars_alone() -> None:
    assert policy.can_see_national_id(REGISTRAR, 9)
    assert not policy.can_see_national_id(REGISTRAR, 8)
    assert not policy.can_see_national_id(ADMIN, 9)
    assert not policy.can_see_national_id(Actor(system=True), 9)
