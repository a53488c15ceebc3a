"""Enrolment as a state machine."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.cohorts import rules
from trainer.cohorts.rules import MOVES, PauseSpan, Status

DAY = date(2026, 9, 8)
DAYS = st.integers(0, 60).map(lambda number: DAY + timedelta(number))


def test_the_moves() -> None:
    allowed = {(a, b) for a in Status for b in Status if rules.may_move(a, b)}
    assert allowed == {(a, b) for a, many in MOVES.items() for b in many}
    assert ("invited", "completed") not in allowed
    assert ("withdrawn", "enrolled") in allowed
    assert not any(to == Status.INVITED for _, to in allowed)


@given(st.lists(st.sampled_from(list(Status)), max_size=12))
def test_everyone_can_always_leave_or_come_back(steps: list[Status]) -> None:
    status = Status.INVITED
    for step in steps:
        if rules.may_move(status, step):
            assert rules.why_not(status, step) is None
            status = step
        else:
            assert rules.why_not(status, step) is not None
    assert (
        status == Status.COMPLETED or status == Status.WITHDRAWN or rules.may_move(status, Status.WITHDRAWN)
    )
    assert status == Status.INVITED or status == Status.ENROLLED or rules.may_move(status, Status.ENROLLED)


def test_words() -> None:
    for status in Status:
        assert str(rules.status_text(status))
        for to in rules.next_statuses(status):
            assert str(rules.move_text(status, to))
    assert str(rules.status_text("withdrawn")) == "Left the course"
    assert all(str(rules.course_status_text(one)) for one in rules.CourseStatus)
    assert all(str(rules.note_text(code)) for code in rules.NOTE_CODES)


@pytest.mark.parametrize(
    ("to", "day", "pauses", "fits"),
    [
        ("paused", DAY, [], True),
        ("paused", DAY - timedelta(1), [], False),
        ("completed", DAY + timedelta(9), [], False),
        ("withdrawn", DAY + timedelta(9), [], True),
        ("enrolled", DAY + timedelta(1), [PauseSpan(DAY + timedelta(2))], False),
        ("enrolled", DAY + timedelta(2), [PauseSpan(DAY + timedelta(2))], True),
        ("paused", DAY + timedelta(2), [PauseSpan(DAY, DAY + timedelta(3))], False),
        ("paused", DAY + timedelta(3), [PauseSpan(DAY, DAY + timedelta(3))], True),
    ],
)
def test_days(to: str, day: date, pauses: list[PauseSpan], fits: bool) -> None:
    assert (rules.effective_problem(to, day, DAY, pauses, DAY + timedelta(5)) is None) is fits


SPANS = st.lists(
    st.tuples(DAYS, st.none() | st.integers(0, 20)).map(
        lambda pair: PauseSpan(pair[0], None if pair[1] is None else pair[0] + timedelta(pair[1]))
    ),
    max_size=4,
)


@given(SPANS, DAYS, DAYS)
def test_paused_days_are_the_days_paused(spans: list[PauseSpan], first: date, last: date) -> None:
    days = [first + timedelta(n) for n in range((last - first).days + 1)]
    assert rules.paused_days(spans, first, last) == sum(rules.paused_on(spans, day) for day in days)


@pytest.mark.parametrize("good", ["PSW-2026", "a", "1", "x" * 40])
def test_codes(good: str) -> None:
    assert rules.valid_code(good)


@pytest.mark.parametrize("bad", ["", "-a", "a-", "a b", "a/b", "x" * 41, "à", "a\n", ".."])
def test_no_codes(bad: str) -> None:
    assert not rules.valid_code(bad)


@given(st.text(max_size=60), st.lists(st.text("ABC-12", max_size=6), max_size=5))
def test_a_label_becomes_a_free_and_valid_code(label: str, taken: list[str]) -> None:
    from trainer.people.rules import valid_organisation_code

    code = rules.code_from(label, taken)
    assert code not in taken
    assert valid_organisation_code(code)


def test_codes_read_like_the_label() -> None:
    assert rules.code_from("Associació Bon Dia", []) == "ASSOCIACIO-BON-D"
    assert rules.code_from("Bon Dia", ["bon-dia", "BON-DIA-2"]) == "BON-DIA-3"
