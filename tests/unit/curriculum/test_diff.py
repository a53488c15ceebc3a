"""What differs between two versions is said whenever something differs, in words, and never else."""

from __future__ import annotations

import copy
import random
import re
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories.mutation_checks import somebody
from tests.factories.mutations import changed
from tests.factories.seventh import SEVENTH
from tests.factories.standing import decide
from trainer.curriculum.queries.shape import shape_findings
from trainer.curriculum.rules import Programme, canonical, check, content_hash, programme_from
from trainer.curriculum.rules.diff import Touches, differences, touches_words

SOURCE: dict[str, Any] = yaml.safe_load(SEVENTH)
RAW = re.compile(r"\b[a-z]+_[a-z_]+\b|%\(")  # a key of the file, or a place that was not filled


def programme(source: Any) -> Programme:
    content = canonical(source)
    return programme_from(content, content_hash(content))


OLD = programme(SOURCE)


def said(old: Programme, new: Programme) -> list[str]:
    return [str(one.said) for one in differences(old, new) if one.path != "version"]


def test_nothing_differs_from_itself() -> None:
    assert differences(OLD, programme(copy.deepcopy(SOURCE))) == []


@given(seed=st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
def test_whatever_differs_is_said(seed: int) -> None:
    chance = random.Random(seed)
    source, _ = changed(chance, SOURCE)
    if shape_findings(source) or check(source):
        return
    new = programme(source)
    differs = {**OLD.content, "version": ""} != {**new.content, "version": ""}
    for before, after in ((OLD, new), (new, OLD)):
        found = [one for one in differences(before, after) if one.path != "version"]
        assert bool(found) == differs
        for one in found:
            assert not RAW.search(str(one.said)) and str(touches_words(one))
    if [one.touches for one in found] == [
        Touches.NOBODY
    ]:  # that means: written otherwise, and nobody stands otherwise
        for _ in range(3):
            person = somebody(OLD, chance)
            was, now = decide(OLD, person), decide(new, person)
            assert {name: one.status for name, one in was.items()} == {
                name: one.status for name, one in now.items()
            }


SAID = [
    ("counts_as: credited, cap: {sessions: 1}", "counts_as: credited, cap: {hours: 3}",
     "New: That holds for 3 h at most; what is beyond it counts like any other absence."),
    ("counting_kinds: [direct]", "counting_kinds: [direct, team]", "New: Hours that count: direct support, team meetings."),
    ("sessions: [70, 50]", "sessions: [60, 60]", "is taught in meetings of 60, 60 minutes, not of 70, 50."),
    ("      - {kind: test, test: quiz,", "      - {kind: test, key: quiz, test: quiz,", "look at its waivers"),
    ("late_joiners: from_joining", "late_joiners: full_base", "New: Who joins late keeps the full base."),
    ("answer_days: 10", "answer_days: 12", "the answer comes within 12 days."),
    ("out_of: 40", "out_of: 50", "The terms of “"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), SAID)
def test_rules_are_said(old: str, new: str, expected: str) -> None:
    assert old in SEVENTH
    found = said(OLD, programme(yaml.safe_load(SEVENTH.replace(old, new, 1))))
    assert any(expected in one for one in found), found


def test_a_rule_asked_twice_is_said_and_so_is_another_order() -> None:
    twice, turned = copy.deepcopy(SOURCE), copy.deepcopy(SOURCE)
    rules = twice["gates"]["first"]["requirements"]
    rules.append(copy.deepcopy(rules[0]))
    assert any("now asks: Miss at most one session." in one for one in said(OLD, programme(twice)))
    turned["gates"]["first"]["requirements"].reverse()
    assert [one for one in said(OLD, programme(turned)) if "stands in another order" in one]
