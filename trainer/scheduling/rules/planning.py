"""The weekly planner: which session meets when and where. Pure; holidays and closures come in as facts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from trainer.core.errors import Invalid
from trainer.core.text import Text, msg
from trainer.scheduling.rules.walltime import WallTime, occurrence, resolve

Holiday = Callable[[str, date], str | None]
"""Region (`ES-CT`) and day to the name of its public holiday, or None."""

LONGEST_BREAK_WEEKS = 60
"""A planner that finds no free week for longer than this says so instead of planning the next decade."""


@dataclass(frozen=True)
class PlannedModule:
    """What one session of the run teaches, and for how many minutes."""

    code: str
    minutes: int


@dataclass(frozen=True)
class PlanVenue:
    """A venue as the planner sees it: its name and the region whose public holidays close it."""

    name: str
    region: str = ""


@dataclass(frozen=True)
class Closure:
    """Days on which nothing meets, both included; of one venue or, with `venue` None, of all."""

    first: date
    last: date
    reason: str = ""
    venue: str | None = None

    def covers(self, day: date, venue: str) -> bool:
        """Whether this closure keeps the venue shut on that day."""
        return self.first <= day <= self.last and self.venue in (None, venue)


@dataclass(frozen=True)
class Slot:
    """One session of the run: `starts_local` is naive wall time in the zone of the course."""

    number: int
    module_code: str
    starts_local: datetime
    minutes: int
    venue: str
    wall_time: WallTime = WallTime.ONCE


@dataclass(frozen=True)
class Skip:
    """A week without a session, and why: a public holiday by its name, or a closure by its reason."""

    day: date
    venue: str
    reason: str
    holiday: bool

    def text(self) -> Text:
        """The skip in words."""
        if self.holiday:
            return msg(
                "No session on %(day)s: %(holiday)s is a public holiday in %(venue)s.",
                day=self.day,
                holiday=self.reason,
                venue=self.venue,
            )
        if self.reason:
            return msg("No session on %(day)s: closed (%(reason)s).", day=self.day, reason=self.reason)
        return msg("No session on %(day)s: closed.", day=self.day)


@dataclass(frozen=True)
class Plan:
    """The run that was laid, in order, and the weeks it had to leave out."""

    slots: tuple[Slot, ...]
    skipped: tuple[Skip, ...]


def plan_weekly(
    first: date,
    at: time,
    modules: Sequence[PlannedModule],
    venues: Sequence[PlanVenue],
    zone_name: str,
    *,
    holiday: Holiday,
    closures: Iterable[Closure] = (),
    first_number: int = 1,
    every_weeks: int = 1,
) -> Plan:
    """Lays one session a module, every `every_weeks` weeks from `first`, taking turns at the venues.

    The turn belongs to the session, not to the week: after a skipped week the run goes on at the venue whose
    turn it was. Each date is reckoned in the course's zone, so 10:00 stays 10:00 when the clocks change; a
    wall time that the clocks jump over is kept as the time it becomes, one that happens twice as it reads.

    Raises Invalid without modules or venues, or when no week is free for more than LONGEST_BREAK_WEEKS.
    """
    if not modules:
        raise Invalid(msg("The programme has no modules to plan sessions for."))
    if not venues:
        raise Invalid(msg("Name at least one venue."))
    if every_weeks < 1:
        raise Invalid(msg("Sessions are at least one week apart."))
    shut = tuple(closures)
    slots: list[Slot] = []
    skipped: list[Skip] = []
    day = first
    for index, module in enumerate(modules):
        venue = venues[index % len(venues)]
        in_vain = 0
        while (skip := _skip(day, venue, holiday, shut)) is not None:
            skipped.append(skip)
            in_vain += every_weeks
            if in_vain > LONGEST_BREAK_WEEKS:
                raise Invalid(
                    msg(
                        "No free week for session %(number)s in more than a year after %(day)s.",
                        number=first_number + index,
                        day=first,
                    )
                )
            day = _later(day, every_weeks)
        slots.append(_slot(first_number + index, module, datetime.combine(day, at), venue, zone_name))
        if index + 1 < len(modules):
            day = _later(day, every_weeks)
    return Plan(tuple(slots), tuple(skipped))


def _slot(number: int, module: PlannedModule, local: datetime, venue: PlanVenue, zone_name: str) -> Slot:
    kind = occurrence(local, zone_name)
    if kind is WallTime.NEVER:
        local = resolve(local, zone_name).replace(tzinfo=None)
    return Slot(number, module.code, local, module.minutes, venue.name, kind)


def _skip(day: date, venue: PlanVenue, holiday: Holiday, closures: Sequence[Closure]) -> Skip | None:
    for closure in closures:
        if closure.covers(day, venue.name):
            return Skip(day, venue.name, closure.reason, holiday=False)
    name = holiday(venue.region, day)
    return Skip(day, venue.name, name, holiday=True) if name is not None else None


def _later(day: date, weeks: int) -> date:
    try:
        return day + timedelta(weeks=weeks)
    except OverflowError:
        raise Invalid(msg("The dates run past the end of the calendar.")) from None
