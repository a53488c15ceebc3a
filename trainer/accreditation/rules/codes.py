"""Verification codes: 26 characters of Crockford base 32, which carry 130 random bits.

A code is what a certificate is looked up by in public, so it is separate from the serial (which counts) and
long enough that nobody finds one by trying. It is kept without dashes and shown in groups of four.
"""

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 26
_BITS = LENGTH * 5
_GROUP = 4

# What people type for another character: Crockford's own table, and the dashes that word processors put in.
_READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0"})
_SEPARATORS = re.compile("[\\s\u00ad\u2010-\u2015\u2212\ufe58\ufe63\uff0d\u200b\u2060\ufeff-]+")
_CODE = re.compile(f"[{ALPHABET}]{{{LENGTH}}}", re.ASCII)
# Inside a document: only the printed form, so that a run of letters and digits is not taken for a code.
_PRINTED = re.compile(
    rb"(?<![0-9A-Za-z-])[0-9A-Za-z]{4}(?:-[0-9A-Za-z]{4}){5}-[0-9A-Za-z]{2}(?![0-9A-Za-z-])"
)


def new_code() -> str:
    """A fresh code, without dashes, from 130 bits of the operating system's randomness."""
    value = secrets.randbits(_BITS)
    return "".join(ALPHABET[(value >> shift) & 31] for shift in range(_BITS - 5, -1, -5))


def normalise(typed: str) -> str | None:
    """The code that somebody typed, as it is kept; None when it cannot be one.

    Case, dashes and spaces do not matter, and I, L and O are read as 1, 1 and 0.
    """
    if len(typed) > 200:  # nothing this long is a code; do not work on it
        return None
    plain = _SEPARATORS.sub("", typed)
    if not plain.isascii():  # before upper(), which turns some letters outside ASCII into letters inside it
        return None
    plain = plain.upper().translate(_READ_AS)
    return plain if _CODE.fullmatch(plain) else None


def dashed(code: str) -> str:
    """The code as it is printed and said: in groups of four."""
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))


def codes_in(data: bytes) -> list[str]:
    """Every code printed in these bytes, in order, each once."""
    found: dict[str, None] = {}
    for match in _PRINTED.finditer(data):
        code = normalise(match.group().decode("ascii"))
        if code is not None:
            found[code] = None
    return list(found)
