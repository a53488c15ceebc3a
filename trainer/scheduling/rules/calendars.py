"""What goes into a calendar: neutral events, and the features that have some to give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class CalendarEvent:
    """One event of a feed.

    `summary` must be neutral (`COURSE · N`): work calendars are shared. `title` is shown only where the
    person chose titles for their own feed. Times are aware and carry a ZoneInfo; `updated_at` is that of the
    last change. `extra`: a repeat for those who missed it; said by a category that names nothing.
    """

    uid: str
    summary: str
    starts_at: datetime
    ends_at: datetime
    sequence: int
    updated_at: datetime
    location: str = ""
    cancelled: bool = False
    title: str = ""
    extra: bool = False

    def shown(self, titles: bool, since: datetime | None = None) -> CalendarEvent:
        """The event as a feed shows it: with its title or without.

        `since` is when the person last chose: the event counts as changed then, if it was not changed later.
        """
        summary = f"{self.summary} · {self.title}" if titles and self.title else self.summary
        updated = max(self.updated_at, since) if since is not None and self.title else self.updated_at
        return replace(self, summary=summary, title="", updated_at=updated)


class CalendarSource(Protocol):
    """A feature that has events for a person; registered in create_app."""

    name: str

    def events(self, person_id: int) -> Sequence[CalendarEvent]:
        """The events of that person, in a fixed number of statements; titles in the language in use."""


class CalendarSources:
    """The sources of personal feeds, in the order of their registration."""

    def __init__(self) -> None:
        self._sources: dict[str, CalendarSource] = {}

    def register(self, source: CalendarSource) -> None:
        """Adds a source; ValueError if one of its name is there."""
        if source.name in self._sources:
            raise ValueError(f"calendar source {source.name!r} is registered already")
        self._sources[source.name] = source

    def names(self) -> tuple[str, ...]:
        """The names of the registered sources."""
        return tuple(self._sources)

    def events(self, person_id: int) -> list[CalendarEvent]:
        """What the sources have for a person, by time; the first of two with the same uid stays."""
        found: dict[str, CalendarEvent] = {}
        for source in self._sources.values():
            for event in source.events(person_id):
                found.setdefault(event.uid, event)
        return sorted(found.values(), key=lambda event: (event.starts_at, event.uid))
