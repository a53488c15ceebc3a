"""Public holidays by region, from the `holidays` package: the function that the pure planner is given."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import holidays

from trainer.core.i18n import language

LANGUAGES = {"ca": "ca", "es": "es", "en": "en_US"}


def public_holiday(region: str, day: date) -> str | None:
    """The public holiday of a region (`ES-CT`, or a country) on that day, in the language in use; else None.

    A subdivision that the package does not know counts as its country; an unknown country has no holidays.
    """
    calendar = _calendar(region, language())
    name = calendar.get(day) if calendar is not None else None
    return str(name) if name is not None else None


def is_region(region: str) -> bool:
    """Whether public holidays are known for a region written like `ES-CT` or `ES`."""
    country, _, part = region.partition("-")
    known = holidays.list_supported_countries()
    return country in known and (not part or part in known[country])


@lru_cache(maxsize=64)
def _calendar(region: str, code: str) -> holidays.HolidayBase | None:
    country, _, part = region.partition("-")
    for subdivision in (part or None, None):
        for spoken in (LANGUAGES.get(code), None):
            try:
                return holidays.country_holidays(country, subdiv=subdivision, language=spoken)
            except NotImplementedError:
                continue
    return None
