"""Pages of long lists."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """Where a list stands: `number` counts from 1."""

    number: int
    size: int
    total: int

    @property
    def last(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        return self.number + 1 if self.number < self.last else None


def page_number(text: str | None) -> int:
    """The page that an address asks for; anything unusable is the first."""
    return int(text) if text and text.isdecimal() and len(text) < 6 and int(text) > 0 else 1
