"""Files that people hand in: checked by what is in them, cleaned, and kept sealed in the database.

Reading an upload::

    with transaction():
        file = keep(actor.person_id, upload.filename, upload.mimetype, upload.read())   # Invalid says what to do

Giving it back, from a view whose policy has agreed::

    return download(file)

Pictures are made anew, turned the way they were taken, without what the camera wrote into them (place, day, device).
PDF and office documents are kept as they came; office documents with macros are refused.
"""

from __future__ import annotations

import hashlib
import io
import lzma
import re
import struct
import unicodedata
import warnings
import zipfile
import zlib
from dataclasses import dataclass

from flask import Response
from PIL import Image, ImageOps, UnidentifiedImageError

from trainer.core import clock, web
from trainer.core.crypto import seal_bytes, unseal_bytes
from trainer.core.database import session
from trainer.core.errors import Invalid, Missing
from trainer.core.models import StoredFile
from trainer.core.text import msg

LARGEST = 5 * 10**6  # bytes
LARGEST_PIXELS = 60 * 10**6  # of a JPEG, which is read smaller at once
LARGEST_WHOLE = (
    24 * 10**6
)  # pixels of a picture that can only be read whole: some hundred kB unpack to all of them
KEPT_SIDE = 3000  # pixels: a page of writing photographed stays readable
MAX_PARTS = 2000
MAX_UNPACKED = 100 * 10**6  # bytes
NAME_LENGTH = 120

_PURPOSE = "file"
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
_OFFICE = "application/vnd.openxmlformats-officedocument."


@dataclass(frozen=True)
class _Kind:
    """A kind of file: how its name ends (the first ending is ours), and its media type."""

    endings: tuple[str, ...]
    media_type: str


PDF = _Kind(("pdf",), "application/pdf")
JPEG = _Kind(("jpg", "jpeg", "jpe", "jfif"), "image/jpeg")
PNG = _Kind(("png",), "image/png")
WEBP = _Kind(("webp",), "image/webp")
DOCX = _Kind(("docx",), f"{_OFFICE}wordprocessingml.document")
XLSX = _Kind(("xlsx",), f"{_OFFICE}spreadsheetml.sheet")
ODT = _Kind(("odt",), f"{_OPEN_DOCUMENT}text")
ODS = _Kind(("ods",), f"{_OPEN_DOCUMENT}spreadsheet")
TEXT = _Kind(("txt",), "text/plain")
_KINDS = (PDF, JPEG, PNG, WEBP, DOCX, XLSX, ODT, ODS, TEXT)
_PICTURES = {"JPEG": JPEG, "PNG": PNG, "WEBP": WEBP}

# What reading an archive raises when its bytes are not what its headers say.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
    KeyError,
)
# And reading a picture: what the camera wrote may be any nonsense, which the library trips over in its own ways.
_NONSENSE = (TypeError, KeyError, IndexError, AttributeError, ArithmeticError, EOFError, struct.error)

ACCEPT = ",".join(f".{ending}" for kind in _KINDS for ending in kind.endings)
"""For the `accept` of a file's input."""


def keep(actor_person_id: int | None, name: str, media_type: str, data: bytes) -> StoredFile:
    """Checks `data` and keeps it sealed; flushed, so that the caller has its id.

    Belongs inside `transaction()`. `media_type` is what the browser claims, and is not believed. Raises Invalid for an empty
    file, one over 5 MB, and one that is none of the kinds allowed or is not what its name says.
    """
    if not data:
        raise Invalid(msg("The file is empty."))
    if len(data) > LARGEST:
        raise Invalid(msg("The file is larger than %(limit)s MB. Save it smaller and try again.", limit="5"))
    kind = _kind_of(data, name)
    if kind in _PICTURES.values():
        data = _made_anew(data, kind)
    digest = hashlib.sha256(data).hexdigest()
    file = StoredFile(
        name=clean_name(name, kind.endings),
        media_type=kind.media_type,
        size=len(data),
        sha256=digest,
        sealed=seal_bytes(data, _PURPOSE, digest),
        added_by=actor_person_id,
        added_at=clock.now(),
    )
    session.add(file)
    session.flush()
    return file


def contents(file: StoredFile) -> bytes:
    """The file itself. Raises Missing once it was erased, Refused when the instance's key is another."""
    if file.sealed is None:
        raise Missing(msg("This file was erased."))
    return unseal_bytes(file.sealed, _PURPOSE, file.sha256)


def download(file: StoredFile) -> Response:
    """The file as an attachment that no browser opens in our name. Errors as `contents`."""
    response = web.download(contents(file), file.name, file.media_type)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def erase(file: StoredFile) -> None:
    """Empties the file and its name; that there was one, and its digest, stay. Belongs inside `transaction()`."""
    file.sealed = None
    file.name = ""
    file.erased_at = clock.now()


