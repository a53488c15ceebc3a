"""Careful access to a source that may have any shape: what has the wrong type reads as missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from trainer.core.text import Text, msg

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Finding:
    """Something to mend, and where: keys and list positions from the root of the programme, from 0."""

    path: Path
    text: Text


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
            )
        first.setdefault(code, position)
