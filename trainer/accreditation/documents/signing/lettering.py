"""A typeface cut down to the letters that signatures are shown in: made once for a batch, embedded in every
document."""

from __future__ import annotations

import io
import unicodedata
import zlib
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from fontTools import subset, ttLib
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import NameObject as Name
from pyhanko.pdf_utils.generic import NumberObject
from pyhanko.pdf_utils.writer import BasePdfFileWriter

from trainer.core.pdf.faces import FOLDER

_FILE = FOLDER / "NotoSans-Regular.ttf"
_TABLES = ("glyf", "head", "hhea", "hmtx", "loca", "maxp")


@lru_cache(maxsize=1)
def _drawable() -> frozenset[int]:
    """The characters that the typeface has."""
    with ttLib.TTFont(_FILE, lazy=True) as font:
        return frozenset(font.getBestCmap())


def tidy(text: str) -> str:
    """The text as it can be drawn, one glyph a character; empty when the typeface lacks one of its letters."""
    text = " ".join(unicodedata.normalize("NFC", text).split())
    return text if all(ord(character) in _drawable() for character in text) else ""


@lru_cache(maxsize=16)
def lettering(characters: frozenset[str]) -> Lettering:
    """The typeface with just these characters; kept, since the batches of a university need the same ones."""
    return Lettering(characters)


class Lettering:
    """The cut-down typeface: measures text, writes it as glyph numbers, and puts itself into documents."""

    def __init__(self, characters: Iterable[str]) -> None:
        wanted = sorted({ord(character) for character in characters} & _drawable())
        options = subset.Options(hinting=False, layout_features=[], notdef_outline=True, legacy_kern=False)
        font = ttLib.TTFont(_FILE, lazy=True)
        # Without the rules of shaping, which no signature uses: looking through them takes longest.
        for table in list(font.keys()):
            if table not in (*_TABLES, "cmap", "GlyphOrder"):
                del font[table]
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=wanted)
        cutter.subset(font)
        cmap: dict[int, str] = font.getBestCmap()
        self._glyphs = {number: font.getGlyphID(glyph) for number, glyph in cmap.items()}
        head, hhea = font["head"], font["hhea"]
        scale = 1000 / head.unitsPerEm
        advances = [font["hmtx"][glyph][0] for glyph in font.getGlyphOrder()]
        self._widths = [round(advance * scale) for advance in advances]
        self._box = [round(value * scale) for value in (head.xMin, head.yMin, head.xMax, head.yMax)]
        self._ascent, self._descent = round(hhea.ascent * scale), round(hhea.descent * scale)
        for table in list(font.keys()):
            if table not in _TABLES and table != "GlyphOrder":
                del font[table]
        file = io.BytesIO()
        font.save(file, reorderTables=False)
        self._length = len(file.getvalue())
        self._file = zlib.compress(file.getvalue(), 9)
        self._unicode = zlib.compress(self._to_unicode(), 9)
        # A tag of six letters marks a subset (ISO 32000-1, 9.6.4).
        tag = "".join(chr(65 + byte % 26) for byte in zlib.crc32(self._file).to_bytes(4, "big") + b"TR")
        self._name = f"/{tag}+NotoSans"

    def width(self, text: str, size: float) -> float:
        """Width in points of a tidy text."""
        return float(sum(self._widths[self._glyphs.get(ord(one), 0)] for one in text)) * size / 1000

    def codes(self, text: str) -> bytes:
        """The text as a hexadecimal string for the operator Tj."""
        return b"<%s>" % "".join(f"{self._glyphs.get(ord(one), 0):04X}" for one in text).encode("ascii")

    def _to_unicode(self) -> bytes:
        pairs = sorted((glyph, number) for number, glyph in self._glyphs.items())
        parts = [
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
            "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
            "1 begincodespacerange <0000> <FFFF> endcodespacerange",
        ]
        for start in range(0, len(pairs), 100):
            block = pairs[start : start + 100]
            parts.append(f"{len(block)} beginbfchar")
            parts += [
                f"<{glyph:04X}> <{chr(number).encode('utf-16-be').hex().upper()}>" for glyph, number in block
            ]
            parts.append("endbfchar")
        parts.append("endcmap CMapName currentdict /CMap defineresource pop end end")
        return "\n".join(parts).encode("ascii")

    def embed(self, writer: BasePdfFileWriter) -> generic.IndirectObject:
        """Puts the typeface into the document; returns where it lies."""
        file = _stream({"/Length1": NumberObject(self._length)}, self._file)
        descriptor = _dictionary(
            {
                "/Type": Name("/FontDescriptor"),
                "/FontName": Name(self._name),
                "/Flags": NumberObject(4),
                "/FontBBox": generic.ArrayObject(NumberObject(value) for value in self._box),
                "/ItalicAngle": NumberObject(0),
                "/Ascent": NumberObject(self._ascent),
                "/Descent": NumberObject(self._descent),
                "/CapHeight": NumberObject(714),
                "/StemV": NumberObject(80),
                "/FontFile2": writer.add_object(file),
            }
        )
        descendant = _dictionary(
            {
                "/Type": Name("/Font"),
                "/Subtype": Name("/CIDFontType2"),
                "/BaseFont": Name(self._name),
                "/CIDSystemInfo": _dictionary(
                    {
                        "/Registry": generic.pdf_string("Adobe"),
                        "/Ordering": generic.pdf_string("Identity"),
                        "/Supplement": NumberObject(0),
                    }
                ),
                "/FontDescriptor": writer.add_object(descriptor),
                "/DW": NumberObject(600),
                "/W": generic.ArrayObject(
                    [NumberObject(0), generic.ArrayObject(NumberObject(value) for value in self._widths)]
                ),
                "/CIDToGIDMap": Name("/Identity"),
            }
        )
        font = _dictionary(
            {
                "/Type": Name("/Font"),
                "/Subtype": Name("/Type0"),
                "/BaseFont": Name(self._name),
                "/Encoding": Name("/Identity-H"),
                "/DescendantFonts": generic.ArrayObject([writer.add_object(descendant)]),
                "/ToUnicode": writer.add_object(_stream({}, self._unicode)),
            }
        )
        return writer.add_object(font)


def _dictionary(values: dict[str, Any]) -> generic.DictionaryObject:
    return generic.DictionaryObject({Name(key): value for key, value in values.items()})


def _stream(values: dict[str, Any], packed: bytes) -> generic.StreamObject:
    return generic.StreamObject(_dictionary({**values, "/Filter": Name("/FlateDecode")}), encoded_data=packed)
