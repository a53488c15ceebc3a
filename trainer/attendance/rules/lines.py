"""One person at one session: what of it counts, is credited, made up, and still possible. Pure.

Source: the domain page, "Attendance" 2 to 5 and 8.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from trainer.attendance.rules.facts import (
    NEEDS_MINUTES,
    Amount,
    AttendanceRule,
    Base,
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


def _within_cap(
    excused: Iterable[SessionFact], made_up: Mapping[int, int], rule: AttendanceRule
) -> dict[int, int]:
    """Minutes of each excused session, by its id, that the programme excludes or credits under its cap.

    What was made up needs no excuse. The cap is spent where the rest of a session brings the person most, so that a register
    that comes in late can add to what an earlier one gave, and never takes from it.
    """
    sessions, minutes = rule.cap_sessions, rule.cap_minutes

    def best_first(one: tuple[SessionFact, int]) -> tuple[Amount, int]:
        session, rest = one
        if rule.base is Base.HOURS:
            return -rest, 0
        return (-Fraction(rest, session.length) if sessions is not None else 0), session.length

    allowed = {}
    for session, rest in sorted(
        ((one, one.length - made_up.get(one.id, 0)) for one in excused), key=best_first
    ):
        if sessions is not None:
            if sessions <= 0:
                break
            sessions -= 1
        allowed[session.id] = rest if minutes is None else min(rest, minutes)
        if minutes is not None:
            minutes -= allowed[session.id]
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
    """Every session that is not cancelled, in order of time, weighed for one person; a repeat (`extra`) is none of them.

    A held session without any mark counts as unmarked, unless the person could not have been there (it came before they joined,
    after they left, or in a pause): then it counts as not attended, for as long as the programme keeps it in the base.
    An agreed make-up is possible until its day; without `today` it always is.
    """
    made = (make_ups or {}) if rule.make_ups_count else {}
    said = notices or {}

    def early(session: SessionFact) -> bool:
        return joined_on is not None and session.on < joined_on

    def away(session: SessionFact) -> bool:
        return bool(pauses) and paused_on(pauses, session.on)

    def outside(session: SessionFact) -> bool:
        return (rule.late_joiners_from_joining and early(session)) or (rule.pauses_excluded and away(session))

    weighed = [
        session
        for session in sorted(sessions, key=lambda s: (s.starts_local, s.number))
        if session.status != "cancelled"
        and not session.extra
        and session.length > 0
        and (rule.modules is None or session.module_code in rule.modules)
    ]
    allowed: Mapping[int, int] = {}
    if rule.excused is not Excused.ABSENT:
        by_mark = {key for key, mark in marks.items() if mark.kind is MarkKind.EXCUSED}
        allowed = _within_cap(
            [one for one in weighed if one.id in by_mark and one.status == "held" and not outside(one)],
            {one.id: min(_done(made.get(one.id)), one.length) for one in weighed},
            rule,
        )
    found = []
    for session in weighed:
        length = session.length
        day = session.on
        before, paused = early(session), away(session)
        mark = marks.get(session.id)
        make_up, notice = made.get(session.id), said.get(session.id)
        if outside(session):
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
        done = _done(make_up)
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
            if rule.excused is Excused.CREDITED:
                credited = allowed.get(session.id, 0)
            else:
                counts = length - allowed.get(session.id, 0)
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


def _done(make_up: MakeUpFact | None) -> int:
    return make_up.minutes if make_up is not None and make_up.status == "done" else 0


def _agreed(make_up: MakeUpFact | None, room: int, today: date | None) -> int:
    return min(make_up.minutes, room) if make_up is not None and make_up.possible_on(today) else 0


def _announced(notice: NoticeFact | None, make_up: MakeUpFact | None, open_: int, today: date | None) -> int:
    """Minutes that would be lost if the announced absence happens and its agreed make-up is done."""
    if notice is None or notice.kind != "absent":
        return 0
    return open_ - _agreed(make_up, open_, today)
