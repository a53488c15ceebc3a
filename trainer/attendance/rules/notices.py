"""Absences that are announced: what they would do to a forecast, and how much of the excused cap is used. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from trainer.attendance.rules.facts import AttendanceRule, Excused
from trainer.attendance.rules.standing import Attendance
from trainer.core.text import Text, msg

KINDS = ("absent", "late", "left_early")
DECISIONS = ("excused", "noted")
LONGEST_NOTE = 2000


@dataclass(frozen=True, slots=True)
class Effect:
    """What announced absences do to one person's forecast, in percent cut to one decimal (None: nothing counts yet)."""

    best: str | None
    best_as_announced: str | None
    minutes: int  # announced, less what is agreed to be made up
    keeps: bool  # every rule on attendance can still be met if the absences happen
    was_possible: bool  # and could be before them

    @property
    def breaks(self) -> bool:
        return self.was_possible and not self.keeps


def effect_of(standings: Sequence[Attendance]) -> Effect:
    """The effect under each of the programme's rules; the figures are those of the first."""
    first = standings[0]
    return Effect(
        best=first.best_possible,
        best_as_announced=first.best_as_announced,
        minutes=first.announced_minutes,
        keeps=all(one.credited + one.open - one.announced >= one.need for one in standings),
        was_possible=all(one.credited + one.open >= one.need for one in standings),
    )


@dataclass(frozen=True, slots=True)
class CapUse:
    """How much excused absence the programme excludes or credits, and how much of it is taken. Minutes and sessions."""

    counts_as: str
    most_minutes: int | None
    most_sessions: int | None
    minutes: int
    sessions: int

    @property
    def has_cap(self) -> bool:
        return self.counts_as != Excused.ABSENT and (
            self.most_minutes is not None or self.most_sessions is not None
        )

    @property
    def is_full(self) -> bool:
        if not self.has_cap:
            return False
        full_minutes = self.most_minutes is not None and self.minutes >= self.most_minutes
        return full_minutes or (self.most_sessions is not None and self.sessions >= self.most_sessions)


def cap_use(rule: AttendanceRule, excused_lengths: Iterable[int]) -> CapUse:
    """The cap of a rule and what is taken of it by excused sessions of these lengths (marked, or decided beforehand)."""
    lengths = list(excused_lengths)
    return CapUse(rule.excused.value, rule.cap_minutes, rule.cap_sessions, sum(lengths), len(lengths))


def is_short_notice(announced_at: datetime, starts_at: datetime, hours: int | None) -> bool:
    """Whether a notice came later than the programme asks for. It is taken all the same."""
    return hours is not None and announced_at > starts_at - timedelta(hours=hours)


def kind_text(kind: str) -> Text:
    """What somebody announced, in the words of the staff's pages."""
    return {
        "absent": msg("Cannot come"),
        "late": msg("Will be late"),
        "left_early": msg("Will leave early"),
    }[kind]


def own_kind_text(kind: str) -> Text:
    """What somebody announced, in their own words."""
    return {
        "absent": msg("I cannot come"),
        "late": msg("I will be late"),
        "left_early": msg("I will leave early"),
    }[kind]


def decision_text(decided: str | None) -> Text:
    """What was decided about a notice, in words."""
    if decided is None:
        return msg("Not decided yet")
    return {"excused": msg("Counts as excused"), "noted": msg("Noted")}[decided]
