"""Careful access to a source that may have any shape: what has the wrong type reads as missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from trainer.core.text import Text

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
