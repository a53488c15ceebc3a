"""The log and the agreements of any earlier moment, exactly as they were on record then."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.integration.placement.conftest import END, START, TODAY, Placed, agreement, place
from trainer.audit.models import AuditEntry
from trainer.core import clock
from trainer.core.database import session, transaction
from trainer.core.errors import Missing, TrainerError
from trainer.core.tables import read_table
from trainer.gates.queries import standings
from trainer.gates.services import revoke_waiver, waive
from trainer.placement import queries, services
from trainer.placement.imports import import_placement_log
from trainer.placement.models import Placement, PlacementLog, PlacementLogEvent
from trainer.placement.rules import Facts, Kind
from trainer.placement.services import LogInput

DAY = date(2026, 10, 6)
NOON = datetime(2026, 11, 18, 11, 0, tzinfo=UTC)
CHANGEABLE = PlacementLog.signed_off_at.is_(None) | PlacementLog.disputed_at.is_not(None)


def facts(world: Any, at: datetime | None = None) -> dict[int, Facts]:
    return queries.facts(world.course.id, [one.id for one in world.trainees], at)


class Practice:
    """Random acts on the placements of a course, by who may; what the rules refuse changes nothing, as it should."""

    def __init__(self, world: Any, seed: int) -> None:
        self.world, self.dice = world, random.Random(seed)
        self.organiser, self.reference = world.actor("organiser"), world.actor("reference")
        for number in (0, 1):
            place(world, number)
        self.acts: list[Callable[[], Any]] = [
            *[self.add] * 4,
            *[self.sign] * 2,
            self.mend,
            self.remove,
            self.dispute,
            self.dispute,
            self.withdraw,
            self.bring_in,
            self.agree,
            self.agree,
            self.stand_still,
            self.end,
            self.another,
        ]

    def placement(self) -> Placement:
        return self.dice.choice(list(session.scalars(select(Placement).order_by(Placement.id))))

    def entry(self, *wanted: Any) -> tuple[Placement, int]:
        known = list(session.scalars(select(PlacementLog).where(*wanted).order_by(PlacementLog.id)))
        if not known:
            raise Missing("nothing to act on")
        one = self.dice.choice(known)
        return session.get_one(Placement, one.placement_id), one.id

    def hours(self) -> LogInput:
        day = self.dice.choice([START + timedelta(days=self.dice.randint(0, 40)), clock.today()])
        return LogInput(day, self.dice.randint(1, 300), self.dice.choice(list(Kind)).value)

    def worker(self, placement: Placement) -> Any:
        trainees = self.world.trainees
        return self.world.actor("trainee" if placement.enrolment_id == trainees[0].id else "other_trainee")

    def add(self) -> None:
        placement = self.placement()
        services.add_log(self.worker(placement), placement, self.hours())

    def mend(self) -> None:
        placement, key = self.entry(CHANGEABLE)
        services.change_log(self.organiser, placement, key, self.hours())

    def remove(self) -> None:
        placement, key = self.entry(CHANGEABLE)
        services.remove_log(self.organiser, placement, key)

    def sign(self) -> None:
        placement, key = self.entry()
        services.sign_off(self.reference, placement, [key])

    def dispute(self) -> None:
        placement, key = self.entry()
        by = self.dice.choice([self.reference, self.worker(placement)])
        services.dispute(by, placement, key, "Not that day.")

    def withdraw(self) -> None:
        placement, key = self.entry(PlacementLog.disputed_at.is_not(None))
        by = self.dice.choice([self.reference, self.worker(placement)])
        services.withdraw_dispute(by, placement, key)

    def bring_in(self) -> None:
        lines = ["email,date,minutes,kind"]
        for _ in range(self.dice.randint(1, 3)):
            person = self.dice.choice(self.world.trainees[:2]).person
            one = self.hours()
            lines.append(f"{person.email},{one.on},{one.minutes},{one.kind}")
        table = read_table("log.csv", "\n".join(lines).encode())
        import_placement_log(self.organiser, self.world.course, table, "log.csv")

    def agree(self) -> None:
        placement = self.placement()
        starts_on = START + timedelta(days=self.dice.randint(-9, 0))
        ends_on = END + timedelta(days=self.dice.randint(-90, 90))
        services.change_agreement(
            self.organiser, placement, agreement(self.world, starts_on=starts_on, ends_on=ends_on)
        )

    def stand_still(self) -> None:
        act = self.dice.choice([services.pause_placement, services.resume_placement])
        act(self.organiser, self.placement())

    def end(self) -> None:
        services.close_placement(self.organiser, self.placement())

    def another(self) -> None:
        starts_on = END + timedelta(days=self.dice.randint(100, 200))
        number = self.dice.choice([0, 1])
        services.open_placement(
            self.organiser,
            self.world.trainees[number],
            agreement(self.world, starts_on=starts_on, ends_on=starts_on + timedelta(days=50)),
        )


@pytest.mark.parametrize("seed", [4, 8])
def test_every_moment_comes_out_as_it_was(world: Any, seed: int) -> None:
    with clock.frozen(NOON - timedelta(minutes=1)):
        practice = Practice(world, seed)
        kept = [(clock.now(), facts(world))]
    assert facts(world, clock.now() - timedelta(days=300)) == {}
    done: dict[str, int] = {}
    for number in range(110):
        at = NOON + timedelta(hours=5 * number, microseconds=number)
        with clock.frozen(at):
            act = practice.dice.choice(practice.acts)
            try:
                act()
            except TrainerError:
                session.rollback()
                continue
            done[act.__name__] = done.get(act.__name__, 0) + 1
            kept.append((at, facts(world)))
    assert len(done) == len({act.__name__ for act in practice.acts}), done  # each of them happened
    for (at, was), (later, _) in zip(kept, [*kept[1:], (NOON + timedelta(days=90), {})], strict=True):
        assert facts(world, at) == was, at
        assert facts(world, later - timedelta(microseconds=1)) == was, at


def test_a_dispute_taken_back_a_mended_and_a_removed_entry_leave_their_trace(placed: Placed) -> None:
    def at(hour: int) -> Any:
        return clock.frozen(NOON + timedelta(hours=hour))

    with at(1):
        key = services.add_log(placed.worker, placed.placement, LogInput(DAY, 61, "direct")).id
        other = services.add_log(placed.worker, placed.placement, LogInput(DAY, 30, "team")).id
    with at(2):
        services.sign_off(placed.reference, placed.placement, [key])
    with at(3):
        services.dispute(placed.worker, placed.placement, key, "It was the day after.")
    with at(4):
        services.withdraw_dispute(placed.worker, placed.placement, key)
    with at(5):
        services.change_log(placed.worker, placed.placement, other, LogInput(DAY, 45, "reflection"))
    with at(6):
        services.remove_log(placed.worker, placed.placement, other)

    def seen(hour: int) -> list[tuple[str, str, int]]:
        found = facts(placed.world, NOON + timedelta(hours=hour, minutes=30))
        [span] = found[placed.placement.enrolment_id].spans
        return [(one.kind, str(one.state), one.minutes) for one in span.done]

    assert seen(0) == []
    assert seen(1) == [("direct", "waiting", 61), ("team", "waiting", 30)]
    assert seen(2) == [("direct", "signed", 61), ("team", "waiting", 30)]
    assert seen(3) == [("direct", "disputed", 61), ("team", "waiting", 30)]
    assert seen(4) == seen(2)
    assert seen(5) == [("direct", "signed", 61), ("reflection", "waiting", 45)]
    assert seen(6) == [("direct", "signed", 61)]


def test_an_id_that_comes_again_in_another_log_is_another_entry(placed: Placed) -> None:
    """SQLite gives the id of the newest entry again once that is taken out, and so may a database that was restored."""
    with clock.frozen(NOON + timedelta(hours=1)):
        other = place(placed.world, 1)
        key = services.add_log(placed.worker, placed.placement, LogInput(DAY, 60, "direct")).id
    was = facts(placed.world, NOON + timedelta(hours=1))
    with clock.frozen(NOON + timedelta(hours=2)):
        services.remove_log(placed.worker, placed.placement, key)
        with transaction() as current:
            current.add(
                PlacementLog(id=key, placement_id=other.id, on=DAY, minutes=5, kind="team", tasks_key="")
            )
    assert facts(placed.world, NOON + timedelta(hours=1)) == was
    assert facts(placed.world, NOON + timedelta(hours=2)) == facts(placed.world)
    assert [one.minutes for one in facts(placed.world)[other.enrolment_id].tallies] == [5]


def test_replay_takes_three_statements_however_much_is_logged(placed: Placed, count_queries: Any) -> None:
    course_id, ids = placed.world.course.id, [one.id for one in placed.world.trainees]
    with count_queries() as few:
        queries.facts(course_id, ids, NOON)
    place(placed.world, 1)
    for number in range(6):
        services.add_log(placed.worker, placed.placement, LogInput(DAY, 10 + number, "direct", str(number)))
    services.change_agreement(placed.organiser, placed.placement, agreement(placed.world, service="Else"))
    with count_queries() as many:
        found = queries.facts(course_id, ids, NOON)
    assert few.count == many.count == 3
    assert len(found) == 2 and len(found[ids[0]].tallies) == 6


def test_a_placement_that_the_audit_says_nothing_of_keeps_the_dates_of_today(placed: Placed) -> None:
    services.close_placement(placed.organiser, placed.placement)
    row = placed.placement
    bare = Placement(
        **{
            name: getattr(row, name)
            for name in (
                "enrolment_id",
                "host_id",
                "ends_on",
                "weekly_minutes",
                "functions_in",
                "functions_out",
            )
        },
        starts_on=START,
        status="closed",
        created_at=NOON,
    )
    with transaction() as current:
        current.add(bare)
        current.flush()
    spans = {one.id: one for one in facts(placed.world, NOON)[row.enrolment_id].spans}
    assert (spans[bare.id].starts_on, spans[bare.id].ends_on, spans[bare.id].open) == (START, TODAY, True)


def test_the_gate_of_an_earlier_day_stands_as_it_did(placed: Placed) -> None:
    """Placement hours signed and disputed since, a waiver revoked, a placement closed: the gates of before are the same."""
    world, enrolment = placed.world, placed.world.trainees[0]
    with clock.frozen(NOON + timedelta(hours=1)):
        key = services.add_log(placed.worker, placed.placement, LogInput(DAY, 600, "direct")).id
        services.sign_off(placed.reference, placed.placement, [key])
        waiver = waive(placed.organiser, enrolment, "completion", None, "Agreed.")
    at = NOON + timedelta(hours=2)
    with clock.frozen(at):
        was = standings(world.course, [enrolment.id])
    with clock.frozen(NOON + timedelta(days=30)):
        services.dispute(placed.reference, placed.placement, key, "Nobody was there.")
        services.close_placement(placed.organiser, placed.placement)
        revoke_waiver(placed.organiser, waiver)
        assert standings(world.course, [enrolment.id]) != was
        assert standings(world.course, [enrolment.id], at) == was


def test_every_act_on_an_entry_is_kept_and_the_audit_has_the_dates(placed: Placed) -> None:
    key = services.add_log(placed.worker, placed.placement, LogInput(DAY, 60, "direct")).id
    services.sign_off(placed.reference, placed.placement, [key])
    states = select(PlacementLogEvent.state).where(PlacementLogEvent.log_id == key)
    assert list(session.scalars(states.order_by(PlacementLogEvent.id))) == ["waiting", "signed"]
    opened = session.scalars(select(AuditEntry).where(AuditEntry.action == "placement.opened")).one()
    assert (opened.details["starts_on"], opened.details["ends_on"]) == (START.isoformat(), END.isoformat())
    assert date.fromisoformat(opened.details["starts_on"]) == placed.placement.starts_on
