"""Marks as single letters, for keyboards and for the sheet of a whole course. Pure.

The letters begin the words of each language ("tard" is t, "late" is l). English ones are understood everywhere else
too, where that language has not given them another meaning, so that a colleague's columns can be pasted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from trainer.attendance.rules.facts import NEEDS_MINUTES, MarkKind
from trainer.attendance.rules.register import MarkInput
from trainer.core.errors import Invalid
from trainer.core.text import msg

LETTERS: Mapping[str, Mapping[MarkKind, str]] = {
    "en": {
        MarkKind.PRESENT: "p",
        MarkKind.LATE: "l",
        MarkKind.LEFT_EARLY: "e",
        MarkKind.ABSENT: "a",
        MarkKind.EXCUSED: "x",
        MarkKind.UNMARKED: "u",
    },
    "ca": {
        MarkKind.PRESENT: "p",
        MarkKind.LATE: "t",
        MarkKind.LEFT_EARLY: "m",
        MarkKind.ABSENT: "a",
        MarkKind.EXCUSED: "j",
        MarkKind.UNMARKED: "s",
    },
    "es": {
        MarkKind.PRESENT: "p",
        MarkKind.LATE: "t",
        MarkKind.LEFT_EARLY: "s",
        MarkKind.ABSENT: "a",
        MarkKind.EXCUSED: "j",
        MarkKind.UNMARKED: "n",
    },
}
"""One letter a mark, by language: present, tard, marxa abans, absent, justificada, sense anotar."""

_CELL = re.compile(r"([a-z_]+)\s*([0-9]{1,4})?")


def letters_of(language: str) -> Mapping[MarkKind, str]:
    """The letters shown to readers of a language; English ones where it has none of its own."""
    return LETTERS.get(language, LETTERS["en"])


def understood(language: str) -> dict[str, MarkKind]:
    """Every letter that a reader of the language may type."""
    return {letter: kind for known in ("en", language) for kind, letter in LETTERS.get(known, {}).items()}


def cell_text(kind: str, minutes: int | None, language: str) -> str:
    """A mark as the sheet shows it: "p", "l45" (late, there for 45 minutes), nothing while unmarked."""
    one = MarkKind(kind)
    if one is MarkKind.UNMARKED:
        return ""
    return letters_of(language)[one] + ("" if minutes is None else str(minutes))


def read_cell(text: str, length: int, language: str) -> MarkInput:
    """The mark that a cell says; an empty one, or "-", is unmarked. Minutes are those attended, of `length`.

    Case, accents and spaces do not matter; the names of the kinds, as in the import's files, are understood too.
    Raises Invalid, in words for the cell.
    """
    apart = unicodedata.normalize("NFKD", text)
    plain = "".join(sign for sign in apart if not unicodedata.combining(sign)).strip().lower()
    if not text.strip() or plain == "-":
        return MarkInput(MarkKind.UNMARKED)
    found = _CELL.fullmatch(plain)
    kind = _kind(found[1], language) if found else None
    if found is None or kind is None:
        raise Invalid(msg("“%(text)s” is not one of the letters.", text=text.strip()[:12]))
    if kind not in NEEDS_MINUTES:
        if found[2] is not None:
            raise Invalid(msg("Only late and left early have minutes."))
        return MarkInput(kind)
    if found[2] is None:
        raise Invalid(msg("Add the minutes attended, for instance %(example)s45.", example=found[1][:1]))
    minutes = int(found[2])
    if minutes > length:
        raise Invalid(msg("The minutes attended are from 0 to %(length)d.", length=length))
    return MarkInput(kind, minutes)


def _kind(word: str, language: str) -> MarkKind | None:
    if word in MarkKind.__members__.values():
        return MarkKind(word)
    return understood(language).get(word)
