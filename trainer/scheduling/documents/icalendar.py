"""Calendar files (RFC 5545) that are the same, byte for byte, until something in them changes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from trainer.scheduling.documents.vtimezone import vtimezone
from trainer.scheduling.rules import CalendarEvent

PRODUCT = "-//Trainer//Calendar//EN"
REFRESH = "PT1H"
EXTRA = "EXTRA"
"""The category of a repeat: as neutral as the summary."""
_END = b"END:VCALENDAR\r\n"


def calendar_document(name: str, events: Iterable[CalendarEvent]) -> bytes:
    """The calendar as bytes: `name` must be as neutral as the events, work calendars are shared.

    DTSTAMP and LAST-MODIFIED come from the events, so unchanged content gives unchanged bytes. Each zone
    used is described once, for the years of its events. Raises ValueError for times without an IANA zone.
    """
    listed = list(events)
    years: dict[str, tuple[int, int]] = {}
    for event in listed:
        for moment in (event.starts_at, event.ends_at):
            key = _zone_name(moment.tzinfo)
            if key != "UTC":
                low, high = years.get(key, (moment.year, moment.year))
                years[key] = min(low, moment.year), max(high, moment.year)
    zones = (vtimezone(key, *span) for key, span in sorted(years.items()))
    return b"".join((_head(name), *zones, *map(_event, listed), _END))


def etag_of(document: bytes) -> str:
    """A strong validator of a document."""
    return hashlib.sha256(document).hexdigest()[:32]


@lru_cache(maxsize=256)
def _head(name: str) -> bytes:
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-published-ttl", REFRESH)
    return bytes(calendar.to_ical()).removesuffix(_END)


@lru_cache(maxsize=8192)
def _event(event: CalendarEvent) -> bytes:
    """One VEVENT. Kept: making it is most of the work, and it changes only when the event does."""
    part = Event()
    part.add("uid", event.uid)
    part.add("dtstamp", event.updated_at)
    part.add("last-modified", event.updated_at)
    part.add("sequence", event.sequence)
    part.add("summary", event.summary)
    part.add("dtstart", event.starts_at)
    part.add("dtend", event.ends_at)
    if event.location:
        part.add("location", event.location)
    if event.extra:
        part.add("categories", [EXTRA])
    part.add("status", "CANCELLED" if event.cancelled else "CONFIRMED")
    part.add("transp", "TRANSPARENT" if event.cancelled else "OPAQUE")
    return bytes(part.to_ical())


def _zone_name(tzinfo: object) -> str:
    if isinstance(tzinfo, ZoneInfo) and tzinfo.key:
        return "UTC" if tzinfo.key in ("UTC", "Etc/UTC") else tzinfo.key
    raise ValueError("a calendar time needs a ZoneInfo with a name")
