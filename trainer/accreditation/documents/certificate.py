"""The certificate as a PDF: A4 on its side, what was earned on the left, how to check it in a tinted column
on the right.

Everything on the first page is measured before anything is drawn. When it does not fit, type and gaps
shrink together in small steps, so that nothing ever overlaps. The second page, when there are modules to
list, flows in two columns.
"""

import io
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from trainer.accreditation.documents.faces import BOLD, SANS, SERIF, face
from trainer.accreditation.documents.qr import draw_qr
from trainer.accreditation.documents.sheet import Logo, Sheet
from trainer.accreditation.documents.supplement import draw_supplement
from trainer.accreditation.documents.tints import INK, SOFT, WARNING, Tint, tint
from trainer.accreditation.documents.typeset import draw, fit, reads_backwards, saying, width, wrap
from trainer.accreditation.documents.watermark import watermark

PAGE = landscape(A4)
WIDTH, HEIGHT = PAGE
BAND = 14.0  # the accent along the left edge
LEFT = 58.0
COLUMN = 212.0  # the tinted column on the right
RIGHT = WIDTH - COLUMN - 44.0
ROOM = RIGHT - LEFT
TOP = HEIGHT - 44.0
BOTTOM = 40.0
NAME_SIZES = (34.0, 32.0, 30.0, 28.0, 26.0, 24.0, 22.0, 20.0)

# reportlab's fonts keep their subsets on themselves while a document is made.
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class _Block:
    """A piece of the left column: its height in points, and how to draw it with its top at y."""

    height: float
    paint: Callable[[float], None]


def render(sheet: Sheet, logo: Logo | None = None) -> bytes:
    """The PDF of a certificate. Raises Unprintable when a text holds a character that no face has."""
    with _one_at_a_time:
        face(SANS)  # registered before the canvas names it
        return _render(sheet, logo)


def _render(sheet: Sheet, logo: Logo | None) -> bytes:
    buffer = io.BytesIO()
    canvas: Any = Canvas(
        buffer,
        pagesize=PAGE,
        initialFontName=SANS,  # type: ignore[arg-type]
        pdfVersion=(1, 7),
        lang=sheet.language,
    )
    canvas.setTitle(f"{sheet.title} {sheet.serial}")
    canvas.setAuthor(sheet.university)
    canvas.setSubject(sheet.title)
    # Plain in the file, so that a changed copy can still be told for a copy of one of ours.
    canvas.setKeywords(f"{sheet.serial} {sheet.code}")
    canvas.setCreator("Trainer")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    pages = 1 + (1 if sheet.parts else 0)
    _first_page(canvas, sheet, logo, tint(sheet.accent))
    canvas.showPage()
    if pages > 1:
        draw_supplement(canvas, PAGE, sheet, tint(sheet.accent))
    canvas.save()
    return buffer.getvalue()


def _first_page(canvas: Canvas, sheet: Sheet, logo: Logo | None, accent: Tint) -> None:
    canvas.setFillColorRGB(*accent.colour)
    canvas.rect(0, 0, BAND, HEIGHT, stroke=0, fill=1)
    canvas.setFillColorRGB(*accent.pale)
    canvas.rect(WIDTH - COLUMN, 0, COLUMN, HEIGHT, stroke=0, fill=1)
    if sheet.labels.specimen:
        watermark(canvas, sheet.labels.specimen, LEFT + ROOM / 2, HEIGHT / 2 - 10)
    scale = 1.0
    while True:
        head = _head(canvas, sheet, logo, accent, scale)
        main = _main(canvas, sheet, accent, scale)
        foot = _foot(canvas, sheet, scale)
        spare = TOP - BOTTOM - head.height - main.height - foot.height
        if spare >= 36 * scale or scale <= 0.4:
            break
        scale -= 0.04
    head.paint(TOP)
    # The words stand a little above the middle of what is left between head and foot.
    main.paint(TOP - head.height - max(spare * 0.42, 12 * scale))
    foot.paint(BOTTOM + foot.height)
    _column(canvas, sheet, accent)


def _lines(
    canvas: Canvas,
    lines: list[str],
    wanted: str,
    size: float,
    leading: float,
    colour: tuple[float, float, float],
) -> _Block:
    def paint(y: float) -> None:
        canvas.setFillColorRGB(*colour)
        for at, line in enumerate(lines):
            draw(canvas, LEFT, y - size - at * leading, line, wanted, size)

    return _Block(leading * (len(lines) - 1) + size * 1.25 if lines else 0.0, paint)


