"""Looking into a stranger's file: bounded, whatever the file is made to do, and telling how it differs."""

from __future__ import annotations

import io
import time
import zlib

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.accreditation.documents import looking
from trainer.accreditation.documents.looking import Comparison, Difference
from trainer.accreditation.rules.codes import codes_in, dashed

CODE = "0123456789ABCDEFGHJKMNPQRS"


def paper(words: str = "one", attached: bytes | None = None) -> bytes:
    """A small PDF of two pages."""
    document = pikepdf.new()
    for number in range(2):
        document.add_blank_page()
        text = f"BT ({words} {number}) Tj ET" if number else f"BT (first {words}) Tj ET"
        document.pages[number].Contents = document.make_stream(text.encode())
    if attached is not None:
        document.attachments["credential.json"] = pikepdf.AttachedFileSpec(document, attached)
    written = io.BytesIO()
    document.save(written, static_id=True)
    return written.getvalue()


def packed_bomb(layers: int, size: int = 64 * 2**20) -> bytes:
    """A PDF whose objects are packed so that they fill the memory when they are unpacked."""
    packer = zlib.compressobj(9)
    inner = b"".join(packer.compress(b" " * 2**20) for _ in range(size // 2**20)) + packer.flush()
    for _layer in range(layers - 1):
        inner = zlib.compress(inner, 9)
    filters = b"[" + b"/FlateDecode " * layers + b"]" if layers > 1 else b"/FlateDecode"
    head = b"%PDF-1.7\n2 0 obj\n<</Type/Catalog/Pages 5 0 R>>\nendobj\n5 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n"
    body = b"3 0 obj\n<</Type/ObjStm/N 1/First 4/Filter %b/Length %d>>\nstream\n%b\nendstream\nendobj\n" % (
        filters,
        len(inner),
        inner,
    )
    return head + body + b"trailer\n<</Root 2 0 R/Size 6>>\n%%EOF\n"


@pytest.mark.parametrize("before", [0, 40, 2000])
def test_a_bomb_behind_many_small_streams_is_not_called_tame(before: int) -> None:
    small = b"1 0 obj\n<</Length 3>>\nstream\nabc\nendstream\nendobj\n"
    assert looking.is_tame(b"%PDF-1.7\n" + small * 40)
    assert not looking.is_tame(b"%PDF-1.7\n" + small * before + packed_bomb(1))


def test_small_streams_are_all_read_however_many() -> None:
    empty = b"<</Filter /FlateDecode>>\nstream\n%b\nendstream\n" % zlib.compress(b"")
    last = b"<</Filter /FlateDecode>>\nstream\n%b\nendstream\n" % zlib.compress(dashed(CODE).encode())
    assert any(codes_in(part) == [CODE] for part in looking.texts_in(empty * 300 + last))


@pytest.mark.parametrize("layers", [1, 2, 3])
def test_a_bomb_is_neither_unpacked_nor_called_tame(layers: int) -> None:
    data = packed_bomb(layers)
    assert not looking.is_tame(data)
    assert looking.compare(paper(), data) == Comparison(Difference.UNREADABLE)
    most = max(len(part) for part in looking.texts_in(data))
    assert most <= looking.MOST_UNPACKED + data.count(b"stream")


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\n" + b"stream\n\x78\x9c" * 300_000,
        b"%PDF-1.7\n" + b"<41 " * 700_000,
        b"%PDF-1.7\n<" + b"41 " * 900_000,
        b"%PDF-1.7\n" + b"/Filter " * 300_000,
        b"%PDF-1.7\n" + b"/F" + b"a" * 2_000_000,
    ],
)
def test_no_file_keeps_us_long(data: bytes) -> None:
    began = time.monotonic()
    looking.is_tame(data)
    assert looking.compare(paper(), data).difference is Difference.UNREADABLE
    assert not [code for part in looking.texts_in(data) for code in codes_in(part)]
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "odd",
    [
        b"/Filter [/FlateDecode /FlateDecode]",
        b"/Filter 7 0 R /Length 1",
        b"/Fi#6cter /FlateDecode",
        b"/Filter /Flate#44ecode",
        b"/#46ilter /FlateDecode",
        b"/Filter [/FlateDecode % a comment\n /FlateDecode]",
        b"/Filter /RunLengthDecode",
        b"/Encrypt 9 0 R",
    ],
)
def test_what_is_written_to_be_overlooked_is_not_tame(odd: bytes) -> None:
    assert looking.is_tame(paper())
    assert not looking.is_tame(paper() + b"\n8 0 obj\n<<" + odd + b">>\nendobj\n")


@pytest.mark.parametrize("places", [b"plain", b"utf-16", b"hex", b"packed", b"packed and broken"])
def test_a_code_is_found_wherever_it_is_written(places: bytes) -> None:
    text = f"https://example.org/verify/{dashed(CODE)} ".encode()
    if places == b"utf-16":
        text = b"(\xfe\xff" + text.decode().encode("utf-16-be") + b")"
    elif places == b"hex":
        text = b"<feff" + text.decode().encode("utf-16-be").hex().encode() + b">"
    elif places == b"packed":
        text = b"stream\r\n" + zlib.compress(text) + b"\nendstream"
    elif places == b"packed and broken":
        text = b"stream\r\n" + zlib.compress(text * 9 + bytes(range(256)) * 200)[:-60] + b"\0\0\0\nendstream"
    found = [code for part in looking.texts_in(b"%PDF-1.7 " + text) for code in codes_in(part)]
    assert CODE in found


def test_how_a_file_differs() -> None:
    issued = paper()
    assert looking.compare(issued, issued + b"\n") == Comparison(Difference.ADDED)
    assert looking.compare(issued, issued[:-40]) == Comparison(Difference.CUT)
    assert looking.compare(issued, paper("other")) == Comparison(Difference.PAGES, (1, 2))
    anew = io.BytesIO()
    with pikepdf.open(io.BytesIO(issued)) as document:
        document.docinfo["/Producer"] = "Somebody's program"
        document.save(anew)
    assert looking.compare(issued, anew.getvalue()) == Comparison(Difference.SAVED_ANEW)
    assert looking.compare(issued, b"%PDF-1.7 nothing") == Comparison(Difference.UNREADABLE)


def test_attachments() -> None:
    assert looking.attached(paper(attached=b"{}"), "credential.json") == b"{}"
    assert looking.attached(paper(), "credential.json") is None
    assert looking.attached(b"%PDF-nothing", "credential.json") is None


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=400), st.integers(0, 400))
def test_no_exception_whatever_the_file(noise: bytes, place: int) -> None:
    data = paper()
    for one in (noise, b"%PDF-1.7\n" + noise, data[:place] + noise + data[place:]):
        list(looking.texts_in(one))
        looking.is_tame(one)
        if one != data:
            assert looking.compare(data, one)
        looking.attached(one, "credential.json")
