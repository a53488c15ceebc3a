"""The pages behind the certificate: the modules and what they lead to, flowing in two columns."""

from dataclasses import dataclass
from functools import lru_cache

from trainer.accreditation.documents.names import language_of
from trainer.accreditation.documents.sheet import Part, Sheet
from trainer.accreditation.documents.watermark import watermark
from trainer.core.pdf.faces import BOLD, SANS, SERIF
from trainer.core.pdf.tagging import FOOTER, HEADER, Element, TaggedCanvas
from trainer.core.pdf.tints import INK, SOFT, Colour, Tint
from trainer.core.pdf.typeset import draw, fit, width, wrap

MARGIN = 48.0
GUTTER = 30.0
_LEADING = 1.36


@dataclass(frozen=True)
class _Line:
    text: str
    wanted: str
    size: float
    colour: Colour
    indent: float
    before: float  # points above, but at the top of a column
    kind: str = "P"  # H3, P or LI: what the lines of one text are, together
    first: bool = True  # of its text
    keep: bool = False  # must stay together with the next
    beside: bool = False  # stands at the end of the line before, not below it

    @property
    def height(self) -> float:
        return 0.0 if self.beside else self.size * _LEADING


def draw_supplement(canvas: TaggedCanvas, page: tuple[float, float], sheet: Sheet, accent: Tint) -> None:
    """One or more whole pages; each is closed with showPage."""
    wide, tall = page
    column = (wide - 2 * MARGIN - GUTTER) / 2
    room = tall - _heading_height(sheet, 2 * column + GUTTER) - 46.0
    pages = _laid_out(sheet.supplement_facts, sheet.parts, accent, column, room)
    texts = _Texts(canvas)
    for number, columns in enumerate(pages, start=2):
        if sheet.labels.specimen:
            watermark(canvas, sheet.labels.specimen, wide / 2, tall / 2 - 10)
        with canvas.artifact():
            canvas.setFillColorRGB(*accent.colour)
            canvas.rect(0, 0, 14.0, tall, stroke=0, fill=1)
        top = _heading(canvas, sheet, wide, tall, accent, number == 2)
        for at, lines in enumerate(columns):
            _draw_column(canvas, texts, lines, MARGIN + at * (column + GUTTER), top)
        _footer(canvas, sheet, wide, number, len(pages) + 1)
        canvas.showPage()


class _Texts:
    """The structure elements of the running text; a text may go on in the next column or on the next page."""

    def __init__(self, canvas: TaggedCanvas) -> None:
        self._canvas = canvas
        self._list: Element | None = None
        self._item: Element | None = None
        self.current: Element | None = None

    def begin(self, kind: str) -> None:
        if kind != "LI":
            self._list = None
            self.current = self._canvas.add(kind)
            return
        if self._list is None:
            self._list = self._canvas.add("L")
        self._item = self._canvas.add("LI", self._list)
        self.current = None

    def label(self) -> Element:
        return self._canvas.add("Lbl", self._item)

    def body(self) -> Element:
        if self.current is None:
            self.current = self._canvas.add("LBody", self._item)
        return self.current


def _draw_column(canvas: TaggedCanvas, texts: _Texts, lines: list[_Line], x: float, y: float) -> None:
    at = 0
    while at < len(lines):
        end = at + 1
        while end < len(lines) and not lines[end].first:
            end += 1
        line = lines[at]
        y -= line.before if at else 0
        if line.first:
            texts.begin(line.kind)
            if line.kind == "LI":
                with canvas.content(texts.label()):
                    canvas.setFillColorRGB(*line.colour)
                    draw(canvas, x + line.indent - 8, y - line.size * _LEADING, "·", SANS, line.size)
        with canvas.content(texts.body()):
            canvas.setFillColorRGB(*line.colour)
            for one in lines[at:end]:
                y -= one.height
                draw(canvas, x + one.indent, y, one.text, one.wanted, one.size)
        at = end


