"""What becomes of a make-up when a session changes, and when somebody is reminded of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.attendance.rules.make_ups import (
    After,
    Note,
    Serving,
    after_change,
    given_back,
    reminder_due,
    words_text,
)

MISSED = Serving("m1", date(2026, 9, 15), "held")
UNTIL = date(2026, 10, 1)


def serves(day=date(2026, 9, 25), module="m1", status="planned"):
    return Serving(module, day, status)


@pytest.mark.parametrize(
    ("status", "missed", "target", "moved", "expected"),
    [
        ("agreed", MISSED, serves(), False, None),
        ("agreed", MISSED, serves(), True, After("agreed", UNTIL, Note.MOVED)),
        ("agreed", MISSED, serves(status="cancelled"), False, After("asked", UNTIL, Note.CANCELLED)),
        ("agreed", MISSED, serves(module="m2"), False, After("asked", UNTIL, Note.OTHER_MODULE)),
        (
            "agreed",
            MISSED,
            serves(date(2026, 10, 2)),
            True,
            After("agreed", date(2026, 10, 2), Note.MOVED),
        ),
        ("agreed", MISSED, serves(date(2026, 11, 2)), True, After("asked", UNTIL, Note.MOVED_PAST)),
        (
            "asked",
            Serving("m1", MISSED.on, "cancelled"),
            serves(),
            False,
            After("called_off", UNTIL, Note.NO_SESSION),
        ),
        ("agreed", MISSED, None, False, None),
        ("done", MISSED, serves(module="m2"), True, None),
        ("done", MISSED, serves(status="cancelled"), False, After("done", UNTIL, Note.CANCELLED)),
    ],
)
def test_what_becomes_of_it(status, missed, target, moved, expected):
    assert after_change(status, UNTIL, missed, target, date(2026, 10, 27), moved=moved) == expected


def test_notes_are_said_and_words_stay_words():
    for note in Note:
        assert "note:" not in str(words_text(note.value))
    assert words_text("As somebody wrote it") == "As somebody wrote it"
    assert given_back("asked", None) is False


DAYS = st.integers(0, 60).map(lambda number: date(2026, 9, 1) + timedelta(days=number))


@given(until=DAYS, serves_on=st.none() | DAYS, agreed_on=DAYS, today=DAYS)
def test_nobody_is_reminded_of_a_day_gone_by_nor_told_of_one_to_come(until, serves_on, agreed_on, today):
    found = reminder_due(until, serves_on, agreed_on, today)
    day = serves_on or until
    if found is Note.REMINDED:
        assert today <= day <= today + timedelta(days=5)
        assert today >= agreed_on + timedelta(days=2)
    if found is Note.PAST:
        assert today > day
    assert reminder_due(None, None, agreed_on, today) is None