def _stack(blocks: list[tuple[_Block, float]]) -> _Block:
    """Blocks one under the other, each followed by a gap in points."""
    filled = [(block, gap) for block, gap in blocks if block.height]

    def paint(y: float) -> None:
        for block, gap in filled:
            block.paint(y)
            y -= block.height + gap

    return _Block(sum(block.height + gap for block, gap in filled) - (filled[-1][1] if filled else 0), paint)


def _head(canvas: Canvas, sheet: Sheet, logo: Logo | None, accent: Tint, scale: float) -> _Block:
    picture = ImageReader(io.BytesIO(logo.data)) if logo else None
    tall = wide = 0.0
    if picture is not None:
        pixels_wide, pixels_tall = picture.getSize()
        factor = min(150.0 / pixels_wide, 54.0 / pixels_tall)
        wide, tall = pixels_wide * factor, pixels_tall * factor
    indent = wide + 16 if picture is not None else 0.0
    sizes = [step * scale for step in (17.0, 15.0, 13.0)]
    size, lines = fit(sheet.university, SERIF, sizes, ROOM - indent, 2)
    words = len(lines) * size * 1.3
    height = max(tall, words)

    def paint(y: float) -> None:
        if picture is not None:
            canvas.drawImage(picture, LEFT, y - (height + tall) / 2, wide, tall, mask="auto")
        canvas.setFillColorRGB(*accent.dark)
        first = y - (height - words) / 2 - size * 1.02
        for at, line in enumerate(lines):
            draw(canvas, LEFT + indent, first - at * size * 1.3, line, SERIF, size)

    return _Block(height, paint)


def _main(canvas: Canvas, sheet: Sheet, accent: Tint, scale: float) -> _Block:
    text = 12.0 * scale
    title_size, title = fit(sheet.title, SERIF, [step * scale for step in (27.0, 24.0, 21.0)], ROOM, 2)
    name_size, name = fit(sheet.name, SERIF, [step * scale for step in NAME_SIZES], ROOM, 2)
    blocks = [
        (_lines(canvas, title, SERIF, title_size, title_size * 1.25, accent.dark), 13 * scale),
        (_rule(canvas, accent), 15 * scale),
        (_paragraph(canvas, sheet.lead, SANS, text, INK), 9 * scale),
        (_name(canvas, sheet.name, name, name_size), 14 * scale),
    ]
    blocks += [(_paragraph(canvas, one, SANS, text, INK), 8 * scale) for one in sheet.body]
    blocks.append((_paragraph(canvas, sheet.closing, SANS, text * 0.84, SOFT), 8 * scale))
    return _stack(blocks)


def _name(canvas: Canvas, name: str, lines: list[str], size: float) -> _Block:
    """The name; one that takes several lines is still one text to search for and to copy."""
    block = _lines(canvas, lines, SERIF, size, size * 1.28, INK)
    if len(lines) == 1 or reads_backwards(name):
        return block

    def paint(y: float) -> None:
        with saying(canvas, name):
            block.paint(y)

    return _Block(block.height, paint)


def _paragraph(
    canvas: Canvas, text: str, wanted: str, size: float, colour: tuple[float, float, float]
) -> _Block:
    return _lines(canvas, wrap(text, wanted, size, ROOM), wanted, size, size * 1.5, colour)


def _rule(canvas: Canvas, accent: Tint) -> _Block:
    def paint(y: float) -> None:
        canvas.setFillColorRGB(*accent.colour)
        canvas.rect(LEFT, y - 2.4, 54, 2.4, stroke=0, fill=1)

    return _Block(2.4, paint)


def _foot(canvas: Canvas, sheet: Sheet, scale: float) -> _Block:
    """Place and date, then a line to sign on for each signatory (up to four beside one another)."""
    size = 10.5 * scale
    dated = _paragraph(canvas, sheet.place_and_date, SANS, size, INK)
    if not sheet.signatories:
        return dated
    shown = sheet.signatories[:4]
    gap = 22.0
    room = min((ROOM - gap * (len(shown) - 1)) / len(shown), 200.0)
    small = 8.6 * scale
    columns = [(wrap(one.name, BOLD, small, room), wrap(one.position, SANS, small, room)) for one in shown]
    deepest = max(len(names) + len(positions) for names, positions in columns)
    pen = 30.0 * scale  # the height that a signature takes
    height = dated.height + pen + 5 + deepest * small * 1.38

    def paint(y: float) -> None:
        dated.paint(y)
        line = y - dated.height - pen
        for at, (names, positions) in enumerate(columns):
            x = LEFT + at * (room + gap)
            canvas.setStrokeColorRGB(*SOFT)
            canvas.setLineWidth(0.6)
            canvas.line(x, line, x + room, line)
            baseline = line - 5 - small
            for texts, wanted, colour in ((names, BOLD, INK), (positions, SANS, SOFT)):
                canvas.setFillColorRGB(*colour)
                for text in texts:
                    draw(canvas, x, baseline, text, wanted, small)
                    baseline -= small * 1.38

    return _Block(height, paint)


