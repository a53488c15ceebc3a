"""The places in a certificate's wording, such as {name}. Values are never read as code."""

from __future__ import annotations

import re
from collections.abc import Mapping

PLACEHOLDERS = ("name", "course", "hours", "from", "to", "provider", "university", "programme")
ATTENDED = "attended_hours"  # a place only where attendance is attested
ATTENDANCE = "attendance"  # what a certificate attests that no gate leads to
_PLACE = re.compile(r"\{([^{}]*)\}")


def placeholders(template: str) -> list[str]:
    """The names between braces, in order; a brace without its partner comes back as the name "{" or "}"."""
    names = [match.group(1) for match in _PLACE.finditer(template)]
    rest = _PLACE.sub("", template)
    return names + [brace for brace in "{}" if brace in rest]


def fill(template: str, values: Mapping[str, str]) -> str:
    """`template` with every {place} replaced by its value, once: braces inside a value stay as they are.

    Raises KeyError for a place without a value.
    """
    return _PLACE.sub(lambda match: values[match.group(1)], template)
