"""Text that flows down A4 pages, tagged as it goes: headings, paragraphs, lists, pictures of numbers.

A page ends where the next line has no room; a heading is never left alone at the foot of one.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from reportlab.lib.pagesizes import A4

from trainer.core.pdf.archive import archive_entries
from trainer.core.pdf.faces import BOLD, SANS, face, one_at_a_time
from trainer.core.pdf.tagging import FOOTER, LAYOUT, Box, Element, TaggedCanvas
from trainer.core.pdf.tints import INK, SOFT, Colour
from trainer.core.pdf.typeset import draw, printable, width, wrap

WIDTH, HEIGHT = A4
MARGIN = 56.0  # points
FLOOR = 64.0  # below it stands the foot of the page
_HEADINGS = {1: (20.0, 25.0), 2: (13.5, 18.0), 3: (10.5, 14.0)}  # size and leading by level
_KEPT = 40.0  # points that have to be left below a heading
SIZE, LEADING = 9.5, 13.0


class Flow:
    """The pages of one document, from the top of the first. Nothing of a text is read as mark-up."""

    def __init__(self, canvas: TaggedCanvas, foot: Callable[[int], tuple[str, str]]) -> None:
        self._canvas, self._foot = canvas, foot
        self._number = 1
        self._parents: list[Element | None] = [None]
        self.y = HEIGHT - MARGIN

    def room(self, tall: float) -> None:
        """Begins a new page unless `tall` points are left on this one."""
        if self.y - tall < FLOOR:
            self.turn()

    def turn(self) -> None:
        """Ends the page, with its foot."""
        left, right = (printable(words) for words in self._foot(self._number))
        with self._canvas.artifact(FOOTER):
            self._canvas.setFillColorRGB(*SOFT)
            draw(self._canvas, MARGIN, 34.0, left, SANS, 7.5)
            draw(self._canvas, WIDTH - MARGIN - width(right, SANS, 7.5), 34.0, right, SANS, 7.5)
        self._canvas.showPage()
        self._number += 1
        self.y = HEIGHT - MARGIN

    def gap(self, tall: float) -> None:
        """White space, in points."""
        self.y -= tall

    def heading(self, level: int, words: str, colour: Colour = INK) -> None:
        """A heading of level 1 to 3."""
        size, leading = _HEADINGS[level]
        lines = wrap(printable(words, BOLD), BOLD, size, WIDTH - 2 * MARGIN)
        self.room(leading * len(lines) + _KEPT)
        self._set(self._canvas.add(f"H{level}"), lines, BOLD, size, leading, colour, 0.0)
        self.gap(2.0)

    def paragraph(
        self,
        words: str,
        *,
        bold: bool = False,
        colour: Colour = INK,
        size: float = SIZE,
        indent: float = 0.0,
        after: float = 3.0,
    ) -> None:
        """A paragraph; its own line breaks stay. Empty words leave no trace."""
        wanted = BOLD if bold else SANS
        lines = wrap(printable(words, wanted), wanted, size, WIDTH - 2 * MARGIN - indent)
        if lines:
            element = self._canvas.add("P", self._parents[-1])
            self._set(element, lines, wanted, size, size * LEADING / SIZE, colour, indent)
            self.gap(after)

    @contextmanager
    def items(self) -> Iterator[None]:
        """A list; each `item` inside belongs to it."""
        self._parents.append(self._canvas.add("L", self._parents[-1]))
        yield
        self._parents.pop()

    def item(self, words: str, *, colour: Colour = INK, indent: float = 0.0) -> None:
        """One entry of a list."""
        lines = wrap(printable(words), SANS, SIZE, WIDTH - 2 * MARGIN - indent - 12.0)
        if not lines:
            return
        entry = self._canvas.add("LI", self._parents[-1])
        self.room(LEADING)
        with self._canvas.content(self._canvas.add("Lbl", entry)):
            self._canvas.setFillColorRGB(*SOFT)
            draw(self._canvas, MARGIN + indent, self.y - SIZE, "–", SANS, SIZE)
        body = self._canvas.add("LBody", entry)
        self._set(body, lines, SANS, SIZE, LEADING, colour, indent + 12.0)
        self.gap(1.0)

    @contextmanager
    def figure(self, says: str, tall: float, wide: float) -> Iterator[tuple[float, float]]:
        """A drawing `wide` by `tall` points; gives its lower left corner. `says` is what it tells who cannot see it."""
        self.room(tall)
        left, bottom = MARGIN, self.y - tall
        box: Box = (left, bottom, left + wide, self.y)
        with self._canvas.content(
            self._canvas.add("Figure", self._parents[-1], says=printable(says), box=box)
        ):
            yield left, bottom
        self.y = bottom - 3.0

    def rule(self) -> None:
        """A thin line across."""
        with self._canvas.artifact(LAYOUT):
            self._canvas.setStrokeColorRGB(0.75, 0.75, 0.75)
            self._canvas.setLineWidth(0.5)
            self._canvas.line(MARGIN, self.y, WIDTH - MARGIN, self.y)
        self.gap(8.0)

    def _set(
        self,
        element: Element,
        lines: list[str],
        wanted: str,
        size: float,
        leading: float,
        colour: Colour,
        indent: float,
    ) -> None:
        for line in lines:
            self.room(leading)
            with self._canvas.content(element):
                self._canvas.setFillColorRGB(*colour)
                draw(self._canvas, MARGIN + indent, self.y - size, line, wanted, size)
            self.y -= leading


def flowing(
    language: str,
    title: str,
    author: str,
    foot: Callable[[int], tuple[str, str]],
    write: Callable[[Flow, TaggedCanvas], None],
) -> bytes:
    """The PDF (A-3b, UA-1) that `write` fills. `foot` gives what stands left and right under page N."""
    with one_at_a_time:
        face(SANS)  # registered before the canvas names it
        canvas = TaggedCanvas(A4, SANS, language)
        canvas.setTitle(title)
        canvas.setAuthor(author)
        canvas.setSubject(title)
        canvas.setCreator("Trainer")
        canvas.setViewerPreference("DisplayDocTitle", "true")
        flow = Flow(canvas, foot)
        write(flow, canvas)
        flow.turn()
        return canvas.finish(**archive_entries(canvas.document, language, None))
