"""A page of a document as a picture, for looking at before anything is issued."""

import io
import threading

import pypdfium2

DOTS = 110  # an inch: a page fills most of a screen, and small print can still be read
_one_at_a_time = threading.Lock()  # PDFium is not made for threads


def page_picture(pdf: bytes, page: int = 1, dots: int = DOTS) -> bytes:
    """Page `page` (from 1; the last one when there are fewer) as PNG, `dots` to the inch."""
    with _one_at_a_time:
        document = pypdfium2.PdfDocument(pdf)
        try:
            at = min(max(page, 1), len(document)) - 1
            picture = document[at].render(scale=dots / 72).to_pil()
        finally:
            document.close()
    out = io.BytesIO()
    # Few colours and a quick squeeze: it is looked at once and thrown away.
    picture.convert("RGB").save(out, "PNG", compress_level=3)
    return out.getvalue()
