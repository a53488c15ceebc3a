"""Attendance: exact arithmetic in whole minutes, from sessions and marks to a forecast. Pure.

Credit is an integer number of minutes (or, where the programme counts sessions, an exact fraction of a
session); thresholds are exact fractions; nothing is ever compared on a rounded figure. What is shown is cut.
"""

from trainer.attendance.rules.facts import (
    NEEDS_MINUTES,
    Amount,
    AttendanceRule,
    Base,
    Excused,
    MarkFact,
    MarkKind,
    SessionFact,
    Window,
    percent,
    share,
)
from trainer.attendance.rules.standing import Attendance, Forecast, attendance, attended_minutes
from trainer.attendance.rules.words import amount_plain, amount_text, explain, next_step

__all__ = [
    "NEEDS_MINUTES",
    "Amount",
    "Attendance",
    "AttendanceRule",
    "Base",
    "Excused",
    "Forecast",
    "MarkFact",
    "MarkKind",
    "SessionFact",
    "Window",
    "amount_plain",
    "amount_text",
    "attendance",
    "attended_minutes",
    "explain",
    "next_step",
    "percent",
    "share",
]
