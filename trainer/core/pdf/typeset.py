"""Setting lines of text in any script that the faces cover, on a reportlab canvas.

Plain text goes to the page as it is: it is never parsed as mark-up, so a value cannot smuggle any in. Text
that runs from right to left, joins its letters or stacks its marks is shaped by HarfBuzz and carries its
characters along (ActualText), so that search and copying give back exactly what was set.
"""

import threading
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import uharfbuzz
from reportlab.pdfbase.ttfonts import ShapeData, ShapedStr
from reportlab.pdfgen.canvas import Canvas

from trainer.core.pdf.faces import BOLD, EAST_ASIAN, SANS, SERIF, Face, face_for

_JOINERS = "\u200c\u200d"
_BASE = frozenset({SERIF, SANS, BOLD})
_SIMPLE = _BASE | {EAST_ASIAN}  # their letters stand side by side as they are
_private_lock = threading.Lock()
UNKNOWN = "?"  # for a character that no face has


class Unprintable(ValueError):
    """A character that none of the faces can draw; `character` is the first such."""

    def __init__(self, character: str) -> None:
        super().__init__(f"U+{ord(character):04X} cannot be printed")
        self.character = character


@dataclass(frozen=True)
class Run:
    """A stretch of one line in one face and one direction; `shaped` when HarfBuzz has to place its glyphs."""

    face: Face
    text: str
    rtl: bool
    shaped: bool


@lru_cache(maxsize=2048)
def runs(text: str, wanted: str) -> tuple[Run, ...]:
    """The runs of one line, from left to right as they stand on the page.

    Bidirectional text is ordered to one level of embedding, which is all that names and titles have.
    Raises Unprintable.
    """
    directions = _directions(text)
    faces: list[Face] = []
    for at, character in enumerate(text):
        if character in _JOINERS or unicodedata.category(character) in {"Mn", "Mc", "Me"}:
            if not faces or (character not in _JOINERS and not faces[-1].covers(character)):
                raise Unprintable(character)
            faces.append(faces[-1])
            continue
        before = faces[at - 1] if at and not character.isalpha() else None
        stays = before is not None and before.name not in _BASE and before.covers(character)
        chosen = before if stays else face_for(character, wanted)
        if chosen is None or _invisible(character):
            raise Unprintable(character)
        faces.append(chosen)
    found: list[Run] = []
    start = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or faces[end] is not faces[start] or directions[end] != directions[start]:
            part, rtl = text[start:end], directions[start]
            marks = any(unicodedata.combining(character) for character in part)
            found.append(Run(faces[start], part, rtl, rtl or marks or faces[start].name not in _SIMPLE))
            start = end
    return tuple(_visual(found, bool(directions) and _is_rtl(text)))


