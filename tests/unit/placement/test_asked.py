"""Hours of one placement or of all, by kind and by a day, against a plain count."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from trainer.core.months import months_later
from trainer.gates.rules import Requirement, Status
from trainer.placement.requirements import PlacementHoursEvaluator
from trainer.placement.rules import Done, Facts, PlacementSpan, Tally, days_of

START = date(2026, 1, 31)
PROGRAMME: Any = SimpleNamespace(placement={"counting_kinds": ["direct"]})


def day(number: int) -> date:
    return START + timedelta(days=number)


def facts(*spans: PlacementSpan) -> Facts:
    tallies = tuple(Tally(one.kind, one.state, one.minutes) for span in spans for one in span.done)
    return Facts(tallies, bool(spans), any(span.open for span in spans), spans)


def decide(known: Facts | None, today: date, **rule: Any) -> Requirement:
    whole = {"kind": "placement_hours", **rule}
    found = PlacementHoursEvaluator().evaluate(whole, {"placement": known}, PROGRAMME, today)
    assert (found.next_step is None) is (found.status is Status.MET)
    return found


done = st.builds(
    Done,
    st.integers(0, 80).map(day),
    st.sampled_from(["direct", "team"]),
    st.sampled_from(["signed", "waiting", "disputed"]),
    st.integers(1, 120),
)
spans = st.lists(
    st.builds(
        PlacementSpan,
        st.integers(1, 9),
        st.integers(0, 40).map(day),
        st.just(day(200)),
        st.booleans(),
        st.lists(done, max_size=8).map(tuple),
    ),
    max_size=3,
    unique_by=lambda span: span.id,
)


@given(
    spans,
    st.integers(1, 3) | st.none(),
    st.integers(1, 2) | st.none(),
    st.integers(0, 120),
    st.integers(1, 4),
)
def test_against_a_plain_count(
    found: list[PlacementSpan], number: int | None, months: int | None, today: int, hours: int
) -> None:
    ordered = sorted(found, key=lambda span: (span.starts_on, span.id))
    chosen = ordered if number is None else ordered[number - 1 : number]
    until = months_later(chosen[0].starts_on, months) if chosen and months else date.max
    entries = [one for span in chosen for one in span.done if one.kind == "direct" and one.on <= until]
    have = sum(one.minutes for one in entries if one.state == "signed")
    possible = sum(one.minutes for one in entries)
    rule: dict[str, Any] = {"hours": hours}
    if number is not None:
        rule["placement"] = number
    if months is not None:
        rule["within"] = {"months": months}
    decided = decide(facts(*found), day(today), **rule)
    assert decided.have == str(have)
    if have >= hours * 60:
        assert decided.status is Status.MET
    elif day(today) > until and possible < hours * 60:
        assert decided.status is Status.UNREACHABLE
    else:
        assert decided.status is Status.NOT_YET


def test_the_second_placement_is_the_one_that_begins_second() -> None:
    first = PlacementSpan(7, day(0), day(50), False, (Done(day(1), "direct", "signed", 60),))
    second = PlacementSpan(3, day(60), day(90), True, (Done(day(61), "direct", "signed", 120),))
    both = facts(second, first)
    assert decide(both, day(70), hours=2, placement=2).status is Status.MET
    assert decide(both, day(70), hours=2, placement=1).have == "60"
    third = decide(both, day(70), hours=2, placement=3)
    assert (third.status, third.have) == (Status.NOT_YET, "0")
    assert str(third.explanation) == "Placement 3: It is not agreed yet; 2 h are needed."
    assert str(third.next_step) == "Agree placement 3 with the training team."


def test_a_rule_may_count_kinds_of_its_own() -> None:
    known = facts(PlacementSpan(1, day(0), day(50), True, (Done(day(1), "team", "signed", 60),)))
    assert decide(known, day(2), hours=1).have == "0"
    assert decide(known, day(2), hours=1, kinds=["direct", "team"]).status is Status.MET


def test_the_last_day_counts_and_the_day_after_is_late() -> None:
    last = date(2026, 2, 28)  # a month after 31 January
    span = PlacementSpan(1, START, day(200), True, (Done(last, "direct", "signed", 60),))
    assert decide(facts(span), last, hours=1, within={"months": 1}).status is Status.MET
    assert decide(facts(span), last, hours=2, within={"months": 1}).status is Status.NOT_YET
    over = decide(facts(span), last + timedelta(days=1), hours=2, within={"months": 1})
    assert over.status is Status.UNREACHABLE
    # What waits for a signature may still come to count.
    waiting = PlacementSpan(1, START, day(200), True, (Done(last, "direct", "waiting", 120),))
    assert decide(facts(waiting), day(90), hours=2, within={"months": 1}).status is Status.NOT_YET


def test_the_days_of_a_placement() -> None:
    span = PlacementSpan(
        1,
        START,
        day(90),
        False,
        (
            Done(day(5), "direct", "signed", 60),
            Done(day(2), "team", "signed", 60),
            Done(day(9), "direct", "waiting", 60),
            Done(day(1), "direct", "disputed", 600),
        ),
    )
    assert days_of(span, 60, {"direct"}) == (day(2), day(5), False)
    assert days_of(span, 120, {"direct"}) == (day(2), day(9), True)
    assert days_of(span, 180, {"direct"}) == (day(2), None, False)
    assert days_of(span, None, {"direct"}) == (day(2), day(9), False)
