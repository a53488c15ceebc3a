"""Waivers: granted, expired, revoked; standings for many people at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories.world import make_world
from trainer.attendance.rules import MarkInput, MarkKind
from trainer.attendance.services import save_register
from trainer.audit.queries import verify
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.database import session
from trainer.core.errors import Invalid, Missing, Refused
from trainer.gates.queries import standings, waivers_of
from trainer.gates.rules import Status
from trainer.gates.services import revoke_waiver, waive
from trainer.scheduling.queries import session_of

SYSTEM = Actor(system=True)


def gates(world, number=0):
    return standings(world.course)[world.trainees[number].id]


def test_a_waived_gate_says_who_and_why(world):
    assert gates(world)["placement"].status is Status.NOT_YET
    waive(world.actor("organiser"), world.trainees[0], "placement", None, "agreed with the university")
    gate = gates(world)["placement"]
    assert (gate.status, gate.passed, gate.waiver.granted_by) == (Status.WAIVED, True, "Organiser Prova")
    assert "agreed with the university" in str(gate.explanation)
    assert gates(world, 1)["placement"].status is Status.NOT_YET
    assert gates(world)["accreditation"].requirements[0].status is Status.MET
    assert gates(world)["accreditation"].status is Status.NOT_YET
    assert verify().broken_at is None


def test_a_requirement_alone_can_be_waived(world):
    waive(world.actor("organiser"), world.trainees[0], "placement", "attendance", "came to the other edition")
    gate = gates(world)["placement"]
    assert (gate.status, gate.requirements[0].status) == (Status.WAIVED, Status.WAIVED)


def test_a_waiver_ends_on_its_last_day(world):
    last = clock.today() + timedelta(days=7)
    waive(world.actor("organiser"), world.trainees[0], "placement", None, "for now", last)
    assert gates(world)["placement"].passed
    with clock.frozen(clock.now() + timedelta(days=7)):
        assert gates(world)["placement"].passed
    with clock.frozen(clock.now() + timedelta(days=8)):
        assert not gates(world)["placement"].passed


def test_a_revoked_waiver_stays_on_record(world):
    organiser = world.actor("organiser")
    waiver = waive(organiser, world.trainees[0], "placement", None, "mistaken")
    revoke_waiver(organiser, waiver)
    assert not gates(world)["placement"].passed
    (row,) = waivers_of(world.trainees[0].id)
    assert (row.reason, row.revoked_by) == ("mistaken", "Organiser Prova")
    with pytest.raises(Missing):
        revoke_waiver(organiser, waiver)
    waive(organiser, world.trainees[0], "placement", None, "now in earnest")
    assert gates(world)["placement"].passed


def test_who_may_and_what_may_not(world):
    one = world.trainees[0]
    for role in ("trainer", "assessor", "registrar", "trainee", "other_organiser"):
        with pytest.raises(Refused):
            waive(world.actor(role), one, "placement", None, "please")
    with pytest.raises(Refused):
        waive(SYSTEM, one, "placement", None, "a waiver names who")
    organiser = world.actor("organiser")
    with pytest.raises(Invalid):
        waive(organiser, one, "placement", None, "  ")
    with pytest.raises(Invalid, match="no gate"):
        waive(organiser, one, "nowhere", None, "why")
    with pytest.raises(Invalid, match="no requirement"):
        waive(organiser, one, "placement", "competencies", "why")
    with pytest.raises(Invalid, match="passed"):
        waive(organiser, one, "placement", None, "why", clock.today() - timedelta(days=1))
    waive(organiser, one, "placement", None, "why")
    with pytest.raises(Invalid, match="already"):
        waive(organiser, one, "placement", None, "again")
    revoked = waivers_of(one.id)
    assert len(revoked) == 1


def test_nobody_waives_for_themself(world):
    from trainer.core.database import transaction
    from trainer.people.models import Membership

    with transaction():
        session.add(
            Membership(
                person_id=world.trainees[0].person_id,
                organisation_id=world.organisation.id,
                role="organiser",
                since=clock.today(),
            )
        )
    with pytest.raises(Refused):
        waive(world.actor("trainee"), world.trainees[0], "placement", None, "mine")


def test_standings_take_as_many_statements_for_thirty_as_for_one(ctx, count_queries):
    counts = []
    for size, code in ((1, "SIZE-1"), (3, "SIZE-3"), (30, "SIZE-30")):
        world = make_world(trainees=size, code=code)
        save_register(
            SYSTEM,
            session_of(code, 1),
            {enrolment.id: MarkInput(MarkKind.PRESENT) for enrolment in world.trainees},
        )
        standings(world.course)
        session.rollback()
        course = world.course
        _ = course.id
        with count_queries() as seen:
            found = standings(course)
        assert len(found) == size
        counts.append(seen.count)
    assert len(set(counts)) == 1
