"""Exact numbers in sources: shares are written as text and become fractions, never floating point."""

from __future__ import annotations

import re
from fractions import Fraction

_SHARE = re.compile(r"(\d{1,9})(?:\.(\d{1,9}))?\s?%|(\d{1,9})/(\d{1,9})", re.ASCII)


def exact_fraction(text: str) -> Fraction:
    """The share written as "80 %", "79.5%" or "2/3", exactly.

    Raises ValueError for anything else, and for a zero denominator.
    """
    match = _SHARE.fullmatch(text.strip())
    if match is None:
        raise ValueError(f'not a share: {text!r}; write it as "80 %" or "4/5"')
    whole, decimals, above, below = match.groups()
    if above is not None:
        if int(below) == 0:
            raise ValueError("a share over zero")
        return Fraction(int(above), int(below))
    return Fraction(int(whole + (decimals or "")), 100 * 10 ** len(decimals or ""))


def percent_text(share: Fraction) -> str:
    """A share for reading: "80 %", "79.5 %"; one that has no short decimal stays a fraction ("2/3")."""
    scaled = share * 100 * 1000
    if scaled.denominator != 1:
        return f"{share.numerator}/{share.denominator}"
    whole, rest = divmod(int(scaled), 1000)
    decimals = f"{rest:03d}".rstrip("0")
    return f"{whole}.{decimals} %" if decimals else f"{whole} %"
