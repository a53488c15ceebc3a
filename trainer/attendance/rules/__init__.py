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
    percent,
    programme_rule,
)
from trainer.attendance.rules.register import (
    AT_SESSION,
    REASON_CODES,
    UNTOUCHED,
    Change,
    MarkInput,
    RegisterPlan,
    SavedMark,
    clean_mark,
    expected_on,
    mark_text,
    plan_register,
    reason_code_text,
    valid_reason_code,
)
from trainer.attendance.rules.standing import Attendance, Forecast, attendance, attended_minutes
from trainer.attendance.rules.words import amount_plain, amount_text, explain, next_step

__all__ = [
    "AT_SESSION",
    "NEEDS_MINUTES",
    "REASON_CODES",
    "UNTOUCHED",
    "Amount",
    "Attendance",
    "AttendanceRule",
    "Base",
    "Change",
    "Excused",
    "Forecast",
    "MarkFact",
    "MarkInput",
    "MarkKind",
    "RegisterPlan",
    "SavedMark",
    "SessionFact",
    "amount_plain",
    "amount_text",
    "attendance",
    "attended_minutes",
    "clean_mark",
    "expected_on",
    "explain",
    "mark_text",
    "next_step",
    "percent",
    "plan_register",
    "programme_rule",
    "reason_code_text",
    "valid_reason_code",
]
