from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.core.errors import Invalid
from trainer.scheduling.rules import Closure, PlannedModule, PlanVenue, WallTime, plan_weekly

MADRID = "Europe/Madrid"
MANRESA, VIC, MURCIA = PlanVenue("Manresa", "ES-CT"), PlanVenue("Vic", "ES-CT"), PlanVenue("Murcia", "ES-MC")


def modules(count: int, minutes: int = 240) -> list[PlannedModule]:
    return [PlannedModule(f"module-{n}", minutes) for n in range(1, count + 1)]


def never(region: str, day: date) -> None:
    return None


days = st.dates(date(2000, 1, 1), date(2060, 1, 1))
zones = st.sampled_from(
    [MADRID, "Atlantic/Canary", "America/New_York", "Australia/Sydney", "Asia/Kolkata", "UTC"]
)
venue_lists = st.lists(st.sampled_from([MANRESA, VIC, MURCIA]), min_size=1, max_size=3, unique=True)


@given(days, st.times(), st.integers(1, 30), venue_lists, zones)
def test_sessions_are_a_week_apart_at_the_same_time_by_the_wall_clock(first, at, count, venues, zone):
    at = at.replace(second=0, microsecond=0)
    plan = plan_weekly(first, at, modules(count), venues, zone, holiday=never)
    assert plan.skipped == ()
    assert plan.slots[0].starts_local.date() in (first, first + timedelta(days=1))
    for slot in plan.slots:
        exists = slot.starts_local.replace(tzinfo=ZoneInfo(zone))
        back = exists.astimezone(ZoneInfo("UTC")).astimezone(ZoneInfo(zone))
        assert back.replace(tzinfo=None) == slot.starts_local
        if slot.wall_time is not WallTime.NEVER:
            assert slot.starts_local.time() == at
            assert (slot.starts_local.date() - first).days == 7 * (slot.number - 1)


@given(
    days,
    st.integers(1, 20),
    venue_lists,
    st.sets(st.integers(0, 200), max_size=40),
    st.sets(st.integers(0, 40), max_size=8),
)
def test_nothing_meets_on_a_holiday_or_in_a_closure_and_turns_go_on(first, count, venues, off, shut):
    regions = {
        (venue.region, first + timedelta(days=offset)) for venue in venues for offset in off if offset % 2
    }
    closures = [Closure(first + timedelta(weeks=w), first + timedelta(weeks=w), "works") for w in shut]

    def holiday(region: str, day: date) -> str | None:
        return "Feast" if (region, day) in regions else None

    plan = plan_weekly(first, time(10), modules(count), venues, MADRID, holiday=holiday, closures=closures)
    by_name = {venue.name: venue for venue in venues}
    for slot in plan.slots:
        day = slot.starts_local.date()
        assert holiday(by_name[slot.venue].region, day) is None
        assert not any(closure.covers(day, slot.venue) for closure in closures)
    assert [slot.venue for slot in plan.slots] == [venues[n % len(venues)].name for n in range(count)]
    assert [slot.number for slot in plan.slots] == list(range(1, count + 1))
    taken = [slot.starts_local.date() for slot in plan.slots] + [skip.day for skip in plan.skipped]
    assert sorted(taken) == [first + timedelta(weeks=n) for n in range(len(taken))], (
        "each week met or explained"
    )


def test_the_published_course_keeps_ten_o_clock_over_the_change_of_clocks():
    plan = plan_weekly(date(2026, 3, 13), time(10), modules(4), [MANRESA, VIC], MADRID, holiday=never)
    offsets = [slot.starts_local.replace(tzinfo=ZoneInfo(MADRID)).isoformat()[-6:] for slot in plan.slots]
    assert offsets == ["+01:00", "+01:00", "+01:00", "+02:00"]


def test_after_a_holiday_the_turn_stays_with_the_session():
    def holiday(region: str, day: date) -> str | None:
        return "Good Friday" if day == date(2026, 4, 3) else None

    plan = plan_weekly(date(2026, 3, 27), time(10), modules(3), [MANRESA, VIC], MADRID, holiday=holiday)
    assert [(slot.starts_local.date().isoformat(), slot.venue) for slot in plan.slots] == [
        ("2026-03-27", "Manresa"),
        ("2026-04-10", "Vic"),
        ("2026-04-17", "Manresa"),
    ]
    assert str(plan.skipped[0].text()) == "No session on 2026-04-03: Good Friday is a public holiday in Vic."


def test_a_holiday_counts_where_the_session_would_meet():
    def holiday(region: str, day: date) -> str | None:
        return "Murcia Day" if (region, day) == ("ES-MC", date(2026, 6, 9)) else None

    meets = plan_weekly(date(2026, 6, 9), time(10), modules(1), [MANRESA], MADRID, holiday=holiday)
    waits = plan_weekly(date(2026, 6, 9), time(10), modules(1), [MURCIA], MADRID, holiday=holiday)
    assert meets.slots[0].starts_local.date() == date(2026, 6, 9)
    assert waits.slots[0].starts_local.date() == date(2026, 6, 16)


def test_a_closure_of_one_venue_stops_only_its_own_turn():
    closures = [Closure(date(2026, 1, 1), date(2026, 1, 31), "building works", venue="Vic")]
    plan = plan_weekly(
        date(2026, 1, 7), time(10), modules(3), [MANRESA, VIC], MADRID, holiday=never, closures=closures
    )
    assert [slot.starts_local.date().isoformat() for slot in plan.slots] == [
        "2026-01-07",
        "2026-02-04",
        "2026-02-11",
    ]
    assert [str(skip.text()) for skip in plan.skipped] == [
        f"No session on 2026-01-{day}: closed (building works)." for day in (14, 21, 28)
    ]


def test_a_time_that_the_clocks_jump_over_becomes_what_it_is_called_then():
    plan = plan_weekly(date(2026, 3, 22), time(2, 30), modules(3), [VIC], MADRID, holiday=never)
    assert [slot.starts_local for slot in plan.slots] == [
        datetime(2026, 3, 22, 2, 30),
        datetime(2026, 3, 29, 3, 30),
        datetime(2026, 4, 5, 2, 30),
    ]
    assert [slot.wall_time for slot in plan.slots] == [WallTime.ONCE, WallTime.NEVER, WallTime.ONCE]


def test_endless_closures_and_missing_parts_are_said():
    endless = [Closure(date(2026, 1, 1), date(2100, 1, 1))]
    with pytest.raises(Invalid, match="No free week for session 1"):
        plan_weekly(date(2026, 1, 7), time(10), modules(1), [VIC], MADRID, holiday=never, closures=endless)
    with pytest.raises(Invalid, match="venue"):
        plan_weekly(date(2026, 1, 7), time(10), modules(1), [], MADRID, holiday=never)
    with pytest.raises(Invalid, match="no modules"):
        plan_weekly(date(2026, 1, 7), time(10), [], [VIC], MADRID, holiday=never)
    with pytest.raises(Invalid, match="end of the calendar"):
        plan_weekly(date(9999, 12, 28), time(10), modules(2), [VIC], MADRID, holiday=never)
