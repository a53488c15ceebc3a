"""What saving a register does: who belongs on it, what changes, what two people decided differently. Pure.

Nothing that another person recorded is overwritten unseen: a mark that was changed since the page was
opened is reported with the other's value, and everything else is saved (docs/decisions, "Two people, one
register").
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from trainer.attendance.rules.facts import NEEDS_MINUTES, MarkKind
from trainer.cohorts.rules import PauseSpan, paused_on
from trainer.core.errors import Invalid
from trainer.core.text import Text, msg

AT_SESSION = "correction at the session"
"""The reason of a quick fix: a mark changed on the day of the session, or on the day it was recorded."""

REASON_CODES = ("", "work", "studies", "family", "appointment", "transport", "other")
"""Offered for an excused absence. Never a health reason: the page on privacy says why."""

_CODE = re.compile(r"[\w.-]{1,40}")


@dataclass(frozen=True, slots=True)
class MarkInput:
    """What someone wants a mark to be; `minutes` attended, for late and left early alone.

    A `reason_code` of None leaves it as it is while the kind stays, and clears it when the kind changes.
    """

    kind: MarkKind
    minutes: int | None = None
    reason_code: str | None = None


@dataclass(frozen=True, slots=True)
class SavedMark:
    """A mark as it stands. Version 0: nothing was ever recorded."""

    kind: MarkKind = MarkKind.UNMARKED
    minutes: int | None = None
    reason_code: str = ""
    version: int = 0
    recorded_by: int | None = None
    recorded_at: datetime | None = None

    def becomes(self, wanted: MarkInput) -> SavedMark:
        """This mark with what is wanted of it, one version on."""
        code = wanted.reason_code
        if code is None:
            code = self.reason_code if wanted.kind is self.kind else ""
        return SavedMark(wanted.kind, wanted.minutes, code, self.version + 1)

    def says(self, other: SavedMark) -> bool:
        """Whether both say the same about the person."""
        mine = (self.kind, self.minutes, self.reason_code)
        return mine == (other.kind, other.minutes, other.reason_code)


UNTOUCHED = SavedMark()


@dataclass(frozen=True, slots=True)
class Change:
    """One mark that will be written."""

    before: SavedMark
    after: SavedMark
    reason: str

    @property
    def is_correction(self) -> bool:
        """Something that was recorded gets another value; filling in an unmarked one is none."""
        return self.before.kind is not MarkKind.UNMARKED


@dataclass(frozen=True, slots=True)
class RegisterPlan:
    """By enrolment id: what to write, what somebody else decided meanwhile, what needs a reason first."""

    changes: Mapping[int, Change] = field(default_factory=dict)
    conflicts: Mapping[int, SavedMark] = field(default_factory=dict)
    needs_reason: tuple[int, ...] = ()
    unchanged: tuple[int, ...] = ()


def valid_reason_code(code: str) -> bool:
    """Whether a code, as it comes from a form or a file, can be stored."""
    return not code or _CODE.fullmatch(code) is not None


def clean_mark(mark: MarkInput, length: int) -> MarkInput:
    """The mark in its stored form. Raises Invalid for minutes missing or beyond the session's `length`."""
    code = None if mark.reason_code is None else mark.reason_code.strip().lower()
    if code and not valid_reason_code(code):
        raise Invalid(msg("A reason code has up to 40 letters, digits, dots and hyphens."))
    if mark.kind is MarkKind.UNMARKED:
        code = ""
    if mark.kind not in NEEDS_MINUTES:
        return replace(mark, minutes=None, reason_code=code)
    if mark.minutes is None:
        raise Invalid(msg("Late and left early need the minutes attended."))
    if not 0 <= mark.minutes <= length:
        raise Invalid(msg("The minutes attended are from 0 to %(length)d.", length=length))
    return replace(mark, reason_code=code)


def plan_register(
    saved: Mapping[int, SavedMark],
    wanted: Mapping[int, MarkInput],
    *,
    today: date,
    session_on: date,
    recorded_on: Mapping[int, date],
    reason: str | None = None,
    versions: Mapping[int, int] | None = None,
) -> RegisterPlan:
    """Decide what to do with each mark that someone sends.

    `versions` are those that the sender saw; a mark without one is taken as it is sent. A correction needs a
    reason, but for a quick fix: today is the day of the session or earlier, or the day on which that mark was
    recorded (`recorded_on`). Days are those of the course's zone.
    """
    changes: dict[int, Change] = {}
    conflicts: dict[int, SavedMark] = {}
    needs_reason: list[int] = []
    unchanged: list[int] = []
    given = (reason or "").strip()
    for enrolment_id, mark in wanted.items():
        before = saved.get(enrolment_id, UNTOUCHED)
        after = before.becomes(mark)
        seen = (versions or {}).get(enrolment_id)
        if before.says(after):
            unchanged.append(enrolment_id)
        elif seen is not None and seen != before.version:
            conflicts[enrolment_id] = before
        elif given or before.kind is MarkKind.UNMARKED:
            changes[enrolment_id] = Change(before, after, given)
        elif today <= session_on or today == recorded_on.get(enrolment_id):
            changes[enrolment_id] = Change(before, after, AT_SESSION)
        else:
            needs_reason.append(enrolment_id)
    return RegisterPlan(changes, conflicts, tuple(needs_reason), tuple(unchanged))


def expected_on(
    day: date, status: str, joined_on: date | None, left_on: date | None, pauses: Sequence[PauseSpan]
) -> bool:
    """Whether a person belongs on the roster of a session that day."""
    if status == "invited" or (joined_on is not None and day < joined_on):
        return False
    if left_on is not None and day > left_on:
        return False
    if status == "withdrawn" and left_on is None:
        return False
    return not paused_on(pauses, day)


def mark_text(kind: str) -> Text:
    """The mark in the words of the page."""
    return {
        MarkKind.UNMARKED: msg("Unmarked"),
        MarkKind.PRESENT: msg("Present"),
        MarkKind.LATE: msg("Late"),
        MarkKind.LEFT_EARLY: msg("Left early"),
        MarkKind.ABSENT: msg("Absent"),
        MarkKind.EXCUSED: msg("Excused"),
    }[MarkKind(kind)]


def marked_text(kind: str, minutes: int | None) -> Text:
    """The mark with the minutes that were attended, for late and left early."""
    said = mark_text(kind)
    return said if minutes is None else msg("%(mark)s: attended %(minutes)d min", mark=said, minutes=minutes)


def reason_code_text(code: str) -> Text | str:
    """A reason code in words; one that came from elsewhere as it is written."""
    words: dict[str, Text] = {
        "": msg("No reason given"),
        "work": msg("Work"),
        "studies": msg("Studies"),
        "family": msg("Family"),
        "appointment": msg("Appointment"),
        "transport": msg("Transport"),
        "other": msg("Other"),
    }
    return words.get(code, code)
