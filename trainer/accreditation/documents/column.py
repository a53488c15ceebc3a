"""The right-hand column of the certificate: what it is worth from the top, how to check it from the bottom."""

from trainer.accreditation.documents.qr import draw_qr
from trainer.accreditation.documents.sheet import Sheet
from trainer.core.pdf.faces import BOLD, SANS
from trainer.core.pdf.tagging import TaggedCanvas
from trainer.core.pdf.tints import INK, SOFT, WARNING, Colour, Tint
from trainer.core.pdf.typeset import draw, fit, width, wrap

COLUMN = 212.0  # points
_SYMBOL = 118.0  # side of the QR symbol, quiet zone included
_LEADING = 1.4
_GAP = 5.0 * _LEADING  # above the code, and above the serial number

_Line = tuple[str, str, float, Colour]  # text, face, size, colour


def draw_verification(
    canvas: TaggedCanvas, sheet: Sheet, accent: Tint, x: float, bottom: float, room: float
) -> None:
    """The symbol and, below it, the words and numbers that say how the document is checked."""
    verify, shown, code, serial = _verification(sheet, accent, room)
    y = _symbol_bottom(sheet, accent, bottom, room)
    says = sheet.labels.symbol % {"address": sheet.address}
    with canvas.content(canvas.add("Figure", says=says, box=(x, y, x + _SYMBOL, y + _SYMBOL))):
        draw_qr(canvas, sheet.address, x, y, _SYMBOL)
    box = (x, bottom - 2, x + room, y + _SYMBOL)
    y -= 12
    y = _paragraph(canvas, verify, x, y)
    link = canvas.add("Link", canvas.add("P"))
    with canvas.content(link):
        y = _draw(canvas, shown, x, y)
    canvas.link(link, sheet.address, sheet.labels.link % {"address": sheet.address}, box)
    for lines in (code, serial):
        y = _paragraph(canvas, lines, x, y - _GAP)


def _verification(sheet: Sheet, accent: Tint, room: float) -> tuple[list[_Line], ...]:
    """The four paragraphs below the symbol, broken into lines."""
    address = sheet.address.removeprefix("https://").removeprefix("http://")
    code_size, _ = fit(sheet.code, BOLD, (8.6, 8.2, 7.8, 7.4, 7.0), room, 1)

    def words(text: str, wanted: str, size: float, colour: Colour) -> list[_Line]:
        return [(line, wanted, size, colour) for line in wrap(text, wanted, size, room)]

    def typed(text: str, wanted: str, size: float) -> list[_Line]:
        return [(line, wanted, size, INK) for line in _code_lines(text, wanted, size, room)]

    return (
        words(sheet.labels.verify, BOLD, 8.6, accent.dark),
        typed(address.removesuffix("/" + sheet.code), SANS, 8.6),
        words(sheet.labels.code, SANS, 7.4, SOFT) + typed(sheet.code, BOLD, code_size),
        words(sheet.labels.serial, SANS, 7.4, SOFT) + words(sheet.serial, BOLD, 8.6, INK),
    )


def _symbol_bottom(sheet: Sheet, accent: Tint, bottom: float, room: float) -> float:
    depth = sum(size for part in _verification(sheet, accent, room) for _, _, size, _ in part) * _LEADING
    return bottom + depth + 2 * _GAP + 12


def _paragraph(canvas: TaggedCanvas, lines: list[_Line], x: float, y: float) -> float:
    with canvas.content(canvas.add("P")):
        return _draw(canvas, lines, x, y)


def _draw(canvas: TaggedCanvas, lines: list[_Line], x: float, y: float) -> float:
    for text, wanted, size, colour in lines:
        y -= size * _LEADING
        canvas.setFillColorRGB(*colour)
        draw(canvas, x, y + size * 0.3, text, wanted, size)
    return y


def draw_specimen_note(canvas: TaggedCanvas, sheet: Sheet, x: float, top: float, room: float) -> float:
    """Says in words that can be read aloud that the document is a specimen; returns where the facts may
    begin."""
    notes = wrap(sheet.labels.specimen_note, SANS, 7.6, room - 16)
    height = 22.0 + len(notes) * 10.4
    with canvas.artifact():
        canvas.setStrokeColorRGB(*WARNING)
        canvas.setLineWidth(0.9)
        canvas.roundRect(x, top - height + 4, room, height, 3, stroke=1, fill=0)
    with canvas.content(canvas.add("P")):
        canvas.setFillColorRGB(*WARNING)
        draw(canvas, x + 8, top - 10, sheet.labels.specimen, BOLD, 10.5)
        for at, note in enumerate(notes):
            draw(canvas, x + 8, top - 21 - at * 10.4, note, SANS, 7.6)
    return top - height - 10


def draw_facts(
    canvas: TaggedCanvas, sheet: Sheet, accent: Tint, x: float, top: float, bottom: float, room: float
) -> None:
    """The facts as a list of terms and what they are (ISO 32000-1, 14.8.4.3.3), as large as the room between
    `top` and the symbol allows."""
    if not sheet.facts:
        return
    floor = _symbol_bottom(sheet, accent, bottom, room) + _SYMBOL + 18
    size = 10.2
    while True:
        small, gap = size * 0.74, size * 0.85
        laid = [
            (wrap(label, SANS, small, room), wrap(value, BOLD, size, room)) for label, value in sheet.facts
        ]
        depth = sum(len(a) * small * 1.4 + len(b) * size * 1.34 + gap for a, b in laid)
        if depth <= top - floor or size <= 4:
            break
        size -= 0.4
    y = top
    facts = canvas.add("L")
    for labels, values in laid:
        fact = canvas.add("LI", facts)
        for kind, texts, wanted, tall, leading, colour in (
            ("Lbl", labels, SANS, small, 1.4, SOFT),
            ("LBody", values, BOLD, size, 1.34, INK),
        ):
            with canvas.content(canvas.add(kind, fact)):
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
