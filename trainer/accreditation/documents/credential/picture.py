"""A badge as a picture that carries its credential (Open Badges 3.0, 5.3.1: baking into PNG)."""

from __future__ import annotations

import io
import struct
import zlib
from functools import lru_cache
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from trainer.core.pdf.faces import BOLD, face, face_for
from trainer.core.pdf.tints import tint

SIDE = 600  # pixels; wallets show badges square
_KEYWORD = b"openbadgecredential"
_AFTER_HEADER = 8 + 25  # the signature and the IHDR chunk, which comes first
_WHITE = (255, 255, 255)


@lru_cache(maxsize=32)
def picture(title: str, university: str, year: int, accent: str) -> bytes:
    """A badge as PNG: the title, who gives it and the year, in the university's colour. No person's name."""
    tints = tint(accent)
    dark, pale = _rgb(tints.dark), _rgb(tints.pale)
    image = Image.new("RGB", (SIDE, SIDE), _WHITE)
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((6, 6, SIDE - 7, SIDE - 7), 48, fill=pale, outline=dark, width=12)
    draw.rounded_rectangle((44, 60, SIDE - 45, 360), 28, fill=dark)
    _block(draw, title, (80, 80, SIDE - 80, 340), 54, _WHITE)
    _block(draw, university, (60, 380, SIDE - 60, 490), 36, dark)
    _block(draw, str(year), (60, 505, SIDE - 60, 560), 32, dark)
    out = io.BytesIO()
    image.quantize(32).save(out, "PNG", optimize=True)
    return out.getvalue()


def bake(png: bytes, credential: str) -> bytes:
    """The picture with the credential in it, as uncompressed UTF-8 text. Raises ValueError for no PNG."""
    if png[12:16] != b"IHDR":
        raise ValueError("no PNG")
    # keyword, then: not compressed, method 0, no language, no translated keyword
    data = _KEYWORD + b"\0\0\0\0\0" + credential.encode()
    chunk = struct.pack(">I", len(data)) + b"iTXt" + data + struct.pack(">I", zlib.crc32(b"iTXt" + data))
    return png[:_AFTER_HEADER] + chunk + png[_AFTER_HEADER:]


def _rgb(colour: tuple[float, float, float]) -> tuple[int, int, int]:
    red, green, blue = (round(part * 255) for part in colour)
    return red, green, blue


def _block(
    draw: ImageDraw.ImageDraw, text: str, box: tuple[int, int, int, int], size: int, ink: tuple[int, int, int]
) -> None:
    """`text` in the middle of a box: wrapped, and smaller until it fits or is as small as can be read."""
    left, top, right, bottom = box
    for points in range(size, 15, -2):
        font = _font(_file(text), points)
        lines = _wrapped(text, font, right - left)
        spacing = points // 4
        found = draw.multiline_textbbox((0, 0), lines, font=font, align="center", spacing=spacing)
        if found[2] - found[0] <= right - left and found[3] - found[1] <= bottom - top:
            break
    middle = ((left + right) / 2, (top + bottom) / 2)
    draw.multiline_text(middle, lines, font=font, fill=ink, anchor="mm", align="center", spacing=spacing)


def _wrapped(text: str, font: ImageFont.FreeTypeFont, width: int) -> str:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and font.getlength(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return "\n".join(lines)


def _file(text: str) -> str:
    """The typeface that draws the text: the bold one, or the first that has what the bold one lacks."""
    chosen: Any = face(BOLD)
    for character in text:
        if not character.isspace() and not chosen.covers(character):
            chosen = face_for(character, BOLD) or chosen
            break
    return str(chosen.font.face.filename)


@lru_cache(maxsize=64)
def _font(file: str, points: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(file, points)
