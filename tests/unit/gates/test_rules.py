"""The gate engine: dependency order, waivers, combination, and that it explains itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.core.text import msg
from trainer.gates.rules import (
    Registry,
    Requirement,
    Status,
    Waiver,
    combine,
    evaluate_gates,
    gate_order,
    requirement_keys,
)

TODAY = date(2026, 11, 21)


@dataclass
class Spec:
    requirements: tuple[dict[str, Any], ...]
    opens: str | None = None
    issues: str | None = None
    title: dict[str, str] = field(default_factory=dict)


@dataclass
class Course:
    gates: dict[str, Spec]


class Fixed:
    """Its facts are the statuses themselves."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    @property
    def sources(self) -> tuple[str, ...]:
        return (self.kind,)

    def evaluate(self, rule: Mapping[str, Any], facts: Any, programme: Any, today: date) -> Requirement:
        return Requirement(
            self.kind, facts[self.kind][rule["number"]], "0", "1", msg("explained"), msg("step")
        )


REGISTRY = Registry([Fixed("x"), Fixed("y")])
STATUSES = st.sampled_from([Status.MET, Status.NOT_YET, Status.UNREACHABLE])


def default_gates() -> Course:
    return Course(
        {
            "completion": Spec(({"kind": "gate", "gate": "accreditation"}, {"kind": "y", "number": 0})),
            "placement": Spec(({"kind": "x", "number": 0},), opens="placement"),
            "accreditation": Spec(({"kind": "gate", "gate": "placement"}, {"kind": "x", "number": 1})),
        }
    )


def waiver(gate: str, requirement: str | None = None, until: date | None = None) -> Waiver:
    return Waiver(gate, requirement, "agreed with the team", "Marta Soler", date(2026, 10, 1), until)


def decide(x: list[Status], y: list[Status], *waivers: Waiver) -> dict[str, Any]:
    return evaluate_gates(default_gates(), {"x": x, "y": y}, REGISTRY, waivers, today=TODAY)


@given(st.lists(STATUSES, min_size=2, max_size=2), st.lists(STATUSES, min_size=1, max_size=1))
def test_without_waivers_a_gate_is_its_worst_requirement(x, y):
    def worst(*statuses: Status) -> Status:
        order = (Status.UNREACHABLE, Status.NOT_YET, Status.MET)
        return order[min(order.index(s) for s in statuses)]

    results = decide(x, y)
    assert list(results) == ["completion", "placement", "accreditation"]
    assert results["placement"].status is x[0]
    assert results["accreditation"].status is worst(*x)
    assert results["completion"].status is worst(*x, *y)
    for gate in results.values():
        assert gate.explanation is not None
        assert (gate.next_step is None) == gate.passed


WAIVERS = st.sampled_from(
    [
        waiver("placement"),
        waiver("placement", "x"),
        waiver("accreditation"),
        waiver("accreditation", "gate:placement"),
        waiver("completion", "y"),
        waiver("completion", "no-such"),
    ]
)


@given(
    st.lists(STATUSES, min_size=2, max_size=2), st.lists(STATUSES, min_size=1, max_size=1), st.lists(WAIVERS)
)
def test_a_waiver_never_worsens_and_never_hides_what_was_earned(x, y, waivers):
    plain, waived = decide(x, y), decide(x, y, *waivers)
    for name, gate in plain.items():
        if gate.passed:
            assert waived[name] == gate
        if waived[name].passed and not gate.passed:
            assert waived[name].waivers or any(r.kind == "gate" for r in waived[name].requirements)
        elif not waived[name].passed:
            order = [Status.UNREACHABLE, Status.NOT_YET]
            assert order.index(waived[name].status) >= order.index(gate.status)


@given(st.lists(STATUSES, min_size=2, max_size=2), st.data())
def test_a_better_requirement_never_worsens_a_gate(x, data):
    order = [Status.UNREACHABLE, Status.NOT_YET, Status.MET]
    better = [data.draw(st.sampled_from(order[order.index(s) :])) for s in x]
    before, after = decide(x, [Status.NOT_YET]), decide(better, [Status.NOT_YET])
    for name in before:
        assert order.index(after[name].status) >= order.index(before[name].status)


def test_a_waived_requirement_says_who_when_and_why():
    gate = decide([Status.UNREACHABLE, Status.MET], [Status.MET], waiver("placement", "x"))["placement"]
    assert (gate.status, gate.requirements[0].status) == (Status.WAIVED, Status.WAIVED)
    assert str(gate.requirements[0].explanation) == (
        "Waived by Marta Soler on 2026-10-01: agreed with the team"
    )
    assert gate.requirements[0].next_step is None


def test_a_gate_passed_by_a_waiver_lets_the_next_one_be_met():
    results = decide([Status.UNREACHABLE, Status.MET], [Status.MET], waiver("placement"))
    assert results["placement"].status is Status.WAIVED
    assert results["placement"].requirements[0].status is Status.UNREACHABLE
    assert results["accreditation"].status is Status.MET
    assert "by a waiver" in str(results["accreditation"].requirements[0].explanation)
    assert results["completion"].status is Status.MET


def test_a_waiver_holds_through_its_last_day():
    for until, passed in ((TODAY, True), (date(2026, 11, 20), False), (None, True)):
        x = [Status.NOT_YET, Status.MET]
        assert decide(x, [Status.MET], waiver("placement", None, until))["placement"].passed is passed


def test_a_later_gate_passes_on_what_comes_first():
    gate = decide([Status.NOT_YET, Status.MET], [Status.MET])["completion"]
    assert gate.status is Status.NOT_YET
    assert str(gate.next_step) == "step"
    assert "comes first" in str(gate.explanation)


def test_combine():
    assert combine([]) is Status.MET
    assert combine([Status.MET, Status.WAIVED]) is Status.WAIVED
    assert combine([Status.WAIVED, Status.NOT_YET]) is Status.NOT_YET
    assert combine([Status.NOT_YET, Status.UNREACHABLE, Status.WAIVED]) is Status.UNREACHABLE


def test_gates_in_a_circle_or_without_an_end_are_refused():
    circle = {"a": Spec(({"kind": "gate", "gate": "b"},)), "b": Spec(({"kind": "gate", "gate": "a"},))}
    with pytest.raises(ValueError, match="a -> b -> a"):
        gate_order(circle)
    with pytest.raises(ValueError, match="does not exist"):
        gate_order({"a": Spec(({"kind": "gate", "gate": "nowhere"},))})


def test_an_unknown_kind_opens_nothing():
    course = Course({"a": Spec(({"kind": "portfolio"},))})
    with pytest.raises(LookupError, match="portfolio"):
        evaluate_gates(course, {}, REGISTRY, today=TODAY)


def test_a_kind_has_one_evaluator():
    with pytest.raises(ValueError):
        Registry([Fixed("x"), Fixed("x")])
    with pytest.raises(ValueError):
        Registry([Fixed("gate")])


def test_keys_are_unique_and_stable():
    rules = [
        {"kind": "x"},
        {"kind": "gate", "gate": "placement"},
        {"kind": "x"},
        {"kind": "x", "key": "late"},
    ]
    assert requirement_keys(rules) == ("x", "gate:placement", "x-2", "late")
