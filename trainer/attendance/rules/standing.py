"""One person's sessions summed up: credit, forecast, what may still be missed. Pure.

Source of every rule: the domain page, "Attendance", and the progress JSON of the contract.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction

from trainer.attendance.rules.facts import (
    Amount,
    AttendanceRule,
    Base,
    Excused,
    MakeUpFact,
    MarkFact,
    NoticeFact,
    SessionFact,
    percent,
)
from trainer.attendance.rules.lines import Line, LineState, lines_of
from trainer.cohorts.rules import PauseSpan
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
    open_minutes: int  # still planned, held and unmarked, or agreed to be made up
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
    made_up_minutes: int = 0
    agreed_minutes: int = 0  # make-ups that are agreed and not done yet; part of what is open
    announced_minutes: int = (
        0  # of planned sessions: what the person said they will miss, less agreed make-ups
    )
    announced: Amount = 0
    lines: tuple[Line, ...] = ()

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
    def best_as_announced(self) -> str | None:
        """Percent of the base if the absences that were announced happen, and all else that is open is attended."""
        return percent(self.credited + self.open - self.announced, self.base)

    @property
    def lost_minutes(self) -> int:
        """Minutes of the base that are neither credited nor still possible."""
        return self.base_minutes - self.credited_minutes - self.open_minutes

    @property
    def short_minutes(self) -> int:
        """Minutes that a make-up would have to bring once the rule is out of reach; 0 while it is not."""
        if self.status is not Status.UNREACHABLE:
            return 0
        gap = self.need - self.credited - self.open
        if self.rule.base is Base.HOURS:
            return int(gap)
        whole = -(-gap // 1)  # sessions, up
        lengths = sorted(line.counts for line in self.lines if line.missed > 0)
        return sum(lengths[: int(whole)])

    @property
    def guaranteed(self) -> str | None:
        """Percent of the base if everything still open is missed."""
        return percent(self.credited, self.base)


@dataclass(slots=True)
class Tally:
    """Sums over sessions, in minutes and in the rule's unit: all that a decision on attendance rests on."""

    rule: AttendanceRule
    credited_minutes: int = 0
    attended: int = 0
    excused: int = 0
    marked_minutes: int = 0
    held_minutes: int = 0
    base_minutes: int = 0
    open_minutes: int = 0
    made_up: int = 0
    agreed: int = 0
    announced_minutes: int = 0
    credited: Amount = 0
    held: Amount = 0
    base: Amount = 0
    open: Amount = 0
    announced: Amount = 0
    missable: list[tuple[int, Amount]] = field(default_factory=list)  # minutes and units of sessions to come
    planned: list[tuple[int, Amount]] = field(default_factory=list)  # number of the session, and its units
    unmarked: list[int] = field(default_factory=list)
    held_sessions: int = 0

    def add(self, line: Line) -> None:
        """Counts one session in."""
        if line.state is LineState.OUTSIDE:
            return
        length, credit = line.session.length, line.credit
        unit = self.rule.unit
        credited = unit(credit, length)
        reachable = unit(credit + line.open, length)
        whole = unit(line.counts, length)
        self.base_minutes += line.counts
        self.base += whole
        self.credited_minutes += credit
        self.credited += credited
        self.open_minutes += line.open
        self.open += reachable - credited
        self.made_up += line.made_up
        self.agreed += line.agreed
        if line.announced:
            self.announced_minutes += line.announced
            self.announced += reachable - unit(credit + line.open - line.announced, length)
        if line.state in (LineState.PLANNED, LineState.UNMARKED):
            self.held_minutes += line.made_up
            self.held += credited
            self.missable.append((line.open, reachable - credited))
            if line.state is LineState.PLANNED:
                self.planned.append((line.session.number, reachable - credited))
            else:
                self.held_sessions += 1
                self.unmarked.append(line.session.number)
            return
        self.held_sessions += 1
        self.held_minutes += line.counts
        self.held += whole
        self.attended += line.attended
        self.marked_minutes += length
        if line.excused:
            self.excused += length


def attendance(
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
) -> Attendance:
    """Weigh one person's marks, make-ups and notices, keyed by session id, against the course's sessions (see lines_of)."""

    def weigh(with_these: Mapping[int, MakeUpFact] | None) -> Attendance:
        lines = lines_of(
            sessions,
            marks,
            rule,
            joined_on=joined_on,
            left_on=left_on,
            pauses=pauses,
            make_ups=with_these,
            notices=notices,
            today=today,
        )
        tally = Tally(rule)
        for line in lines:
            tally.add(line)
        return _conclude(tally, lines)

    sessions = list(sessions)
    found = weigh(make_ups)
    if found.status is Status.UNREACHABLE and rule.excused is not Excused.ABSENT:
        # Of a session that the programme excuses there is nothing left to make up; done all the same, it would free the excuse
        # for another, or bring the session back among those that count.
        hoped = [
            one.make_up
            for one in found.lines
            if one.excused and one.make_up and one.make_up.possible_on(today)
        ]
        done = {one.session_id: replace(one, status="done") for one in hoped}
        if done and weigh({**(make_ups or {}), **done}).status is not Status.UNREACHABLE:
            told = Forecast.AT_RISK if found.forecast is Forecast.UNREACHABLE else found.forecast
            return replace(found, status=Status.NOT_YET, forecast=told)
    return found