def _heading(
    canvas: TaggedCanvas, sheet: Sheet, wide: float, tall: float, accent: Tint, first: bool
) -> float:
    """What stands above the columns; on a page that goes on it is there for the eye alone."""
    y = tall - 46
    room = wide - 2 * MARGIN
    size, lines = fit(sheet.supplement_title, SERIF, (17.0, 15.0, 13.0), room, 2)
    with canvas.content(canvas.add("H2")) if first else canvas.artifact(HEADER):
        canvas.setFillColorRGB(*accent.dark)
        for line in lines:
            y -= size
            draw(canvas, MARGIN, y, line, SERIF, size)
            y -= size * 0.3
    with (
        canvas.content(canvas.add("P", language=language_of(sheet.name)))
        if first
        else canvas.artifact(HEADER)
    ):
        canvas.setFillColorRGB(*INK)
        for line in wrap(sheet.name, SANS, 9.5, room):
            y -= 13.5
            draw(canvas, MARGIN, y, line, SANS, 9.5)
    return y - 14


def _heading_height(sheet: Sheet, room: float) -> float:
    size, lines = fit(sheet.supplement_title, SERIF, (17.0, 15.0, 13.0), room, 2)
    return 46 + len(lines) * size * 1.3 + len(wrap(sheet.name, SANS, 9.5, room)) * 13.5 + 14


@lru_cache(maxsize=64)
def _laid_out(
    facts: tuple[tuple[str, str], ...], parts: tuple[Part, ...], accent: Tint, column: float, room: float
) -> list[list[list[_Line]]]:
    """Pages of columns of lines. The same for everybody on a course (but for who has a very long name), so it
    is kept from one document to the next: nobody may change it."""
    size = 8.2
    pages = _broken(_lines(facts, parts, accent, size, column), room)
    while len(pages) > 1 and size > 6.8:  # a little smaller before a page more
        size -= 0.2
        pages = _broken(_lines(facts, parts, accent, size, column), room)
    return pages


def _lines(
    facts: tuple[tuple[str, str], ...], parts: tuple[Part, ...], accent: Tint, size: float, column: float
) -> list[_Line]:
    lines: list[_Line] = []

    def add(
        kind: str, text: str, wanted: str, tall: float, colour: Colour, before: float, indent: float = 0
    ) -> None:
        for at, line in enumerate(wrap(text, wanted, tall, column - indent)):
            above = 0 if at else before
            lines.append(_Line(line, wanted, tall, colour, indent, above, kind, at == 0, wanted == BOLD))

    for label, value in facts:
        add("P", f"{label}: {value}", SANS, size, INK, size * 0.4)
    for part in parts:
        add("H3", part.title, BOLD, size * 1.06, accent.dark, size * 0.95)
        wide = width(part.length, SANS, size * 0.9)
        last = lines[-1]
        if part.length and width(last.text, BOLD, last.size) + 2 * size + wide <= column:
            lines.append(_Line(part.length, SANS, size * 0.9, SOFT, column - wide, 0, keep=True, beside=True))
        else:
            add("P", part.length, SANS, size * 0.9, SOFT, 0)
        for outcome in part.outcomes:
            add("LI", outcome, SANS, size, INK, size * 0.12, 10)
    return lines


def _broken(lines: list[_Line], room: float) -> list[list[list[_Line]]]:
    """The lines in columns, two to a page; a title is never the last line of a column."""
    columns: list[list[_Line]] = [[]]
    used = 0.0
    for line in lines:
        need = (line.before if columns[-1] else 0) + line.height
        if used + need > room and columns[-1]:
            carried: list[_Line] = []
            while len(columns[-1]) > 1 and columns[-1][-1].keep:
                carried.insert(0, columns[-1].pop())
            columns.append(carried)
            used = sum((one.before if at else 0) + one.height for at, one in enumerate(carried))
            need = (line.before if carried else 0) + line.height
        columns[-1].append(line)
        used += need
    return [columns[at : at + 2] for at in range(0, len(columns), 2)]


def _footer(canvas: TaggedCanvas, sheet: Sheet, wide: float, number: int, pages: int) -> None:
    text = sheet.labels.page % {"page": number, "pages": pages}
    with canvas.artifact(FOOTER):
        canvas.setFillColorRGB(*SOFT)
        draw(canvas, MARGIN, 24, f"{sheet.university} · {sheet.serial} · {sheet.code}", SANS, 7.2)
        draw(canvas, wide - MARGIN - width(text, SANS, 7.2), 24, text, SANS, 7.2)
