"""Gates: what they refer to exists, none waits for itself, and what they issue has wording."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Any

from trainer.core.text import msg
from trainer.curriculum.rules.certificates import ATTENDANCE
from trainer.curriculum.rules.parts import Finding, Path, entries, items, mapping, one_of, text
from trainer.curriculum.rules.requirement_checks import check_requirement

NEEDED = "accreditation"


def check_gates(source: Mapping[str, Any]) -> Iterator[Finding]:
    """Everything that is wrong with the meaning of the gates."""
    gates = dict(entries(source, "gates"))
    if gates and NEEDED not in gates:
        yield Finding(
            ("gates",),
            msg(
                "a programme has at least the gate `%(gate)s`: say what accredits someone (%(known)s)",
                gate=NEEDED,
                known=one_of(NEEDED, list(gates)),
            ),
            about=("gates", "*"),
            of=NEEDED,
        )
    for name, gate in gates.items():
        path: Path = ("gates", name, "requirements")
        keys: set[str] = set()
        for position, raw in enumerate(items(mapping(gate), "requirements")):
            requirement = mapping(raw)
            yield from _requirement((*path, position), requirement, source, gates)
            key = text(requirement, "key")
            if key is not None and key in keys:
                yield Finding(
                    (*path, position, "key"),
                    msg("the key `%(key)s` is used twice in this gate: give one another name", key=key),
                )
            if key is not None:
                keys.add(key)
    yield from _circles(gates)
    yield from _uses(source, gates)


def _requirement(
    path: Path, requirement: Mapping[str, Any], source: Mapping[str, Any], gates: Mapping[str, Any]
) -> Iterator[Finding]:
    kind = requirement.get("kind")
    if kind == "gate":
        other = text(requirement, "gate")
        if other is not None and other not in gates:
            yield Finding(
                (*path, "gate"),
                msg(
                    "no such gate: `%(gate)s`: add it under `gates`, or name another (%(known)s)",
                    gate=other,
                    known=one_of(other, list(gates)),
                ),
                about=("gates", "*"),
                of=other,
            )
    else:
        yield from check_requirement(path, requirement, source)


def _circles(gates: Mapping[str, Any]) -> Iterator[Finding]:
    """One finding for each circle, at the gate that is written first in it."""
    waits = {
        name: {
            other
            for requirement in map(mapping, items(mapping(gate), "requirements"))
            if requirement.get("kind") == "gate" and (other := text(requirement, "gate")) in gates
        }
        for name, gate in gates.items()
    }
    told: set[str] = set()
    for name in gates:
        way = _way_back(waits, name)
        if way and not told & set(way):
            told.update(way)
            yield Finding(
                ("gates", name),
                msg(
                    "gates wait for each other in a circle (%(way)s), none could ever be met: take one out",
                    way=" → ".join([*way, name]),
                ),
            )


def _way_back(waits: Mapping[str, set[Any]], start: str) -> list[str]:
    """A way from `start` along the gates back to it, or nothing."""
    stack: list[list[str]] = [[start]]
    seen: set[str] = set()
    while stack:
        way = stack.pop()
        for other in sorted(waits[way[-1]]):
            if other == start:
                return way
            if other not in seen:
                seen.add(other)
                stack.append([*way, other])
    return []


def _uses(source: Mapping[str, Any], gates: Mapping[str, Any]) -> Iterator[Finding]:
    wordings = dict(entries(source, "certificates"))
    issued: dict[str, str] = {}
    opened: dict[str, str] = {}
    for name, gate in gates.items():
        for verb, taken in (("issues", issued), ("opens", opened)):
            what = text(mapping(gate), verb)
            if what is None:
                continue
            if what in taken:
                yield Finding(
                    ("gates", name, verb),
                    msg(
                        "the gate `%(other)s` already %(verb)s `%(what)s`: take it out of one of the two",
                        other=taken[what],
                        verb=verb,
                        what=what,
                    ),
                )
            taken.setdefault(what, name)
            if verb == "issues" and mapping(wordings.get(what)).get("attests") == ATTENDANCE:
                yield Finding(
                    ("gates", name, verb),
                    msg(
                        "`%(what)s` attests attendance, for who is not accredited: no gate issues it",
                        what=what,
                    ),
                )
            if verb == "issues" and what not in wordings:
                yield Finding(
                    ("gates", name, verb),
                    msg(
                        "there is no wording for it: add `%(what)s` under `certificates`, or name another (%(known)s)",
                        what=what,
                        known=one_of(what, list(wordings)),
                    ),
                    about=("certificates", "*"),
                    of=what if wordings else "all",
                )
            if verb == "opens" and what == "placement" and "placement" not in source:
                yield Finding(
                    ("gates", name, verb),
                    msg(
                        "opens the placement, but the programme has no `placement`: describe it, or remove this"
                    ),
                    about=("placement",),
                    of="placement",
                )
    missing = [what for what in issued if what not in wordings]
    for kind, wording in wordings.items():
        if kind == NEEDED and NEEDED not in gates:
            continue  # that the gate is missing has been said
        if difflib.get_close_matches(kind, missing, 1, 0.75):
            continue  # the gate that issues it spells it otherwise, and is told so
        if kind not in issued and mapping(wording).get("attests") != ATTENDANCE:
            yield Finding(
                ("certificates", kind),
                msg(
                    "no gate issues it: add `issues: %(kind)s` to the gate that leads to it, or remove it",
                    kind=kind,
                ),
                about=("gates", "*", "issues"),
            )
