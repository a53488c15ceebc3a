"""What has changed since a proposal was made: its frozen evidence beside what holds today. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Words = Mapping[str, str]


@dataclass(frozen=True)
class Change:
    """A decision that reads otherwise today. `then` and `now` are the words by language; empty where there
    was, or is, no such decision. The status is empty likewise."""

    gate: Words
    then: Words = field(default_factory=dict)
    now: Words = field(default_factory=dict)
    then_status: str = ""
    now_status: str = ""


@dataclass(frozen=True)
class Changes:
    """Everything that differs between two evidence packs of one proposal."""

    decisions: tuple[Change, ...] = ()
    waivers_added: tuple[Mapping[str, Any], ...] = ()
    waivers_gone: tuple[Mapping[str, Any], ...] = ()
    programme: bool = False  # other contents of the programme than then

    def __bool__(self) -> bool:
        return bool(self.decisions or self.waivers_added or self.waivers_gone or self.programme)


def changes(then: Mapping[str, Any], now: Mapping[str, Any]) -> Changes:
    """Compares two evidence packs by what was decided (status, what there is, what is needed), not by the
    wording, which a newer release may have bettered."""
    before, after = _decisions(then), _decisions(now)
    found = []
    for key in [*before, *(key for key in after if key not in before)]:
        old, new = before.get(key), after.get(key)
        if _weight(old) != _weight(new):
            gate = (new or old or ({}, {}))[0]
            found.append(
                Change(
                    gate,
                    old[1]["words"] if old else {},
                    new[1]["words"] if new else {},
                    old[1]["status"] if old else "",
                    new[1]["status"] if new else "",
                )
            )
    old_waivers, new_waivers = _waivers(then), _waivers(now)
    return Changes(
        tuple(found),
        tuple(one for key, one in new_waivers.items() if key not in old_waivers),
        tuple(one for key, one in old_waivers.items() if key not in new_waivers),
        then["programme"]["hash"] != now["programme"]["hash"],
    )


def _decisions(pack: Mapping[str, Any]) -> dict[tuple[str, str, str], tuple[Words, Mapping[str, Any]]]:
    return {
        (gate["name"], one["kind"], one["key"]): (gate["title"] or {"en": gate["name"]}, one)
        for gate in pack["gates"]
        for one in gate["decisions"]
    }


def _weight(decision: tuple[Words, Mapping[str, Any]] | None) -> tuple[str, ...]:
    return () if decision is None else tuple(str(decision[1][part]) for part in ("status", "have", "need"))


def _waivers(pack: Mapping[str, Any]) -> dict[int, Mapping[str, Any]]:
    return {one["id"]: one for one in pack["waivers"]}
