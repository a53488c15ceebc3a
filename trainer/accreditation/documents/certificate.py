"""The certificate as a PDF: A4 on its side, what was earned on the left, how to check it in a tinted column
on the right.

Everything on the first page is measured before anything is drawn. When it does not fit, type and gaps
shrink together in small steps, so that nothing ever overlaps. The second page, when there are modules to
list, flows in two columns.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reportlab.lib.pagesizes import A4, landscape

from trainer.accreditation.documents.column import COLUMN, draw_facts, draw_specimen_note, draw_verification
from trainer.accreditation.documents.logos import draw_logo, logo_size
from trainer.accreditation.documents.names import language_of
from trainer.accreditation.documents.sheet import Logo, Sheet
from trainer.accreditation.documents.supplement import draw_supplement
from trainer.accreditation.documents.watermark import watermark
from trainer.core.pdf.archive import Attachment, archive_entries
from trainer.core.pdf.faces import BOLD, SANS, SERIF, face, one_at_a_time
from trainer.core.pdf.tagging import BACKGROUND, Box, TaggedCanvas
from trainer.core.pdf.tints import INK, SOFT, Colour, Tint, tint
from trainer.core.pdf.typeset import draw, fit, reads_backwards, saying, wrap

PAGE = landscape(A4)
WIDTH, HEIGHT = PAGE
BAND = 14.0  # the accent along the left edge
LEFT = 58.0
RIGHT = WIDTH - COLUMN - 44.0
ROOM = RIGHT - LEFT
TOP = HEIGHT - 44.0
BOTTOM = 40.0
NAME_SIZES = (34.0, 32.0, 30.0, 28.0, 26.0, 24.0, 22.0, 20.0)

MOST_SIGNATORIES = 4
FIELD_HEIGHT = 38.0


@dataclass(frozen=True)
class _Block:
    """A piece of the left column: its height in points, and how to draw it with its top at y."""

    height: float
    paint: Callable[[float], None]


def render(
    sheet: Sheet,
    logo: Logo | None = None,
    *,
    attachment: Attachment | None = None,
    places: Sequence[int] = (),
) -> bytes:
    """The PDF of a certificate: PDF/A-3 level B and PDF/UA-1, with `attachment` inside as its data.

    `places` are the signatories who sign digitally, counted from 1: each gets an empty signature field
    called Signature1, Signature2 and so on over the line to sign on; one that the sheet does not name gets a
    field that is not seen. Raises Unprintable when a text holds a character that no face has.
    """
    with one_at_a_time:
        face(SANS)  # registered before the canvas names it
        canvas = TaggedCanvas(PAGE, SANS, sheet.language)
        canvas.setTitle(f"{sheet.title} {sheet.serial}")
        canvas.setAuthor(sheet.university)
        canvas.setSubject(sheet.title)
        # Plain in the file, so that a changed copy can still be told for a copy of one of ours.
        canvas.setKeywords(f"{sheet.serial} {sheet.code}")
        canvas.setCreator("Trainer")
        canvas.setViewerPreference("DisplayDocTitle", "true")
        accent = tint(sheet.accent)
        _first_page(canvas, sheet, logo, accent, places)
        canvas.showPage()
        if sheet.parts:
            draw_supplement(canvas, PAGE, sheet, accent)
        return canvas.finish(**archive_entries(canvas.document, sheet.language, attachment))


def _first_page(
    canvas: TaggedCanvas, sheet: Sheet, logo: Logo | None, accent: Tint, places: Sequence[int]
) -> None:
    with canvas.artifact(BACKGROUND):
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
        foot = _foot(canvas, sheet, scale, places)
        spare = TOP - BOTTOM - head.height - main.height - foot.height
        if spare >= 36 * scale or scale <= 0.4:
            break
        scale -= 0.04
    # In the order in which it is to be read: whoever hears it is told first when it is only a specimen.
    x, room = WIDTH - COLUMN + 26, COLUMN - 52
    top = draw_specimen_note(canvas, sheet, x, TOP, room) if sheet.labels.specimen else TOP
    head.paint(TOP)
    # The words stand a little above the middle of what is left between head and foot.
    main.paint(TOP - head.height - max(spare * 0.42, 12 * scale))
    draw_facts(canvas, sheet, accent, x, top, BOTTOM, room)
    foot.paint(BOTTOM + foot.height)
    draw_verification(canvas, sheet, accent, x, BOTTOM, room)


def _lines(
    canvas: TaggedCanvas,
    lines: list[str],
    wanted: str,
    size: float,
    leading: float,
    colour: Colour,
    kind: str = "P",
    language: str = "",
) -> _Block:
    def paint(y: float) -> None:
        with canvas.content(canvas.add(kind, language=language)):
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


def _head(canvas: TaggedCanvas, sheet: Sheet, logo: Logo | None, accent: Tint, scale: float) -> _Block:
    tall = wide = 0.0
    if logo is not None:
        pixels_wide, pixels_tall = logo_size(logo)
        factor = min(150.0 / pixels_wide, 54.0 / pixels_tall)
        wide, tall = pixels_wide * factor, pixels_tall * factor
    indent = wide + 16 if logo is not None else 0.0
    sizes = [step * scale for step in (17.0, 15.0, 13.0)]
    size, lines = fit(sheet.university, SERIF, sizes, ROOM - indent, 2)
    words = len(lines) * size * 1.3
    height = max(tall, words)

    def paint(y: float) -> None:
        if logo is not None:
            low = y - (height + tall) / 2
            says = sheet.labels.logo % {"university": sheet.university}
            figure = canvas.add("Figure", says=says, box=(LEFT, low, LEFT + wide, low + tall))
            with canvas.content(figure):
                draw_logo(canvas, logo, LEFT, low, wide, tall)
        first = y - (height - words) / 2 - size * 1.02
        with canvas.content(canvas.add("P")):
            canvas.setFillColorRGB(*accent.dark)
            for at, line in enumerate(lines):
                draw(canvas, LEFT + indent, first - at * size * 1.3, line, SERIF, size)

    return _Block(height, paint)


def _main(canvas: TaggedCanvas, sheet: Sheet, accent: Tint, scale: float) -> _Block:
    text = 12.0 * scale
    title_size, title = fit(sheet.title, SERIF, [step * scale for step in (27.0, 24.0, 21.0)], ROOM, 2)
    name_size, name = fit(sheet.name, SERIF, [step * scale for step in NAME_SIZES], ROOM, 2)
    blocks = [
        (_lines(canvas, title, SERIF, title_size, title_size * 1.25, accent.dark, "H1"), 13 * scale),
        (_rule(canvas, accent), 15 * scale),
        (_paragraph(canvas, sheet.lead, SANS, text, INK), 9 * scale),
        (_name(canvas, sheet.name, name, name_size), 14 * scale),
    ]
    blocks += [(_paragraph(canvas, one, SANS, text, INK), 8 * scale) for one in sheet.body[:-1]]
    blocks += [(_paragraph(canvas, one, SANS, text, INK), 15 * scale) for one in sheet.body[-1:]]
    blocks.append((_paragraph(canvas, sheet.closing, SANS, text * 0.84, SOFT), 8 * scale))
    return _stack(blocks)


def _name(canvas: TaggedCanvas, name: str, lines: list[str], size: float) -> _Block:
    """The name; one that takes several lines is still one text to search for and to copy."""
    whole = len(lines) == 1 or reads_backwards(name)
    language = language_of(name)
    block = _lines(canvas, lines, SERIF, size, size * 1.28, INK, "P", language)
    if whole:
        return block

    def paint(y: float) -> None:
        with canvas.content(canvas.add("P", language=language)), saying(canvas, name):
            canvas.setFillColorRGB(*INK)
            for at, line in enumerate(lines):
                draw(canvas, LEFT, y - size - at * size * 1.28, line, SERIF, size)

    return _Block(block.height, paint)


def _paragraph(canvas: TaggedCanvas, text: str, wanted: str, size: float, colour: Colour) -> _Block:
    return _lines(canvas, wrap(text, wanted, size, ROOM), wanted, size, size * 1.5, colour)


def _rule(canvas: TaggedCanvas, accent: Tint) -> _Block:
    def paint(y: float) -> None:
        with canvas.artifact():
            canvas.setFillColorRGB(*accent.colour)
            canvas.rect(LEFT, y - 2.4, 54, 2.4, stroke=0, fill=1)

    return _Block(2.4, paint)


def _foot(canvas: TaggedCanvas, sheet: Sheet, scale: float, places: Sequence[int]) -> _Block:
    """Place and date, then a line to sign on for each signatory (up to four beside one another)."""
    size = 10.5 * scale
    dated = _paragraph(canvas, sheet.place_and_date, SANS, size, INK)
    shown = sheet.signatories[:MOST_SIGNATORIES]
    gap = 22.0
    room = min((ROOM - gap * (len(shown) - 1)) / len(shown), 200.0) if shown else 0.0
    small = 8.6 * scale
    columns = [(wrap(one.name, BOLD, small, room), wrap(one.position, SANS, small, room)) for one in shown]
    deepest = max((len(names) + len(positions) for names, positions in columns), default=0)
    # The height that a signature takes: by hand whatever is left, digitally what can still be read.
    pen = FIELD_HEIGHT + 7 if places else 30.0 * scale
    height = dated.height + (pen + 5 + deepest * small * 1.38 if shown else 0.0)

    def paint(y: float) -> None:
        dated.paint(y)
        line = y - dated.height - pen
        for at, (names, positions) in enumerate(columns):
            x = LEFT + at * (room + gap)
            with canvas.artifact():
                canvas.setStrokeColorRGB(*SOFT)
                canvas.setLineWidth(0.6)
                canvas.line(x, line, x + room, line)
            if at + 1 in places:
                _field(canvas, sheet, at + 1, (x, line + 1, x + room, line + 1 + FIELD_HEIGHT))
            baseline = line - 5 - small
            for texts, wanted, colour in ((names, BOLD, INK), (positions, SANS, SOFT)):
                if not texts:
                    continue
                with canvas.content(canvas.add("P")):
                    canvas.setFillColorRGB(*colour)
                    for text in texts:
                        draw(canvas, x, baseline, text, wanted, small)
                        baseline -= small * 1.38
        for place in places:
            if place > len(shown):
                _field(canvas, sheet, place, (0, 0, 0, 0))

    return _Block(height, paint)


def _field(canvas: TaggedCanvas, sheet: Sheet, place: int, box: Box) -> None:
    if place <= len(sheet.signatories):
        one = sheet.signatories[place - 1]
        who = {"name": one.name, "position": one.position}
    else:
        who = {"name": sheet.university, "position": sheet.place_and_date}
    says = sheet.labels.signature % who
    canvas.signature_field(canvas.add("Form", says=says), f"Signature{place}", says, box)
