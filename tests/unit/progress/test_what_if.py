"""What if: the same rules on altered facts. Nothing altered moves nobody; altered facts decide as real ones would."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.attendance.rules import (
    AttendanceRule,
    MakeUpFact,
    MarkFact,
    MarkKind,
    SessionFact,
    attendance,
    rule_of,
)
from trainer.curriculum.rules import GateSpec
from trainer.gates.rules import Status
from trainer.progress.rules.supposed import EVERYBODY, MARKS, Change, known, pile, read, what_if_of
from trainer.progress.rules.what_if import (
    MakeUpIf,
    MarkIf,
    RulesIf,
    WhatIf,
    altered,
    altered_programme,
    moves,
    tally,
)

FIRST = datetime(2026, 9, 8, 10)
KINDS = (MarkKind.PRESENT, MarkKind.LATE, MarkKind.ABSENT, MarkKind.EXCUSED)


@dataclass(frozen=True)
class Made:
    """As attendance.queries.Inputs, which a test of pure rules does not load."""

    sessions: tuple[SessionFact, ...]
    marks: dict[int, MarkFact] = field(default_factory=dict)
    make_ups: dict[int, MakeUpFact] = field(default_factory=dict)

    def weigh(self, rule: AttendanceRule) -> Any:
        return attendance(self.sessions, self.marks, rule, make_ups=self.make_ups)


@dataclass(frozen=True)
class Rules:
    attendance: dict[str, Any]
    gates: dict[str, GateSpec]


def programme(at_least: str = "80 %") -> Any:
    requirement = {"kind": "attendance", "at_least": at_least}
    return Rules(
        {"base": "hours", "excused": {"counts_as": "absent"}},
        {"g": GateSpec("g", {"en": "G"}, (requirement,))},
    )


@st.composite
def everybody(draw: st.DrawFn) -> dict[int, Made]:
    statuses = draw(
        st.lists(st.sampled_from(["held", "held", "planned", "cancelled"]), min_size=1, max_size=6)
    )
    sessions = tuple(
        SessionFact(n, n, status, FIRST + timedelta(weeks=n), draw(st.sampled_from([60, 120, 240])))
        for n, status in enumerate(statuses, 1)
    )
    held = [one.id for one in sessions if one.status == "held"]
    return {
        person: Made(sessions, {n: mark for n in held if (mark := draw(st.none() | marks())) is not None})
        for person in (1, 2)
    }


def marks() -> st.SearchStrategy[MarkFact]:
    return st.sampled_from(KINDS).map(lambda kind: MarkFact(kind, 45 if kind is MarkKind.LATE else None))


def decided(facts: dict[int, Made], rules: Any) -> dict[int, Any]:
    rule = rule_of(rules, rules.gates["g"].requirements[0])
    return {key: one.weigh(rule) for key, one in facts.items()}


@settings(max_examples=20, deadline=None)
@given(everybody())
def test_nothing_altered_moves_nobody(facts: dict[int, Made]) -> None:
    assert altered(facts, WhatIf()) == facts
    rules = programme()
    assert altered_programme(rules, RulesIf()) is rules


@settings(max_examples=20, deadline=None)
@given(everybody(), st.integers(1, 6), marks())
def test_a_mark_supposed_is_a_mark_recorded(facts: dict[int, Made], number: int, mark: MarkFact) -> None:
    supposed = altered(facts, WhatIf(marks=(MarkIf(number, mark, 1),)))
    real = {
        **facts,
        1: replace(
            facts[1],
            marks={**facts[1].marks, number: mark},
            sessions=tuple(
                replace(one, status="held") if one.id == number and one.status == "planned" else one
                for one in facts[1].sessions
            ),
        ),
    }
    assert decided(supposed, programme()) == decided(real, programme())
    assert supposed[2] == facts[2]


@settings(max_examples=20, deadline=None)
@given(everybody(), st.integers(1, 6), st.integers(1, 500) | st.none())
def test_a_make_up_never_credits_above_its_session_nor_worsens(
    facts: dict[int, Made], number: int, minutes: int | None
) -> None:
    before = decided(facts, programme())[1]
    after = decided(altered(facts, WhatIf(make_ups=(MakeUpIf(1, number, minutes),))), programme())[1]
    assert before.credited_minutes <= after.credited_minutes <= after.base_minutes == before.base_minutes
    assert all(line.credit <= line.session.length for line in after.lines)


@settings(max_examples=20, deadline=None)
@given(everybody(), st.integers(1, 6))
def test_a_cancelled_session_is_nobodys(facts: dict[int, Made], number: int) -> None:
    after = decided(altered(facts, WhatIf(cancelled=frozenset({number}))), programme())
    without = {
        key: replace(one, sessions=tuple(s for s in one.sessions if s.id != number))
        for key, one in facts.items()
    }
    assert after == decided(without, programme())


@settings(max_examples=20, deadline=None)
@given(everybody(), st.integers(0, 100))
def test_another_share_is_that_programme(facts: dict[int, Made], share: int) -> None:
    supposed = altered_programme(programme(), RulesIf(at_least=f"{share} %"))
    assert decided(facts, supposed) == decided(facts, programme(f"{share} %"))


def test_rules_that_the_programme_has_not() -> None:
    supposed = altered_programme(programme(), RulesIf(excused="credited", cap=2, at_most=1))
    assert supposed.attendance["excused"] == {"counts_as": "credited", "cap": {"sessions": 2}}
    assert supposed.gates["g"].requirements[1] == {"kind": "max_absences", "at_most": {"sessions": 1}}
    again = altered_programme(supposed, RulesIf(at_most=3))
    assert [one.get("at_most") for one in again.gates["g"].requirements] == [None, {"sessions": 3}]


def test_who_moves() -> None:
    def person(status: str, credited: int, *, left: bool = False) -> Any:
        figures = SimpleNamespace(
            credited=credited, base=10, need=8, can_still_miss_minutes=0, forecast="on_track"
        )
        gate = SimpleNamespace(status=Status(status), passed=status == "met")
        return SimpleNamespace(
            gates={"g": gate}, attendance=figures, is_over=left, has_left=left, waits=lambda _name: not left
        )

    def course(*people: Any) -> Any:
        return SimpleNamespace(people=people, programme=SimpleNamespace(gates={"g": None}))

    before = course(person("met", 8), person("not_yet", 7), person("met", 9), person("not_yet", 1, left=True))
    after = course(
        person("met", 9), person("unreachable", 7), person("met", 9), person("unreachable", 1, left=True)
    )
    found = moves(before, after)
    assert [bool(one.gates) for one in found] == [True, False]
    assert found[0].gates == {"g": ("not_yet", "unreachable")}
    assert tally(after)["g"] == {
        "met": 2,
        "not_yet": 0,
        "unreachable": 1,
        "waived": 0,
    }


PEOPLE = st.one_of(st.just(EVERYBODY), st.integers(1, 99).map(str))
CHANGES = st.one_of(
    st.builds(Change, st.just("cancel"), st.integers(1, 20)),
    st.builds(
        Change,
        st.just("makeup"),
        st.integers(1, 20),
        st.integers(1, 99).map(str),
        st.just(""),
        st.one_of(st.none(), st.integers(0, 9999)),
    ),
    st.tuples(st.integers(1, 20), PEOPLE, st.sampled_from(MARKS), st.integers(0, 9999)).map(
        lambda one: Change("mark", *one[:3], one[3] if one[2] in ("late", "left_early") else None)
    ),
)


@given(st.lists(CHANGES, max_size=12))
def test_what_is_piled_up_is_read_back_and_the_later_holds(changes):
    piled = pile(changes)
    assert [read(one.token) for one in piled] == piled
    assert pile([*piled, *piled]) == piled
    last = {one.place: one for one in changes}
    assert {one.place: one for one in piled} == last and len(piled) == len(last)
    sessions = {number: number + 100 for number in range(1, 21)}
    found = what_if_of(piled, sessions, RulesIf())
    assert len(found.marks) + len(found.make_ups) + len(found.cancelled) == len(piled)


@given(st.text(alphabet="markcelup-019all_teabsn", max_size=24))
def test_a_word_that_means_nothing_is_never_half_read(text):
    found = read(text)
    assert found is None or read(found.token) == found


@pytest.mark.parametrize(
    ("change", "is_known"),
    [
        (Change("mark", 1, EVERYBODY, "present"), True),
        (Change("mark", 1, "7", "present"), True),
        (Change("makeup", 1, "7"), True),
        (Change("makeup", 1, EVERYBODY), False),
        (Change("mark", 1, "", "present"), False),
        (Change("mark", 1, "8", "present"), False),
        (Change("cancel", 1), True),
        (Change("cancel", 2), False),
    ],
)
def test_a_mark_alone_is_supposed_for_everybody(change: Change, is_known: bool) -> None:
    assert known(change, {1: 11}, {"7": 7}) is is_known
