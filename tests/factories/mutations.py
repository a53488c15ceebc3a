"""Programmes with one mistake each, as somebody who writes one might make it: in what is written, or in how it is spelt."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml

Place = tuple[Any, ...]
Change = Callable[[random.Random, Any, Place], str | None]

ODD_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 7, 1000, 10**6, 10**15, 10**18, "", " ", "text", "Ça va?", "no", "a\nb", [], {}, [1],
    ["x", "x"], [[]], {"x": 1}, {"en": "x"}, {"ca": "x", "es": "x", "en": "x"},
    "0 %", "100 %", "101 %", "50 %", "1/0", "1/3", "x" * 5000,
)  # fmt: skip


def places(value: Any, at: Place = ()) -> Iterator[Place]:
    """Every place of a structure below its root."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in parts:
        yield (*at, key)
        yield from places(child, (*at, key))


def found(value: Any, at: Place) -> Any:
    """What stands at a place."""
    for key in at:
        value = value[key]
    return value


def delete(chance: random.Random, source: Any, at: Place) -> str:
    del found(source, at[:-1])[at[-1]]
    return "deleted"


def other_value(chance: random.Random, source: Any, at: Place) -> str:
    value = copy.deepcopy(chance.choice(ODD_VALUES))
    found(source, at[:-1])[at[-1]] = value
    return f"is now {str(value)[:40]!r}"


def misspelt(chance: random.Random, source: Any, at: Place) -> str | None:
    """The key, or the text, with a letter less, doubled or capital."""
    parent, word = found(source, at[:-1]), at[-1]
    if isinstance(parent, list):
        word = parent[at[-1]]
    if not isinstance(word, str) or not word:
        return None
    spot = chance.randrange(len(word))
    new = chance.choice(
        (word[:spot] + word[spot + 1 :], word[:spot] + word[spot] + word[spot:], word.capitalize())
    )
    if isinstance(parent, list):
        parent[at[-1]] = new
    else:
        entries = list(parent.items())
        parent.clear()
        parent.update((new if key == word else key, value) for key, value in entries)
    return f"{word} spelt {new}"


def twice(chance: random.Random, source: Any, at: Place) -> str | None:
    parent = found(source, at[:-1])
    if not isinstance(parent, list):
        return None
    parent.insert(at[-1], copy.deepcopy(parent[at[-1]]))
    return "written twice"


def borrowed(chance: random.Random, source: Any, at: Place) -> str:
    """What stands somewhere else stands here: codes that are taken, references that dangle, circles, thresholds."""
    alike = [one for one in places(source) if one[-1] == at[-1]] or [at]
    there = chance.choice(alike if chance.random() < 0.7 else list(places(source)))
    found(source, at[:-1])[at[-1]] = copy.deepcopy(found(source, there))
    return f"as at {there}"


def number(chance: random.Random, source: Any, at: Place) -> str | None:
    value = found(source, at)
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    new = chance.choice(
        (value + 1, value - 1, -value, value * 10, value * 10**12, 0, str(value), f"{value}.5")
    )
    found(source, at[:-1])[at[-1]] = new
    return f"{value} is now {new!r}"


def moved(chance: random.Random, source: Any, at: Place) -> str | None:
    parent = found(source, at[:-1])
    if isinstance(parent, list):
        chance.shuffle(parent)
    else:
        entries = list(parent.items())
        parent.clear()
        parent.update(reversed(entries))
    return "in another order"


def wrapped(chance: random.Random, source: Any, at: Place) -> str:
    """A list where a map is meant, or the other way round; sometimes far too deep."""
    value = found(source, at)
    for _ in range(chance.choice((1, 1, 60))):
        value = [value] if chance.random() < 0.5 else {"x": value}
    found(source, at[:-1])[at[-1]] = value
    return "wrapped"


CHANGES: tuple[Change, ...] = (
    delete, other_value, misspelt, twice, borrowed, number, moved, wrapped,
)  # fmt: skip


def changed(chance: random.Random, source: Any) -> tuple[Any, str]:
    """The source with one change, and what was done where."""
    everywhere = list(places(source))
    while True:
        spoilt, at = copy.deepcopy(source), chance.choice(everywhere)
        done = chance.choice(CHANGES)(chance, spoilt, at)
        if done is not None:
            return spoilt, f"{'.'.join(map(str, at))}: {done}"


def respelt(chance: random.Random, text: str) -> tuple[bytes, str]:
    """The text of a file with one slip of the hand, and which."""
    lines = text.split("\n")
    spot = chance.randrange(len(lines))
    line = lines[spot]
    slips: dict[str, str] = {
        "tab": "\t" + line.lstrip(" "),
        "one space more": " " + line,
        "one space less": line[1:] if line.startswith(" ") else line,
        "no colon": line.replace(":", "", 1),
        "no quote": line.replace('"', "", 1),
        "no bracket": line.replace("}", "", 1).replace("]", "", 1),
        "twice": line + "\n" + line,
        "gone": "",
        "anchor": line.replace(": ", ": &a ", 1),
        "alias": line.split(":")[0] + ": *a",
        "tag": line.replace(": ", ": !!python/object/apply:os.system ", 1),
        "merge": line[: len(line) - len(line.lstrip())] + "<<: {a: 1}",
        "yes and no": line.split(":")[0] + ": " + chance.choice(("no", "yes", "on", "Off", "~", "null")),
        "odd number": line.split(":")[0]
        + ": "
        + chance.choice(("017", "1:30", "0x1f", "1e3", ".5", "1_000", "+3")),
        "date": line.split(":")[0] + ": 2026-11-21",
        "second document": line + "\n---\n",
        "brackets": line.split(":")[0] + ": " + "[" * chance.choice((1, 30, 2000)),
        "control": line + "\x07",
        "line separator": line + "\u2028",
        "block": line.split(":")[0] + ": |\n",
        "comment": line.replace(": ", ":#", 1),
        "question": "? " + line,
    }
    name = chance.choice(sorted(slips))
    whole = "\n".join([*lines[:spot], slips[name], *lines[spot + 1 :]]).encode()
    if chance.random() < 0.05:
        cut = chance.randrange(len(whole))
        return whole[:cut] + chance.choice((b"", b"\xff\xfe", b"\xc3", b"\x00")) + whole[cut + 5 :], "bytes"
    return whole, f"line {spot + 1}: {name}"


def write(folder: Path, source: Any) -> Path:
    """A source as one file, a list item and a key a line."""
    path = folder / "programme.yaml"
    text = yaml.dump(source, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True, width=10**6)
    path.write_text(text, encoding="utf-8")
    return path
