"""The typefaces of the documents. Each is parsed once per process, when a text first needs it."""

import string
import threading
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import FF_NONSYMBOLIC, FF_SYMBOLIC, SUBSETN, TTFont

from trainer.core.pdf.objects import Raw, put, stream
from trainer.core.pdf.outlines import outlines_alone

FOLDER = Path(__file__).resolve().parent / "fonts"

SERIF = "TrainerSerif"
SANS = "TrainerSans"
BOLD = "TrainerSansBold"
EAST_ASIAN = "TrainerEastAsian"
_FILES = {
    SERIF: "NotoSerif-Regular.ttf",
    SANS: "NotoSans-Regular.ttf",
    BOLD: "NotoSans-Bold.ttf",
    "TrainerNaskh": "NotoNaskhArabic-Regular.ttf",
    "TrainerHebrew": "NotoSerifHebrew-Regular.ttf",
    "TrainerDevanagari": "NotoSerifDevanagari-Regular.ttf",
    "TrainerArmenian": "NotoSerifArmenian-Regular.ttf",
    "TrainerGeorgian": "NotoSerifGeorgian-Regular.ttf",
    # Asked last: it is large, and has some letters of other scripts too.
    EAST_ASIAN: "WenQuanYiMicroHei.ttc",
}
# Asked in this order for a character that the text's own face lacks: there is no fallback in PDF.
_OTHERS = tuple(name for name in _FILES if name not in {SERIF, SANS, BOLD})

# What the languages of the product write with. Each base face carries it whole into every document, so that it is
# cut out of the typeface and compressed once, not for every person anew.
COMMON = string.ascii_letters + string.digits + string.punctuation + "àáèéíïòóúüçñÀÁÈÉÍÏÒÓÚÜÇÑ·¿¡ªº«»–—‘’“”…"

# Where glyphs that stand for no single character get a number; none of the faces uses it for anything else.
_PRIVATE = range(0xE000, 0xF8FF)
_lock = threading.Lock()
# reportlab's fonts keep their subsets on themselves while a document is made.
one_at_a_time = threading.Lock()
_loaded: dict[str, "Face"] = {}


class _States(WeakKeyDictionary[Any, Any]):
    """For each document that is being made, which characters of a typeface it uses so far."""

    def __init__(self, begin: Callable[[], Any]) -> None:
        super().__init__()
        self._begin = begin

    def __getitem__(self, document: Any) -> Any:
        if document not in self:
            self[document] = self._begin()
        return super().__getitem__(document)


@dataclass(frozen=True)
class _Subset:
    """Some characters of a typeface, as the objects of a PDF file."""

    file: bytes
    spelling: bytes
    descriptor: str  # but for the number of the file
    font: str  # but for the numbers of the others


