"""Files that people hand in: what is taken, what is left out of it, and how it is kept."""

from __future__ import annotations

import hashlib
import io
import zipfile
from typing import Any

import pytest
from flask import Flask
from PIL import Image

from trainer.core import files
from trainer.core.database import session, transaction
from trainer.core.errors import Invalid, Missing, Refused
from trainer.core.models import StoredFile

WORDS = "Una nota d’ahir: «escoltar sense jutjar».\n".encode()
DOCX = {"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"}


def archive(parts: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, text in parts.items():
            file.writestr(name, text)
    return out.getvalue()


def photo(kind: str = "JPEG", size: tuple[int, int] = (60, 40)) -> bytes:
    picture = Image.new("RGB", size, "white")
    exif = picture.getexif()
    exif[0x0112] = 6  # taken on its side
    exif[0x010E] = "Somebody's kitchen"
    exif.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    picture.save(out, kind, exif=exif)
    return out.getvalue()


def kept(name: str, data: bytes) -> StoredFile:
    with transaction():
        return files.keep(None, name, "application/octet-stream", data)


def test_a_file_comes_back_as_it_was_and_lies_sealed(ctx: Flask) -> None:
    file = kept("C:\\Documents\\Núria\u202e nota.txt", WORDS)
    assert (file.name, file.media_type, file.size) == ("Núria nota.txt", "text/plain", len(WORDS))
    assert file.sha256 == hashlib.sha256(WORDS).hexdigest()
    assert file.sealed is not None
    assert b"jutjar" not in file.sealed
    assert files.contents(file) == WORDS
    answer = files.download(file)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_another_key_or_another_files_bytes_do_not_open(ctx: Flask) -> None:
    one, other = kept("a.txt", WORDS), kept("b.txt", WORDS * 2)
    with transaction():
        session.get_one(StoredFile, one.id).sealed = session.get_one(StoredFile, other.id).sealed
    with pytest.raises(Refused):
        files.contents(session.get_one(StoredFile, one.id))
    ctx.config["SEAL_KEY"] = "another key"
    with pytest.raises(Refused):
        files.contents(session.get_one(StoredFile, other.id))


def test_an_erased_file_says_so(ctx: Flask) -> None:
    file = kept("nota.txt", WORDS)
    with transaction():
        files.erase(session.get_one(StoredFile, file.id))
    gone = session.get_one(StoredFile, file.id)
    assert gone.name == ""
    with pytest.raises(Missing, match="erased"):
        files.contents(gone)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_loses_what_the_camera_wrote_and_stands_upright(ctx: Flask, kind: str) -> None:
    file = kept(f"foto.{kind.lower()}", photo(kind))
    with Image.open(io.BytesIO(files.contents(file))) as picture:
        assert (picture.format, picture.size) == (kind, (40, 60))
        assert not picture.getexif()
    assert b"kitchen" not in files.contents(file)


def test_a_large_picture_is_made_smaller_and_named_for_what_it_is(ctx: Flask) -> None:
    file = kept("IMG.png", photo("JPEG", (6000, 1500)))
    assert (file.name, file.media_type) == ("IMG.jpg", "image/jpeg")
    with Image.open(io.BytesIO(files.contents(file))) as picture:
        assert max(picture.size) == files.KEPT_SIDE


@pytest.mark.parametrize(
    ("name", "data", "shown"),
    [
        ("acta.pdf", b"%PDF-1.7\n...", "acta.pdf"),
        ("acta", b"%PDF-1.7\n...", "acta.pdf"),
        ("carta.docx", archive(DOCX), "carta.docx"),
        ("full.xlsx", archive({"[Content_Types].xml": "<T/>", "xl/workbook.xml": "<w/>"}), "full.xlsx"),
        ("carta.odt", archive({"mimetype": files.ODT.media_type, "content.xml": "<x/>"}), "carta.odt"),
        ("full.ods", archive({"mimetype": files.ODS.media_type}), "full.ods"),
        ("nota.TXT", "àèé".encode("cp1252"), "nota.txt"),
        ("..", WORDS, "file.txt"),
        ("a" * 300 + ".txt", WORDS, "a" * files.NAME_LENGTH + ".txt"),
    ],
)
def test_the_kinds_that_are_taken(ctx: Flask, name: str, data: bytes, shown: str) -> None:
    assert kept(name, data).name == shown


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("nota.txt", b"", "empty"),
        ("nota.txt", b"x" * (files.LARGEST + 1), "5 MB"),
        ("programa.exe", b"MZ\x90\x00\x03\x00", "not taken"),
        ("pagina.html", b"<script>alert(1)</script>", ".txt"),
        ("dibuix.svg", b"<svg onload='x()'/>", ".txt"),
        ("acta.pdf", WORDS, "not what is in it"),
        ("nota.txt", b"%PDF-1.7", "not what is in it"),
        ("foto.jpg", b"\xff\xd8\xff\xe0 nothing", "picture"),
        ("foto.png", b"\x89PNG\r\n\x1a\n nothing", "picture"),
        ("carta.docx", archive({**DOCX, "word/vbaProject.bin": "x"}), "macros"),
        ("carta.odt", archive({"mimetype": files.ODT.media_type, "Basic/script.xml": "x"}), "macros"),
        ("carta.docx", b"PK\x03\x04 nothing", "damaged"),
        ("tot.zip", archive({"a.txt": "x"}), "not taken"),
    ],
)
def test_the_kinds_that_are_not(ctx: Flask, name: str, data: bytes, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        kept(name, data)


def test_a_picture_of_too_many_pixels_is_not_unpacked(ctx: Flask, monkeypatch: Any) -> None:
    # What can only be read whole has less room: a small file may unpack to a gigabyte.
    assert files.LARGEST_WHOLE < files.LARGEST_PIXELS
    for limit, kind in (("LARGEST_WHOLE", "PNG"), ("LARGEST_WHOLE", "WEBP"), ("LARGEST_PIXELS", "JPEG")):
        with monkeypatch.context() as patched:
            patched.setattr(files, limit, 1000)
            with pytest.raises(Invalid, match="pixels"):
                kept(f"foto.{kind.lower()}", photo(kind))


def test_damage_of_any_sort_is_said_and_no_error(ctx: Flask, monkeypatch: Any) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", "<Types/>" * 200)
        file.writestr("word/document.xml", "<w/>")
    data = bytearray(out.getvalue())
    first = 30 + len("[Content_Types].xml")
    data[first] = 0xFF  # no such block of compressed bytes
    with pytest.raises(Invalid, match="damaged"), transaction():
        files.keep(None, "a.docx", "", bytes(data))

    def tripped(_picture: Any) -> None:
        raise TypeError("bad operand type for abs(): 'str'")  # of an orientation that is no number

    monkeypatch.setattr(files.ImageOps, "exif_transpose", tripped)
    with pytest.raises(Invalid, match="damaged"), transaction():
        files.keep(None, "a.jpg", "", photo())
