"""What attendance is made of: sessions, marks, and what the programme says counts. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from trainer.curriculum.rules.numbers import exact_fraction

if TYPE_CHECKING:
    from trainer.curriculum.rules import Programme

Amount = int | Fraction
"""Minutes (always an int) when the base is hours; sessions (int or Fraction) when the base is sessions."""


class MarkKind(StrEnum):
    UNMARKED = "unmarked"
    PRESENT = "present"
    LATE = "late"
    LEFT_EARLY = "left_early"
    ABSENT = "absent"
    EXCUSED = "excused"


NEEDS_MINUTES = frozenset({MarkKind.LATE, MarkKind.LEFT_EARLY})


class Base(StrEnum):
    HOURS = "hours"
    SESSIONS = "sessions"


class Excused(StrEnum):
    ABSENT = "absent"
    EXCLUDED = "excluded"
    CREDITED = "credited"


@dataclass(frozen=True, slots=True)
class SessionFact:
    """One session of the course. `minutes` is the planned length, `effective_minutes` what it really took."""

    id: int
    number: int
    status: str  # planned | held | cancelled
    starts_local: datetime
    minutes: int
    effective_minutes: int | None = None

    @property
    def length(self) -> int:
        """Minutes that count: the effective length of a held session, else the planned one."""
        if self.status == "held" and self.effective_minutes is not None:
            return self.effective_minutes
        return self.minutes

    @property
    def on(self) -> date:
        return self.starts_local.date()


@dataclass(frozen=True, slots=True)
class MarkFact:
    kind: MarkKind
    minutes: int | None = None  # attended, for late and left early


@dataclass(frozen=True, slots=True)
class AttendanceRule:
    """What the programme says counts. `at_least` is the exact share of the base that a gate asks for."""

    at_least: Fraction = Fraction(0)
    base: Base = Base.HOURS
    excused: Excused = Excused.ABSENT
    cap_minutes: int | None = None  # of excused absence that may be excluded or credited
    cap_sessions: int | None = None
    late_joiners_from_joining: bool = False
    pauses_excluded: bool = False

    @classmethod
    def from_document(cls, document: Mapping[str, Any], at_least: Fraction = Fraction(0)) -> AttendanceRule:
        """Read the programme's `attendance` mapping. Raises ValueError on a word that it does not know."""
        excused = document.get("excused") or {}
        if isinstance(excused, str):
            excused = {"counts_as": excused}
        cap = excused.get("cap") or {}
        if isinstance(cap, int):
            cap = {"sessions": cap}
        minutes = cap.get("minutes")
        if cap.get("hours") is not None:
            minutes = int(cap["hours"]) * 60
        return cls(
            at_least=at_least,
            base=Base(document.get("base", "hours")),
            excused=Excused(excused.get("counts_as", "absent")),
            cap_minutes=minutes,
            cap_sessions=cap.get("sessions"),
            late_joiners_from_joining=_choice(document, "late_joiners", "from_joining"),
            pauses_excluded=_choice(document, "pauses", "excluded"),
        )


def _choice(document: Mapping[str, Any], key: str, other: str) -> bool:
    value = document.get(key, "full_base")
    if value not in ("full_base", other):
        raise ValueError(f"{key}: full_base or {other}, not {value}")
    return bool(value == other)


def percent(part: Amount, whole: Amount) -> str | None:
    """`part` of `whole` in percent, cut (never rounded) to one decimal; None when there is no whole."""
    if whole <= 0:
        return None
    tenths = part * 1000 // whole
    return f"{tenths // 10}.{tenths % 10}"


def programme_rule(programme: Programme) -> AttendanceRule:
    """The programme's attendance rule, with the share that its first attendance requirement asks.

    A programme without one asks for nothing, and its forecast says so.
    """
    asked = (
        exact_fraction(requirement["at_least"])
        for gate in programme.gates.values()
        for requirement in gate.requirements
        if requirement["kind"] == "attendance"
    )
    return AttendanceRule.from_document(programme.attendance, next(asked, Fraction(0)))
