"""What registrars type about the look of documents: tidied, and refused in words that name the field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from trainer.accreditation.documents import Unprintable
from trainer.accreditation.documents.names import tidy_name
from trainer.core.i18n import LANGUAGES
from trainer.core.pdf.faces import SERIF
from trainer.core.pdf.typeset import runs
from trainer.core.text import Text, msg

MOST_SIGNATORIES = 4
LONGEST = 400
PLAIN = "#14555a"  # the accent of a university that has chosen none
_COLOUR = re.compile(r"#[0-9a-f]{6}", re.ASCII)


class Problems(list[Text]):
    """Everything that keeps a form from being saved."""

    def printable(self, field: Text, words: str) -> str:
        """`words`; notes the first character that none of the typefaces has."""
        try:
            runs(words, SERIF)
        except Unprintable as error:
            self.append(
                msg(
                    "%(field)s: “%(character)s” (%(number)s) cannot be printed: none of the typefaces has it.",
                    field=field,
                    character=error.character,
                    number=f"U+{ord(error.character):04X}",
                )
            )
        return words

    def colour(self, typed: str) -> str:
        """A colour as it is kept, "#rrggbb"."""
        bare = typed.strip().lower()
        if not _COLOUR.fullmatch(bare):
            self.append(msg("A colour reads like #14555a."))
        return bare

    def by_language(
        self, words: Mapping[str, str], field: Text, languages: Iterable[str] = tuple(LANGUAGES)
    ) -> dict[str, str]:
        """The words per language, tidied; blank ones are left out."""
        return {
            code: self.printable(in_the_language(field, code), tidy_name(words[code])[:LONGEST])
            for code in languages
            if words.get(code, "").strip()
        }

    def signatories(self, given: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Those with a name, in their order; a position in plain words is meant for every language."""
        kept = []
        for number, one in enumerate(given, start=1):
            field = msg("Signature %(number)d", number=number)
            name = tidy_name(str(one.get("name", "")))[:120]
            position = one.get("position", {})
            if isinstance(position, str):
                position = dict.fromkeys(LANGUAGES, position)
            if name:
                self.printable(field, name)
                kept.append({"name": name, "position": self.by_language(position, field)})
        if len(kept) > MOST_SIGNATORIES:
            self.append(msg("A certificate has room for %(most)d signatures.", most=MOST_SIGNATORIES))
        return kept


def in_the_language(field: Text, code: str) -> Text:
    """The name of a field that there is once a language."""
    return msg("%(field)s, %(language)s", field=field, language=LANGUAGES.get(code, code))
