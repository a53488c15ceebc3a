"""Modules and what they are made of, as frozen values. Minutes are whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Localised = dict[str, str]


@dataclass(frozen=True)
class Competency:
    """What someone can do; `descriptors` says, for each level code, what that level looks like, or is empty."""

    code: str
    title: Localised
    descriptors: dict[str, Localised] = field(default_factory=dict)
    principles: tuple[str, ...] = ()
    chime: tuple[str, ...] = ()


@dataclass(frozen=True)
class Activity:
    """One piece of a module's plan."""

    minutes: int
    title: Localised
    method: str
    what: Localised
    materials: Localised | None = None


@dataclass(frozen=True)
class TaughtBy:
    """Who teaches, by role; never a name."""

    role: Localised
    lived_experience: bool


@dataclass(frozen=True)
class Reading:
    """A text to read; `open` when anybody may read it without paying."""

    title: str
    author: str
    year: int | None
    url: str | None
    languages: tuple[str, ...]
    open: bool
    why: Localised


@dataclass(frozen=True)
class Handout:
    """A sheet that is given out; `body` is light mark-up (see prose.py)."""

    code: str
    title: Localised
    body: Localised


@dataclass(frozen=True)
class Source:
    """Where a part of the programme comes from."""

    title: str
    author: str | None = None
    year: int | None = None
    url: str | None = None
    note: Localised | None = None


@dataclass(frozen=True)
class Module:
    """One module: what is taught in `minutes`, and what people can do afterwards.

    Empty is what its source does not say. `sessions`: minutes of each meeting that teaches it, which add up to
    `minutes`; empty for one meeting.
    """

    number: int
    code: str
    title: Localised
    minutes: int
    aim: Localised | None = None
    outcomes: tuple[Localised, ...] = ()
    competencies: tuple[Competency, ...] = ()
    plan: tuple[Activity, ...] = ()
    taught_by: tuple[TaughtBy, ...] = ()
    co_written_by: tuple[Localised, ...] = ()
    sessions: tuple[int, ...] = ()
    reading: tuple[Reading, ...] = ()
    handouts: tuple[Handout, ...] = ()

    @property
    def meetings(self) -> tuple[int, ...]:
        """Minutes of each meeting that teaches it; one of all its minutes where nothing else is said."""
        return self.sessions or (self.minutes,)

    @property
    def methods(self) -> tuple[str, ...]:
        """Codes of the methods that the plan uses, in order of first use."""
        return tuple(dict.fromkeys(activity.method for activity in self.plan))

    def handout(self, code: str) -> Handout | None:
        """The handout called `code`, if there is one."""
        return next((handout for handout in self.handouts if handout.code == code), None)

    def timed_plan(self) -> list[tuple[int, Activity]]:
        """Each activity with the minute at which it begins, from 0."""
        begins = 0
        timed = []
        for activity in self.plan:
            timed.append((begins, activity))
            begins += activity.minutes
        return timed


def tuples(values: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """`values` with the lists under `names` as tuples."""
    return {key: tuple(value) if key in names else value for key, value in values.items()}


def module_from(values: Mapping[str, Any]) -> Module:
    """The Module of its canonical content."""
    plain = tuples(values, "outcomes", "co_written_by", "sessions")
    plain["competencies"] = tuple(
        Competency(**tuples(competency, "principles", "chime")) for competency in values["competencies"]
    )
    plain["plan"] = tuple(Activity(**activity) for activity in values["plan"])
    plain["taught_by"] = tuple(TaughtBy(**trainer) for trainer in values.get("taught_by", ()))
    plain["reading"] = tuple(Reading(**tuples(reading, "languages")) for reading in values["reading"])
    plain["handouts"] = tuple(Handout(**handout) for handout in values["handouts"])
    return Module(**plain)
