"""Looking into a file that a stranger handed in: what it carries, and how it differs from the one issued.

The file may be broken or made to do harm. So nothing is unpacked beyond a bound, nothing is run or fetched, and
whatever cannot be read is said to be unreadable; no exception leaves this module.
"""

from __future__ import annotations

import hashlib
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Any

import pikepdf

# What one stream, and all of a file, may come to when it is unpacked: ours stay far below; a bomb does not.
MOST_UNPACKED = 32 * 2**20
# qpdf keeps to the same bound wherever it is used in this process; more than three filters are nobody's honest need.
pikepdf.settings.set_qpdf_limits(
    flate_max_memory=MOST_UNPACKED,
    run_length_max_memory=MOST_UNPACKED,
    png_max_memory=MOST_UNPACKED,
    tiff_max_memory=MOST_UNPACKED,
    max_stream_filters=3,
)

_MOST_STREAMS = 1000
_PIECE = 2**14
_MOST_PAGES = 20
_MOST_OBJECTS = 20_000

_STREAM = re.compile(rb"stream\r?\n")
_HEX = re.compile(rb"<([0-9A-Fa-f\s]{40,4000})>")
# The name of a filter, or of the entry that names it, written so that it is overlooked.
_SPELT_ODDLY = re.compile(rb"/(?:F[A-Za-z]{0,12}#[0-9A-Fa-f]{2}|#46)")
# How our streams are packed, and what signatures call the program that they are for.
_PLAIN_FILTER = re.compile(
    rb"/Filter\s*(?:/(?:FlateDecode|DCTDecode|Adobe\.PPKLite)|\[\s*/(?:FlateDecode|DCTDecode)\s*\])\s*(?=/|>>)"
    rb"|/SubFilter\s*/(?:ETSI|adbe)\.[A-Za-z0-9.]{1,30}\s*(?=/|>>)"
)


class Difference(StrEnum):
    """How a file differs from the one issued."""

    ADDED = "added"  # the issued file whole, and more after it
    CUT = "cut"  # the issued file without its end
    PAGES = "pages"  # what is on the pages is otherwise
    ELSEWHERE = "elsewhere"  # some bytes are otherwise, none of them on the pages
    SAVED_ANEW = "saved_anew"  # the same pages, written by another program
    UNREADABLE = "unreadable"  # no PDF that can be read any more, or one built too oddly to look into


@dataclass(frozen=True)
class Comparison:
    """How it differs, and the numbers of the pages that do (from 1)."""

    difference: Difference
    pages: tuple[int, ...] = ()


def is_pdf(data: bytes) -> bool:
    """Whether it begins as a PDF does: the header within the first kilobyte, where readers look for it."""
    return b"%PDF-" in data[:1024]


def is_locked(data: bytes) -> bool:
    """Whether its contents are encrypted, with a password or only against copying."""
    return re.search(rb"/Encrypt\s*(?:\d+\s+\d+\s+R|<<)", data) is not None


def texts_in(data: bytes) -> Iterator[bytes]:
    """Everything in a file in which a printed code or serial can be found, one part after the other: the bytes as
    they are, then what is packed in them, also when the file around it is broken."""
    for part in (data, _unpacked(data)[0]):
        yield part
        # Text strings of PDF may be UTF-16, and any may be written in hexadecimal.
        yield part.replace(b"\0", b"")
        yield b"\n".join(_from_hex(match.group(1)) for match in _HEX.finditer(part)).replace(b"\0", b"")


def is_tame(data: bytes) -> bool:
    """Whether the file is packed simply enough for any reader: one filter a stream, and within the bound. A reader
    without bounds of its own is only given what is."""
    return (
        not is_locked(data)
        and _SPELT_ODDLY.search(data) is None
        and data.count(b"Filter") == len(_PLAIN_FILTER.findall(data))
        and _unpacked(data)[1]
    )


