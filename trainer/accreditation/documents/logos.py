"""A university's picture, checked and made anew: what was uploaded is never passed on as it came."""

import io
import warnings

from PIL import Image, UnidentifiedImageError

from trainer.accreditation.documents.sheet import Logo
from trainer.core.errors import Invalid
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
