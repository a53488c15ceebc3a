"""Parts one after the other: against every way of choosing which time of each part counts."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise, product
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.attendance.queries import Inputs
from trainer.attendance.rules import MarkFact, MarkKind, SessionFact
from trainer.dossier.rules import Entry
from trainer.gates.rules import Requirement, Status
from trainer.placement.rules import Done, Facts, PlacementSpan
from trainer.progress.requirements import OrderEvaluator
from trainer.progress.rules.order import Run, Step, StepState, explain_order, in_order, step_order

DAY = date(2026, 3, 2)
TODAY = 12


def day(number: int) -> date:
    return DAY + timedelta(days=number)


def steps(*parts: list[tuple[int, int | None]]) -> list[Step]:
    return [
        Step(
            "test",
            str(number),
            f"part {number}",
            tuple(Run(day(a), None if b is None else day(b)) for a, b in runs),
        )
        for number, runs in enumerate(parts, start=1)
    ]


def oracle(parts: list[list[tuple[int, int | None]]]) -> Status:
    """By trying every choice of one time a part."""

    def chains(chosen: tuple[tuple[int, int | None], ...]) -> bool:
        return all(one[1] is not None for one in chosen) and all(
            one[1] is not None and one[1] <= other[0] for one, other in pairwise(chosen)
        )

    if any(chains(chosen) for chosen in product(*parts)):
        return Status.MET
    for place, part in enumerate(parts):
        later = [begun for other in parts[place + 1 :] for begun, _ in other]
        if any(begun < TODAY for begun in later):
            continue
        for chosen in product(*parts[:place]):
            if not chains(chosen):
                continue
            ended = chosen[-1][1] if chosen else -1
            if not part or any(done is None and begun >= (ended or 0) for begun, done in part):
                return Status.NOT_YET
    return Status.UNREACHABLE


run = st.tuples(st.integers(0, TODAY), st.integers(0, TODAY) | st.none()).map(
    lambda pair: pair if pair[1] is None else (min(pair), max(pair))  # type: ignore[type-var]
)


@given(st.lists(st.lists(run, max_size=3), min_size=1, max_size=4))
def test_against_every_choice(parts: list[list[tuple[int, int | None]]]) -> None:
    found = in_order(steps(*parts), day(TODAY))
    assert found.status is oracle(parts)
    assert (step_order(found) is None) is (found.status is Status.MET)
    assert str(explain_order(found))
    assert (found.early is not None) is (found.status is Status.UNREACHABLE)


@given(st.lists(st.lists(run, max_size=2), min_size=1, max_size=4), st.integers(0, 3))
def test_doing_a_part_again_at_the_end_never_takes_away_what_was_met(
    parts: list[list[tuple[int, int | None]]], place: int
) -> None:
    before = in_order(steps(*parts), day(TODAY))
    more = [[*part, (TODAY, TODAY)] if number == place else part for number, part in enumerate(parts)]
    after = in_order(steps(*more), day(TODAY))
    if before.status is Status.MET:
        assert after.status is Status.MET


def test_the_words_name_which_part_came_before_which() -> None:
    found = in_order(steps([(3, 5)], [(4, 4)]), day(TODAY))
    assert found.status is Status.UNREACHABLE
    assert (
        str(explain_order(found))
        == "“part 2” was begun on 2026-03-06, before “part 1” was done on 2026-03-07."
    )
    assert "“part 2” can be done again after “part 1”" in str(step_order(found))
    again = in_order(steps([(3, 5)], [(4, 4), (6, 7)]), day(TODAY))
    assert again.status is Status.MET


def test_what_waits_to_be_recorded_puts_nothing_out_of_reach() -> None:
    first = Step("module", "a", "A", (Run(day(1), day(2), unclear=True, tentative=True),))
    second = Step("module", "b", "B", (Run(day(3), day(3)),))
    found = in_order([first, second], day(TODAY))
    assert found.status is Status.NOT_YET
    assert found.steps[0].state is StepState.WAITING
    assert "waits to be recorded" in str(step_order(found))
    signed = Step("placement", "1", "P", (Run(day(1), day(2), unclear=True),))
    assert in_order([signed, second], day(TODAY)).status is Status.NOT_YET


def test_what_begins_today_is_not_held_against_anybody() -> None:
    assert in_order(steps([], [(TODAY, None)]), day(TODAY)).status is Status.NOT_YET
    assert in_order(steps([], [(TODAY - 1, None)]), day(TODAY)).status is Status.UNREACHABLE


PROGRAMME: Any = SimpleNamespace(
    attendance={},
    placement={"counting_kinds": ["direct"]},
    gates={
        "all": SimpleNamespace(
            requirements=(
                {"kind": "test", "test": "quiz", "at_least": "70 %"},
                {"kind": "placement_hours", "hours": 1, "placement": 1},
            )
        )
    },
    module=lambda code: SimpleNamespace(title={"en": code}),
    tests=(SimpleNamespace(code="quiz", title={"en": "Quiz"}, out_of=10, attempts=None),),
    portfolio=(SimpleNamespace(code="story", title={"en": "Story"}),),
    decisions=(SimpleNamespace(code="ready", title={"en": "Ready"}),),
)


def sessions(*days: int, module: str, first: int = 1, status: str = "held") -> tuple[SessionFact, ...]:
    return tuple(
        SessionFact(
            number,
            number,
            status,
            datetime.combine(day(one), datetime.min.time()),
            60,
            module_code=module,
        )
        for number, one in enumerate(days, start=first)
    )


def decide(facts: dict[str, Any], *wanted: dict[str, Any]) -> Requirement:
    rule = {"kind": "order", "steps": list(wanted)}
    return OrderEvaluator().evaluate(rule, facts, PROGRAMME, day(TODAY))


PRESENT, ABSENT = MarkFact(MarkKind.PRESENT), MarkFact(MarkKind.ABSENT)


def attended(**marks: MarkFact) -> Inputs:
    taught = sessions(1, 3, module="a") + sessions(5, module="b", first=3)
    return Inputs(sessions=taught, marks={int(key[1:]): mark for key, mark in marks.items()})


@pytest.mark.parametrize(
    ("inputs", "status", "have"),
    [
        (attended(s1=PRESENT, s2=PRESENT, s3=PRESENT), Status.MET, "2"),
        (attended(s1=ABSENT, s2=PRESENT, s3=PRESENT), Status.MET, "2"),
        (attended(s1=ABSENT, s2=ABSENT, s3=PRESENT), Status.UNREACHABLE, "0"),
        (attended(s1=PRESENT, s3=PRESENT), Status.NOT_YET, "0"),  # the second session has no mark
        (attended(s1=PRESENT, s2=PRESENT), Status.NOT_YET, "1"),
        (attended(), Status.NOT_YET, "0"),
        (Inputs(), Status.NOT_YET, "0"),
    ],
)
def test_modules_in_their_order(inputs: Inputs, status: Status, have: str) -> None:
    decided = decide({"attendance": inputs}, {"module": "a"}, {"module": "b"})
    assert (decided.status, decided.have, decided.need) == (status, have, "2")


def entry(number: int, kind: str, code: str, state: str, on: int, **more: Any) -> Entry:
    return Entry(number, kind, code, state, day(on), **more)


def test_a_test_counts_from_the_day_it_was_passed() -> None:
    early = entry(1, "test", "quiz", "taken", 2, points=7, out_of=10)
    facts: dict[str, Any] = {"attendance": attended(s1=PRESENT, s2=PRESENT, s3=PRESENT)}
    order = ({"module": "a"}, {"test": "quiz"})
    assert decide({**facts, "dossier": (early,)}, *order).status is Status.UNREACHABLE
    again = entry(2, "test", "quiz", "taken", 6, points=7, out_of=10)
    assert decide({**facts, "dossier": (early, again)}, *order).status is Status.MET
    not_enough = entry(2, "test", "quiz", "taken", 6, points=6, out_of=10)
    assert decide({**facts, "dossier": (not_enough,)}, *order).status is Status.NOT_YET


def test_placement_portfolio_and_decision() -> None:
    order = ({"placement": 1}, {"portfolio": "story"}, {"decision": "ready"})
    span = PlacementSpan(1, day(0), day(9), True, (Done(day(1), "direct", "signed", 60),))
    story = (entry(1, "portfolio", "story", "handed_in", 2), entry(2, "portfolio", "story", "accepted", 4))
    yes = entry(3, "decision", "ready", "yes", 4)
    facts: dict[str, Any] = {"placement": Facts(spans=(span,))}
    assert decide({**facts, "dossier": (*story, yes)}, *order).status is Status.MET
    assert decide({**facts, "dossier": story}, *order).have == "2"
    too_soon = entry(3, "decision", "ready", "yes", 3)
    assert decide({**facts, "dossier": (*story, too_soon)}, *order).status is Status.UNREACHABLE
    not_yet = entry(4, "decision", "ready", "not_yet", 5)
    assert decide({**facts, "dossier": (*story, too_soon, not_yet)}, *order).status is Status.NOT_YET
    returned = entry(2, "portfolio", "story", "returned", 4)
    found = decide({**facts, "dossier": (story[0], returned)}, *order)
    assert (found.status, found.have) == (Status.NOT_YET, "1")
