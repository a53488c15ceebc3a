"""YAML as data with positions: safe, bounded, and without the traps. Pure; files are read by the caller.

Built from parser events rather than by a loader: no tag ever makes an object, aliases are refused (a few
lines of them can stand for gigabytes), depth is bounded, doubled keys are an error, every value keeps its
line. Plain words that YAML reads as something else (`no`, 017, 1:30) are named instead of believed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.resolver import Resolver

from trainer.core.text import Text, msg, nmsg

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 40
Path = tuple[str | int, ...]
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]*)", re.ASCII)
_WORDS = {"true": True, "false": False}
_PREFIX = "tag:yaml.org,2002:"


@dataclass(frozen=True)
class Mark:
    """Where a value stands: `line` of its key (or of itself in a list) and `value_line`, both from 1.

    `raw`: how a plain scalar was written; None for quoted text, lists and mappings.
    """

    line: int
    value_line: int
    raw: str | None = None


@dataclass(frozen=True)
class Trouble:
    """Something that is wrong with the YAML itself."""

    path: Path
    line: int
    text: Text


@dataclass
class MarkedDocument:
    """The data of one file. `value` is None when nothing could be read; `troubles` says why."""

    value: Any = None
    marks: dict[Path, Mark] = field(default_factory=dict)
    troubles: list[Trouble] = field(default_factory=list)

    def line(self, path: Path) -> int:
        """The line of `path`, or of the closest thing around it that exists."""
        while path and path not in self.marks:
            path = path[:-1]
        return self.marks[path].line if path in self.marks else 1


# What the parser says, and what it mostly comes from. The first that is found in its words holds.
_BROKEN = (
    (
        "quoted scalar",
        msg("the quote that opens on this line is not closed: close it, on this line if the text is short"),
    ),
    (
        "mapping values are not allowed",
        msg(
            "not valid YAML: a colon too many on this line, or the line before is not finished: put a text that holds a colon "
            "between quotes, and look at the indentation"
        ),
    ),
    (
        "while parsing a flow",
        msg(
            "not valid YAML: a comma, a closing bracket or a quote is missing on this line or the one before"
        ),
    ),
    (
        "while parsing a block",
        msg(
            "not valid YAML: this line is not indented like those it belongs to, or a quote or a colon is missing "
            "on the one before"
        ),
    ),
    (
        "could not find expected ':'",
        msg("not valid YAML: a colon is missing on this line or the one before, or a text has no quotes"),
    ),
    (
        "cannot start any token",
        msg(
            "not valid YAML: a text that begins with a sign such as @, %(sign)s or ` has to stand between quotes",
            sign="%",
        ),
    ),
)


class _Stop(Exception):
    def __init__(self, line: int, text: Text) -> None:
        super().__init__(str(text))
        self.line = line
        self.text = text


def read_marked(data: bytes) -> MarkedDocument:
    """Reads one YAML document of at most MAX_BYTES bytes of UTF-8. Never raises for what the bytes hold."""
    document = MarkedDocument()
    try:
        if len(data) > MAX_BYTES:
            raise _Stop(
                1,
                nmsg(
                    "the file is larger than %(num)d KiB: divide it",
                    "the file is larger than %(num)d KiB: divide it",
                    MAX_BYTES // 1024,
                ),
            )
        _Builder(document).build(_decode(data))
    except _Stop as stop:
        # What was found just before is mostly the same slip, seen too early.
        document.value = None
        document.troubles[:] = [one for one in document.troubles if not 0 <= stop.line - one.line <= 1]
        document.troubles.append(Trouble((), stop.line, stop.text))
    return document


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _Stop(line, msg("not UTF-8 text: save the file with the encoding UTF-8")) from error


def _events(text: str) -> Iterator[Any]:
    try:
        yield from yaml.parse(text, Loader=_LOADER)
    except yaml.reader.ReaderError as error:
        # The position is in bytes or in characters, as the parser likes: the character is looked for instead.
        strange = yaml.reader.Reader.NON_PRINTABLE.search(text)
        raise _Stop(
            text.count("\n", 0, strange.start() if strange else 0) + 1,
            msg("a character that YAML does not allow: remove it"),
        ) from error
    except yaml.MarkedYAMLError as error:
        raise _broken(error, text) from error
    except yaml.YAMLError as error:
        raise _Stop(1, msg("not valid YAML (%(problem)s)", problem=str(error))) from error


def _broken(error: Any, text: str) -> _Stop:
    """Where the file cannot be read on, and the likeliest mistake in plain words."""
    problem, context = str(error.problem or ""), str(error.context or "")
    mark = error.problem_mark or error.context_mark
    if "quoted scalar" in context and error.context_mark is not None:
        mark = error.context_mark
    line = mark.line + 1 if mark else 1
    lines = text.split("\n")
    written = lines[line - 1] if line <= len(lines) else ""
    if "\t" in written[: len(written) - len(written.lstrip())]:
        return _Stop(line, msg("a tab begins this line: YAML takes spaces only, put spaces in its place"))
    for words, said in _BROKEN:
        if words in f"{context} {problem}":
            return _Stop(line, said)
    return _Stop(
        line,
        msg(
            "not valid YAML (%(problem)s): look at the indentation, at a missing colon, and put texts "
            "that hold a colon or begin with a sign between quotes",
            problem=" ".join(part for part in (context, problem) if part),
        ),
    )


class _Builder:
    """Turns events into data, one after the other, keeping its own stack of open lists and mappings."""

    def __init__(self, document: MarkedDocument) -> None:
        self.document = document
        self.resolver: Any = Resolver()

    def build(self, text: str) -> None:
        events = _events(text)
        found = False
        for event in events:
            line = event.start_mark.line + 1
            if isinstance(event, yaml.DocumentStartEvent):
                if found:
                    raise _Stop(
                        line,
                        msg("a second document begins here: one file holds one document"),
                    )
                found = True
                self.document.value = self._value(next(events), events, ())
        if not found:
            raise _Stop(1, msg("the file is empty"))

    def _trouble(self, path: Path, event: Any, text: Text) -> None:
        self.document.troubles.append(Trouble(path, event.start_mark.line + 1, text))

    def _value(self, event: Any, events: Iterator[Any], path: Path, key_line: int | None = None) -> Any:
        line = event.start_mark.line + 1
        if len(path) > MAX_DEPTH:
            raise _Stop(line, msg("nested too deeply: look at the indentation and the brackets"))
        raw = event.value if isinstance(event, yaml.ScalarEvent) and event.implicit[0] else None
        self.document.marks[path] = Mark(key_line or line, line, raw)
        if isinstance(event, yaml.AliasEvent):
            self._trouble(
                path, event, msg("aliases (*%(name)s) are not read: write the text out", name=event.anchor)
            )
            return None
        if event.anchor is not None:
            self._trouble(path, event, msg("anchors (&%(name)s) are not read: remove it", name=event.anchor))
        if event.tag is not None and event.tag not in ("!", f"{_PREFIX}str"):
            self._trouble(path, event, msg("tags (%(tag)s) are not read: remove it", tag=event.tag))
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(events, path)
        return self._mapping(events, path)

    def _sequence(self, events: Iterator[Any], path: Path) -> list[Any]:
        values: list[Any] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            values.append(self._value(event, events, (*path, len(values))))
        return values

    def _mapping(self, events: Iterator[Any], path: Path) -> dict[str, Any]:
        values: dict[str, Any] = {}
        twice: list[Trouble] = []
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._key(event, events, path)
            line = event.start_mark.line + 1
            if key in values:
                first = self.document.marks[(*path, key)].line
                said = msg(
                    "the key `%(key)s` is here twice, first on line %(line)d: remove one", key=key, line=first
                )
                twice.append(Trouble((*path, key), line, said))
                before = dict(self.document.marks)
                self._value(next(events), events, (*path, key), line)
                self.document.marks = before
                continue
            values[key] = self._value(next(events), events, (*path, key), line)
        if len(twice) > 1:  # mostly two things of a list that have run together
            said = msg(
                "several keys are here twice (%(keys)s): remove them, or put back the `-` that begins "
                "the next item of a list",
                keys=", ".join(f"`{one.path[-1]}`" for one in twice),
            )
            twice = [Trouble(twice[0].path, twice[0].line, said)]
        self.document.troubles += twice
        return values

    def _key(self, event: Any, events: Iterator[Any], path: Path) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            raise _Stop(
                event.start_mark.line + 1,
                msg("a key has to be a word: a text in braces or brackets needs quotes"),
            )
        key = str(event.value)
        if event.implicit[0]:
            tag = self.resolver.resolve(yaml.ScalarNode, key, (True, False))
            if tag == f"{_PREFIX}merge":
                self._trouble((*path, key), event, msg("merging (<<) is not read: write the keys out"))
            elif tag != f"{_PREFIX}str":
                self._trouble(
                    (*path, key),
                    event,
                    msg(
                        'the key %(key)s is read by YAML as %(what)s: write it as "%(key)s"',
                        key=key,
                        what=_what(tag),
                    ),
                )
        return key

    def _scalar(self, event: Any, path: Path) -> Any:
        written = str(event.value)
        if not event.implicit[0]:
            return written
        tag = self.resolver.resolve(yaml.ScalarNode, written, (True, False))
        if tag == f"{_PREFIX}null":
            return None
        if tag == f"{_PREFIX}bool":
            if written.lower() in _WORDS:
                return _WORDS[written.lower()]
            self._trouble(
                path,
                event,
                msg(
                    '%(raw)s is read by YAML as %(value)s: write true or false, or "%(raw)s" for the word',
                    raw=written,
                    value="true" if written.lower() in {"yes", "on", "y"} else "false",
                ),
            )
            return written
        if tag == f"{_PREFIX}int":
            if _DECIMAL.fullmatch(written):
                if len(written) < 16:
                    return int(written)
                self._trouble(path, event, msg("the number %(raw)s is far too large", raw=written[:40]))
                return written
            self._trouble(
                path,
                event,
                msg(
                    "YAML reads %(raw)s as another number than it seems: write it without leading zeros, "
                    'signs and colons, or as "%(raw)s" for a text',
                    raw=written,
                ),
            )
            return written
        if tag == f"{_PREFIX}float":
            self._trouble(
                path,
                event,
                msg(
                    '%(raw)s would be a rounded number: write it as "%(raw)s", or as a whole number where one belongs',
                    raw=written,
                ),
            )
            return written
        if tag == f"{_PREFIX}timestamp":
            self._trouble(
                path, event, msg('%(raw)s is read by YAML as a date: write it as "%(raw)s"', raw=written)
            )
        return written


def _what(tag: str) -> Text:
    names = {
        "bool": msg("true or false"),
        "int": msg("a number"),
        "float": msg("a number"),
        "null": msg("nothing"),
        "timestamp": msg("a date"),
    }
    return names.get(tag.removeprefix(_PREFIX), msg("something else"))
