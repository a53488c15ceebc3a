"""A canvas on which every mark belongs to a structure element or is an artifact (ISO 14289-1, 7.1).

Elements are made in the order in which they are to be read. `canvas.add` makes one, `canvas.content` says that
what is drawn inside belongs to it; `canvas.artifact` is for what nobody should hear.
"""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from reportlab.pdfbase.pdfdoc import PDFName
from reportlab.pdfgen.canvas import Canvas

from trainer.core.pdf.objects import Raw, number_of, put, stream, text, written

Box = tuple[float, float, float, float]  # left, bottom, right, top, in points

LAYOUT = "/Type /Layout"
BACKGROUND = "/Type /Background"
HEADER = "/Type /Pagination /Subtype /Header"
FOOTER = "/Type /Pagination /Subtype /Footer"
WATERMARK = "/Type /Pagination /Subtype /Watermark"
PRINTED_AND_LOCKED = 132  # annotation flags: bits 3 and 8
PRINTED = 4


@dataclass(eq=False)
class Element:
    """One element of the structure tree. `kids` are elements, (page, mark) and the numbers of annotations."""

    kind: str
    entries: str
    parent: "Element | None"
    page: int = -1  # of its first own content
    kids: list["Element | tuple[int, int] | int"] = field(default_factory=list)
    raw: Raw = field(default_factory=Raw)
    number: int = 0


class TaggedCanvas(Canvas):
    """A reportlab canvas with a structure tree, in one language."""

    def __init__(self, page: tuple[float, float], font: str, language: str) -> None:
        super().__init__(
            "",
            pagesize=page,
            initialFontName=font,  # type: ignore[arg-type]
            pdfVersion=(1, 7),
            lang=language,
        )
        self.document: Any = self._doc  # type: ignore[attr-defined]
        self.root = Element("Document", f" /Lang {text(language)}", None)
        self._page = 0
        self._marks: list[list[Element]] = [[]]
        self._annotations: list[_Annotation] = []
        self._fields: list[int] = []

    def add(
        self,
        kind: str,
        parent: Element | None = None,
        *,
        language: str = "",
        says: str = "",
        box: Box | None = None,
    ) -> Element:
        """A new element, read after those made before it.

        `says` is what stands for its content to who cannot see it; `box` is the place of a picture.
        """
        entries = ""
        if language:
            entries += f" /Lang {text(language)}"
        if says:
            entries += f" /Alt {text(says)}"
        if box:
            entries += f" /A <</O /Layout /Placement /Block /BBox {_box(box)}>>"
        made = Element(kind, entries, parent or self.root)
        (parent or self.root).kids.append(made)
        return made

    @contextmanager
    def content(self, element: Element) -> Iterator[None]:
        """What is drawn inside belongs to `element`; more than once when it goes on elsewhere."""
        marks = self._marks[self._page]
        if element.page < 0:
            element.page = self._page
        element.kids.append((self._page, len(marks)))
        self._code.append(f"/{element.kind} <</MCID {len(marks)}>> BDC")  # type: ignore[attr-defined]
        marks.append(element)
        yield
        self._code.append("EMC")  # type: ignore[attr-defined]

    @contextmanager
    def artifact(self, kind: str = LAYOUT) -> Iterator[None]:
        """What is drawn inside is there for the eye alone."""
        self._code.append(f"/Artifact <<{kind}>> BDC")  # type: ignore[attr-defined]
        yield
        self._code.append("EMC")  # type: ignore[attr-defined]

    def picture(self, raw: Raw, box: Box) -> None:
        """Draws an image object into a box; one a document."""
        left, bottom, right, top = box
        self.document.addForm("Picture", raw)
        self._formsinuse.append("Picture")  # type: ignore[attr-defined]
        self._code.append(  # type: ignore[attr-defined]
            f"q {right - left:.2f} 0 0 {top - bottom:.2f} {left:.2f} {bottom:.2f} cm /FormXob.Picture Do Q"
        )

    def link(self, element: Element, address: str, says: str, box: Box) -> None:
        """Makes a place on the page lead to `address`, as part of `element`."""
        self._annotate(
            element,
            f"/Subtype /Link /Border [0 0 0] /F {PRINTED} /Contents {text(says)} "
            f"/A <</S /URI /URI {text(address)}>>",
            box,
        )

    def signature_field(self, element: Element, called: str, says: str, box: Box) -> None:
        """An empty signature field over a place on the page. It looks like nothing until somebody signs."""
        left, bottom, right, top = box
        blank = put(
            self.document,
            b"<</Type /XObject /Subtype /Form /BBox [0 0 %.2f %.2f] /Length 0>>\nstream\n\nendstream\n"
            % (right - left, top - bottom),
        )
        self._fields.append(
            self._annotate(
                element,
                f"/Subtype /Widget /FT /Sig /T {text(called)} /TU {text(says)} /F {PRINTED_AND_LOCKED} "
                f"/AP <</N {blank} 0 R>>",
                box,
            )
        )

    def _annotate(self, element: Element, entries: str, box: Box) -> int:
        raw = Raw()
        self._addAnnotation(raw)  # type: ignore[attr-defined]
        number = number_of(self.document, raw.__InternalName__)  # type: ignore[attr-defined]
        if element.page < 0:
            element.page = self._page
        element.kids.append(number)
        self._annotations.append(_Annotation(raw, f"{entries} /Rect {_box(box)}", element, self._page))
        return number

    def showPage(self) -> None:
        super().showPage()
        page = self.document.Pages.pages[-1]
        page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
        page.StructParents, page.Tabs = self._page, PDFName("S")
        # As reportlab would, but not spelt out in letters once more (ASCII85), which takes longer than the rest.
        page.Contents = Raw(stream("/Filter /FlateDecode", zlib.compress(page.stream.encode("latin-1"))))
        self._page += 1
        self._marks.append([])

    def finish(self, **catalog: bytes) -> bytes:
        """The file, all pages closed. `catalog` holds further entries of the document catalog, as PDF."""
        entries = {"MarkInfo": b"<</Marked true>>", **catalog}
        entries["StructTreeRoot"] = b"%d 0 R" % self._write_tree()
        if self._fields:
            fields = b" ".join(b"%d 0 R" % one for one in self._fields)
            entries["AcroForm"] = b"%d 0 R" % put(self.document, b"<</Fields [%s]>>" % fields)
        top = self.document.Catalog
        top.__NoDefault__ = [*top.__NoDefault__, "OutputIntents", "AF"]
        for key, value in entries.items():
            setattr(top, key, value)
        return written(self.document)

    def _write_tree(self) -> int:
        pages = [number_of(self.document, f"Page{at}") for at in range(1, self._page + 1)]
        tree = Raw()
        tree_number = put(self.document, tree)
        elements = list(_walk(self.root))
        for one in elements:
            one.number = put(self.document, one.raw)
        for one in elements:
            one.raw.body = _element(one, pages, tree_number)
        # Pages and annotations share the keys of the parent tree.
        numbers = [
            b"%d [%s]" % (at, b" ".join(b"%d 0 R" % one.number for one in self._marks[at]))
            for at in range(len(pages))
        ]
        for key, note in enumerate(self._annotations, start=len(pages)):
            note.raw.body = (
                f"<</Type /Annot /P {pages[note.page]} 0 R /StructParent {key} {note.entries}>>".encode(
                    "latin-1"
                )
            )
            numbers.append(b"%d %d 0 R" % (key, note.element.number))
        tree.body = (
            b"<</Type /StructTreeRoot /K %d 0 R /ParentTree <</Nums [%s]>> /ParentTreeNextKey %d>>"
            % (
                self.root.number,
                b" ".join(numbers),
                len(numbers),
            )
        )
        return tree_number


