"""The outlines of a typeface alone: what a PDF file needs of it, and nothing for screens of few dots."""

from itertools import pairwise
from struct import pack, unpack, unpack_from
from typing import Any

from reportlab.pdfbase.ttfonts import TTFontMaker

# Programs that fit outlines to coarse grids, and names that nobody sees (ISO 32000-1, 9.9: not needed).
_LEFT_OUT = {"cvt ", "fpgm", "prep", "name", "OS/2", "gasp", "DSIG"}
_ARGUMENTS_ARE_WORDS = 0x0001
_SCALE, _MORE, _TWO_SCALES, _TWO_BY_TWO, _INSTRUCTIONS = 0x0008, 0x0020, 0x0040, 0x0080, 0x0100


def outlines_alone(font: bytes) -> bytes:
    """A TrueType font without the instructions of its glyphs: about half its size, and the same to the eye."""
    (count,) = unpack_from(">H", font, 4)
    tables = {}
    for at in range(12, 12 + 16 * count, 16):
        tag, _, start, length = unpack_from(">4sLLL", font, at)
        tables[tag.decode("latin-1")] = font[start : start + length]
    tables["glyf"], places = _bare_glyphs(tables)
    short = places[-1] < 0x20000
    tables["loca"] = pack(f">{len(places)}{'HL'[not short]}", *(one // 2 if short else one for one in places))
    tables["head"] = tables["head"][:50] + pack(">H", 0 if short else 1) + tables["head"][52:]
    # No storage, functions or stack: nothing runs any more.
    tables["maxp"] = tables["maxp"][:16] + bytes(12) + tables["maxp"][28:]
    maker: Any = TTFontMaker()
    for tag, data in tables.items():
        if tag not in _LEFT_OUT:
            maker.add(tag, data)
    return bytes(maker.makeStream())


def _bare_glyphs(tables: dict[str, bytes]) -> tuple[bytes, list[int]]:
    (long,) = unpack_from(">H", tables["head"], 50)
    loca = tables["loca"]
    old = (
        unpack(f">{len(loca) // 4}L", loca)
        if long
        else [2 * one for one in unpack(f">{len(loca) // 2}H", loca)]
    )
    glyphs, places, at = [], [0], 0
    for start, end in pairwise(old):
        glyph = _bare(tables["glyf"][start:end])
        glyph += bytes(-len(glyph) % 4)
        glyphs.append(glyph)
        at += len(glyph)
        places.append(at)
    return b"".join(glyphs), places


def _bare(glyph: bytes) -> bytes:
    """One glyph without its instructions (OpenType, table glyf)."""
    if not glyph:
        return glyph
    (contours,) = unpack_from(">h", glyph)
    if contours >= 0:
        at = 10 + 2 * contours
        (length,) = unpack_from(">H", glyph, at)
        return glyph[:at] + b"\0\0" + glyph[at + 2 + length :]
    parts, at, flags = [glyph[:10]], 10, _MORE
    while flags & _MORE:
        (flags,) = unpack_from(">H", glyph, at)
        size = 8 if flags & _ARGUMENTS_ARE_WORDS else 6
        size += 2 if flags & _SCALE else 4 if flags & _TWO_SCALES else 8 if flags & _TWO_BY_TWO else 0
        parts.append(pack(">H", flags & ~_INSTRUCTIONS) + glyph[at + 2 : at + size])
        at += size
    return b"".join(parts)
