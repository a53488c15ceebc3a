"""Cells as plain strings: what a spreadsheet means by a date, a time or a number, and what must not run."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import Decimal

# Characters that make a spreadsheet program run a cell, with their full-width forms; white space and
# apostrophes before them do not help.
_RUNS = re.compile("^['\\s\u200b\ufeff]*[=+\\-@\uff1d\uff0b\uff0d\uff20]|^'*[\t\r\n]")
_NEUTRALISED = re.compile("^'['\\s\u200b\ufeff]*[=+\\-@\uff1d\uff0b\uff0d\uff20]|^'+[\t\r\n]")
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]00:00(?::00(?:\.0+)?)?)?|(\d{1,2})/(\d{1,2})/(\d{4})")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::00)?(?: ?h)?")


def neutral(value: str) -> str:
    """The text with an apostrophe before it when a spreadsheet program would otherwise run it."""
    return f"'{value}" if _RUNS.match(value) else value


def plain(value: str) -> str:
    """What `neutral` was given: so that what we export can be imported again unchanged."""
    return value[1:] if _NEUTRALISED.match(value) else value


def clean(value: str) -> str:
    """Text as typed, composed (NFC) and without white space or byte order marks around it."""
    return unicodedata.normalize("NFC", plain(value.strip().strip("\ufeff\u200b").strip())).strip()


def cell_text(value: object) -> str:
    """A cell of a workbook as a plain string: '2026-11-21', '10:00', '42'. Blank is ''."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        rounded = _whole_seconds(value.replace(tzinfo=None))
        if rounded.time() == time():
            return rounded.date().isoformat()
        return f"{rounded.date().isoformat()} {_clock(rounded.time())}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return _clock(_whole_seconds(datetime.combine(date(2000, 1, 1), value)).time())
    if isinstance(value, timedelta):
        seconds = round(value.total_seconds())
        return f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, int | Decimal):
        return str(value)
    return clean(str(value))


def parse_date(value: str) -> date:
    """A date written YYYY-MM-DD or DD/MM/YYYY. Raises ValueError for anything else."""
    match = _DATE.fullmatch(value.strip())
    if match is None:
        raise ValueError(value)
    year, month, day = match.group(1, 2, 3) if match[1] else match.group(6, 5, 4)
    found = date(int(year), int(month), int(day))
    if not 1900 <= found.year <= 2200:
        raise ValueError(value)
    return found


def parse_time(value: str) -> time:
    """A time of day written HH:MM. Raises ValueError for anything else."""
    match = _TIME.fullmatch(value.strip())
    if match is None:
        raise ValueError(value)
    return time(int(match[1]), int(match[2]))


def fold(header: str) -> str:
    """A column name without case, accents or punctuation: 'Correu electrònic*' is 'correu_electronic'."""
    # The middle dot of l·l is compatibility-decomposed by some programs and typed as a full stop by others.
    bare = "".join(c for c in unicodedata.normalize("NFKD", header) if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", "_", bare.casefold()).strip("_")


def _whole_seconds(value: datetime) -> datetime:
    # A workbook keeps times as fractions of a day: 10:00 may come back as 09:59:59.999.
    return (value + timedelta(milliseconds=500)).replace(microsecond=0)


def _clock(value: time) -> str:
    return value.strftime("%H:%M:%S" if value.second else "%H:%M")
