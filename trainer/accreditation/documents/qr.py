"""A QR symbol as one vector path: sharp at any size, and no image in the file."""

from collections.abc import Iterator

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
    code = canvas._code  # type: ignore[attr-defined]
    code.append(f"q 1 g {x:.2f} {y:.2f} {side:.2f} {side:.2f} re f 0 g")
    # From here on one unit is one module, counted from the upper left corner of the symbol.
    top = y + side - QUIET_ZONE * module
    code.append(f"{module:.5f} 0 0 {-module:.5f} {x + QUIET_ZONE * module:.5f} {top:.5f} cm")
    code.extend(
        f"{start} {down} {end - start} 1 re"
        for down, row in enumerate(rows)
        for start, end in _stretches(row)
    )
    code.append("f Q")


def _stretches(row: bytes) -> Iterator[tuple[int, int]]:
    """Where dark modules begin and end in a row."""
    at = row.find(1)
    while at >= 0:
        end = row.find(0, at)
        end = len(row) if end < 0 else end
        yield at, end
        at = row.find(1, end)
