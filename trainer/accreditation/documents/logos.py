"""A university's picture, checked and made anew: what was uploaded is never passed on as it came."""

import io
import struct
import warnings
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, UnidentifiedImageError

from trainer.accreditation.documents.sheet import Logo
from trainer.core.errors import Invalid
from trainer.core.pdf.objects import Raw, put, stream
from trainer.core.pdf.tagging import TaggedCanvas
from trainer.core.text import msg

LARGEST_FILE = 2 * 2**20
LARGEST_SIDE = 6000
SHOWN_SIDE = 900  # 150 points at 400 dots an inch, and then some
_FORMATS = ("PNG", "JPEG")


def read_logo(data: bytes) -> Logo:
    """The logo in an uploaded file, re-encoded. Raises Invalid in words for what cannot be used."""
    if len(data) > LARGEST_FILE:
        raise Invalid(msg("The picture is larger than 2 MB. Save it smaller and try again."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
                if max(picture.size) > LARGEST_SIDE:
                    raise Invalid(
                        msg("The picture is more than %(most)d pixels wide or high.", most=LARGEST_SIDE)
                    )
                picture.load()
                return _encode(picture)
    except UnidentifiedImageError:
        raise Invalid(msg("This is no PNG or JPEG picture.")) from None
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Invalid(msg("The picture is damaged. Save it again as PNG and try once more.")) from None


def _encode(picture: Image.Image) -> Logo:
    see_through = picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info
    flat = picture.convert("RGBA" if see_through else "RGB")
    flat.thumbnail((SHOWN_SIDE, SHOWN_SIDE))
    out = io.BytesIO()
    if see_through or picture.format == "PNG":
        flat.save(out, "PNG", optimize=True)
        return Logo(out.getvalue(), "image/png")
    flat.save(out, "JPEG", quality=92)
    return Logo(out.getvalue(), "image/jpeg")


@dataclass(frozen=True)
class _Picture:
    """A logo as PDF wants it."""

    wide: int  # pixels
    tall: int
    entries: str
    data: bytes
    mask: bytes | None  # a whole object: how far the ground shines through


def logo_size(logo: Logo) -> tuple[int, int]:
    """Width and height in pixels."""
    picture = _prepared(logo)
    return picture.wide, picture.tall


def draw_logo(canvas: TaggedCanvas, logo: Logo, x: float, y: float, wide: float, tall: float) -> None:
    """Draws the logo with its lower left corner at x, y; all in points. Once in a document."""
    picture = _prepared(logo)
    entries = picture.entries
    if picture.mask is not None:
        entries += f" /SMask {put(canvas.document, picture.mask)} 0 R"
    canvas.picture(Raw(stream(entries, picture.data)), (x, y, x + wide, y + tall))


@lru_cache(maxsize=16)
def _prepared(logo: Logo) -> _Picture:
    """The picture's pixels, compressed once in the life of the process."""
    with Image.open(io.BytesIO(logo.data)) as picture:
        wide, tall = picture.size
        shape = f"/Type /XObject /Subtype /Image /Width {wide} /Height {tall} /BitsPerComponent 8"
        if picture.format == "JPEG" and picture.mode == "RGB":
            return _Picture(wide, tall, f"{shape} /ColorSpace /DeviceRGB /Filter /DCTDecode", logo.data, None)
        mask = None
        if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
            entries, data = _flate(picture.convert("RGBA").getchannel("A"))
            mask = stream(f"{shape} /ColorSpace /DeviceGray {entries}", data)
        entries, data = _flate(picture.convert("RGB"))
        return _Picture(wide, tall, f"{shape} /ColorSpace /DeviceRGB {entries}", data, mask)


def _flate(picture: Image.Image) -> tuple[str, bytes]:
    """The pixels as a PNG holds them, which is also how a PDF may."""
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    png, at, data = out.getvalue(), 8, []
    while at < len(png):
        (length,), kind = struct.unpack(">I", png[at : at + 4]), png[at + 4 : at + 8]
        if kind == b"IDAT":
            data.append(png[at + 8 : at + 8 + length])
        at += length + 12
    colours = len(picture.getbands())
    parameters = f"<</Predictor 15 /Colors {colours} /Columns {picture.width}>>"
    return f"/Filter /FlateDecode /DecodeParms {parameters}", b"".join(data)
