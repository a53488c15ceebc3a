"""PDF objects written as bytes, beside those that reportlab makes, and the file that they all go into.

reportlab has no objects for structure, output intents or attached files, and what it writes around a stream
is not what an archive asks for (ISO 19005-3, 6.1.7.1: a line ends before `endstream`).
"""

from typing import Any

from reportlab.pdfbase.pdfdoc import PDFObject

_HEAD = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


class Raw(PDFObject):
    """An object whose bytes we write ourselves."""

    __RefOnly__ = 1

    def __init__(self, body: bytes = b"") -> None:
        self.body = body

    def format(self, document: Any) -> bytes:
        return self.body


def put(document: Any, body: bytes | Raw = b"") -> int:
    """Adds an object to a reportlab document; returns its number, under which others refer to it."""
    held = document.Reference(body if isinstance(body, Raw) else Raw(body))
    return number_of(document, held.name)


def number_of(document: Any, name: str) -> int:
    """The number of the object that reportlab knows by this name."""
    return int(document.idToObjectNumberAndVersion[name][0])


def stream(entries: str, data: bytes) -> bytes:
    """A stream object: the entries of its dictionary but for the length, and its data as they stand."""
    return b"<<%s /Length %d>>\nstream\n%s\nendstream\n" % (entries.encode("latin-1"), len(data), data)


def text(value: str) -> str:
    """A text string as it stands in a PDF file."""
    if value.isascii() and value.isprintable():
        return "(" + value.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)") + ")"
    return f"<FEFF{value.encode('utf-16-be').hex().upper()}>"


def name(value: str) -> str:
    """A name object: what is no plain letter or digit is written by its number."""
    return "/" + "".join(
        chr(one) if (chr(one).isascii() and chr(one).isalnum()) or one in b"-_.+" else f"#{one:02X}"
        for one in value.encode()
    )


def written(document: Any) -> bytes:
    """The whole file, with a plain cross-reference table, from a reportlab document whose pages are drawn."""
    for font in document.delayedFonts:
        font.addObjects(document)
    document.info.invariant = document.invariant
    document.info.digest(document.signature)
    document.Catalog.Outlines = None
    root, info = document.Reference(document.Catalog), document.Reference(document.info)
    parts, places, at = [_HEAD], [b"0000000000 65535 f \n"], len(_HEAD)
    number = 1
    while number in document.numberToId:  # objects may be added while others are written
        body = document.idToObject[document.numberToId[number]].format(document)
        if body.endswith(b"endstream\n") and body[-11:-10] != b"\n":
            body = body[:-10] + b"\nendstream\n"
        whole = b"%d 0 obj\n%s%sendobj\n" % (number, body, b"" if body.endswith(b"\n") else b"\n")
        parts.append(whole)
        places.append(b"%010d 00000 n \n" % at)
        at += len(whole)
        number += 1
    identity = document.signature.hexdigest().upper().encode()
    parts.append(b"xref\n0 %d\n%s" % (number, b"".join(places)))
    parts.append(
        b"trailer\n<</Size %d /Root %s /Info %s /ID [<%s> <%s>]>>\nstartxref\n%d\n%%%%EOF\n"
        % (number, root.format(document), info.format(document), identity, identity, at)
    )
    return b"".join(parts)
