"""A course in figures: how many began, where they stand, by who sent them. Pure; counts only, no names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Standing:
    """What a report needs of one person."""

    entity: str
    status: str
    gates_passed: frozenset[str]


@dataclass(frozen=True)
class Line:
    """One row of the report: `entity` None is the whole course. `passed` holds a count per gate, in the programme's order."""

    entity: str | None
    began: int
    on_course: int
    paused: int
    left: int
    completed: int
    passed: tuple[int, ...]


def lines(people: Iterable[Standing], gates: Sequence[str]) -> list[Line]:
    """A line per entity, by name, and last the whole course."""
    everyone = list(people)
    entities = sorted({one.entity for one in everyone})
    made = [_line(name, [one for one in everyone if one.entity == name], gates) for name in entities]
    if len(entities) == 1:
        made = []  # the same figures twice would only make people look for a difference
    return [*made, _line(None, everyone, gates)]


def _line(entity: str | None, people: Sequence[Standing], gates: Sequence[str]) -> Line:
    def count(status: str) -> int:
        return sum(one.status == status for one in people)

    return Line(
        entity=entity,
        began=len(people),
        on_course=count("enrolled"),
        paused=count("paused"),
        left=count("withdrawn"),
        completed=count("completed"),
        passed=tuple(sum(gate in one.gates_passed for one in people) for gate in gates),
    )
