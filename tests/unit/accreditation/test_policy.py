"""Who may do what with certificates."""

from __future__ import annotations

from dataclasses import dataclass, field

from trainer.accreditation import policy
from trainer.core.access import Actor


@dataclass
class Course:
    organisation_id: int = 1
    university_id: int = 2


@dataclass
class Certificate:
    university_id: int = 2
    person_id: int = 9
    course: Course = field(default_factory=Course)


ORGANISER = Actor(person_id=3, account_id=3, roles=frozenset({("organiser", 1)}))
REGISTRAR = Actor(person_id=4, account_id=4, roles=frozenset({("registrar", 2)}))
OTHER_REGISTRAR = Actor(person_id=5, account_id=5, roles=frozenset({("registrar", 7)}))
HOLDER = Actor(person_id=9, account_id=9)
STRANGER = Actor(person_id=10, account_id=10)
ADMIN = Actor(person_id=1, account_id=1, roles=frozenset({("admin", None)}))
SYSTEM = Actor(system=True)


def test_organisers_propose_and_registrars_decide() -> None:
    assert policy.can_propose(ORGANISER, Course())
    assert not policy.can_decide(ORGANISER, Course())
    assert policy.can_decide(REGISTRAR, Course())
    assert not policy.can_propose(REGISTRAR, Course())
    assert not policy.can_decide(OTHER_REGISTRAR, Course())
    for actor in (HOLDER, STRANGER):
        assert not policy.can_propose(actor, Course())
        assert not policy.can_decide(actor, Course())
        assert not policy.can_open_registry(actor)


def test_who_has_the_document() -> None:
    has = [
        policy.can_download(actor, Certificate()) for actor in (HOLDER, REGISTRAR, ORGANISER, ADMIN, SYSTEM)
    ]
    assert all(has)
    assert not policy.can_download(STRANGER, Certificate())
    assert not policy.can_download(OTHER_REGISTRAR, Certificate())


def test_nobody_acts_as_the_holder() -> None:
    for actor in (REGISTRAR, ORGANISER, ADMIN, SYSTEM, STRANGER):
        assert not policy.is_holder(actor, Certificate())
    assert policy.is_holder(HOLDER, Certificate())
