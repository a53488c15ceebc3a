"""One person's marks weighed against the course's sessions: credit, forecast, what may still be missed. Pure.

Source of every rule: the domain page, "Attendance", and the progress JSON of the contract.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction

from trainer.attendance.rules.facts import (
    NEEDS_MINUTES,
    Amount,
    AttendanceRule,
    Base,
    Excused,
    MarkFact,
    MarkKind,
    SessionFact,
    percent,
)
from trainer.cohorts.rules import PauseSpan, paused_on
from trainer.gates.rules import Status


class Forecast(StrEnum):
    NO_DATA = "no_data"
    MET = "met"
    UNREACHABLE = "unreachable"
    AT_RISK = "at_risk"
    ON_TRACK = "on_track"


@dataclass(frozen=True, slots=True)
class Attendance:
    """Where one person stands. Minutes are whole; the fields of type Amount are in the base's unit."""

    rule: AttendanceRule
    credited_minutes: int
    attended_minutes: int  # raw: truly in the room, whatever the programme credits
    excused_minutes: int  # raw: excused absence in held sessions
    marked_minutes: int  # raw: every held session that has a mark
    held_minutes: int  # held sessions in the base, less the unmarked ones
    base_minutes: int  # held and planned sessions in the base
    open_minutes: int  # still planned, or held and unmarked
    credited: Amount
    held: Amount
    base: Amount
    open: Amount
    need: Amount
    can_still_miss_minutes: int
    forecast: Forecast
    status: Status
    unmarked_sessions: tuple[int, ...] = ()
    held_sessions: int = 0
    planned_sessions: int = 0
    tipping_session: int | None = None  # missing every session up to and with this one loses the gate

    @property
    def percent_so_far(self) -> str | None:
        """Credited of held, cut to one decimal; None while nothing was held."""
        return percent(self.credited, self.held)

    @property
    def raw_percent(self) -> str | None:
        """Attended of all marked sessions, whatever is credited: shown beside the credited figure."""
        return percent(self.attended_minutes, self.marked_minutes)

    @property
    def best_possible(self) -> str | None:
        """Percent of the base if everything still open is attended."""
        return percent(self.credited + self.open, self.base)

    @property
    def guaranteed(self) -> str | None:
        """Percent of the base if everything still open is missed."""
        return percent(self.credited, self.base)


@dataclass(slots=True)
class _Tally:
    """Sums over sessions, in minutes and in the base's unit."""

    rule: AttendanceRule
    credited_minutes: int = 0
    attended: int = 0
    excused: int = 0
    marked_minutes: int = 0
    held_minutes: int = 0
    base_minutes: int = 0
    open_minutes: int = 0
    credited: Amount = 0
    held: Amount = 0
    base: Amount = 0
    open: Amount = 0
    open_lengths: list[int] = field(default_factory=list)
    planned: list[SessionFact] = field(default_factory=list)
    unmarked: list[int] = field(default_factory=list)
    held_sessions: int = 0
    cap_sessions: int | None = None
    cap_minutes: int | None = None

    def unit(self, minutes: int, length: int) -> Amount:
        return minutes if self.rule.base is Base.HOURS else Fraction(minutes, length)

    def still_open(self, session: SessionFact) -> None:
        amount = self.unit(session.length, session.length)
        self.base_minutes += session.length
        self.base += amount
        self.open_minutes += session.length
        self.open += amount
        self.open_lengths.append(session.length)

    def marked(self, length: int, credit: int, counted: int) -> None:
        """A held session of which `counted` minutes are in the base and `credit` of them earned."""
        self.base_minutes += counted
        self.base += self.unit(counted, length)
        self.held_minutes += counted
        self.held += self.unit(counted, length)
        self.credited_minutes += credit
        self.credited += self.unit(credit, length)

    def allow_excused(self, length: int) -> int:
        """Minutes of this excused absence that fall under the cap, which is used up in order of date."""
        if self.cap_sessions is not None:
            if self.cap_sessions <= 0:
                return 0
            self.cap_sessions -= 1
        if self.cap_minutes is None:
            return length
        allowed = min(length, self.cap_minutes)
        self.cap_minutes -= allowed
        return allowed


def attended_minutes(mark: MarkFact, length: int) -> int:
    """Minutes truly attended, never below 0 nor above the session's length."""
    if mark.kind is MarkKind.PRESENT:
        return length
    if mark.kind in NEEDS_MINUTES:
        return max(0, min(mark.minutes or 0, length))
    return 0


