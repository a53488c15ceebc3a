"""Careful access to a source that may have any shape: what has the wrong type reads as missing."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from trainer.core.text import Text, msg

Path = tuple[str | int, ...]
TWICE = "twice"  # what `of` says where a code is taken: another one may be missing for it
_SHOWN = 12  # codes that are named where something is looked for among them


@dataclass(frozen=True)
class Finding:
    """Something to mend, and where: keys and list positions from the root of the programme, from 0.

    about: what has to be readable for this to be a mistake of its own, "*" for any one part: where something is wrong there,
    this is only what follows from it. of: what is looked for there and missed; the same thing missed twice is said once.
    covers: places that this finding explains as well, such as the key that a misspelt one was meant to be.
    """

    path: Path
    text: Text
    about: Path = ()
    of: str = ""
    covers: tuple[Path, ...] = ()


def follows(finding: Finding, told: Iterable[Path]) -> bool:
    """True when the finding only follows from what is wrong at one of these places."""
    return any(
        place and all(part in (asked, "*") for part, asked in zip(finding.about, place, strict=False))
        for place in told
        if len(place) <= len(finding.about)
    )


def one_of(missed: str, known: Sequence[str]) -> Text:
    """What can be written instead of a code that is not there: the one it looks like, or those that there are."""
    known = list(dict.fromkeys(known))
    close = difflib.get_close_matches(missed, known, 1, 0.75)
    if close:
        return msg("did you mean `%(close)s`?", close=close[0])
    if not known:
        return msg("there are none yet")
    shown = ", ".join(known[:_SHOWN])
    if len(known) > _SHOWN:
        return msg("there are %(known)s and %(more)d more", known=shown, more=len(known) - _SHOWN)
    return msg("there are %(known)s", known=shown)


def mapping(value: Any) -> Mapping[str, Any]:
    """`value` if it is a mapping, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def items(source: Mapping[str, Any], key: str) -> list[Any]:
    """The list under `key`, else an empty one."""
    value = source.get(key)
    return value if isinstance(value, list) else []


def entries(source: Mapping[str, Any], key: str) -> list[tuple[str, Any]]:
    """The entries of the mapping under `key` whose keys are texts."""
    return [(name, value) for name, value in mapping(source.get(key)).items() if isinstance(name, str)]


def text(source: Mapping[str, Any], key: str) -> str | None:
    """The text under `key`, else None."""
    value = source.get(key)
    return value if isinstance(value, str) else None


def number(source: Mapping[str, Any], key: str) -> int | None:
    """The whole number under `key`, else None; true and false are not numbers."""
    value = source.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def unique(path: Path, values: Sequence[Any], key: Any, name: str | None = None) -> Iterator[Finding]:
    """A finding for each value whose `key` gives a text that an earlier one gave; `name`: the key it stands under."""
    first: dict[str, int] = {}
    for position, value in enumerate(values):
        code = key(value)
        if not isinstance(code, str):
            continue
        if code in first:
            yield Finding(
                (*path, position) if name is None else (*path, position, name),
                msg(
                    "`%(code)s` is already number %(place)d of this list: each is used once",
                    code=code,
                    place=first[code] + 1,
                ),
                of=TWICE,
            )
        first.setdefault(code, position)
