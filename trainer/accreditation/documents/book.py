"""The registry book of a year on paper: A4 on its side, the head repeated on every page, the counts at the end.

Plain black on white with thin lines, so that it prints well anywhere. It is made for the university's own files,
so it is fit for archives as the certificates are (PDF/A-3b, PDF/UA-1): one table, whose head is read once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reportlab.lib.pagesizes import A4, landscape

from trainer.core.pdf.archive import archive_entries
from trainer.core.pdf.faces import BOLD, SANS, face, one_at_a_time
from trainer.core.pdf.tagging import FOOTER, HEADER, LAYOUT, Element, TaggedCanvas
from trainer.core.pdf.typeset import draw, printable, width, wrap

WIDTH, HEIGHT = landscape(A4)
MARGIN = 34.0
ROOM = WIDTH - 2 * MARGIN
FLOOR = 46.0  # below it stands the page number
SIZE, LEADING, GAP = 7.2, 9.0, 6.0
Cell = Sequence[str]  # its lines


@dataclass(frozen=True)
class Book:
    """What the book says, in one language. `columns` are (label, share of the width); a cell may hold several
    lines. `counts` are (label, value). `page` says a page's number and how many there are."""

    language: str
    title: str
    university: str
    made: str
    columns: Sequence[tuple[str, float]]
    rows: Sequence[Sequence[str]]
    counts_title: str
    counts: Sequence[tuple[str, str]]
    page: Callable[[int, int], str]


def render_book(book: Book) -> bytes:
    """The PDF of a registry book."""
    with one_at_a_time:
        face(SANS)  # registered before the canvas names it
        return _render(book)


def _render(book: Book) -> bytes:
    canvas = TaggedCanvas((WIDTH, HEIGHT), SANS, book.language)
    canvas.setTitle(f"{book.title} – {book.university}")
    canvas.setAuthor(book.university)
    canvas.setSubject(book.title)
    canvas.setCreator("Trainer")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    widths = _widths(book.columns)
    head = [
        wrap(printable(label), BOLD, SIZE, wide - GAP)
        for (label, _), wide in zip(book.columns, widths, strict=True)
    ]
    rows = [
        [wrap(printable(cell), SANS, SIZE, wide - GAP) for cell, wide in zip(row, widths, strict=True)]
        for row in book.rows
    ]
    pages = _pages(head, rows, len(book.counts))
    _title(canvas, book)
    table = canvas.add("Table")
    for number, page in enumerate(pages, start=1):
        y = _head(canvas, book, head, widths, table if number == 1 else None)
        for row in page:
            y = _row(canvas, row, widths, y, table)
        if number == len(pages):
            _counts(canvas, book, y)
        _foot(canvas, book, number, len(pages))
        canvas.showPage()
    return canvas.finish(**archive_entries(canvas.document, book.language, None))


def _widths(columns: Sequence[tuple[str, float]]) -> list[float]:
    whole = sum(share for _, share in columns)
    return [ROOM * share / whole for _, share in columns]


def _tall(row: Sequence[Cell]) -> float:
    return max((len(cell) for cell in row), default=1) * LEADING + 5.0


def _top() -> float:
    return HEIGHT - MARGIN - 40.0


def _pages(head: Sequence[Cell], rows: Sequence[Sequence[Cell]], counts: int) -> list[list[Sequence[Cell]]]:
    """The rows by page: a row is never broken, and the counts stand together under the last one."""
    room = _top() - _tall(head) - FLOOR
    pages: list[list[Sequence[Cell]]] = [[]]
    left = room
    for row in rows:
        if _tall(row) > left and pages[-1]:
            pages.append([])
            left = room
        pages[-1].append(row)
        left -= _tall(row)
    if _counts_tall(counts) > left:
        pages.append([])
    return pages


def _counts_tall(counts: int) -> float:
    return 34.0 + counts * 12.0


