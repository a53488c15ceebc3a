"""A course's people as a page was asked to show them: some of them, in an order. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from trainer.attendance.rules import Forecast
from trainer.gates.rules import Status
from trainer.progress.rules.calls import Call
from trainer.progress.rules.facts import CourseProgress, PersonProgress

SORTS = ("name", "attendance", "may_miss", "entity", "gates")
_FORECASTS = [
    Forecast.UNREACHABLE,
    Forecast.AT_RISK,
    Forecast.NO_DATA,
    Forecast.ON_TRACK,
    Forecast.MET,
]


@dataclass(frozen=True)
class Choice:
    """Who is shown: only those who need a call, whose gate (any, where none is named) is in a status, of an entity."""

    call: bool = False
    gate: str = ""
    status: str = ""
    entity: str = ""
    sort: str = "name"

    @property
    def any(self) -> bool:
        """Whether anybody may be left out."""
        return bool(self.call or self.status or self.entity)


def choose(course: CourseProgress, calls: Sequence[Call], choice: Choice) -> list[PersonProgress]:
    """The people to show, sorted; people with equal values stay in the order of their names."""
    called = {call.person.enrolment_id for call in calls}
    found = [
        one
        for one in course.people
        if (not choice.call or one.enrolment_id in called)
        and (not choice.entity or one.entity == choice.entity)
        and (not choice.status or _has(one, choice.gate, choice.status))
    ]
    key = _KEYS.get(choice.sort)
    return sorted(found, key=key) if key else found


def entities(course: CourseProgress) -> list[str]:
    """The entities that people were sent by."""
    return sorted({one.entity for one in course.people if one.entity})


def _has(person: PersonProgress, gate: str, status: str) -> bool:
    gates = [person.gates[gate]] if gate in person.gates else list(person.gates.values())
    return any(
        one.status == status or (status == "passed" and one.passed)
        for one in gates
        if one.passed or person.waits(one.name)
    )


_KEYS: dict[str, Callable[[PersonProgress], Any]] = {
    # Those who need somebody come first, those who left or completed last.
    "attendance": lambda one: (
        one.is_over,
        _FORECASTS.index(one.attendance.forecast),
        one.attendance.credited_minutes,
    ),
    "may_miss": lambda one: (one.is_over, one.attendance.can_still_miss_minutes),
    "entity": lambda one: (not one.entity, one.entity),
    "gates": lambda one: (
        one.is_over,
        -sum(1 for gate in one.gates.values() if gate.status is Status.UNREACHABLE),
        sum(1 for gate in one.gates.values() if gate.passed),
    ),
}
