"""Language: whose it is, and how texts, dates and durations are said in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from flask import Flask, current_app, has_request_context, request, session
from flask_babel import force_locale, get_locale, gettext, lazy_gettext, ngettext
from flask_login import current_user

from trainer.core.text import Text, minutes_text

__all__ = [
    "LANGUAGES",
    "day",
    "daytime",
    "gettext",
    "in_language",
    "language",
    "lazy_gettext",
    "localised",
    "ngettext",
    "say",
]

LANGUAGES = {"ca": "Català", "es": "Español", "en": "English"}


def choose_language() -> str:
    """The person's language, then the one chosen in this browser, then the browser's own, then the instance's."""
    default: str = current_app.config["BABEL_DEFAULT_LOCALE"]
    if not has_request_context():
        return default
    person = getattr(current_user, "person", None)
    if person is not None and person.language in LANGUAGES:
        return str(person.language)
    chosen = session.get("language")
    if chosen in LANGUAGES:
        return str(chosen)
    return request.accept_languages.best_match(list(LANGUAGES)) or default


def language() -> str:
    """The current language: "ca", "es" or "en"."""
    locale = get_locale()
    code = str(locale.language) if locale is not None else "en"
    return code if code in LANGUAGES else "en"


@contextmanager
def in_language(code: str | None) -> Iterator[None]:
    """Speaks `code` inside the block; None leaves the language as it is."""
    if code is None:
        yield
        return
    with force_locale(code if code in LANGUAGES else "en"):
        yield


def say(text: Text | str) -> str:
    """A Text in the current language; a plain string is given back as it is."""
    if isinstance(text, str):
        return text
    values = {
        name: say(value) if isinstance(value, Text) else _value(value) for name, value in text.values.items()
    }
    if text.plural is not None:
        count = text.count or 0
        return str(ngettext(text.message, text.plural, count, **values))
    if not values:
        # gettext with no values leaves %% alone and would not un-double it: one way for both.
        return str(gettext(text.message))
    return str(gettext(text.message, **values))


def _value(value: Any) -> Any:
    if isinstance(value, datetime):
        return daytime(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Mapping):
        return localised(value)
    return value


def localised(words: Mapping[str, str] | str | None) -> str:
    """The current language's words of {"ca": …, "es": …, "en": …}; else English, else whatever is there."""
    if words is None or isinstance(words, str):
        return words or ""
    code = language()
    return words.get(code) or words.get("en") or next(iter(words.values()), "")


def day(value: date | datetime | None, form: str = "medium") -> str:
    """A date, such as "21 nov. 2026"; form short, medium, long or full."""
    return "" if value is None else format_date(value, form, locale=_formats())


def daytime(value: datetime | None, zone: str = "Europe/Madrid") -> str:
    """Date and time in `zone`; a naive value is wall time and is shown as it stands."""
    if value is None:
        return ""
    local = value if value.tzinfo is None else value.astimezone(ZoneInfo(zone))
    return f"{format_date(local, 'medium', locale=_formats())}, {clock_time(local)}"


def clock_time(value: datetime | time | None) -> str:
    """Hours and minutes, 24-hour clock."""
    if value is None:
        return ""
    return value.strftime("%H:%M")


def _formats() -> str:
    """The locale of dates: European English, since the day comes first here."""
    code = language()
    return "en_GB" if code == "en" else code


def register_filters(app: Flask) -> None:
    """The filters of templates: say, localised, day, daytime, clock_time, duration, percent."""
    app.jinja_env.filters.update(
        say=say,
        localised=localised,
        day=day,
        daytime=daytime,
        clock_time=clock_time,
        duration=lambda minutes: say(minutes_text(int(minutes))),
        percent=lambda value: "–" if value is None else f"{str(value).replace('.', decimal_sign())} %",
    )


def decimal_sign() -> str:
    """The decimal sign of the current language."""
    return "." if language() == "en" else ","