@dataclass(frozen=True)
class _Annotation:
    raw: Raw
    entries: str
    element: Element
    page: int


def _walk(element: Element) -> Iterator[Element]:
    yield element
    for kid in element.kids:
        if isinstance(kid, Element):
            yield from _walk(kid)


def _element(one: Element, pages: list[int], tree: int) -> bytes:
    kids = []
    for kid in one.kids:
        if isinstance(kid, Element):
            kids.append(f"{kid.number} 0 R")
        elif isinstance(kid, int):
            kids.append(f"<</Type /OBJR /Obj {kid} 0 R /Pg {pages[one.page]} 0 R>>")
        elif kid[0] == one.page:
            kids.append(str(kid[1]))
        else:
            kids.append(f"<</Type /MCR /Pg {pages[kid[0]]} 0 R /MCID {kid[1]}>>")
    above = one.parent.number if one.parent else tree
    page = f" /Pg {pages[one.page]} 0 R" if one.page >= 0 else ""
    # A field stands alone, without a list around it: only so does pyHanko see that a signature in it changes
    # nothing else of the tags.
    inner = kids[0] if one.kind == "Form" and len(kids) == 1 else f"[{' '.join(kids)}]"
    return f"<</S /{one.kind} /P {above} 0 R{page}{one.entries} /K {inner}>>".encode("latin-1")


def _box(box: Box) -> str:
    return "[" + " ".join(f"{part:.2f}" for part in box) + "]"
