"""Serials: `UNI-2026-000001`: the university's code, the year of issue, a number of six digits counted from
one."""

import re

_SERIAL = re.compile(r"[0-9A-Za-z_][0-9A-Za-z_.-]{0,59}-\d{4}-\d{6,9}", re.ASCII)
_IN_BYTES = re.compile(rb"(?<![0-9A-Za-z_-])[0-9A-Za-z_][0-9A-Za-z_.-]{0,59}-\d{4}-\d{6,9}(?!\d)")


def serial(organisation_code: str, year: int, number: int) -> str:
    """The serial of the `number`-th certificate (from 1) of an organisation in a year."""
    if number < 1:
        raise ValueError("serials count from 1")
    return f"{organisation_code}-{year:04d}-{number:06d}"


def tidy(typed: str) -> str:
    """A serial as somebody typed it in a search, made comparable: no spaces, upper case."""
    return "".join(typed.split()).upper()


def looks_like_serial(text: str) -> bool:
    """Whether the whole text has the form of a serial."""
    return _SERIAL.fullmatch(text) is not None


def serials_in(data: bytes) -> list[str]:
    """Everything in these bytes that has the form of a serial, in order, each once."""
    return list(dict.fromkeys(match.group().decode("ascii") for match in _IN_BYTES.finditer(data)))
