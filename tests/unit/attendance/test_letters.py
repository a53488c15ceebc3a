"""One letter a mark: distinct in every language, and what is written is read back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.attendance.rules import NEEDS_MINUTES, MarkInput, MarkKind
from trainer.attendance.rules.letters import LETTERS, cell_text, letters_of, read_cell, understood
from trainer.core.errors import Invalid
from trainer.core.i18n import LANGUAGES


def test_every_language_has_a_letter_of_its_own_for_every_mark():
    assert set(LETTERS) == set(LANGUAGES)
    for letters in LETTERS.values():
        assert set(letters) == set(MarkKind)
        assert len(set(letters.values())) == len(letters)
        assert all(len(letter) == 1 for letter in letters.values())


def test_english_letters_are_understood_where_they_are_free():
    assert understood("ca")["x"] is MarkKind.EXCUSED
    assert understood("ca")["l"] is MarkKind.LATE
    assert understood("es")["s"] is MarkKind.LEFT_EARLY
    assert understood("en").keys() == set("pleaxu")
    assert letters_of("xx") == LETTERS["en"]


@given(kind=st.sampled_from(MarkKind), minutes=st.integers(0, 240), language=st.sampled_from(sorted(LETTERS)))
def test_what_is_written_is_read_back(kind, minutes, language):
    there = minutes if kind in NEEDS_MINUTES else None
    text = cell_text(kind.value, there, language)
    assert read_cell(text, 240, language) == MarkInput(kind, there)
    assert read_cell(f"  {text.upper()} ", 240, language) == MarkInput(kind, there)


@given(text=st.text(max_size=12), language=st.sampled_from(sorted(LETTERS)))
def test_anything_typed_is_a_mark_or_is_refused_in_words(text, language):
    try:
        mark = read_cell(text, 60, language)
    except Invalid:
        return
    assert (mark.minutes is not None) == (mark.kind in NEEDS_MINUTES)
    assert mark.minutes is None or 0 <= mark.minutes <= 60


@pytest.mark.parametrize("text", ["l", "l61", "p3", "z", "5", "pp", "l-3", "l4.5", "<b>", "½", "l٤٥"])
def test_what_is_not_a_mark(text):
    with pytest.raises(Invalid):
        read_cell(text, 60, "en")


@pytest.mark.parametrize("text", ["", "  ", "-", "u", "U", "unmarked"])
def test_nothing_is_unmarked(text):
    assert read_cell(text, 60, "en") == MarkInput(MarkKind.UNMARKED)


@pytest.mark.parametrize("text", ["l 45", "L45", "late 45", "late45"])
def test_minutes_follow_the_letter(text):
    assert read_cell(text, 60, "en") == MarkInput(MarkKind.LATE, 45)
