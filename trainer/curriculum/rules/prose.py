"""Light mark-up of handouts and plans: paragraphs, headings, lists, **strong**, *emphasis*, writing lines.

Only what a sheet of paper needs; the result is plain values that a template prints, so that no text of a
programme ever becomes HTML.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_HEADING = re.compile(r"#{1,4}\s+(.+)")
_STRONG_LINE = re.compile(r"\*\*([^*]+)\*\*")
_CHECK = re.compile(r"(?:[-*]\s+)?(?:\[[ x]\]|☐)\s+(.+)")
_BULLET = re.compile(r"[-*•]\s+(.+)")
_NUMBER = re.compile(r"(\d{1,3})[.)]\s+(.+)")
_WRITE = re.compile(r"[_.…]{4,}")
_ROW = re.compile(r"\|(.*)\|")
_RULER = re.compile(r"[\s|:-]+")
_SPAN = re.compile(r"\*\*(?P<strong>[^*\n]+)\*\*|(?<![\w*])\*(?P<em>[^*\s](?:[^*\n]*[^*\s])?)\*(?![\w*])")


@dataclass(frozen=True)
class Span:
    """A run of text; style "", "strong" or "em"."""

    text: str
    style: str = ""


Line = tuple[Span, ...]


@dataclass(frozen=True)
class Block:
    """kind: heading, paragraph, bullets, checks, numbers, table or write (empty lines to write on).

    `lines` are the lines of a paragraph or the items of a list; `rows` the cells of a table, header first;
    `start` the first number of a numbered list, and for write the number of lines to leave.
    """

    kind: str
    lines: tuple[Line, ...] = ()
    rows: tuple[tuple[Line, ...], ...] = ()
    start: int = 1


def spans(text: str) -> Line:
    """The runs of one line."""
    found: list[Span] = []
    end = 0
    for match in _SPAN.finditer(text):
        if match.start() > end:
            found.append(Span(text[end : match.start()]))
        style = "strong" if match.group("strong") else "em"
        found.append(Span(match.group(style), style))
        end = match.end()
    if end < len(text):
        found.append(Span(text[end:]))
    return tuple(found)


def blocks(text: str) -> list[Block]:
    """The blocks of a text. A line that begins nothing new belongs to the paragraph or item before it."""
    found: list[Block] = []
    fresh = True  # a blank line came before: the next plain line begins a paragraph
    for raw in text.splitlines():
        line = raw.strip()
        if not line:
            fresh = True
            continue
        block = _start(line)
        last = found[-1] if found else None
        if block.kind == "paragraph" and last is not None and not fresh:
            if last.kind == "paragraph":
                found[-1] = Block("paragraph", (*last.lines, *block.lines))
                continue
            if last.kind in {"bullets", "checks", "numbers"} and raw[:1].isspace():
                item = (*last.lines[-1], Span(" "), *block.lines[0])
                found[-1] = Block(last.kind, (*last.lines[:-1], item), start=last.start)
                continue
        elif last is not None and block.kind == last.kind and block.kind in {"bullets", "checks", "numbers"}:
            found[-1] = Block(last.kind, (*last.lines, *block.lines), start=last.start)
            fresh = False
            continue
        elif last is not None and block.kind == last.kind == "table":
            if not _RULER.fullmatch(line):
                found[-1] = Block("table", rows=(*last.rows, *block.rows))
            continue
        elif last is not None and block.kind == last.kind == "write":
            found[-1] = Block("write", start=last.start + 1)
            continue
        found.append(block)
        fresh = False
    return found


def _start(line: str) -> Block:
    """The block that a line would begin by itself."""
    if match := _HEADING.fullmatch(line) or _STRONG_LINE.fullmatch(line):
        return Block("heading", (spans(match.group(1)),))
    if _WRITE.fullmatch(line):
        return Block("write")
    if match := _CHECK.fullmatch(line):
        return Block("checks", (spans(match.group(1)),))
    if match := _BULLET.fullmatch(line):
        return Block("bullets", (spans(match.group(1)),))
    if match := _NUMBER.fullmatch(line):
        return Block("numbers", (spans(match.group(2)),), start=int(match.group(1)))
    if match := _ROW.fullmatch(line):
        return Block("table", rows=(tuple(spans(cell.strip()) for cell in match.group(1).split("|")),))
    return Block("paragraph", (spans(line),))
