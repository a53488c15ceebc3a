"""The registry book of a year on paper: A4 on its side, the head repeated on every page, the counts at the end.

Plain black on white with thin lines, so that it prints well anywhere. It is for the university's own files: who
wants the data takes the CSV.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas

from trainer.accreditation.documents.certificate import _one_at_a_time as one_at_a_time
from trainer.accreditation.documents.faces import BOLD, SANS, face
from trainer.accreditation.documents.typeset import Unprintable, draw, runs, width, wrap

WIDTH, HEIGHT = landscape(A4)
MARGIN = 34.0
ROOM = WIDTH - 2 * MARGIN
FLOOR = 46.0  # below it stands the page number
SIZE, LEADING, GAP = 7.2, 9.0, 6.0
UNKNOWN = "?"  # for a character that no face has; what was issued has none


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
    buffer = io.BytesIO()
    canvas: Any = Canvas(
        buffer,
        pagesize=(WIDTH, HEIGHT),
        initialFontName=SANS,  # type: ignore[arg-type]
        pdfVersion=(1, 7),
        lang=book.language,
    )
    canvas.setTitle(f"{book.title} – {book.university}")
    canvas.setAuthor(book.university)
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
    for number, page in enumerate(pages, start=1):
        y = _head(canvas, book, head, widths)
        for row in page:
            y = _row(canvas, row, widths, y)
        if number == len(pages):
            _counts(canvas, book, y)
        _foot(canvas, book, number, len(pages))
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def printable(text: str) -> str:
    """The text with a question mark for whatever no face can draw."""
    try:
        runs(text, SANS)
    except Unprintable:
        return "".join(one if _drawn(one) else UNKNOWN for one in text)
    return text


def _drawn(character: str) -> bool:
    if character == "\n":
        return True
    try:
        runs(character, SANS)
    except Unprintable:
        return False
    return True


def _widths(columns: Sequence[tuple[str, float]]) -> list[float]:
    whole = sum(share for _, share in columns)
    return [ROOM * share / whole for _, share in columns]


def _tall(row: Sequence[Sequence[str]]) -> float:
    return max((len(cell) for cell in row), default=1) * LEADING + 5.0


def _top() -> float:
    return HEIGHT - MARGIN - 40.0


def _pages(
    head: Sequence[Sequence[str]], rows: Sequence[Sequence[Sequence[str]]], counts: int
) -> list[list[Sequence[Sequence[str]]]]:
    """The rows by page: a row is never broken, and the counts stand together under the last one."""
    room = _top() - _tall(head) - FLOOR
    pages: list[list[Sequence[Sequence[str]]]] = [[]]
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


def _head(canvas: Any, book: Book, head: Sequence[Sequence[str]], widths: Sequence[float]) -> float:
    draw(canvas, MARGIN, HEIGHT - MARGIN - 10, printable(book.title), BOLD, 13)
    draw(canvas, MARGIN, HEIGHT - MARGIN - 25, printable(book.university), SANS, 9)
    y = _top()
    canvas.setLineWidth(0.9)
    canvas.line(MARGIN, y, WIDTH - MARGIN, y)
    tall = _tall(head)
    _cells(canvas, head, widths, y, BOLD)
    canvas.line(MARGIN, y - tall, WIDTH - MARGIN, y - tall)
    return y - tall


def _row(canvas: Any, row: Sequence[Sequence[str]], widths: Sequence[float], y: float) -> float:
    _cells(canvas, row, widths, y, SANS)
    canvas.setLineWidth(0.25)
    canvas.line(MARGIN, y - _tall(row), WIDTH - MARGIN, y - _tall(row))
    return y - _tall(row)


def _cells(canvas: Any, row: Sequence[Sequence[str]], widths: Sequence[float], y: float, wanted: str) -> None:
    x = MARGIN
    for cell, wide in zip(row, widths, strict=True):
        for at, line in enumerate(cell):
            draw(canvas, x, y - LEADING * (at + 1) + 1.0, line, wanted, SIZE)
        x += wide


def _counts(canvas: Any, book: Book, y: float) -> None:
    y -= 24.0
    draw(canvas, MARGIN, y, printable(book.counts_title), BOLD, 10)
    for label, value in book.counts:
        y -= 12.0
        draw(canvas, MARGIN, y, printable(label), SANS, 8.5)
        draw(canvas, MARGIN + 220.0, y, printable(value), BOLD, 8.5)


def _foot(canvas: Any, book: Book, number: int, pages: int) -> None:
    draw(canvas, MARGIN, 26.0, printable(book.made), SANS, 7.5)
    words = printable(book.page(number, pages))
    draw(canvas, WIDTH - MARGIN - width(words, SANS, 7.5), 26.0, words, SANS, 7.5)
