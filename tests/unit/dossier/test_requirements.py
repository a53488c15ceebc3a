"""The four kinds, decided on a person's entries, and what they say."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.dossier.requirements import (
    DecisionEvaluator,
    DocumentsEvaluator,
    PortfolioEvaluator,
    TestEvaluator,
)
from trainer.dossier.rules import Entry
from trainer.gates.rules import Requirement, Status

DAY = date(2026, 3, 2)
PROGRAMME: Any = SimpleNamespace(
    documents=(
        SimpleNamespace(code="one", title={"en": "One"}, what=None, valid_for=None),
        SimpleNamespace(code="two", title={"en": "Two"}, what=None, valid_for={"years": 1}),
    ),
    portfolio=(SimpleNamespace(code="story", title={"en": "Story"}, what=None),),
    tests=(SimpleNamespace(code="quiz", title={"en": "Quiz"}, out_of=20, attempts=2),),
    decisions=(SimpleNamespace(code="ready", title={"en": "Ready"}, question={}, by="registrar"),),
)


def entry(number: int, kind: str, code: str, state: str, **more: Any) -> Entry:
    return Entry(number, kind, code, state, more.pop("on", DAY), **more)


def decide(evaluator: Any, rule: dict[str, Any], *entries: Entry, today: date = DAY) -> Requirement:
    decided: Requirement = evaluator.evaluate(rule, {"dossier": entries or None}, PROGRAMME, today)
    assert (decided.next_step is None) is (decided.status is Status.MET)
    return decided


def test_documents_are_counted() -> None:
    rule = {"kind": "documents", "which": "all"}
    accepted = entry(1, "document", "one", "accepted")
    decided = decide(DocumentsEvaluator(), rule, accepted)
    assert (decided.status, decided.have, decided.need) == (Status.NOT_YET, "1", "2")
    assert str(decided.explanation) == "1 of 2 documents are there."
    assert "Two" in str(decided.next_step)
    assert decide(DocumentsEvaluator(), {**rule, "which": ["one"]}, accepted).status is Status.MET
    assert decide(DocumentsEvaluator(), rule).have == "0"


def test_a_document_that_has_run_out_does_not_count() -> None:
    rule = {"kind": "documents", "which": ["two"]}
    accepted = entry(1, "document", "two", "accepted", valid_until=DAY)
    assert decide(DocumentsEvaluator(), rule, accepted).status is Status.MET
    later = decide(DocumentsEvaluator(), rule, accepted, today=DAY + timedelta(days=1))
    assert later.status is Status.NOT_YET
    assert "hand in a new one" in str(later.next_step)


def test_what_the_person_can_do_is_said_before_what_waits() -> None:
    rule = {"kind": "documents", "which": "all"}
    decided = decide(DocumentsEvaluator(), rule, entry(1, "document", "one", "handed_in"))
    assert str(decided.next_step) == "Hand in “{'en': 'Two'}”."


def test_portfolio() -> None:
    rule = {"kind": "portfolio", "which": "all"}
    assert decide(PortfolioEvaluator(), rule).status is Status.NOT_YET
    assert decide(PortfolioEvaluator(), rule, entry(1, "portfolio", "story", "accepted")).status is Status.MET
    # A document of the same name is another thing.
    assert decide(PortfolioEvaluator(), rule, entry(1, "document", "story", "accepted")).have == "0"


def test_a_test_is_passed_exactly_and_out_of_reach_only_without_attempts() -> None:
    rule = {"kind": "test", "test": "quiz", "at_least": "70 %"}

    def taken(number: int, points: int) -> Entry:
        return entry(number, "test", "quiz", "taken", points=points, out_of=20)

    none = decide(TestEvaluator(), rule)
    assert (none.status, none.have, none.need) == (Status.NOT_YET, "0", "14")
    once = decide(TestEvaluator(), rule, taken(1, 13))
    assert (once.status, once.have) == (Status.NOT_YET, "13")
    assert "1 attempt is left" in str(once.next_step)
    assert decide(TestEvaluator(), rule, taken(1, 13), taken(2, 14)).status is Status.MET
    used = decide(TestEvaluator(), rule, taken(1, 13), taken(2, 12))
    assert (used.status, used.have) == (Status.UNREACHABLE, "13")
    voided = [taken(1, 13), taken(2, 12), entry(3, "test", "quiz", "void", voids_id=2)]
    assert decide(TestEvaluator(), rule, *voided).status is Status.NOT_YET


def test_a_decision_names_who_decides_and_not_who_decided() -> None:
    rule = {"kind": "decision", "decision": "ready"}
    assert "the university" in str(decide(DecisionEvaluator(), rule).next_step)
    yes = decide(DecisionEvaluator(), rule, entry(1, "decision", "ready", "yes", by="Somebody"))
    assert yes.status is Status.MET
    assert "Somebody" not in str(yes.explanation)
    assert (
        decide(DecisionEvaluator(), rule, entry(1, "decision", "ready", "not_yet")).status is Status.NOT_YET
    )


@given(
    st.lists(st.sampled_from(["handed_in", "accepted", "returned"]), max_size=6),
    st.integers(0, 6),
    st.sampled_from(["one", "two"]),
)
def test_replaying_is_deciding_on_the_first_entries(states: list[str], cut: int, code: str) -> None:
    """What holds at a moment rests on what was recorded before it, and every prefix can be decided."""
    entries = [entry(number, "document", code, state) for number, state in enumerate(states, start=1)]
    rule = {"kind": "documents", "which": [code]}
    prefix = decide(DocumentsEvaluator(), rule, *entries[:cut])
    again = decide(DocumentsEvaluator(), rule, *[one for one in entries if one.id <= cut])
    assert prefix == again


@pytest.mark.parametrize(
    ("evaluator", "rule"),
    [
        (DocumentsEvaluator(), {"which": "all"}),
        (PortfolioEvaluator(), {"which": "all"}),
        (TestEvaluator(), {"test": "quiz", "at_least": "70 %"}),
        (DecisionEvaluator(), {"decision": "ready"}),
    ],
)
def test_without_anything_recorded_it_is_not_yet(evaluator: Any, rule: dict[str, Any]) -> None:
    assert decide(evaluator, rule).status is Status.NOT_YET