def _invisible(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def _is_rtl(text: str) -> bool:
    for character in text:
        strong = unicodedata.bidirectional(character)
        if strong in {"R", "AL"}:
            return True
        if strong == "L":
            return False
    return False


def reads_backwards(text: str) -> bool:
    """Whether any of the text runs from right to left."""
    return any(_directions(text))


def _directions(text: str) -> list[bool]:
    """For each character, whether it runs right to left; neutral ones go with both neighbours or with the
    line."""
    base = _is_rtl(text)
    strong: list[bool | None] = []
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind == "NSM" and strong:
            strong.append(strong[-1])
        else:
            strong.append(True if kind in {"R", "AL"} else False if kind in {"L", "EN", "AN"} else None)
    resolved: list[bool] = []
    for at, direction in enumerate(strong):
        if direction is None:
            before = next((one for one in reversed(strong[:at]) if one is not None), base)
            after = next((one for one in strong[at + 1 :] if one is not None), base)
            direction = before if before == after else base
        resolved.append(direction)
    return resolved


def _visual(logical: list[Run], base_rtl: bool) -> Iterator[Run]:
    groups: list[list[Run]] = []
    for run in logical:
        if groups and groups[-1][0].rtl == run.rtl:
            groups[-1].append(run)
        else:
            groups.append([run])
    for group in reversed(groups) if base_rtl else groups:
        yield from reversed(group) if group[0].rtl else group


def _shape(run: Run) -> ShapedStr:
    """The run's glyphs as reportlab takes them, left to right.

    Ligatures that are not required are off: they would hide letters from search, and readers disagree on
    the order of what a ligature from right to left reads as.
    """
    font: Any = run.face.font
    buffer = uharfbuzz.Buffer()
    buffer.cluster_level = uharfbuzz.BufferClusterLevel.MONOTONE_CHARACTERS
    buffer.add_str(run.text)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if run.rtl else "ltr"
    with _private_lock:
        shaper = uharfbuzz.Font(font.hbFace)
        plain = run.rtl or run.face.name in _SIMPLE
        uharfbuzz.shape(shaper, buffer, {"liga": False, "clig": False, "dlig": False} if plain else {})
        spelt = _spelt(run.text, [info.cluster for info in buffer.glyph_infos])
        glyphs, places = [], []
        for info, position, reads in zip(buffer.glyph_infos, buffer.glyph_positions, spelt, strict=True):
            advance = font.pdfScale(shaper.get_glyph_h_advance(info.codepoint))
            if run.rtl and len(reads) == 1 and unicodedata.mirrored(reads):
                # The bracket that is seen, not the one that was typed.
                reads = chr(font.face.glyphToChar[info.codepoint][0])
            character = font.number(info.codepoint, reads, advance)
            glyphs.append(chr(character))
            places.append(
                ShapeData(
                    info.cluster,
                    font.pdfScale(position.x_advance),
                    font.pdfScale(position.y_advance),
                    font.pdfScale(position.x_offset),
                    font.pdfScale(position.y_offset),
                    font.face.charWidths[character],
                )
            )
    return ShapedStr("".join(glyphs), shapeData=places)  # type: ignore[arg-type]


def _spelt(text: str, clusters: Sequence[int]) -> list[str]:
    """For each glyph, the characters that it was made from; the first glyph of a cluster carries them all."""
    starts = [*sorted(set(clusters)), len(text)]
    ends = dict(pairwise(starts))
    seen: set[int] = set()
    found = []
    for cluster in clusters:
        found.append("" if cluster in seen else text[cluster : ends[cluster]])
        seen.add(cluster)
    return found


def printable(text: str, wanted: str = SANS) -> str:
    """The text with a question mark for whatever no face can draw."""
    try:
        runs(text, wanted)
    except Unprintable:
        return "".join(one if _drawn(one, wanted) else UNKNOWN for one in text)
    return text


def _drawn(character: str, wanted: str) -> bool:
    if character == "\n":
        return True
    try:
        runs(character, wanted)
    except Unprintable:
        return False
    return True


def _run_width(run: Run, size: float) -> float:
    if not run.shaped:
        return run.face.width(run.text, size)
    shaped: Any = _shape(run)
    return float(sum(place.x_advance for place in shaped.__shapeData__)) * size / 1000


def width(text: str, wanted: str, size: float) -> float:
    """Width in points of one line. Raises Unprintable."""
    return sum(_run_width(run, size) for run in runs(text, wanted))


@lru_cache(maxsize=8192)
def _word_width(word: str, wanted: str) -> float:
    """Width of a word at a size of one point: the words of a programme come again on every certificate."""
    return width(word, wanted, 1000) / 1000


def wrap(text: str, wanted: str, size: float, room: float) -> list[str]:
    """The text broken at spaces into lines no wider than `room` points; a longer word is broken where it
    must."""
    lines: list[str] = []
    space = _word_width(" ", wanted) * size
    for paragraph in text.split("\n"):
        line, taken = "", 0.0
        for word in paragraph.split():
            # Spaces part what is shaped together, so that the widths of words add up to that of their line.
            wide = _word_width(word, wanted) * size
            if line and taken + space + wide <= room:
                line, taken = f"{line} {word}", taken + space + wide
                continue
            if line:
                lines.append(line)
            while wide > room and len(word) > 1:
                cut = _cut(word, wanted, size, room)
                lines.append(word[:cut])
                word = word[cut:]
                wide = _word_width(word, wanted) * size
            line, taken = word, wide
        if line:
            lines.append(line)
    return lines


def _cut(word: str, wanted: str, size: float, room: float) -> int:
    """How many characters of a word that is too wide fit; at least one, and never a mark parted from its
    letter."""
    cut = len(word) - 1
    while cut > 1 and width(word[:cut], wanted, size) > room:
        cut -= 1
    while cut > 1 and unicodedata.combining(word[cut]):
        cut -= 1
    return max(cut, 1)


def fit(
    text: str, wanted: str, sizes: Sequence[float], room: float, most_lines: int
) -> tuple[float, list[str]]:
    """The largest of `sizes` (falling) at which the text takes one line; else the largest at which it wraps
    into `most_lines`; else the smallest, in as many lines as that takes."""
    longest = width(text, wanted, 1000) / 1000
    for size in sizes:
        if longest * size <= room:
            return size, [text]
    for size in sizes:
        lines = wrap(text, wanted, size, room)
        if len(lines) <= most_lines:
            return size, lines
    return sizes[-1], wrap(text, wanted, sizes[-1], room)


def draw(canvas: Canvas, x: float, y: float, text: str, wanted: str, size: float) -> None:
    """Sets one line with its baseline starting at x, y (points). Raises Unprintable."""
    line = runs(text, wanted)
    # Readers of text turn what runs right to left around by themselves, ActualText included: there the
    # glyphs have to speak for themselves.
    if any(run.shaped and not run.rtl for run in line) and not getattr(canvas, "_said", False):
        with saying(canvas, text):
            _draw(canvas, x, y, line, size)
    else:
        _draw(canvas, x, y, line, size)


@contextmanager
def saying(canvas: Any, text: str) -> Iterator[None]:
    """What is drawn inside reads as `text` to search, to copying and to screen readers."""
    canvas._code.append(f"/Span <</ActualText <FEFF{text.encode('utf-16-be').hex().upper()}>>> BDC")
    canvas._said = True
    yield
    canvas._said = False
    canvas._code.append("EMC")


def _draw(canvas: Any, x: float, y: float, line: Sequence[Run], size: float) -> None:
    for at, run in enumerate(line):
        if run.shaped:
            pen = canvas.beginText(x, y)
            pen.setFont(run.face.name, size)
            pen._code.append(pen._formatText(_shape(run)))
            canvas.drawText(pen)
        else:
            # What a text object of reportlab comes to, at a quarter of its cost.
            font, document = run.face.font, canvas._doc
            shown = " ".join(
                f"{font.getSubsetInternalName(subset, document)} {size:.2f} Tf <{codes.hex()}> Tj"
                for subset, codes in font.splitString(run.text, document)
            )
            canvas._code.append(f"BT 1 0 0 1 {x:.2f} {y:.2f} Tm {shown} ET")
        if at + 1 < len(line):
            x += _run_width(run, size)
