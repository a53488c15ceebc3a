"""Modules and sessions that may not be missed. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from trainer.attendance.rules.lines import Line, LineState
from trainer.core.text import Text, msg, nmsg
from trainer.gates.rules import Status


@dataclass(frozen=True, slots=True)
class Unmissable:
    """What may not be missed, by module code or session number: kept, still to come, missed, or without any date yet."""

    need: int
    by_module: bool
    kept: tuple[Any, ...] = ()
    open: tuple[Any, ...] = ()
    missed: tuple[Any, ...] = ()
    undated: tuple[Any, ...] = ()

    @property
    def status(self) -> Status:
        if self.missed:
            return Status.UNREACHABLE
        return Status.MET if len(self.kept) == self.need else Status.NOT_YET


def unmissable(
    lines: Sequence[Line],
    modules: Sequence[str] | None,
    sessions: Sequence[int] | None,
    below: Fraction | None = None,
) -> Unmissable:
    """Weigh each module (every session of it) or each numbered session that may not be missed.

    A session is kept when something of it was attended or made up; with `below`, at least that share of it. One that is
    still open, or agreed to be made up, is not missed yet.
    """
    by_module = modules is not None
    wanted: Sequence[Any] = modules if modules is not None else (sessions or ())
    found: dict[str, list[Any]] = {"kept": [], "open": [], "missed": [], "undated": []}
    for one in wanted:
        own = [
            line for line in lines if (line.session.module_code if by_module else line.session.number) == one
        ]
        if not own:
            found["undated"].append(one)
        elif all(_enough(line.attended + line.made_up, line.session.length, below) for line in own):
            found["kept"].append(one)
        elif all(_enough(_reachable(line), line.session.length, below) for line in own):
            found["open"].append(one)
        else:
            found["missed"].append(one)
    return Unmissable(len(wanted), by_module, **{name: tuple(values) for name, values in found.items()})


def _enough(minutes: int, length: int, below: Fraction | None) -> bool:
    return minutes > 0 if below is None else minutes >= below * length


def _reachable(line: Line) -> int:
    if line.state in (LineState.PLANNED, LineState.UNMARKED):
        return line.session.length
    # An excused absence leaves no room in the base for a make-up where it is credited or excluded; here the room is
    # what was not attended.
    room = line.session.length - line.attended - line.made_up
    agreed = line.make_up.minutes if line.make_up is not None and line.agreed else 0
    return line.attended + line.made_up + min(agreed, room)


def _names(keys: Sequence[Any], by_module: bool, titles: Mapping[str, Any]) -> Text:
    """Up to three titles, or the numbers of the sessions."""
    if not by_module:
        return msg("session %(numbers)s", numbers=", ".join(str(key) for key in keys))
    said = [msg("“%(title)s”", title=titles.get(key, key)) for key in keys[:3]]
    if len(keys) == 1:
        return said[0]
    if len(keys) == 2:
        return msg("%(a)s and %(b)s", a=said[0], b=said[1])
    if len(keys) == 3:
        return msg("%(a)s, %(b)s and %(c)s", a=said[0], b=said[1], c=said[2])
    return nmsg(
        "%(a)s, %(b)s, %(c)s and %(num)d more",
        "%(a)s, %(b)s, %(c)s and %(num)d more",
        len(keys) - 3,
        a=said[0],
        b=said[1],
        c=said[2],
    )


def explain_unmissable(found: Unmissable, titles: Mapping[str, Any]) -> Text:
    """The decision in words; `titles` by module code."""
    if found.missed:
        return msg("%(what)s was missed, and may not be.", what=_names(found.missed, found.by_module, titles))
    if len(found.kept) == found.need:
        return nmsg(
            "The one part that may not be missed was attended.",
            "All %(num)d parts that may not be missed were attended.",
            found.need,
        )
    if found.open:
        return msg(
            "%(done)d of %(all)d parts that may not be missed are done; still to come: %(what)s.",
            done=len(found.kept),
            all=found.need,
            what=_names(found.open, found.by_module, titles),
        )
    return msg("No date is set yet for %(what)s.", what=_names(found.undated, found.by_module, titles))


def next_step_unmissable(found: Unmissable, titles: Mapping[str, Any], *, make_up: bool) -> Text | None:
    """What comes next for the person, or None when nothing is left to do."""
    if found.missed:
        what = _names(found.missed, found.by_module, titles)
        if make_up:
            return msg("Ask how %(what)s can be made up.", what=what)
        return msg("Talk with the course organiser: %(what)s is taken again in another round.", what=what)
    if found.open:
        return msg("Be sure to come to %(what)s.", what=_names(found.open, found.by_module, titles))
    if found.undated:
        return msg(
            "Wait for the date of %(what)s, or ask for it.",
            what=_names(found.undated, found.by_module, titles),
        )
    return None
