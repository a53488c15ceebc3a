"""What attendance is made of: sessions, marks, and what the programme says counts. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
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
    """One session of the course. `minutes` is the planned length, `effective_minutes` what it really took.

    `extra`: a repeat for those who missed it. It is in nobody's base: what it brings is a make-up of what was missed.
    """

    id: int
    number: int
    status: str  # planned | held | cancelled
    starts_local: datetime
    minutes: int
    effective_minutes: int | None = None
    module_code: str = ""
    extra: bool = False

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
class MakeUpFact:
    """How one named absence is made up; `minutes` is what it is worth, at most the session's length.

    status: asked, agreed (still to be done, until a day), done. Only what is done is credited.
    """

    session_id: int
    minutes: int
    status: str = "done"
    until: date | None = None
    way: str = "session"
    id: int = 0

    def possible_on(self, today: date | None) -> bool:
        """Agreed, and its day has not passed; without `today` no day ever has."""
        return self.status == "agreed" and (self.until is None or today is None or today <= self.until)


@dataclass(frozen=True, slots=True)
class NoticeFact:
    """What a person said beforehand of a session. `decided`: excused, noted, or None while nobody has."""

    session_id: int
    kind: str = "absent"  # absent | late | left_early
    reason_code: str = ""
    decided: str | None = None
    id: int = 0


class Count(StrEnum):
    """How a session's minutes become the unit that a rule counts in."""

    MINUTES = "minutes"  # every minute weighs the same
    SHARES = "shares"  # a session is one, and half of it a half
    WHOLE = "whole"  # a session was attended or it was missed


@dataclass(frozen=True, slots=True)
class AttendanceRule:
    """What the programme says counts, and what one requirement asks of it.

    `at_least` is the exact share of the base that is asked for; or `at_most_missed` says how much of the base may be missed, in
    the unit of `count`. `missed_below`: a whole session counts as missed under this share of it (None: when nothing of it is
    credited). `modules` limits the rule to the sessions of these modules.
    """

    at_least: Fraction = Fraction(0)
    base: Base = Base.HOURS
    excused: Excused = Excused.ABSENT
    cap_minutes: int | None = None  # of excused absence that may be excluded or credited
    cap_sessions: int | None = None
    late_joiners_from_joining: bool = False
    pauses_excluded: bool = False
    modules: frozenset[str] | None = None
    at_most_missed: int | None = None
    whole_sessions: bool = False
    missed_below: Fraction | None = None
    make_ups_count: bool = True

    @property
    def count(self) -> Count:
        if self.whole_sessions:
            return Count.WHOLE
        return Count.MINUTES if self.base is Base.HOURS else Count.SHARES

    def unit(self, minutes: int, length: int) -> Amount:
        """`minutes` of a session of `length` (both whole, length above 0) in the rule's unit."""
        if self.whole_sessions:
            if self.missed_below is None:
                return 1 if minutes > 0 else 0
            return 1 if minutes >= self.missed_below * length else 0
        return minutes if self.base is Base.HOURS else Fraction(minutes, length)

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


def rule_of(programme: Programme, requirement: Mapping[str, Any]) -> AttendanceRule:
    """The rule of one requirement of kind `attendance` or `max_absences`. Raises ValueError on a word it does not know.

    A limit on absences is the same test from the other side: what is credited reaches the base less what may be missed.
    """
    modules = frozenset(requirement["modules"]) if requirement.get("modules") else None
    rule = replace(AttendanceRule.from_document(programme.attendance), modules=modules)
    if requirement["kind"] == "attendance":
        return replace(rule, at_least=exact_fraction(requirement["at_least"]))
    limit = requirement["at_most"]
    if "share" in limit:
        return replace(rule, at_least=1 - exact_fraction(limit["share"]))
    if "sessions" in limit:
        below = requirement.get("below")
        return replace(
            rule,
            base=Base.SESSIONS,
            at_most_missed=int(limit["sessions"]),
            whole_sessions=True,
            missed_below=exact_fraction(below) if below else None,
        )
    minutes = int(limit["minutes"]) if "minutes" in limit else int(limit["hours"]) * 60
    return replace(rule, base=Base.HOURS, at_most_missed=minutes)


def programme_rules(programme: Programme) -> tuple[AttendanceRule, ...]:
    """The rules of the programme that ask something of all sessions, those of kind `attendance` first.

    The first of them tells the forecast; a programme without any asks for nothing, and its forecast says so.
    """
    asked = [
        requirement
        for gate in programme.gates.values()
        for requirement in gate.requirements
        if requirement["kind"] in ("attendance", "max_absences") and not requirement.get("modules")
    ]
    asked.sort(key=lambda requirement: requirement["kind"] != "attendance")
    rules = dict.fromkeys(rule_of(programme, requirement) for requirement in asked)
    return tuple(rules) or (AttendanceRule.from_document(programme.attendance),)


def programme_rule(programme: Programme) -> AttendanceRule:
    """The rule that a person's attendance is told by: the first of programme_rules."""
    return programme_rules(programme)[0]
