"""The portfolio on paper: plain values, already in their language, to PDF bytes."""

from collections.abc import Callable
from dataclasses import dataclass

from trainer.core.pdf.flow import Flow, flowing
from trainer.core.pdf.tagging import TaggedCanvas
from trainer.core.pdf.tints import INK, SOFT, Colour

_ACCENT: Colour = (0.08, 0.33, 0.35)
_EMPTY: Colour = (0.93, 0.93, 0.92)
_STEP, _TALL, _BETWEEN = 34.0, 9.0, 3.0  # points


@dataclass(frozen=True)
class Ladder:
    """The scale as steps: how many, how many of them are reached, from which on it is passed, and which is the own view
    (both counted from 1). `words` say the same."""

    steps: int
    reached: int
    passing: int
    own: int | None
    words: str


@dataclass(frozen=True)
class Entry:
    """One competency: the level in words and as steps, and lines below (who assessed when, evidence)."""

    title: str
    level: str
    ladder: Ladder
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """A module with its competencies."""

    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Piece:
    """One piece of evidence, claim or appeal: a line in bold, lines below it, and words that somebody wrote."""

    title: str
    lines: tuple[str, ...] = ()
    words: str = ""


@dataclass(frozen=True)
class Portfolio:
    """Everything the document says. `lists` are (heading, pieces); empty ones leave no trace. `page` says a page's number."""

    language: str
    title: str
    name: str
    facts: tuple[tuple[str, str], ...]
    note: str
    key: str
    sections: tuple[Section, ...]
    lists: tuple[tuple[str, tuple[Piece, ...]], ...]
    made: str
    page: Callable[[int], str]


def render(portfolio: Portfolio) -> bytes:
    """The PDF of a portfolio."""

    def foot(number: int) -> tuple[str, str]:
        return portfolio.made, portfolio.page(number)

    def write(flow: Flow, canvas: TaggedCanvas) -> None:
        _cover(flow, portfolio)
        for section in portfolio.sections:
            _section(flow, canvas, section)
        for heading, pieces in portfolio.lists:
            if pieces:
                _list(flow, heading, pieces)

    return flowing(portfolio.language, f"{portfolio.title} – {portfolio.name}", portfolio.name, foot, write)


def _cover(flow: Flow, portfolio: Portfolio) -> None:
    flow.paragraph(portfolio.title, colour=_ACCENT, size=11.0, after=2.0)
    flow.heading(1, portfolio.name)
    flow.gap(4.0)
    for label, value in portfolio.facts:
        if value:
            flow.paragraph(f"{label}: {value}", size=10.5, after=1.0)
    flow.gap(6.0)
    flow.paragraph(portfolio.note, colour=SOFT, size=9.0)
    flow.paragraph(portfolio.key, colour=SOFT, size=9.0)
    flow.gap(6.0)
    flow.rule()


def _section(flow: Flow, canvas: TaggedCanvas, section: Section) -> None:
    flow.gap(4.0)
    # Its first competency stands with it.
    flow.room(90.0)
    flow.heading(2, section.title, _ACCENT)
    for entry in section.entries:
        flow.room(62.0 + 13.0 * min(len(entry.lines), 3))
        flow.heading(3, entry.title)
        with flow.figure(entry.ladder.words, _TALL, _wide(entry.ladder)) as (left, bottom):
            _steps(canvas, entry.ladder, left, bottom)
        flow.paragraph(entry.level, bold=True, after=1.0)
        if entry.lines:
            with flow.items():
                for line in entry.lines:
                    flow.item(line, colour=SOFT)
        flow.gap(7.0)


def _wide(ladder: Ladder) -> float:
    return ladder.steps * (_STEP + _BETWEEN) - _BETWEEN


def _steps(canvas: TaggedCanvas, ladder: Ladder, left: float, bottom: float) -> None:
    """Reached steps are full; from the passing one on the frame is thick; a ring is the own view."""
    for number in range(1, ladder.steps + 1):
        x = left + (number - 1) * (_STEP + _BETWEEN)
        full = number <= ladder.reached
        canvas.setFillColorRGB(*(_ACCENT if full else _EMPTY))
        canvas.setStrokeColorRGB(*_ACCENT)
        canvas.setLineWidth(1.3 if number >= ladder.passing else 0.4)
        canvas.rect(x, bottom, _STEP, _TALL, stroke=1, fill=1)
        if number == ladder.own:
            canvas.setFillColorRGB(1, 1, 1)
            canvas.setStrokeColorRGB(*INK)
            canvas.setLineWidth(1.2)
            canvas.circle(x + _STEP / 2, bottom + _TALL / 2, 2.6, stroke=1, fill=1)


def _list(flow: Flow, heading: str, pieces: tuple[Piece, ...]) -> None:
    flow.gap(6.0)
    flow.room(90.0)  # the line, the heading and what stands first below it
    flow.rule()
    flow.heading(2, heading, _ACCENT)
    for piece in pieces:
        flow.room(40.0)
        flow.paragraph(piece.title, bold=True, after=1.0)
        for line in piece.lines:
            flow.paragraph(line, colour=SOFT, size=8.5, after=0.5)
        flow.paragraph(piece.words)
        flow.gap(5.0)
