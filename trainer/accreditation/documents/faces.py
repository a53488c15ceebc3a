"""The typefaces of the documents. Each is parsed once per process, when a text first needs it."""

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FOLDER = Path(__file__).resolve().parent.parent / "fonts"

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

# Where glyphs that stand for no single character get a number; none of the faces uses it for anything else.
_PRIVATE = range(0xE000, 0xF8FF)
_lock = threading.Lock()
_loaded: dict[str, "Face"] = {}


class Typeface(TTFont):
    """A TrueType font some of whose glyphs were reached by shaping, and spell what shaping made them from."""

    def __init__(self, name: str, file: Path) -> None:
        super().__init__(name, str(file), shapable=True, asciiReadable=False)
        self.spelt: dict[int, str] = {}
        self._numbers: dict[tuple[int, str], int] = {}

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
        super().addObjects(doc)
        called = (self.face.name + self.face.subfontNameX).decode("latin-1")
        for key, stream in doc.idToObject.items():
            if key.startswith("toUnicodeCMap:") and key.endswith("+" + called):
                for number, text in self.spelt.items():
                    reads = text.encode("utf-16-be").hex().upper()
                    stream.content = stream.content.replace(f"> <{number:04X}>", f"> <{reads}>")


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
                font = Typeface(name, FOLDER / _FILES[name])
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
