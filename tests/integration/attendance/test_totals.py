"""Sums over everybody decide as one person's page does."""

from __future__ import annotations

import random
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from tests.factories.registers import hold
from trainer.attendance.models import MakeUp
from trainer.attendance.queries import inputs
from trainer.attendance.queries.totals import met_by_sums
from trainer.attendance.rules import AttendanceRule, Base, Excused, MarkInput, MarkKind
from trainer.cohorts.services import change_status
from trainer.core import clock
from trainer.core.database import session, transaction
from trainer.gates.queries import standings
from trainer.gates.services import waive
from trainer.progress.queries.everyone import everyone_passed
from trainer.scheduling.queries import sessions_of

RULES = [
    AttendanceRule(Fraction(4, 5)),
    AttendanceRule(Fraction(1, 2), excused=Excused.CREDITED, cap_sessions=1),
    AttendanceRule(Fraction(1, 2), excused=Excused.EXCLUDED),
    AttendanceRule(Fraction(1, 2), base=Base.SESSIONS),
    AttendanceRule(at_most_missed=600, pauses_excluded=True),
    AttendanceRule(base=Base.SESSIONS, at_most_missed=4, whole_sessions=True),
]


@pytest.fixture
def season(world: Any) -> Any:
    dice = random.Random(5)
    kinds = [MarkKind.PRESENT] * 16 + list(MarkKind)
    marks = {}
    for number in range(1, 10):
        for index in range(3):
            kind = dice.choice(kinds)
            partial = kind in (MarkKind.LATE, MarkKind.LEFT_EARLY)
            marks[index, number] = MarkInput(kind, dice.randint(0, 240) if partial else None)
    hold(world, range(1, 10), marks)
    change_status(world.actor("organiser"), world.trainees[1], "paused")
    with transaction():
        now = clock.now()
        session.add(
            MakeUp(
                enrolment_id=world.trainees[2].id,
                session_id=sessions_of(world.course.id)[9].id,
                way="task",
                minutes=240,
                status="done",
                asked_at=now,
                approved_at=now,
                done_at=now,
            )
        )
    return world


def test_sums_agree_with_every_persons_own_arithmetic(season: Any) -> None:
    everybody = inputs(season.course.id)
    some_met = some_apart = 0
    for rule in RULES:
        met, apart = met_by_sums(rule)
        looked_at = set(apart.get(season.course.id, ()))
        expected = {key for key, one in everybody.items() if one.weigh(rule).status == "met"}
        assert expected - looked_at == set(met.get(season.course.id, ())), rule
        some_met += len(expected - looked_at)
        some_apart += len(looked_at)
    assert some_met > 2 and some_apart > 2


def test_everyone_who_passed_a_gate(season: Any, count_queries: Any) -> None:
    waive(season.actor("organiser"), season.trainees[0], "placement", None, "agreed", date(2099, 1, 1))
    for name in ("placement", "accreditation"):
        found = everyone_passed(name)
        decided = standings(season.course)
        expected = sorted(key for key, gates in decided.items() if gates[name].passed)
        assert found == ({season.course.id: expected} if expected else {})
    assert everyone_passed("placement")
    assert everyone_passed("placement", []) == {}
    assert everyone_passed("no such gate") == {}
