"""Gates: what they refer to exists, none waits for itself, and what they issue has wording."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from trainer.core.text import msg
from trainer.curriculum.rules.certificates import ATTENDANCE
from trainer.curriculum.rules.parts import Finding, Path, entries, items, mapping, text
from trainer.curriculum.rules.requirement_checks import check_requirement

NEEDED = "accreditation"


def check_gates(source: Mapping[str, Any]) -> Iterator[Finding]:
    """Everything that is wrong with the meaning of the gates."""
    gates = dict(entries(source, "gates"))
    if gates and NEEDED not in gates:
        yield Finding(
            ("gates",),
            msg("a programme has at least the gate `%(gate)s`: say what accredits someone", gate=NEEDED),
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
                    (*path, position, "key"), msg("the key `%(key)s` is used twice in this gate", key=key)
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
                msg("no such gate: `%(gate)s`; the gates are %(known)s", gate=other, known=", ".join(gates)),
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
                        "the gate `%(other)s` already %(verb)s `%(what)s`",
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
                    msg("there is no wording for it: add `%(what)s` under `certificates`", what=what),
                )
            if verb == "opens" and what == "placement" and "placement" not in source:
                yield Finding(
                    ("gates", name, verb),
                    msg("opens the placement, but the programme has no `placement`: describe it"),
                )
    for kind, wording in wordings.items():
        if kind not in issued and mapping(wording).get("attests") != ATTENDANCE:
            yield Finding(
                ("certificates", kind),
                msg("no gate issues it: add `issues: %(kind)s` to the gate that leads to it", kind=kind),
            )
