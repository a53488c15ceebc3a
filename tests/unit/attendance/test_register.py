"""Saving a register, decided: conflicts, corrections and their reasons, who is expected."""

from __future__ import annotations

from datetime import date

import pytest

from trainer.attendance.rules import (
    AT_SESSION,
    MarkInput,
    MarkKind,
    SavedMark,
    clean_mark,
    expected_on,
    mark_text,
    plan_register,
    reason_code_text,
)
from trainer.cohorts.rules import PauseSpan
from trainer.core.errors import Invalid

DAY = date(2026, 10, 6)
LATER = date(2026, 10, 20)
PRESENT, ABSENT = MarkInput(MarkKind.PRESENT), MarkInput(MarkKind.ABSENT)


def plan(saved, wanted, *, today=DAY, recorded=None, reason=None, versions=None):
    return plan_register(
        saved,
        wanted,
        today=today,
        session_on=DAY,
        recorded_on=recorded or {},
        reason=reason,
        versions=versions,
    )


def test_a_first_mark_needs_no_reason_however_late():
    found = plan({1: SavedMark()}, {1: PRESENT, 2: ABSENT}, today=LATER)
    assert set(found.changes) == {1, 2}
    assert not any(change.is_correction or change.reason for change in found.changes.values())
    assert found.changes[1].after.version == 1


def test_a_correction_needs_a_reason_after_the_day():
    saved = {1: SavedMark(MarkKind.PRESENT, version=1)}
    assert plan(saved, {1: ABSENT}, today=LATER).needs_reason == (1,)
    given = plan(saved, {1: ABSENT}, today=LATER, reason=" was mistaken for another ")
    assert (given.changes[1].reason, given.changes[1].is_correction) == ("was mistaken for another", True)


def test_a_quick_fix_on_the_day_has_a_reason_of_its_own():
    saved = {1: SavedMark(MarkKind.PRESENT, version=1)}
    assert plan(saved, {1: ABSENT}).changes[1].reason == AT_SESSION
    typed_later = plan(saved, {1: ABSENT}, today=LATER, recorded={1: LATER})
    assert typed_later.changes[1].reason == AT_SESSION


def test_what_says_the_same_changes_nothing():
    saved = {1: SavedMark(MarkKind.EXCUSED, None, "work", 3)}
    assert plan(saved, {1: MarkInput(MarkKind.EXCUSED, None, "work")}, today=LATER).unchanged == (1,)
    assert plan(saved, {1: MarkInput(MarkKind.EXCUSED)}, today=LATER).unchanged == (1,)
    assert plan(saved, {1: MarkInput(MarkKind.EXCUSED, None, "")}, reason="r").changes
    assert plan({}, {1: MarkInput(MarkKind.UNMARKED)}).unchanged == (1,)


def test_the_code_of_an_absence_goes_with_it():
    saved = {1: SavedMark(MarkKind.EXCUSED, None, "work", 3)}
    assert plan(saved, {1: PRESENT}).changes[1].after.reason_code == ""


def test_two_people_who_save_lose_nothing():
    saved = {1: SavedMark(MarkKind.ABSENT, version=1), 2: SavedMark()}
    found = plan(saved, {1: PRESENT, 2: PRESENT}, versions={1: 0, 2: 0})
    assert (set(found.changes), found.conflicts) == ({2}, {1: saved[1]})
    assert plan(saved, {1: ABSENT}, versions={1: 0}).unchanged == (1,)
    assert set(plan(saved, {1: PRESENT}, versions={1: 1}).changes) == {1}


def test_minutes_belong_to_late_and_left_early():
    for kind in (MarkKind.LATE, MarkKind.LEFT_EARLY):
        assert clean_mark(MarkInput(kind, 0), 240).minutes == 0
        assert clean_mark(MarkInput(kind, 240), 240).minutes == 240
        for wrong in (None, -1, 241):
            with pytest.raises(Invalid):
                clean_mark(MarkInput(kind, wrong), 240)
    assert clean_mark(MarkInput(MarkKind.ABSENT, 90, " Work "), 240) == MarkInput(
        MarkKind.ABSENT, None, "work"
    )
    with pytest.raises(Invalid):
        clean_mark(MarkInput(MarkKind.ABSENT, None, "two words and more"), 240)


def test_who_is_expected():
    def expected(status="enrolled", joined=None, left=None, pauses=()):
        return expected_on(DAY, status, joined, left, pauses)

    assert expected()
    assert expected("completed", DAY, DAY)
    assert not expected("invited")
    assert not expected(joined=LATER)
    assert expected("withdrawn", left=LATER)
    assert not expected("withdrawn", left=date(2026, 9, 30))
    assert not expected("paused", pauses=[PauseSpan(DAY)])
    assert expected("paused", pauses=[PauseSpan(LATER)])
    assert expected(pauses=[PauseSpan(date(2026, 9, 1), DAY)])


def test_every_mark_has_words():
    assert {str(mark_text(kind)) for kind in MarkKind} >= {"Present", "Left early", "Unmarked"}
    assert str(reason_code_text("work")) == "Work"
    assert reason_code_text("elsewhere") == "elsewhere"
