"""One difference between two versions: where, what in words, and whom it touches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from trainer.core.text import Text, msg


class Touches(StrEnum):
    """Whom a change would touch, were a running course to move to the new version."""

    NOBODY = "nobody"
    READERS = "readers"  # what people read, and no decision
    COMING = "coming"  # what is taught from now on
    EVERYBODY = "everybody"  # how attendance is counted
    NOT_PASSED = "not_passed"  # who has not passed a gate yet, and who passed it
    ASSESSED = "assessed"  # who has been assessed, or will be
    PLACED = "placed"  # who is in a placement, or will be
    CERTIFIED = "certified"  # who will be given a certificate; issued ones stay as they are


@dataclass(frozen=True)
class Change:
    """One difference: where in the file, what in words, and whom it touches."""

    path: str
    said: Text
    touches: Touches
    gate: Any = None  # the gate's title, where it touches who has not passed one


def touches_words(change: Change) -> Text:
    """Whom the change would touch, in words."""
    if change.touches is Touches.NOT_PASSED and change.gate is not None:
        return msg("touches everybody at the gate “%(gate)s”", gate=change.gate)
    return {
        Touches.NOBODY: msg("touches nobody"),
        Touches.READERS: msg("touches what people read, and no decision"),
        Touches.COMING: msg("touches what is taught from now on"),
        Touches.EVERYBODY: msg("touches everybody on the course"),
        Touches.NOT_PASSED: msg("touches everybody at that gate"),
        Touches.ASSESSED: msg("touches everybody who is assessed"),
        Touches.PLACED: msg("touches everybody in a placement"),
        Touches.CERTIFIED: msg("touches certificates still to be issued; those issued stay as they are"),
    }[change.touches]


def lists(
    path: str,
    old: Iterable[str],
    new: Iterable[str],
    title: Any,
    words: tuple[Text, Text],
    touches: Touches,
) -> Iterator[Change]:
    """One change for each code that came or went."""
    before, after = list(old), list(new)
    for code in after:
        if code not in before:
            yield Change(f"{path}.{code}", Text(words[0].message, {"what": title(code)}), touches)
    for code in before:
        if code not in after:
            yield Change(f"{path}.{code}", Text(words[1].message, {"what": title(code)}), touches)


def sentences(path: str, old: Sequence[Text], new: Sequence[Text], touches: Touches) -> Iterator[Change]:
    """Rules that are said in sentences: those that no longer hold, and those that hold from now on."""
    for one in beyond(old, new):
        yield Change(path, msg("No longer: %(rule)s", rule=one), touches)
    for one in beyond(new, old):
        yield Change(path, msg("New: %(rule)s", rule=one), touches)


def beyond(some: Iterable[Text], others: Iterable[Text]) -> Iterator[Text]:
    """Those of `some` that `others` do not have, as often as they have them less."""
    left = Counter(flat(one) for one in others)
    for one in some:
        if left[flat(one)]:
            left[flat(one)] -= 1
        else:
            yield one


def flat(text: Any) -> Any:
    """A text with its values, comparable."""
    if isinstance(text, Text):
        return (
            text.message,
            text.count,
            tuple((key, flat(value)) for key, value in sorted(text.values.items())),
        )
    if isinstance(text, Mapping):
        return tuple((key, flat(value)) for key, value in sorted(text.items()))
    if isinstance(text, (list, tuple)):
        return tuple(flat(one) for one in text)
    return text