def compare(issued: bytes, given: bytes) -> Comparison:
    """How `given` differs from the file that was `issued`; the two are known not to be the same."""
    if given.startswith(issued):
        return Comparison(Difference.ADDED)
    if issued.startswith(given):
        return Comparison(Difference.CUT)
    if not is_tame(given):
        return Comparison(Difference.UNREADABLE)
    try:
        with pikepdf.open(io.BytesIO(issued)) as first, pikepdf.open(io.BytesIO(given)) as second:
            ours, theirs = _pages(first), _pages(second)
    except Exception:  # a broken file may break its reader in any way; it is unreadable, whatever the way
        return Comparison(Difference.UNREADABLE)
    longest = max(len(ours), len(theirs))
    changed = tuple(
        number + 1
        for number in range(longest)
        if number >= len(ours) or number >= len(theirs) or ours[number] != theirs[number]
    )
    if changed:
        return Comparison(Difference.PAGES, changed)
    return Comparison(Difference.ELSEWHERE if len(given) == len(issued) else Difference.SAVED_ANEW)


def _pages(document: pikepdf.Pdf) -> list[bytes]:
    """A digest of each page: what it draws, and the type, pictures, links and fields that it draws with."""
    if len(document.pages) > _MOST_PAGES:
        raise ValueError("ours have a few pages")
    return [_digest(page.obj) for page in document.pages]


def _digest(page: pikepdf.Object) -> bytes:
    found = hashlib.sha256()
    seen: set[tuple[int, int]] = set()
    # What leads away from the page, and the bytes of signatures, which their own check looks at.
    elsewhere = {"/Parent", "/P", "/V", "/StructParents", "/StructParent", "/Dest", "/Length", "/Filter"}
    waiting: list[Any] = [page]
    for _object in range(_MOST_OBJECTS):
        if not waiting:
            return found.digest()
        one = waiting.pop()
        if isinstance(one, pikepdf.Object) and one.is_indirect:
            if one.objgen in seen:
                continue
            seen.add(one.objgen)
        if isinstance(one, pikepdf.Stream):
            found.update(b"stream" + one.read_bytes())
        if isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
            names = sorted(name for name in one.keys() if name not in elsewhere)  # noqa: SIM118 - no mapping
            found.update("".join(names).encode("utf-8", "surrogateescape"))
            waiting += [one[name] for name in names]
        elif isinstance(one, pikepdf.Array):
            found.update(b"[%d]" % len(one))
            waiting += list(one)
        elif not isinstance(one, pikepdf.Stream):
            found.update(repr(one).encode("utf-8", "surrogateescape"))
    raise ValueError("ours are simpler")


def _unpacked(data: bytes) -> tuple[bytes, bool]:
    """What is packed in the file's streams, up to the bounds, read without its index: that may be broken; and
    whether that is all of it."""
    found: list[bytes] = []
    to_read, left = 2 * len(data), MOST_UNPACKED
    streams = list(islice(_STREAM.finditer(data), _MOST_STREAMS))
    for match in streams:
        stream, start = zlib.decompressobj(), match.end()
        while not stream.eof and to_read > 0 and left > 0:
            piece = stream.unconsumed_tail
            if not piece:
                piece = data[start : start + _PIECE]
                start, to_read = start + len(piece), to_read - len(piece)
            if not piece:
                break
            try:
                text = stream.decompress(piece, left)
            except zlib.error:  # not packed this way, or damaged from here on: what came before is kept
                to_read += len(piece)  # so short a look is paid for by the number of streams
                break
            found.append(text)
            left -= len(text)
        to_read += len(stream.unused_data)
        found.append(b"\n")
    return b"".join(found), to_read > 0 and left > 0 and len(streams) < _MOST_STREAMS


def _from_hex(written: bytes) -> bytes:
    digits = b"".join(written.split())
    return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))


def attached(data: bytes, name: str) -> bytes | None:
    """The attachment called `name` of a file that is ours or tame; None when there is none, or the file cannot be
    read."""
    try:
        with pikepdf.open(io.BytesIO(data)) as document:
            if name not in document.attachments:
                return None
            return document.attachments[name].get_file().read_bytes()
    except Exception:  # as in compare: whatever the way in which it is broken
        return None
