"""The requirement `placement_hours`, decided from facts alone."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from trainer.gates.rules import Status
from trainer.placement.requirements import PlacementHoursEvaluator
from trainer.placement.rules import Facts, LogState, Tally

TODAY = date(2026, 11, 21)
RULE = {"kind": "placement_hours", "hours": 260}


def programme(*kinds: str) -> Any:
    return SimpleNamespace(placement={"counting_kinds": list(kinds or ("direct", "team"))})


def test_nobody_without_a_placement_is_out_of_reach() -> None:
    found = PlacementHoursEvaluator().evaluate(RULE, {}, programme(), TODAY)
    assert (found.status, found.have, found.need) == (Status.NOT_YET, "0", "15600")
    assert found.next_step is not None


@given(st.integers(0, 20_000), st.integers(0, 20_000), st.integers(0, 20_000))
def test_met_at_exactly_the_minutes_that_are_signed(signed: int, waiting: int, disputed: int) -> None:
    facts = Facts(
        (
            Tally("direct", LogState.SIGNED, signed),
            Tally("direct", LogState.WAITING, waiting),
            Tally("team", LogState.DISPUTED, disputed),
            Tally("supervision", LogState.SIGNED, 20_000),
        ),
        True,
        True,
    )
    found = PlacementHoursEvaluator().evaluate(RULE, {"placement": facts}, programme(), TODAY)
    assert found.have == str(signed)
    assert found.status == (Status.MET if signed >= 260 * 60 else Status.NOT_YET)
    assert (found.next_step is None) == (found.status == Status.MET)
    assert str(found.explanation)
