"""What one person's attendance is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from trainer.attendance.rules import (
    Attendance,
    AttendanceRule,
    MakeUpFact,
    MarkFact,
    MarkKind,
    NoticeFact,
    SessionFact,
    attendance,
    overall,
)
from trainer.cohorts.rules import PauseSpan

_KIND = {kind.value: kind for kind in MarkKind}


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything that one person's attendance is made of; make-ups and notices by session id."""

    sessions: tuple[SessionFact, ...] = ()
    marks: dict[int, MarkFact] = field(default_factory=dict)
    joined_on: date | None = None
    left_on: date | None = None
    pauses: tuple[PauseSpan, ...] = ()
    make_ups: dict[int, MakeUpFact] = field(default_factory=dict)
    notices: dict[int, NoticeFact] = field(default_factory=dict)
    today: date | None = None

    def weigh(self, rule: AttendanceRule) -> Attendance:
        """The standing under a rule."""
        return attendance(
            self.sessions,
            self.marks,
            rule,
            joined_on=self.joined_on,
            left_on=self.left_on,
            pauses=self.pauses,
            make_ups=self.make_ups,
            notices=self.notices,
            today=self.today,
        )

    def stand(self, rules: Sequence[AttendanceRule]) -> Attendance:
        """The standing under the programme's rules together (programme_rules)."""
        return overall([self.weigh(rule) for rule in rules])


@dataclass(frozen=True, slots=True)
class OnCourse:
    """One enrolment as far as attendance needs it; `late_on` is the day of joining of who joined late."""

    enrolment_id: int
    late_on: date | None
    left_on: date | None
    zone: str = "Europe/Madrid"


@cache
def mark_fact(kind: str, minutes: int | None) -> MarkFact:
    """One object for equal marks: a course has few different ones."""
    return MarkFact(_KIND[kind], minutes)


def late(joined_on: date | None, starts_on: date) -> date | None:
    """The day of joining of someone who joined after the course began; None for everybody else.

    A session that was moved to before the course's first day still expects those who were there from the start.
    """
    return joined_on if joined_on is not None and joined_on > starts_on else None