def _column(canvas: Canvas, sheet: Sheet, accent: Tint) -> None:
    """The right-hand column: facts from the top, the way to check the document from the bottom."""
    x = WIDTH - COLUMN + 26
    room = COLUMN - 52
    side = 118.0
    address = sheet.address.removeprefix("https://").removeprefix("http://")
    shown = address.removesuffix("/" + sheet.code)
    below: list[tuple[str, str, float, tuple[float, float, float]]] = []
    code_size, _ = fit(sheet.code, BOLD, (8.6, 8.2, 7.8, 7.4, 7.0), room, 1)
    for text, wanted, size, colour in (
        (sheet.labels.verify, BOLD, 8.6, accent.dark),
        (shown, SANS, 8.6, INK),
        ("", SANS, 5.0, INK),
        (sheet.labels.code, SANS, 7.4, SOFT),
        (sheet.code, BOLD, code_size, INK),
        ("", SANS, 5.0, INK),
        (sheet.labels.serial, SANS, 7.4, SOFT),
        (sheet.serial, BOLD, 8.6, INK),
    ):
        broken = _code_lines if text in {sheet.code, shown} else wrap
        lines = broken(text, wanted, size, room)
        below += [(line, wanted, size, colour) for line in lines or [""]]
    depth = sum(size * 1.4 for _, _, size, _ in below)
    y = BOTTOM + depth
    square = y + 12
    draw_qr(canvas, sheet.address, x, square, side)
    canvas.linkURL(sheet.address, (x, BOTTOM - 2, x + room, square + side), thickness=0)
    for text, wanted, size, colour in below:
        y -= size * 1.4
        if text:
            canvas.setFillColorRGB(*colour)
            draw(canvas, x, y + size * 0.3, text, wanted, size)
    top = TOP
    if sheet.labels.specimen:
        top = _specimen(canvas, sheet, x, room)
    _facts(canvas, sheet.facts, x, top, square + side + 18, room)


def _specimen(canvas: Canvas, sheet: Sheet, x: float, room: float) -> float:
    """Says in words that can be read aloud that the document is a specimen; returns where the facts may
    begin."""
    notes = wrap(sheet.labels.specimen_note, SANS, 7.6, room - 16)
    height = 22.0 + len(notes) * 10.4
    canvas.setStrokeColorRGB(*WARNING)
    canvas.setLineWidth(0.9)
    canvas.roundRect(x, TOP - height + 4, room, height, 3, stroke=1, fill=0)
    canvas.setFillColorRGB(*WARNING)
    draw(canvas, x + 8, TOP - 10, sheet.labels.specimen, BOLD, 10.5)
    for at, note in enumerate(notes):
        draw(canvas, x + 8, TOP - 21 - at * 10.4, note, SANS, 7.6)
    return TOP - height - 10


def _facts(
    canvas: Canvas, facts: tuple[tuple[str, str], ...], x: float, top: float, floor: float, room: float
) -> None:
    size = 10.2
    while True:
        small, gap = size * 0.74, size * 0.85
        laid = [(wrap(label, SANS, small, room), wrap(value, BOLD, size, room)) for label, value in facts]
        depth = sum(len(a) * small * 1.4 + len(b) * size * 1.34 + gap for a, b in laid)
        if depth <= top - floor or size <= 4:
            break
        size -= 0.4
    y = top
    for labels, values in laid:
        for texts, wanted, tall, leading, colour in (
            (labels, SANS, small, 1.4, SOFT),
            (values, BOLD, size, 1.34, INK),
        ):
            canvas.setFillColorRGB(*colour)
            for text in texts:
                y -= tall * leading
                draw(canvas, x, y + tall * 0.3, text, wanted, tall)
        y -= gap


def _code_lines(text: str, wanted: str, size: float, room: float) -> list[str]:
    """A code or address broken after a dash or a slash, so that each line can be typed as it stands."""
    lines, line = [], ""
    piece = ""
    for character in text:
        piece += character
        if character in "-/.":
            if width(line + piece, wanted, size) > room and line:
                lines.append(line)
                line = ""
            line, piece = line + piece, ""
    if width(line + piece, wanted, size) > room and line:
        lines.append(line)
        line = ""
    lines.append(line + piece)
    return [part for whole in lines for part in (wrap(whole, wanted, size, room) or [whole])]
