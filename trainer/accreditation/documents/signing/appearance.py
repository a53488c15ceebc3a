"""What a signature shows on the page: who, as what, when. Small and quiet; the page itself says the rest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.content import ResourceType
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.stamp import BaseStamp, BaseStampStyle

from trainer.accreditation.documents.signing.lettering import Lettering, tidy
from trainer.core.pdf.tints import INK, SOFT, Colour

_FONT = generic.NameObject("/F0")
_SIZE = 7.0
_SMALL = 5.8
_LEADING = 1.22
_PADDING = 1.5


def moment_in(moment: datetime, language: str, zone: str) -> str:
    """Date and time of day with its offset, such as "21 nov. 2026, 14:03 (UTC+1)"."""
    local = moment.astimezone(ZoneInfo(zone))
    said = format_datetime(local, "d MMM y, HH:mm", locale="en_GB" if language == "en" else language)
    minutes = int((local.utcoffset() or local - local).total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    offset = f"{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")
    return f"{said} (UTC{offset if minutes else ''})"


def characters_of(texts: Iterable[str], languages: Iterable[str], zone: str) -> frozenset[str]:
    """Every character that signatures with these texts can need, whatever day they are made on."""
    found = set("0123456789 :,.()+-UTC?")
    for language in languages:
        for month in range(1, 13):
            found.update(moment_in(datetime(2026, month, 1, tzinfo=ZoneInfo(zone)), language, zone))
    for text in texts:
        found.update(tidy(text))
    return frozenset(found)


@dataclass(frozen=True)
class Shown(BaseStampStyle):
    """One signature's looks. `font_at` is the number of the typeface in a document that has it already, and
    is filled in when it is put there: the next signature uses the same one."""

    border_width: int = 0
    lettering: Lettering | None = None
    caption: str = ""
    name: str = ""
    position: str = ""
    dated: str = ""
    font_at: list[int] = field(default_factory=list)

    def create_stamp(
        self, writer: BasePdfFileWriter, box: BoxConstraints, text_params: dict[str, Any]
    ) -> BaseStamp:
        return _Stamp(writer, self, box)


class _Stamp(BaseStamp):
    style: Shown

    def render(self) -> bytes:
        assert self.writer is not None and self.box is not None and self.style.lettering is not None
        style, letters = self.style, self.style.lettering
        if style.font_at:
            font = generic.IndirectObject(style.font_at[0], 0, self.writer)
        else:
            font = letters.embed(self.writer)
            style.font_at.append(font.idnum)
        self.set_resource(ResourceType.FONT, _FONT, font)
        room = float(self.box.width) - 2 * _PADDING
        lines: list[tuple[str, float, Colour]] = [
            (text, size, colour)
            for text, size, colour in (
                (style.caption, _SMALL, SOFT),
                (style.name, _SIZE, INK),
                (style.position, _SMALL, SOFT),
                (style.dated, _SMALL, SOFT),
            )
            if text
        ]
        # Whatever the place: the lines shrink until the widest and all of them together fit.
        deep = sum(size * _LEADING for _, size, _ in lines)
        shrink = min(1.0, (float(self.box.height) - 2 * _PADDING) / deep) if deep else 1.0
        shrink = max(shrink, 0.4)
        y = deep * shrink + _PADDING  # the last line stands at the foot of the box, on the line to sign on
        parts = [b"q BT"]
        for text, size, colour in lines:
            size *= shrink
            wide = letters.width(text, size)
            y -= size * _LEADING
            squeeze = max(0.6, min(1.0, room / wide)) if wide else 1.0
            while wide * squeeze > room and len(text) > 2:
                text = text[:-2].rstrip() + "."
                wide = letters.width(text, size)
            parts.append(
                b"%.3f %.3f %.3f rg /F0 %.2f Tf %d Tz 1 0 0 1 %.2f %.2f Tm %s Tj"
                % (*colour, size, int(squeeze * 100), _PADDING, y + size * 0.26, letters.codes(text))
            )
        parts.append(b"ET Q")
        return b" ".join(parts)
