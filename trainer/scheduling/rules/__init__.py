"""Rules of scheduling: pure functions over plain values (standard library and core only)."""

from trainer.scheduling.rules.calendars import CalendarEvent, CalendarSource, CalendarSources
from trainer.scheduling.rules.clashes import Booking, Clash, ClashKind, clashes
from trainer.scheduling.rules.planning import (
    Closure,
    Holiday,
    Plan,
    PlannedModule,
    PlanVenue,
    Skip,
    Slot,
    plan_weekly,
)
from trainer.scheduling.rules.sessions import LONGEST_MINUTES, SessionStatus, next_stamp, why_not_change
from trainer.scheduling.rules.walltime import WallTime, ends_at, is_zone, occurrence, resolve, zone

__all__ = [
    "LONGEST_MINUTES",
    "Booking",
    "CalendarEvent",
    "CalendarSource",
    "CalendarSources",
    "Clash",
    "ClashKind",
    "Closure",
    "Holiday",
    "Plan",
    "PlanVenue",
    "PlannedModule",
    "SessionStatus",
    "Skip",
    "Slot",
    "WallTime",
    "clashes",
    "ends_at",
    "is_zone",
    "next_stamp",
    "occurrence",
    "plan_weekly",
    "resolve",
    "why_not_change",
    "zone",
]
