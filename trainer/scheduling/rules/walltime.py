"""Wall times and zones: what is stored is what the clock on the wall says, plus the name of the zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


class WallTime(StrEnum):
    """How often a wall time happens on its day: once, or where the clocks change never or twice."""

    ONCE = "once"
    NEVER = "never"
    TWICE = "twice"


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """The zone of that IANA name; ValueError if there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"no time zone is called {name!r}") from error


def is_zone(name: str) -> bool:
    """Whether an IANA zone of that name exists."""
    try:
        zone(name)
    except ValueError:
        return False
    return bool(name)


def resolve(local: datetime, zone_name: str) -> datetime:
    """The moment at which a naive wall time happens, aware and in its zone.

    A time that the clocks jump over (02:30 on the last Sunday of March in Madrid) moves on by the length of
    the gap; one that happens twice means the first of the two. Both readings are those of RFC 5545, 3.3.5,
    so every calendar program agrees with the register.
    """
    if local.tzinfo is not None:
        raise ValueError("a wall time carries no zone of its own")
    place = zone(zone_name)
    return local.replace(tzinfo=place, fold=0).astimezone(UTC).astimezone(place)


def occurrence(local: datetime, zone_name: str) -> WallTime:
    """Whether a naive wall time happens once, never or twice in a zone."""
    place = zone(zone_name)
    first, second = local.replace(tzinfo=place, fold=0), local.replace(tzinfo=place, fold=1)
    if first.utcoffset() == second.utcoffset():
        return WallTime.ONCE
    back = first.astimezone(UTC).astimezone(place).replace(tzinfo=None)
    return WallTime.TWICE if back == local.replace(fold=0) else WallTime.NEVER


def ends_at(starts_at: datetime, minutes: int) -> datetime:
    """The moment a meeting of so many minutes ends, in the same zone: elapsed time, not wall time."""
    return (starts_at.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(starts_at.tzinfo)
