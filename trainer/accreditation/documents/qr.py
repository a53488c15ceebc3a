"""A QR symbol as one vector path: sharp at any size, and no image in the file."""

import segno
from reportlab.pdfgen.canvas import Canvas

QUIET_ZONE = 4  # modules, as ISO/IEC 18004 asks


def draw_qr(canvas: Canvas, address: str, x: float, y: float, side: float) -> None:
    """Draws `address` in a white square of `side` points with its lower left corner at x, y, quiet zone
    included.

    The mask is fixed: any of the eight is valid to a reader, and trying them all is two thirds of a page's
    cost.
    """
    symbol = segno.make_qr(address, error="m", mask=4)
    rows = [bytes(row) for row in symbol.matrix]
    module = side / (len(rows) + 2 * QUIET_ZONE)
    canvas.saveState()
    canvas.setFillColorRGB(1, 1, 1)
    canvas.rect(x, y, side, side, stroke=0, fill=1)
    canvas.setFillColorRGB(0, 0, 0)
    path = canvas.beginPath()
    top = y + side - QUIET_ZONE * module
    for down, row in enumerate(rows):
        start = None
        for across, dark in enumerate((*row, 0)):
            if dark and start is None:
                start = across
            elif not dark and start is not None:
                left = x + (QUIET_ZONE + start) * module
                path.rect(left, top - (down + 1) * module, (across - start) * module, module)
                start = None
    canvas.drawPath(path, stroke=0, fill=1)
    canvas.restoreState()
