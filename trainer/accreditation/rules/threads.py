"""What the university and the provider write to each other: whose turn it is. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

LONGEST_MESSAGE = 2000


class Side(StrEnum):
    """Who writes: a registrar for the university, or an organiser for the provider."""

    UNIVERSITY = "university"
    PROVIDER = "provider"

    @property
    def other(self) -> Side:
        return Side.PROVIDER if self is Side.UNIVERSITY else Side.UNIVERSITY


class Turn(StrEnum):
    """Where a thread stands, by its last message."""

    ASKED = "asked"  # the university wrote last: the provider's turn
    ANSWERED = "answered"  # the provider wrote last, after the university
    WRITTEN = "written"  # the provider wrote, and the university has not yet


@dataclass(frozen=True)
class Message:
    """One message: by whom (None for somebody who was erased, or the command line), when, and its words."""

    id: int
    side: str
    words: str
    by: str | None
    at: datetime


@dataclass(frozen=True)
class Thread:
    """The messages about one proposal, or about all of a course and kind, oldest first."""

    messages: tuple[Message, ...] = ()

    @property
    def last(self) -> Message | None:
        return self.messages[-1] if self.messages else None

    @property
    def turn(self) -> Turn | None:
        return turn([one.side for one in self.messages])


def turn(sides: Sequence[str]) -> Turn | None:
    """Where a thread stands from the sides of its messages, oldest first; None before the first."""
    if not sides:
        return None
    if sides[-1] == Side.UNIVERSITY:
        return Turn.ASKED
    return Turn.ANSWERED if Side.UNIVERSITY in sides else Turn.WRITTEN
