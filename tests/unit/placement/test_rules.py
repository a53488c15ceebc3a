"""Hours of a placement: counting, averages with pauses, weeks, words."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.cohorts.rules import PauseSpan
from trainer.placement import rules
from trainer.placement.rules import Facts, Hours, Kind, LogState, Tally

START = date(2026, 3, 2)  # a Monday
KINDS = [kind.value for kind in Kind]

days = st.integers(0, 250).map(lambda n: START + timedelta(days=n))
tallies = st.lists(
    st.builds(
        Tally,
        st.sampled_from(KINDS),
        st.sampled_from([state.value for state in LogState]),
        st.integers(1, 3000),
    )
)


@st.composite
def pauses(draw: st.DrawFn) -> list[PauseSpan]:
    found = []
    for _ in range(draw(st.integers(0, 4))):
        begins = draw(days)
        length = draw(st.one_of(st.none(), st.integers(0, 60)))
        found.append(PauseSpan(begins, None if length is None else begins + timedelta(days=length)))
    return found


def every_day(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


@given(days, days, pauses())
def test_active_days_are_the_days_of_no_pause(first: date, last: date, spans: list[PauseSpan]) -> None:
    oracle = sum(1 for day in every_day(first, last) if not rules.is_paused(day, spans))
    assert rules.active_days(first, last, spans) == oracle


@given(tallies, st.sets(st.sampled_from(KINDS)))
def test_every_minute_is_in_one_place(found: list[Tally], counting: set[str]) -> None:
    hours = rules.count(found, counting)
    counts = [one for one in found if one.kind in counting]
    assert hours.counted == sum(one.minutes for one in counts if one.state == LogState.SIGNED)
    assert hours.counted + hours.waiting + hours.disputed == sum(one.minutes for one in counts)
    assert hours.other == sum(
        one.minutes for one in found if one.kind not in counting and one.state == LogState.SIGNED
    )


@given(tallies)
def test_a_dispute_never_adds_to_what_counts(found: list[Tally]) -> None:
    disputed = [Tally(one.kind, LogState.DISPUTED, one.minutes) for one in found]
    assert rules.count(disputed, KINDS).counted == 0
    assert rules.count(found + disputed, KINDS).counted == rules.count(found, KINDS).counted


@given(st.integers(0, 40_000), st.integers(1, 400))
def test_average_is_exact_and_needs_a_whole_week(minutes: int, active: int) -> None:
    average = rules.weekly_average(minutes, active)
    assert average is not None
    assert average * max(active, 7) == minutes * 7


@given(st.integers(0, 40_000), st.integers(7, 200), st.integers(1, 60), st.integers(0, 200))
def test_a_pause_leaves_the_average_as_it_was(minutes: int, length: int, pause: int, at: int) -> None:
    """The same hours on the same active days give the same average, wherever a pause lies between."""
    last = START + timedelta(days=length - 1)
    begins = START + timedelta(days=min(at, length - 1))
    span = PauseSpan(begins, begins + timedelta(days=pause))
    without = rules.weekly_average(minutes, rules.active_days(START, last, []))
    with_pause = rules.weekly_average(minutes, rules.active_days(START, last + timedelta(days=pause), [span]))
    assert without == with_pause


@given(st.integers(1, 20_000), days, days, pauses())
def test_still_weekly_is_enough_and_no_more(
    missing: int, today: date, end: date, spans: list[PauseSpan]
) -> None:
    active = rules.active_days(today, end, spans)
    weekly = rules.still_weekly(missing, today, end, spans)
    if active == 0:
        assert weekly is None
        return
    assert weekly is not None
    weeks = Fraction(max(active, 7), 7)
    assert weekly * weeks >= missing
    assert (weekly - 1) * weeks < missing


@given(st.lists(st.tuples(days, st.integers(1, 600)), max_size=30), days, days, pauses())
def test_weeks_hold_every_minute_up_to_today(
    logged: list[tuple[date, int]], end: date, today: date, spans: list[PauseSpan]
) -> None:
    last = min(end, today)
    rows = rules.weeks([entry for entry in logged if entry[0] <= last], START, end, spans, today)
    assert sum(row.minutes for row in rows) == sum(minutes for day, minutes in logged if day <= last)
    assert sum(row.days for row in rows) == rules.active_days(START, last, spans)
    assert all(row.starts_on.weekday() == 0 for row in rows)
    if rows:
        total = sum(row.minutes for row in rows)
        average = rules.weekly_average(total, rules.active_days(START, last, spans))
        assert rows[-1].average == (None if average is None else int(average))


@given(days, days, pauses(), st.sets(days.map(rules.monday)))
def test_due_weeks_are_the_unrecorded_weeks_with_an_active_day(
    end: date, today: date, spans: list[PauseSpan], recorded: set[date]
) -> None:
    oracle = []
    for day in every_day(START, min(end, rules.monday(today) + timedelta(days=6))):
        week = rules.monday(day)
        if week not in recorded and week not in oracle and not rules.is_paused(day, spans):
            oracle.append(week)
    if today < START:
        oracle = []
    assert rules.due_weeks(recorded, START, end, spans, today) == oracle


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("10", 600), ("7.5", 450), ("7,5", 450), (" 10 ", 600), ("0", None), ("-1", None), ("168", 10080), ("169", None),
     ("ten", None), ("nan", None), ("inf", None), ("1e1", 600), ("0.001", None), ("", None)],
)  # fmt: skip
def test_weekly_hours(text: str, minutes: int | None) -> None:
    assert rules.parse_weekly_hours(text) == minutes


@given(st.integers(1, 10_080).map(lambda n: n - n % 15 or 15))
def test_weekly_hours_come_back(minutes: int) -> None:
    assert rules.parse_weekly_hours(rules.weekly_hours_text(minutes)) == minutes


def test_words_say_what_is_there_and_what_comes_next() -> None:
    need = 260 * 60
    none = Facts()
    assert str(rules.explain(Hours(), need, none)) == "No placement is agreed yet; 260 h are needed."
    assert str(rules.next_step(Hours(), need, none)) == "Agree a placement with the training team."
    open_ = Facts(agreed=True, open=True)
    half = Hours(counted=120 * 60, waiting=90)
    assert (
        str(rules.explain(half, need, open_))
        == "120 h of 260 h are signed off; 1 h 30 min wait for a signature."
    )
    assert str(rules.next_step(half, need, open_)) == "Log the hours as you do them: 138 h 30 min to go."
    all_logged = Hours(counted=200 * 60, waiting=60 * 60)
    assert "sign off" in str(rules.next_step(all_logged, need, open_))
    closed = Facts(agreed=True, open=False)
    assert "140 h" in str(rules.next_step(Hours(counted=120 * 60), need, closed))
    assert rules.next_step(Hours(counted=need), need, open_) is None
    assert rules.next_step(Hours(counted=need - 1), need, open_) is not None