def needed(rule: AttendanceRule, base: Amount) -> Amount:
    """What the rule asks for of a base, in the rule's unit."""
    if rule.at_most_missed is not None:
        return max(base - rule.at_most_missed, 0)
    need: Amount = rule.at_least * base
    if rule.base is Base.HOURS:
        need = -(-need.numerator // need.denominator)  # credit is whole: the next minute up is the same test
    return need


def decided(credited: Amount, open_: Amount, base: Amount, need: Amount) -> Status:
    """The one decision on attendance, for one person's page and for everybody's list alike.

    Met needs the credit without what is open, unreachable needs it lost even with it. A base of nothing would be "met" by
    arithmetic alone: a course without sessions opens no gate.
    """
    if base > 0 and credited >= need:
        return Status.MET
    return Status.UNREACHABLE if credited + open_ < need else Status.NOT_YET


def _conclude(tally: Tally, lines: tuple[Line, ...]) -> Attendance:
    rule = tally.rule
    need = needed(rule, tally.base)
    status = decided(tally.credited, tally.open, tally.base, need)
    spare = tally.credited + tally.open - need
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
        made_up_minutes=tally.made_up,
        agreed_minutes=tally.agreed,
        announced_minutes=tally.announced_minutes,
        announced=tally.announced,
        lines=lines,
    )


def overall(standings: Sequence[Attendance]) -> Attendance:
    """Several rules at once: told by the first, warned by the strictest.

    What may still be missed is the least that any of them leaves, and the forecast the worst. The standings are of one person.
    """
    first = standings[0]
    if len(standings) == 1:
        return first
    worst = min(standings, key=lambda one: _GRAVEST.index(one.forecast))
    tipping = [one.tipping_session for one in standings if one.tipping_session is not None]
    # The sessions to come are the same for every rule, so the first number met in their order is the earliest.
    order = [line.session.number for line in first.lines]
    return replace(
        first,
        can_still_miss_minutes=min(one.can_still_miss_minutes for one in standings),
        forecast=worst.forecast,
        status=Status.UNREACHABLE if worst.status is Status.UNREACHABLE else first.status,
        tipping_session=min(tipping, key=order.index, default=None),
    )


_GRAVEST = (Forecast.UNREACHABLE, Forecast.AT_RISK, Forecast.NO_DATA, Forecast.ON_TRACK, Forecast.MET)


def _missable(tally: Tally, spare: Amount) -> int:
    """Whole minutes of sessions to come that can be missed, whichever they turn out to be.

    Where sessions are counted, a minute of a short session weighs more than one of a long session: the
    answer is what is safe even if the shortest are missed.
    """
    if spare < 0:
        return 0
    if tally.rule.count.value == "minutes":
        return min(int(spare), sum(minutes for minutes, _ in tally.missable))
    if tally.rule.whole_sessions:  # the shortest ones that may be missed whole
        costly = sorted(minutes for minutes, units in tally.missable if units > 0)
        return (
            sum(costly[: int(spare)])
            if len(costly) > spare
            else sum(minutes for minutes, _ in tally.missable)
        )
    safe = Fraction(0)
    # The dearest minutes first. What a make-up has credited already costs its session a part of a unit only.
    for minutes, units in sorted(
        tally.missable, key=lambda one: Fraction(one[0]) / one[1] if one[1] else one[0]
    ):
        if spare < units:
            return int(safe + Fraction(spare) / units * minutes)
        safe += minutes
        spare -= units
    return int(safe)


def _forecast(tally: Tally, status: Status, spare: Amount) -> Forecast:
    if tally.held <= 0:
        return Forecast.NO_DATA
    if status is Status.MET:
        return Forecast.MET
    if status is Status.UNREACHABLE:
        return Forecast.UNREACHABLE
    if tally.planned and tally.planned[0][1] > spare:
        return Forecast.AT_RISK
    return Forecast.ON_TRACK


def _tipping(tally: Tally, spare: Amount) -> int | None:
    for number, units in tally.planned:
        spare -= units
        if spare < 0:
            return number
    return None
