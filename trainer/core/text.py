"""Words as data: rules return a Text, and whoever shows it translates it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Text:
    """A message and its values, not yet in any language.

    `message` is the English source string, the key of the catalogues, with %(name)s places. A value may be a Text
    itself. With `plural` and `count` the catalogue's plural form is taken, and %(num)d is the count.
    """

    message: str
    values: dict[str, Any] = field(default_factory=dict, hash=False)
    plural: str | None = None
    count: int | None = None

    def __str__(self) -> str:
        """English, for logs and tests; pages use core.i18n.say."""
        template = self.message if self.plural is None or self.count == 1 else self.plural
        values = {
            name: str(value) if isinstance(value, Text) else value for name, value in self.values.items()
        }
        if self.count is not None:
            values["num"] = self.count
        return template % values if values else template


def msg(message: str, **values: Any) -> Text:
    """A Text; the extraction of catalogues finds its first argument, which must be a literal."""
    return Text(message, values)


def nmsg(singular: str, plural: str, num: int, **values: Any) -> Text:
    """A Text with a plural; both forms must be literals and may use %(num)d."""
    return Text(singular, values, plural, num)


def minutes_text(minutes: int) -> Text:
    """Whole minutes as people say them: "45 min", "4 h", "1 h 30 min"."""
    hours, rest = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else ""
    if not hours:
        return msg("%(sign)s%(minutes)d min", sign=sign, minutes=rest)
    if not rest:
        return msg("%(sign)s%(hours)d h", sign=sign, hours=hours)
    return msg("%(sign)s%(hours)d h %(minutes)d min", sign=sign, hours=hours, minutes=rest)