class Typeface(TTFont):
    """A TrueType font some of whose glyphs were reached by shaping, and spell what shaping made them from.

    With `common` characters, every document carries these as one and the same subset, which is made once.
    """

    def __init__(self, name: str, file: Path, common: str = "") -> None:
        super().__init__(name, str(file), shapable=True, asciiReadable=False)
        self.spelt: dict[int, str] = {}
        self._numbers: dict[tuple[int, str], int] = {}
        codes = [ord(one) for one in common if ord(one) in self.face.charToGlyph]
        self._common = dict(zip(codes, [*range(1, 32), *range(33, 256)], strict=False))
        self._made: _Subset | None = None
        self.state = _States(self._begin)

    def _begin(self) -> Any:
        state: Any = TTFont.State(False, self)
        if self._common:
            state.assignments.update(self._common)
            first = [0] + [32] * max(self._common.values())
            for code, number in self._common.items():
                first[number] = code
            state.subsets, state.nextCode = [first], 256
        return state

    def number(self, glyph: int, text: str, advance: float) -> int:
        """A character number that draws `glyph` and reads as `text`; its own where it has one, else a
        private one."""
        tables = self.face
        if len(text) == 1 and tables.charToGlyph.get(ord(text)) == glyph:
            return ord(text)
        found = self._numbers.get((glyph, text))
        if found is None:
            found = next(one for one in _PRIVATE if one not in tables.charToGlyph)
            tables.charToGlyph[found] = glyph
            tables.charWidths[found] = advance
            self.spelt[found] = text
            self._numbers[glyph, text] = found
        return found

    def addObjects(self, doc: Any) -> None:
        """Adds what the document uses of this typeface to it; reportlab calls this once, at the end."""
        state = self.state.pop(doc)
        fonts = doc.idToObject["BasicFonts"].dict
        for number, characters in enumerate(state.subsets):
            if number or not self._common:
                made = self._subset(number, characters)
            else:
                made = self._made = self._made or self._subset(0, characters)
            file, spelling = put(doc, made.file), put(doc, made.spelling)
            descriptor = put(doc, f"{made.descriptor} /FontFile2 {file} 0 R>>".encode("latin-1"))
            font = f"{made.font} /ToUnicode {spelling} 0 R /FontDescriptor {descriptor} 0 R>>"
            fonts[f"{state.internalName}+{number}"] = doc.Reference(Raw(font.encode("latin-1")))

    def _subset(self, number: int, characters: list[int]) -> _Subset:
        tables = self.face
        called = (SUBSETN(number) + b"+" + tables.name + tables.subfontNameX).decode("latin-1")
        outlines = outlines_alone(tables.makeSubset(characters))
        widths = " ".join(f"{tables.charWidths.get(one, tables.defaultWidth):.0f}" for one in characters)
        flags = tables.flags & ~FF_NONSYMBOLIC | FF_SYMBOLIC
        box = " ".join(f"{part:.0f}" for part in tables.bbox)
        return _Subset(
            stream(f"/Length1 {len(outlines)} /Filter /FlateDecode", zlib.compress(outlines)),
            stream("/Filter /FlateDecode", zlib.compress(self._spelling(called, characters))),
            f"<</Type /FontDescriptor /FontName /{called} /Flags {flags} /FontBBox [{box}] "
            f"/Ascent {tables.ascent:.0f} /Descent {tables.descent:.0f} /CapHeight {tables.capHeight:.0f} "
            f"/ItalicAngle {tables.italicAngle:.0f} /StemV {tables.stemV:.0f} "
            f"/MissingWidth {tables.defaultWidth:.0f}",
            f"<</Type /Font /Subtype /TrueType /BaseFont /{called} /FirstChar 0 "
            f"/LastChar {len(characters) - 1} /Widths [{widths}]",
        )

    def _spelling(self, called: str, characters: list[int]) -> bytes:
        """What each code reads as (ISO 32000-1, 9.10.3); at most a hundred in a block."""
        reads = [
            f"<{code:02X}> <{self.spelt.get(one, chr(one)).encode('utf-16-be').hex().upper()}>"
            for code, one in enumerate(characters)
            if one
        ]
        blocks = [reads[at : at + 100] for at in range(0, len(reads), 100)]
        body = "\n".join(f"{len(one)} beginbfchar\n" + "\n".join(one) + "\nendbfchar" for one in blocks)
        return (
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
            "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n"
            f"/CMapName /{called} def\n/CMapType 2 def\n"
            f"1 begincodespacerange\n<00> <FF>\nendcodespacerange\n{body}\n"
            "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
        ).encode("latin-1")


@dataclass(frozen=True)
class Face:
    """A registered typeface: its name in PDF operators, and what it can draw."""

    name: str
    font: Typeface

    def covers(self, character: str) -> bool:
        return ord(character) in self.font.face.charToGlyph

    def width(self, text: str, size: float) -> float:
        """Width in points of unshaped text."""
        return float(self.font.stringWidth(text, size))


def face(name: str) -> Face:
    """The typeface called `name` (SERIF, SANS, BOLD, or one that `face_for` chose)."""
    found = _loaded.get(name)
    if found is None:
        with _lock:
            found = _loaded.get(name)
            if found is None:
                font = Typeface(name, FOLDER / _FILES[name], "" if name in _OTHERS else COMMON)
                pdfmetrics.registerFont(font)
                found = _loaded[name] = Face(name, font)
    return found


def face_for(character: str, wanted: str) -> Face | None:
    """The face that draws this character: the wanted one if it can, else the first other; None when none
    can."""
    for name in (wanted, *_OTHERS):
        candidate = face(name)
        if candidate.covers(character):
            return candidate
    return None
