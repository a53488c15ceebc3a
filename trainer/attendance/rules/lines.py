"""One person at one session: what of it counts, is credited, made up, and still possible. Pure.

Source: the domain page, "Attendance" 2 to 5 and 8.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from trainer.attendance.rules.facts import (
    NEEDS_MINUTES,
    AttendanceRule,
    Excused,
    MakeUpFact,
    MarkFact,
    MarkKind,
    NoticeFact,
    SessionFact,
)
from trainer.cohorts.rules import PauseSpan, paused_on


class LineState(StrEnum):
    PLANNED = "planned"
    UNMARKED = "unmarked"  # held, and nobody has said yet
    MARKED = "marked"
    NOT_EXPECTED = "not_expected"  # held before they joined, in a pause, or after they left
    OUTSIDE = "outside"  # leaves the base: the programme says so


@dataclass(frozen=True, slots=True)
class Line:
    """One session of a person's way, in whole minutes.

    counts: how much of it is in the base. attended: truly in the room. credited: what the mark is worth by the programme.
    made_up: credited by a make-up, never above what is left of the session. open: what can still be credited; of it,
    `agreed` by a make-up that is approved and not done yet. announced: minutes that the person said they will miss.
    """

    session: SessionFact
    state: LineState
    mark: MarkFact | None = None
    counts: int = 0
    attended: int = 0
    credited: int = 0
    made_up: int = 0
    open: int = 0
    agreed: int = 0
    announced: int = 0
    excused: bool = False
    make_up: MakeUpFact | None = None
    notice: NoticeFact | None = None

    @property
    def credit(self) -> int:
        """Everything credited for this session: never above its length."""
        return self.credited + self.made_up

    @property
    def missed(self) -> int:
        """Minutes of the base that are neither credited nor still possible."""
        return self.counts - self.credit - self.open


@dataclass(slots=True)
class _Cap:
    """What is left of the excused absence that the programme excludes or credits, used up in order of date."""

    sessions: int | None
    minutes: int | None

    def allow(self, length: int) -> int:
        if self.sessions is not None:
            if self.sessions <= 0:
                return 0
            self.sessions -= 1
        if self.minutes is None:
            return length
        allowed = min(length, self.minutes)
        self.minutes -= allowed
        return allowed


def attended_minutes(mark: MarkFact, length: int) -> int:
    """Minutes truly attended, never below 0 nor above the session's length."""
    if mark.kind is MarkKind.PRESENT:
        return length
    if mark.kind in NEEDS_MINUTES:
        return max(0, min(mark.minutes or 0, length))
    return 0


_NOT_EXPECTED = MarkFact(MarkKind.ABSENT)


def lines_of(
    sessions: Iterable[SessionFact],
    marks: Mapping[int, MarkFact],
    rule: AttendanceRule,
    *,
    joined_on: date | None = None,
    left_on: date | None = None,
    pauses: Sequence[PauseSpan] = (),
    make_ups: Mapping[int, MakeUpFact] | None = None,
    notices: Mapping[int, NoticeFact] | None = None,
    today: date | None = None,
) -> tuple[Line, ...]:
    """Every session that is not cancelled, in order of time, weighed for one person.

    A held session without any mark counts as unmarked, unless the person could not have been there (it came before they joined,
    after they left, or in a pause): then it counts as not attended, for as long as the programme keeps it in the base.
    An agreed make-up is possible until its day; without `today` it always is.
    """
    cap = _Cap(rule.cap_sessions, rule.cap_minutes)
    made = (make_ups or {}) if rule.make_ups_count else {}
    said = notices or {}
    found = []
    for session in sorted(sessions, key=lambda s: (s.starts_local, s.number)):
        length = session.length
        if session.status == "cancelled" or length <= 0:
            continue
        if rule.modules is not None and session.module_code not in rule.modules:
            continue
        day = session.on
        before = joined_on is not None and day < joined_on
        paused = bool(pauses) and paused_on(pauses, day)
        mark = marks.get(session.id)
        make_up, notice = made.get(session.id), said.get(session.id)
        if (before and rule.late_joiners_from_joining) or (paused and rule.pauses_excluded):
            found.append(
                Line(
                    session,
                    LineState.OUTSIDE,
                    mark,
                    attended=attended_minutes(mark, length) if mark and session.status == "held" else 0,
                    make_up=make_up,
                    notice=notice,
                )
            )
            continue
        done = make_up.minutes if make_up is not None and make_up.status == "done" else 0
        if session.status != "held":
            made_up = min(done, length)
            found.append(
                Line(
                    session,
                    LineState.PLANNED,
                    counts=length,
                    made_up=made_up,
                    open=length - made_up,
                    announced=_announced(notice, make_up, length - made_up, today),
                    make_up=make_up,
                    notice=notice,
                )
            )
            continue
        absent = mark is None and (before or paused or (left_on is not None and day > left_on))
        if absent:
            mark = _NOT_EXPECTED
        if mark is None or mark.kind is MarkKind.UNMARKED:
            made_up = min(done, length)
            found.append(
                Line(
                    session,
                    LineState.UNMARKED,
                    mark,
                    counts=length,
                    made_up=made_up,
                    open=length - made_up,
                    make_up=make_up,
                    notice=notice,
                )
            )
            continue
        attended = credited = attended_minutes(mark, length)
        counts, excused = length, mark.kind is MarkKind.EXCUSED
        if excused and rule.excused is not Excused.ABSENT:
            allowed = cap.allow(length)
            if rule.excused is Excused.CREDITED:
                credited = allowed
            else:
                counts = length - allowed
        made_up = min(done, counts - credited)
        agreed = _agreed(make_up, counts - credited - made_up, today)
        found.append(
            Line(
                session,
                LineState.NOT_EXPECTED if absent else LineState.MARKED,
                None if absent else mark,
                counts,
                attended,
                credited,
                made_up,
                agreed,
                agreed,
                0,
                excused,
                make_up,
                notice,
            )
        )
    return tuple(found)


def _agreed(make_up: MakeUpFact | None, room: int, today: date | None) -> int:
    if make_up is None or make_up.status != "agreed":
        return 0
    if make_up.until is not None and today is not None and today > make_up.until:
        return 0
    return min(make_up.minutes, room)


def _announced(notice: NoticeFact | None, make_up: MakeUpFact | None, open_: int, today: date | None) -> int:
    """Minutes that would be lost if the announced absence happens and its agreed make-up is done."""
    if notice is None or notice.kind != "absent":
        return 0
    return open_ - _agreed(make_up, open_, today)
