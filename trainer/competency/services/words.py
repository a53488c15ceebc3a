"""The words that people write to each other beside a claim, an appeal or an answer."""

from __future__ import annotations

from trainer.competency.rules import LONGEST_WORDS
from trainer.core.errors import Invalid
from trainer.core.text import Text, msg


def tidy_words(words: str, missing: Text | None = None) -> str:
    """The words without white space around them. Raises Invalid when they are too long, or `missing` when there are none."""
    tidy = words.strip()
    if not tidy and missing is not None:
        raise Invalid(missing)
    if len(tidy) > LONGEST_WORDS:
        raise Invalid(msg("At most %(most)d characters.", most=LONGEST_WORDS))
    return tidy
