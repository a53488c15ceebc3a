"""The pages behind the certificate: the modules and what they lead to, flowing in two columns."""

from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from trainer.accreditation.documents.faces import BOLD, SANS, SERIF
from trainer.accreditation.documents.sheet import Sheet
from trainer.accreditation.documents.tints import INK, SOFT, Colour, Tint
from trainer.accreditation.documents.typeset import draw, fit, width, wrap
from trainer.accreditation.documents.watermark import watermark

MARGIN = 48.0
GUTTER = 30.0


@dataclass(frozen=True)
class _Line:
    text: str
    wanted: str
    size: float
    colour: Colour
    indent: float
    before: float  # points above, but at the top of a column
    mark: str = ""  # what stands in the margin of the line
    keep: int = 0  # lines that must stay together with the next


def draw_supplement(canvas: Canvas, page: tuple[float, float], sheet: Sheet, accent: Tint) -> None:
    """One or more whole pages; each is closed with showPage."""
    wide, tall = page
    column = (wide - 2 * MARGIN - GUTTER) / 2
    size = 8.2
    floor = 46.0
    pages = _broken(sheet, accent, size, column, tall, floor)
    while len(pages) > 1 and size > 6.8:  # a little smaller before a page more
        size -= 0.2
        pages = _broken(sheet, accent, size, column, tall, floor)
    for number, columns in enumerate(pages, start=2):
        if sheet.labels.specimen:
            watermark(canvas, sheet.labels.specimen, wide / 2, tall / 2 - 10)
        canvas.setFillColorRGB(*accent.colour)
        canvas.rect(0, 0, 14.0, tall, stroke=0, fill=1)
        top = _heading(canvas, sheet, wide, tall, accent)
        for at, lines in enumerate(columns):
            x, y = MARGIN + at * (column + GUTTER), top
            for place, line in enumerate(lines):
                y -= (line.before if place else 0) + line.size * 1.36
                canvas.setFillColorRGB(*line.colour)
                if line.mark:
                    draw(canvas, x + line.indent - 8, y, line.mark, SANS, line.size)
                draw(canvas, x + line.indent, y, line.text, line.wanted, line.size)
        _footer(canvas, sheet, wide, number, len(pages) + 1)
        canvas.showPage()


def _heading(canvas: Canvas, sheet: Sheet, wide: float, tall: float, accent: Tint) -> float:
    y = tall - 46
    room = wide - 2 * MARGIN
    size, lines = fit(sheet.supplement_title, SERIF, (17.0, 15.0, 13.0), room, 2)
    canvas.setFillColorRGB(*accent.dark)
    for line in lines:
        y -= size
        draw(canvas, MARGIN, y, line, SERIF, size)
        y -= size * 0.3
    canvas.setFillColorRGB(*INK)
    for line in wrap(sheet.name, SANS, 9.5, room):
        y -= 13.5
        draw(canvas, MARGIN, y, line, SANS, 9.5)
    return y - 14


def _heading_height(sheet: Sheet, room: float) -> float:
    size, lines = fit(sheet.supplement_title, SERIF, (17.0, 15.0, 13.0), room, 2)
    return 46 + len(lines) * size * 1.3 + len(wrap(sheet.name, SANS, 9.5, room)) * 13.5 + 14


def _lines(sheet: Sheet, accent: Tint, size: float, column: float) -> list[_Line]:
    lines: list[_Line] = []
    for label, value in sheet.supplement_facts:
        found = wrap(f"{label}: {value}", SANS, size, column)
        lines += [_Line(text, SANS, size, INK, 0, 0 if at else size * 0.4) for at, text in enumerate(found)]
    for part in sheet.parts:
        titles = wrap(part.title, BOLD, size * 1.06, column)
        for at, text in enumerate(titles):
            lines.append(_Line(text, BOLD, size * 1.06, accent.dark, 0, 0 if at else size * 0.95, keep=1))
        if part.length:
            lines.append(_Line(part.length, SANS, size * 0.9, SOFT, 0, 0, keep=1))
        for outcome in part.outcomes:
            for at, text in enumerate(wrap(outcome, SANS, size, column - 10)):
                lines.append(_Line(text, SANS, size, INK, 10, 0 if at else size * 0.12, "" if at else "·"))
    return lines


def _broken(
    sheet: Sheet, accent: Tint, size: float, column: float, tall: float, floor: float
) -> list[list[list[_Line]]]:
    """The lines in columns, two to a page; a title is never the last line of a column."""
    room = tall - _heading_height(sheet, 2 * column + GUTTER) - floor
    columns: list[list[_Line]] = [[]]
    used = 0.0
    for line in _lines(sheet, accent, size, column):
        need = (line.before if columns[-1] else 0) + line.size * 1.36
        if used + need > room and columns[-1]:
            carried: list[_Line] = []
            while len(columns[-1]) > 1 and columns[-1][-1].keep:
                carried.insert(0, columns[-1].pop())
            columns.append(carried)
            used = sum((one.before if at else 0) + one.size * 1.36 for at, one in enumerate(carried))
            need = (line.before if carried else 0) + line.size * 1.36
        columns[-1].append(line)
        used += need
    return [columns[at : at + 2] for at in range(0, len(columns), 2)]


def _footer(canvas: Canvas, sheet: Sheet, wide: float, number: int, pages: int) -> None:
    canvas.setFillColorRGB(*SOFT)
    draw(canvas, MARGIN, 24, f"{sheet.university} · {sheet.serial} · {sheet.code}", SANS, 7.2)
    text = sheet.labels.page % {"page": number, "pages": pages}
    draw(canvas, wide - MARGIN - width(text, SANS, 7.2), 24, text, SANS, 7.2)