def clean_name(name: str, endings: tuple[str, ...]) -> str:
    """The name without folders and without characters that trick a reader or a file system, ending in one of `endings`."""
    text = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1])
    # Joiners belong to some scripts; the other invisible signs only serve to turn a name around.
    shown = "".join(
        sign
        for sign in text
        if sign in "\u200c\u200d" or unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
    )
    shown = re.sub(r"\s+", " ", re.sub(r'[<>:"|?*]', "_", shown)).strip(" .")
    stem, dot, ending = shown.rpartition(".")
    if not dot or ending.lower() not in {one for kind in _KINDS for one in kind.endings}:
        stem, ending = shown, endings[0]
    elif ending.lower() not in endings:
        ending = endings[0]
    return f"{stem[:NAME_LENGTH].strip(' .') or 'file'}.{ending.lower()}"


def _kind_of(data: bytes, name: str) -> _Kind:
    """What the file is by its first bytes; its name must not say another thing (but that one picture is another)."""
    kind = _content_kind(data)
    if kind is None:
        raise Invalid(
            msg(
                "Files of this kind are not taken. Use PDF, a picture (JPEG, PNG, WebP), a text document (docx, odt), "
                "a spreadsheet (xlsx, ods) or plain text."
            )
        )
    _stem, dot, ending = name.strip().lower().rpartition(".")
    named = next((one for one in _KINDS if dot and ending in one.endings), None)
    pictures = _PICTURES.values()
    if named is not None and named is not kind and not (named in pictures and kind in pictures):
        raise Invalid(
            msg("The file's name ends in .%(ending)s, but that is not what is in it.", ending=ending)
        )
    if named is None and kind is TEXT and dot and re.fullmatch(r"[a-z0-9]{1,8}", ending):
        raise Invalid(msg("Plain text is taken with a name that ends in .txt."))
    return kind


def _content_kind(data: bytes) -> _Kind | None:
    if b"%PDF-" in data[:1024]:
        return PDF
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return WEBP
    if data.startswith(b"PK\x03\x04"):
        return _office_kind(data)
    return TEXT if _is_text(data) else None


def _is_text(data: bytes) -> bool:
    for encoding in ("utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not re.search(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]", text)
    return False


def _office_kind(data: bytes) -> _Kind | None:
    """Which kind of document the archive is; None for another archive. Raises Invalid for macros and for damage."""
    damaged = msg("The document is damaged. Save it again and try once more.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise Invalid(msg("The document unpacks to more than %(limit)s MB.", limit="100"))
            names = {part.filename.lower() for part in parts}
            types = archive.read("[Content_Types].xml") if "[content_types].xml" in names else b""
            said = archive.read("mimetype")[:200].decode("ascii", "ignore") if "mimetype" in names else ""
    except _DAMAGE as error:
        raise Invalid(damaged) from error
    if b"macroenabled" in types.lower() or any(
        one.endswith("vbaproject.bin") or one.startswith(("basic/", "scripts/")) for one in names
    ):
        raise Invalid(msg("Documents with macros are not taken. Save it without them and try again."))
    if "word/document.xml" in names and types:
        return DOCX
    if "xl/workbook.xml" in names and types:
        return XLSX
    return {ODT.media_type: ODT, ODS.media_type: ODS}.get(said.strip())


def _made_anew(data: bytes, kind: _Kind) -> bytes:
    """The picture written again: upright, at most KEPT_SIDE pixels wide or high, with nothing beside its pixels."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=list(_PICTURES)) as picture:
                most = LARGEST_PIXELS if kind is JPEG else LARGEST_WHOLE
                if picture.width * picture.height > most:
                    raise Invalid(msg("The picture has too many pixels. Save it smaller and try again."))
                picture.draft("RGB", (KEPT_SIDE, KEPT_SIDE))  # a JPEG is read smaller at once
                profile = picture.info.get("icc_profile")
                picture.thumbnail((KEPT_SIDE, KEPT_SIDE))
                upright = ImageOps.exif_transpose(picture)
                see_through = upright.mode in {"RGBA", "LA", "PA"} or "transparency" in upright.info
                flat = upright.convert("RGBA" if see_through and kind is not JPEG else "RGB")
    except UnidentifiedImageError:
        raise Invalid(msg("This is no picture that can be read. Save it again as JPEG or PNG.")) from None
    except (*_NONSENSE, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise Invalid(msg("The picture is damaged. Save it again as JPEG or PNG.")) from None
    clean = Image.new(flat.mode, flat.size)
    clean.paste(flat)
    out = io.BytesIO()
    colours = {"icc_profile": profile} if profile and picture.mode in {"RGB", "RGBA"} else {}
    if kind is PNG:
        clean.save(out, "PNG", **colours)
    elif kind is WEBP:
        clean.save(out, "WEBP", quality=90, **colours)
    else:
        clean.save(out, "JPEG", quality=88, **colours)
    return out.getvalue()
