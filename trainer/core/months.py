"""Spans of the calendar, as programmes write them: so many days, weeks, months or years after a day. Pure."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import date, timedelta


def months_later(day: date, months: int) -> date:
    """The same day of the month `months` later, or that month's last day. Raises ValueError past 9999."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if year > date.max.year:
        raise ValueError("no calendar goes that far")
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def span_after(day: date, span: Mapping[str, int]) -> date:
    """The last day of a span ({"years": N}, {"months": N}, {"weeks": N} or {"days": N}) that is counted from `day`."""
    later = months_later(day, 12 * span.get("years", 0) + span.get("months", 0))
    return later + timedelta(days=7 * span.get("weeks", 0) + span.get("days", 0))
