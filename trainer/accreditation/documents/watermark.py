"""The word across every page of a specimen."""

from trainer.core.pdf.faces import BOLD
from trainer.core.pdf.tagging import WATERMARK, TaggedCanvas
from trainer.core.pdf.typeset import draw, saying, width

_ROOM = 560.0


def watermark(canvas: TaggedCanvas, word: str, x: float, y: float) -> None:
    """Sets the word large and slanted around x, y, behind what is drawn next.

    To a reader of text it says nothing (an empty ActualText): its letters would otherwise stand between the
    lines. The word is also set in the head of the page, where it can be read and searched.
    """
    size = min(120.0, _ROOM / max(width(word, BOLD, 1000) / 1000, 0.1))
    canvas.saveState()
    canvas.translate(x, y)
    canvas.rotate(24)
    canvas.setFillColorRGB(0.955, 0.92, 0.91)
    with canvas.artifact(WATERMARK), saying(canvas, ""):
        draw(canvas, -width(word, BOLD, size) / 2, -size / 3, word, BOLD, size)
    canvas.restoreState()