def attendance(
    sessions: Iterable[SessionFact],
    marks: Mapping[int, MarkFact],
    rule: AttendanceRule,
    *,
    joined_on: date | None = None,
    left_on: date | None = None,
    pauses: Sequence[PauseSpan] = (),
) -> Attendance:
    """Weigh one person's marks, keyed by session id, against the course's sessions.

    A held session without any mark counts as unmarked, unless the person could not have been there (it came
    before they joined, after they left, or in a pause): then it counts as not attended, for as long as the
    programme keeps it in the base.
    """
    tally = _Tally(rule, cap_sessions=rule.cap_sessions, cap_minutes=rule.cap_minutes)
    for session in sorted(sessions, key=lambda s: (s.starts_local, s.number)):
        if session.status == "cancelled" or session.length <= 0:
            continue
        before = joined_on is not None and session.on < joined_on
        paused = paused_on(pauses, session.on)
        if (before and rule.late_joiners_from_joining) or (paused and rule.pauses_excluded):
            continue
        if session.status != "held":
            tally.planned.append(session)
            tally.still_open(session)
            continue
        tally.held_sessions += 1
        mark = marks.get(session.id)
        if mark is None and (before or paused or (left_on is not None and session.on > left_on)):
            mark = MarkFact(MarkKind.ABSENT)
        _weigh(tally, session, mark)
    return _conclude(tally)


def _weigh(tally: _Tally, session: SessionFact, mark: MarkFact | None) -> None:
    length = session.length
    if mark is None or mark.kind is MarkKind.UNMARKED:
        tally.unmarked.append(session.number)
        tally.still_open(session)
        return
    attended = attended_minutes(mark, length)
    tally.attended += attended
    tally.marked_minutes += length
    if mark.kind is not MarkKind.EXCUSED:
        tally.marked(length, attended, length)
        return
    tally.excused += length
    if tally.rule.excused is Excused.ABSENT:
        tally.marked(length, 0, length)
        return
    allowed = tally.allow_excused(length)
    if tally.rule.excused is Excused.CREDITED:
        tally.marked(length, allowed, length)
    else:
        tally.marked(length, 0, length - allowed)


def _conclude(tally: _Tally) -> Attendance:
    rule = tally.rule
    need: Amount = rule.at_least * tally.base
    if rule.base is Base.HOURS:
        need = -(-need.numerator // need.denominator)  # credit is whole: the next minute up is the same test
    best = tally.credited + tally.open
    # A base of nothing would be "met" by arithmetic alone: a course without sessions opens no gate.
    if tally.base > 0 and tally.credited >= need:
        status = Status.MET
    elif best < need:
        status = Status.UNREACHABLE
    else:
        status = Status.NOT_YET
    spare = best - need
    return Attendance(
        rule=rule,
        credited_minutes=tally.credited_minutes,
        attended_minutes=tally.attended,
        excused_minutes=tally.excused,
        marked_minutes=tally.marked_minutes,
        held_minutes=tally.held_minutes,
        base_minutes=tally.base_minutes,
        open_minutes=tally.open_minutes,
        credited=tally.credited,
        held=tally.held,
        base=tally.base,
        open=tally.open,
        need=need,
        can_still_miss_minutes=_missable(tally, spare),
        forecast=_forecast(tally, status, spare),
        status=status,
        unmarked_sessions=tuple(sorted(tally.unmarked)),
        held_sessions=tally.held_sessions,
        planned_sessions=len(tally.planned),
        tipping_session=_tipping(tally, spare),
    )


def _missable(tally: _Tally, spare: Amount) -> int:
    """Whole minutes of open sessions that can be missed, whichever they turn out to be.

    Where sessions are counted, a minute of a short session weighs more than one of a long session: the
    answer is what is safe even if the shortest are missed.
    """
    if spare <= 0:
        return 0
    if tally.rule.base is Base.HOURS:
        return min(int(spare), tally.open_minutes)
    safe = 0
    for length in sorted(tally.open_lengths):
        if spare < 1:
            return safe + int(spare * length)
        safe += length
        spare -= 1
    return safe


def _forecast(tally: _Tally, status: Status, spare: Amount) -> Forecast:
    if tally.held <= 0:
        return Forecast.NO_DATA
    if status is Status.MET:
        return Forecast.MET
    if status is Status.UNREACHABLE:
        return Forecast.UNREACHABLE
    if tally.planned:
        following = tally.planned[0].length
        if tally.unit(following, following) > spare:
            return Forecast.AT_RISK
    return Forecast.ON_TRACK


def _tipping(tally: _Tally, spare: Amount) -> int | None:
    for session in tally.planned:
        spare -= tally.unit(session.length, session.length)
        if spare < 0:
            return session.number
    return None
