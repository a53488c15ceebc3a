"""Serials: `UNI-2026-000001`: the university's code, the year of issue, a number of six digits counted from
one."""

import re
from itertools import islice

_SERIAL = re.compile(r"[0-9A-Za-z_][0-9A-Za-z_.-]{0,59}-\d{4}-\d{6,9}", re.ASCII)
# In bytes, year and number are looked for first and the university's code before them, where there are any:
# from the left, every letter of a file made to keep us busy could be the beginning of a code.
_YEAR_AND_NUMBER = re.compile(rb"-\d{4}-\d{6,9}(?!\d)")
_CODE_BEFORE = re.compile(rb"(?<![0-9A-Za-z_-])[0-9A-Za-z_][0-9A-Za-z_.-]{0,59}\Z")
_LONGEST_CODE = 60
_MOST = 1000  # of what may be a serial; a document bears one


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
    """Everything in these bytes that has the form of a serial, in order, each once; of a great many, the
    first."""
    found: dict[str, None] = {}
    for match in islice(_YEAR_AND_NUMBER.finditer(data), _MOST):
        # One byte more than a code: what stands before it decides whether it begins there.
        code = _CODE_BEFORE.search(data[max(0, match.start() - _LONGEST_CODE - 1) : match.start()])
        if code is not None:
            found[(code.group() + match.group()).decode("ascii")] = None
    return list(found)
