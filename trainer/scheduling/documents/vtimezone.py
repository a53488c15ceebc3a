"""VTIMEZONE components that calendar programs agree on: yearly rules where the zone follows one.

The `icalendar` package can add time zones by itself, but as lists of dates, of which ical.js (Thunderbird)
reads a part only: summer sessions then come out an hour late. So the components are made here, from the same
zone data that the sessions are reckoned with, as RRULEs. A rule is taken only where it gives exactly the
changes of the zone data; a zone without such a rule (Casablanca, whose clocks follow Ramadan) gets one
component for each change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard, vRecur

from trainer.scheduling.rules import zone

FIRST_YEAR = 1996
"""The European Union's common summer time (directive 94/21/EC) has ended in October since."""
LAST_YEAR = 2050
STEP = timedelta(days=7)
"""No zone changes its clocks twice within a week; the shortest there is, around Ramadan, is a month."""
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True)
class Change:
    """One change of a zone's clocks; `local` is the wall time before it, as RFC 5545 wants its DTSTART."""

    at: datetime
    local: datetime
    before: timedelta
    after: timedelta
    name: str


@lru_cache(maxsize=64)
def vtimezone(name: str, first_year: int, last_year: int) -> bytes:
    """The VTIMEZONE of an IANA zone that is right for every moment of those years, both included.

    Raises ValueError when there is no such zone.
    """
    changes = _changes(name)
    component = Timezone()
    component.add("tzid", name)
    rules = _yearly(changes)
    if not changes:
        component.add_component(_constant(name, first_year))
    elif rules and rules[0][0].local.year < first_year:
        for first, rule in rules:
            component.add_component(_observance(first, rule))
    else:
        begin, end = datetime(first_year, 1, 1, tzinfo=UTC), datetime(last_year + 1, 1, 2, tzinfo=UTC)
        earlier = [change for change in changes if change.at < begin][-1:]
        wanted = earlier + [change for change in changes if begin <= change.at < end]
        if not earlier:
            component.add_component(_constant(name, first_year))
        for change in wanted:
            component.add_component(_observance(change, None))
    return bytes(component.to_ical())


@lru_cache(maxsize=64)
def _changes(name: str) -> tuple[Change, ...]:
    """Every change of offset from FIRST_YEAR to LAST_YEAR, to the second, found by halving."""
    place = zone(name)
    found = []
    low = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC)
    while low.year <= LAST_YEAR:
        high = low + STEP
        before = low.astimezone(place).utcoffset() or timedelta()
        if high.astimezone(place).utcoffset() != before:
            left, right = low, high
            while right - left > timedelta(seconds=1):
                middle = left + timedelta(seconds=int((right - left).total_seconds()) // 2)
                if middle.astimezone(place).utcoffset() == before:
                    left = middle
                else:
                    right = middle
            after = right.astimezone(place)
            local = (right + before).replace(tzinfo=None)
            found.append(
                Change(right, local, before, after.utcoffset() or timedelta(), after.tzname() or name)
            )
        low = high
    return tuple(found)


def _yearly(changes: Sequence[Change]) -> list[tuple[Change, vRecur]]:
    """The yearly rules of a zone with the first change of each, oldest first; [] when it follows none.

    The pattern has to hold without exception from some year up to LAST_YEAR.
    """
    by_year: dict[int, list[Change]] = {}
    for change in changes:
        by_year.setdefault(change.local.year, []).append(change)
    if len(by_year.get(LAST_YEAR, ())) != 2:
        return []
    patterns: list[set[tuple[int, int, int]]] = [_patterns(change) for change in by_year[LAST_YEAR]]
    shape = [_shape(change) for change in by_year[LAST_YEAR]]
    first_year = LAST_YEAR
    for year in range(LAST_YEAR - 1, FIRST_YEAR - 1, -1):
        these = by_year.get(year, [])
        if [_shape(change) for change in these] != shape:
            break
        narrowed = [kept & _patterns(change) for kept, change in zip(patterns, these, strict=True)]
        if not all(narrowed):
            break
        patterns, first_year = narrowed, year
    if LAST_YEAR - first_year < 10:
        return []
    rules = []
    for change, candidates in zip(by_year[first_year], patterns, strict=True):
        month, weekday, nth = min(
            candidates
        )  # -1, the last of the month, goes before a count that fits as well
        rules.append(
            (change, vRecur({"FREQ": "YEARLY", "BYMONTH": month, "BYDAY": f"{nth}{WEEKDAYS[weekday]}"}))
        )
    return rules


def _patterns(change: Change) -> set[tuple[int, int, int]]:
    """(month, weekday, nth) by which the date of a change can be told: from the front, or -1 for the last."""
    day = change.local.date()
    found = {(day.month, day.weekday(), (day.day - 1) // 7 + 1)}
    if (day + timedelta(days=7)).month != day.month:
        found.add((day.month, day.weekday(), -1))
    return found


def _shape(change: Change) -> tuple[object, ...]:
    return change.local.time(), change.before, change.after, change.name


def _observance(change: Change, rule: vRecur | None) -> TimezoneStandard | TimezoneDaylight:
    part = TimezoneDaylight() if change.after > change.before else TimezoneStandard()
    part.add("tzname", change.name)
    part.add("tzoffsetfrom", change.before)
    part.add("tzoffsetto", change.after)
    part.add("dtstart", change.local)
    if rule is not None:
        part.add("rrule", rule)
    return part


def _constant(name: str, first_year: int) -> TimezoneStandard | TimezoneDaylight:
    start = datetime.combine(date(first_year, 1, 1), datetime.min.time())
    there = start.replace(tzinfo=zone(name))
    offset = there.utcoffset() or timedelta()
    epoch = datetime.combine(date(1970, 1, 1), datetime.min.time())
    return _observance(Change(there, epoch, offset, offset, there.tzname() or name), None)