def _title(canvas: TaggedCanvas, book: Book) -> None:
    with canvas.content(canvas.add("H1")):
        draw(canvas, MARGIN, HEIGHT - MARGIN - 10, printable(book.title), BOLD, 13)
    with canvas.content(canvas.add("P")):
        draw(canvas, MARGIN, HEIGHT - MARGIN - 25, printable(book.university), SANS, 9)


def _head(
    canvas: TaggedCanvas,
    book: Book,
    head: Sequence[Cell],
    widths: Sequence[float],
    table: Element | None,
) -> float:
    """The head of a page; `table` on the first, where it is read, and None where it only comes again."""
    y = _top()
    tall = _tall(head)
    if table is None:
        with canvas.artifact(HEADER):
            draw(canvas, MARGIN, HEIGHT - MARGIN - 10, printable(book.title), BOLD, 13)
            draw(canvas, MARGIN, HEIGHT - MARGIN - 25, printable(book.university), SANS, 9)
            x = MARGIN
            for cell, wide in zip(head, widths, strict=True):
                _lines(canvas, cell, x, y, BOLD)
                x += wide
    else:
        _cells(canvas, head, widths, y, canvas.add("TR", table), heads=len(head), scope="Column")
    with canvas.artifact(LAYOUT):
        canvas.setLineWidth(0.9)
        canvas.line(MARGIN, y, WIDTH - MARGIN, y)
        canvas.line(MARGIN, y - tall, WIDTH - MARGIN, y - tall)
    return y - tall


def _row(
    canvas: TaggedCanvas, row: Sequence[Cell], widths: Sequence[float], y: float, table: Element
) -> float:
    _cells(canvas, row, widths, y, canvas.add("TR", table), heads=1, scope="Row")
    with canvas.artifact(LAYOUT):
        canvas.setLineWidth(0.25)
        canvas.line(MARGIN, y - _tall(row), WIDTH - MARGIN, y - _tall(row))
    return y - _tall(row)


def _cells(
    canvas: TaggedCanvas,
    row: Sequence[Cell],
    widths: Sequence[float],
    y: float,
    line: Element,
    *,
    heads: int,
    scope: str,
) -> None:
    """One row; its first `heads` cells are headers of their row or column."""
    x = MARGIN
    for at, (cell, wide) in enumerate(zip(row, widths, strict=True)):
        element = canvas.add("TH" if at < heads else "TD", line)
        if at < heads:
            element.entries += f" /A <</O /Table /Scope /{scope}>>"
        if cell:
            with canvas.content(element):
                _lines(canvas, cell, x, y, BOLD if scope == "Column" else SANS)
        x += wide


def _lines(canvas: TaggedCanvas, cell: Cell, x: float, y: float, wanted: str) -> None:
    for at, line in enumerate(cell):
        draw(canvas, x, y - LEADING * (at + 1) + 1.0, line, wanted, SIZE)


def _counts(canvas: TaggedCanvas, book: Book, y: float) -> None:
    y -= 24.0
    with canvas.content(canvas.add("H2")):
        draw(canvas, MARGIN, y, printable(book.counts_title), BOLD, 10)
    table = canvas.add("Table")
    for label, value in book.counts:
        y -= 12.0
        line = canvas.add("TR", table)
        head = canvas.add("TH", line)
        head.entries += " /A <</O /Table /Scope /Row>>"
        with canvas.content(head):
            draw(canvas, MARGIN, y, printable(label), SANS, 8.5)
        with canvas.content(canvas.add("TD", line)):
            draw(canvas, MARGIN + 220.0, y, printable(value), BOLD, 8.5)


def _foot(canvas: TaggedCanvas, book: Book, number: int, pages: int) -> None:
    words = printable(book.page(number, pages))
    with canvas.artifact(FOOTER):
        draw(canvas, MARGIN, 26.0, printable(book.made), SANS, 7.5)
        draw(canvas, WIDTH - MARGIN - width(words, SANS, 7.5), 26.0, words, SANS, 7.5)
