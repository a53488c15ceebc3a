"""The accent of a page and what is derived from it, so that any colour a university picks stays legible in
print."""

from dataclasses import dataclass

Colour = tuple[float, float, float]
INK: Colour = (0.13, 0.13, 0.14)
SOFT: Colour = (0.36, 0.36, 0.38)
WARNING: Colour = (0.62, 0.16, 0.12)


@dataclass(frozen=True)
class Tint:
    """`colour` as picked, `dark` enough for text on white (4.5 to 1 at least), `pale` for a ground behind
    text."""

    colour: Colour
    dark: Colour
    pale: Colour


def tint(accent: str) -> Tint:
    """The tints of "#rrggbb". Raises ValueError for anything else."""
    if len(accent) != 7 or accent[0] != "#":
        raise ValueError(f"{accent!r} is not a colour such as #14555a")
    colour = (int(accent[1:3], 16) / 255, int(accent[3:5], 16) / 255, int(accent[5:7], 16) / 255)
    dark = colour
    while contrast_with_white(dark) < 5.5:
        dark = (dark[0] * 0.94, dark[1] * 0.94, dark[2] * 0.94)
    red, green, blue = (1 - (1 - part) * 0.08 for part in colour)
    return Tint(colour, dark, (red, green, blue))


def contrast_with_white(colour: Colour) -> float:
    """The contrast ratio of WCAG 2.2 between a colour and white."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour
    )
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
