"""Calendars: what they say, that they stay the same, and that their zone rules fit the zone data."""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from trainer.scheduling.documents import calendar_document, etag_of, vtimezone
from trainer.scheduling.rules import CalendarEvent, CalendarSources, ends_at, resolve

MADRID = "Europe/Madrid"
ZONES = [
    MADRID,
    "Atlantic/Canary",
    "Europe/Dublin",
    "America/New_York",
    "Australia/Sydney",
    "Asia/Kolkata",
    "Africa/Casablanca",
    "Asia/Jerusalem",
    "America/Sao_Paulo",
]


def event(
    number: int = 1, at: datetime = datetime(2026, 3, 2, 10), zone: str = MADRID, **more
) -> CalendarEvent:
    starts = resolve(at, zone)
    values = {
        "uid": f"session-{number}@example.org",
        "summary": f"CC-2026 · {number}",
        "starts_at": starts,
        "ends_at": ends_at(starts, 240),
        "sequence": 0,
        "updated_at": datetime(2026, 1, 1, tzinfo=UTC),
        **more,
    }
    return CalendarEvent(**values)


def observances(component: bytes, until: datetime) -> list[tuple[datetime, timedelta]]:
    """When each observance begins by its wall time, and its offset, as a reader of RFC 5545 works it out, in order of time."""
    zone = Calendar.from_ical(b"BEGIN:VCALENDAR\r\n" + component + b"END:VCALENDAR\r\n").subcomponents[0]
    onsets = []
    for part in zone.subcomponents:
        begins = [part["DTSTART"].dt]
        if "RRULE" in part:
            rule = rrulestr(part["RRULE"].to_ical().decode(), dtstart=begins[0])
            begins = rule.between(begins[0], until, inc=True)
        onsets += [(begin, part["TZOFFSETTO"].td) for begin in begins]
    return sorted(onsets)


@pytest.mark.parametrize("name", ZONES)
def test_zone_components_give_the_offsets_of_the_zone_data(name):
    component = vtimezone(name, 2025, 2030)
    assert b"RDATE" not in component
    onsets = observances(component, datetime(2031, 1, 1))
    for day in range(0, 6 * 365, 3):
        local = datetime(2025, 1, 1, 12) + timedelta(days=day)
        offset = onsets[bisect_right(onsets, (local, timedelta.max)) - 1][1]
        assert onsets[0][0] <= local
        assert offset == local.replace(tzinfo=ZoneInfo(name)).utcoffset(), local


@pytest.mark.parametrize("name", [MADRID, "Atlantic/Canary"])
def test_spanish_zones_are_yearly_rules(name):
    component = vtimezone(name, 2026, 2027).decode()
    assert component.count("RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3") == 1
    assert component.count("RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10") == 1


def test_an_event_is_neutral_and_whole():
    text = calendar_document("CC-2026", [event(3, location="Casal, Vic")]).decode()
    assert "SUMMARY:CC-2026 · 3\r\n" in text
    assert "DTSTART;TZID=Europe/Madrid:20260302T100000\r\n" in text
    assert "DTEND;TZID=Europe/Madrid:20260302T140000\r\n" in text
    assert "DTSTAMP:20260101T000000Z" in text
    assert "LAST-MODIFIED:20260101T000000Z" in text
    assert "X-WR-CALNAME:CC-2026" in text
    assert text.count("BEGIN:VTIMEZONE") == 1
    assert "DESCRIPTION" not in text
    assert "CATEGORIES" not in text


def test_a_cancelled_session_stays():
    text = calendar_document("CC-2026", [event(cancelled=True, sequence=2)]).decode()
    assert "STATUS:CANCELLED" in text
    assert "SEQUENCE:2" in text


def test_unchanged_content_gives_unchanged_bytes():
    first, again = (calendar_document("CC-2026", [event(n) for n in (1, 2)]) for _ in range(2))
    assert first == again
    changed = calendar_document("CC-2026", [event(1), event(2, sequence=1)])
    assert etag_of(first) == etag_of(again) != etag_of(changed)


def test_titles_only_where_chosen_and_the_choice_counts_as_a_change():
    plain = event(title="The concept of recovery")
    chosen = datetime(2026, 2, 1, tzinfo=UTC)
    assert plain.shown(titles=False).summary == "CC-2026 · 1"
    assert plain.shown(titles=True).summary == "CC-2026 · 1 · The concept of recovery"
    assert plain.shown(titles=True, since=chosen).updated_at == chosen
    assert "recovery" not in calendar_document("CC-2026", [plain]).decode()


def test_times_without_a_named_zone_are_refused():
    fixed = datetime(2026, 3, 2, 9, tzinfo=UTC)
    with pytest.raises(ValueError, match="ZoneInfo"):
        calendar_document("x", [event(starts_at=fixed, ends_at=fixed)])


names = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=80)


@given(names, st.sampled_from(ZONES), st.datetimes(datetime(2005, 1, 1), datetime(2045, 1, 1)))
def test_any_place_name_and_moment_reads_back(place, zone, at):
    at = at.replace(second=0, microsecond=0)
    made = event(1, at, zone, location=place)
    read = Calendar.from_ical(calendar_document("CC", [made])).events[0]
    assert read["DTSTART"].dt.replace(tzinfo=None) == made.starts_at.replace(tzinfo=None)
    assert str(read.get("LOCATION", "")) == place


class Fixed:
    def __init__(self, name: str, *events: CalendarEvent) -> None:
        self.name, self._events = name, events

    def events(self, person_id: int) -> tuple[CalendarEvent, ...]:
        return self._events


def test_sources_are_put_together_by_time_and_uid():
    sources = CalendarSources()
    late, early = event(2, datetime(2026, 4, 1, 10)), event(1)
    sources.register(Fixed("sessions", late, early))
    sources.register(Fixed("placement", early))
    assert [found.uid for found in sources.events(1)] == [early.uid, late.uid]
    assert sources.names() == ("sessions", "placement")
    with pytest.raises(ValueError, match="already"):
        sources.register(Fixed("sessions"))
