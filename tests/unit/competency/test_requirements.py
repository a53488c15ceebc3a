"""The requirement `competencies`: what it decides, how it says it, and what would change it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from trainer.competency.requirements import CompetenciesEvaluator
from trainer.competency.rules import Judgement
from trainer.curriculum.rules import AssessorRule, Competency, Level, Module, Programme, Scale

DAY = date(2026, 3, 1)
ONE = AssessorRule()
LEVELS = tuple(Level(code, {"en": code.title()}, code == "yes") for code in ("no", "yes"))


def programme(rule: AssessorRule, codes: str = "abc") -> Programme:
    module: Any = Module.__new__(Module)
    object.__setattr__(module, "competencies", tuple(Competency(c, {"en": c.upper()}, {}) for c in codes))
    found: Any = Programme.__new__(Programme)
    object.__setattr__(found, "scale", Scale(LEVELS, rule))
    object.__setattr__(found, "modules", (module,))
    result: Programme = found
    return result


def judged(code: str, level: str = "yes", kind: str = "assessor", who: int = 1, number: int = 1) -> Judgement:
    return Judgement(code, level, kind, who, DAY, number)


def decide(found: list[Judgement], rule: AssessorRule = ONE, **requirement: Any) -> Any:
    evaluator = CompetenciesEvaluator()
    return evaluator.evaluate(
        {"kind": "competencies", **requirement}, {"competency": found}, programme(rule), DAY
    )


def test_all_of_them_by_default() -> None:
    found = decide([judged(code) for code in "abc"])
    assert (found.status, found.have, found.need, found.next_step) == ("met", "3", "3", None)


def test_nothing_assessed_yet() -> None:
    found = decide([])
    assert str(found.explanation) == "3 competencies are to be assessed."
    assert "Ask the training team" in str(found.next_step)
    assert decide([judged("a", kind="self")]).explanation == found.explanation


def test_to_be_shown_again() -> None:
    found = decide([judged("a"), judged("b"), judged("c", "no")])
    assert (found.status, found.have, found.need) == ("not_yet", "2", "3")
    assert "Agree with an assessor" in str(found.next_step)


@pytest.mark.parametrize(
    ("done", "status", "words"),
    [
        ("", "not_yet", "2 more are asked for"),
        ("a", "not_yet", "1 more is asked for"),
        ("ac", "met", "2 are asked for"),
    ],
)
def test_so_many_of_them(done: str, status: str, words: str) -> None:
    found = decide([judged(code) for code in done], at_least=2)
    assert (found.status, found.need) == (status, "2")
    assert words in str(found.explanation)
    assert (found.next_step is None) == (status == "met")


def test_more_than_there_are_is_all_of_them() -> None:
    assert decide([judged("a")], which=["a"], at_least=5).status == "met"


def test_a_missing_kind_of_assessor_is_the_next_step() -> None:
    rule = replace(AssessorRule(2), kinds={"peer_assessor": 1})
    found = decide([judged("b")], rule)
    assert found.have == "0"
    assert str(found.next_step) == "For “{'en': 'B'}”, ask for one more peer assessor."
    both = [
        judged(code, who=who, kind=kind)
        for code in "abc"
        for who, kind in ((1, "assessor"), (2, "peer_assessor"))
    ]
    assert decide(both, rule).status == "met"
