"""How a missed session may be made up: what the programme allows, what it is worth, until when. Pure.

Source: the domain page, "Attendance" 5: a make-up credits a named absence once, never above that session's length, in another
session of the same module, another venue or cohort of the same programme, or by agreed work, before a deadline.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from trainer.attendance.rules.lines import Line, LineState
from trainer.core.errors import Invalid, Refused
from trainer.core.months import span_after
from trainer.core.text import Text, minutes_text, msg, nmsg


class Way(StrEnum):
    SESSION = "session"
    OTHER_COURSE = "other_course"
    TASK = "task"
    TRANSFER = "transfer"


class MakeUpStatus(StrEnum):
    ASKED = "asked"
    AGREED = "agreed"
    DONE = "done"
    DECLINED = "declined"
    CALLED_OFF = "called_off"


LIVE = frozenset({MakeUpStatus.ASKED, MakeUpStatus.AGREED, MakeUpStatus.DONE})
"""A make-up that stands: there is at most one for a session of a person."""


class Note(StrEnum):
    """Why a make-up changed without anybody deciding on it alone: kept in the place of somebody's words, said by words_text."""

    RECOUNTED = "note:recounted"
    LEFT = "note:left"
    ATTENDED = "note:attended"
    NO_SESSION = "note:no_session"
    CANCELLED = "note:cancelled"
    OTHER_MODULE = "note:other_module"
    MOVED = "note:moved"
    MOVED_PAST = "note:moved_past"
    REMINDED = "note:reminded"
    PAST = "note:past"


REMINDERS = (Note.REMINDED, Note.PAST)
"""Notes of steps that change nothing: somebody was told of the day."""

REMIND_BEFORE = timedelta(days=5)
AGREED_LATELY = timedelta(days=2)
TICKED_OFF_LATER = timedelta(days=3)

_MOVES: Mapping[str, frozenset[str]] = {
    MakeUpStatus.ASKED: frozenset({MakeUpStatus.AGREED, MakeUpStatus.DECLINED, MakeUpStatus.CALLED_OFF}),
    MakeUpStatus.AGREED: frozenset({MakeUpStatus.AGREED, MakeUpStatus.DONE, MakeUpStatus.CALLED_OFF}),
    MakeUpStatus.DONE: frozenset({MakeUpStatus.CALLED_OFF}),
}


@dataclass(frozen=True, slots=True)
class MakeUpPolicy:
    """What a programme allows. `within` is a span counted from the missed session's day; None: no deadline of its own."""

    ways: tuple[str, ...] = ()
    within: Mapping[str, int] | None = None
    at_most_sessions: int | None = None
    at_most_minutes: int | None = None
    not_for: frozenset[str] = frozenset()
    note: Mapping[str, str] | None = None  # the programme's own words on it

    @classmethod
    def from_document(cls, attendance: Mapping[str, Any]) -> MakeUpPolicy:
        """Reads `make_ups` of a programme's `attendance` mapping; nothing there: no make-ups."""
        document = attendance.get("make_ups") or {}
        most = document.get("at_most") or {}
        hours = most.get("hours")
        return cls(
            ways=tuple(document.get("ways") or ()),
            within=document.get("within") or None,
            at_most_sessions=most.get("sessions"),
            at_most_minutes=None if hours is None else int(hours) * 60,
            not_for=frozenset(document.get("not_for") or ()),
            note=document.get("note") or None,
        )

    @property
    def allowed(self) -> bool:
        return bool(self.ways)

    def last_day(self, missed_on: date) -> date | None:
        """The last day on which a session of that day can be made up; None without a limit."""
        if self.within is None:
            return None
        try:
            return span_after(missed_on, self.within)
        except (ValueError, OverflowError):
            return None


@dataclass(frozen=True, slots=True)
class Used:
    """What a person has made up, or is about to, other than by a transfer: sessions, and minutes."""

    sessions: int = 0
    minutes: int = 0

    @classmethod
    def of(cls, make_ups: Iterable[tuple[str, str, int]]) -> Used:
        """Of (way, status, minutes) triples: only what stands counts."""
        live = [
            minutes for way, status, minutes in make_ups if way != Way.TRANSFER and status in LIVE and minutes
        ]
        return cls(len(live), sum(live))


def missed_minutes(line: Line) -> int:
    """Minutes of a session that a make-up could bring: what was not attended of it, or will not be as announced.

    A session that is held and unmarked counts neither way and has nothing to make up yet.
    """
    if line.state is LineState.PLANNED:
        return line.counts if line.notice is not None and line.notice.kind == "absent" else 0
    if line.state in (LineState.UNMARKED, LineState.OUTSIDE):
        return 0
    # What an excused absence is credited with, or takes out of the base, needs no make-up.
    return max(0, line.counts - line.credited)


def why_not(policy: MakeUpPolicy, line: Line, used: Used, today: date) -> Text | None:
    """Why a session cannot be made up, in words; None when it can be asked for."""
    if not policy.allowed:
        return msg("This programme has no make-ups.")
    if line.session.module_code in policy.not_for:
        return msg("The programme asks to be there for this module: it cannot be made up.")
    if line.make_up is not None and line.make_up.status in LIVE:
        return msg("This session is being made up already.")
    if line.state is LineState.OUTSIDE:
        return msg("This session does not count for you: there is nothing to make up.")
    if missed_minutes(line) <= 0:
        return msg("There is nothing to make up for this session.")
    last = policy.last_day(line.session.on)
    if last is not None and today > last:
        return msg("This session could be made up until %(day)s.", day=last)
    if policy.at_most_sessions is not None and used.sessions >= policy.at_most_sessions:
        return nmsg(
            "The programme allows %(num)d make-up, and it is used.",
            "The programme allows %(num)d make-ups, and they are used.",
            policy.at_most_sessions,
        )
    if policy.at_most_minutes is not None and used.minutes >= policy.at_most_minutes:
        return msg(
            "The programme allows %(time)s to be made up, and they are used.",
            time=minutes_text(policy.at_most_minutes),
        )
    return None


def worth(policy: MakeUpPolicy, missed: int, target_length: int | None, used: Used) -> int:
    """The minutes that are suggested: all that was missed, as far as the other session and the programme's limit reach."""
    most = missed if target_length is None else min(missed, target_length)
    if policy.at_most_minutes is not None:
        most = min(most, policy.at_most_minutes - used.minutes)
    return max(0, most)


def check_minutes(minutes: int, missed: int, policy: MakeUpPolicy, used: Used) -> None:
    """Raises Invalid unless `minutes` is above nothing, at most what was missed, and within the programme's limit.

    `used` is what the person's other make-ups take.
    """
    if not 1 <= minutes <= missed:
        raise Invalid(
            msg("A make-up is worth from 1 minute to what was missed: %(time)s.", time=minutes_text(missed))
        )
    if policy.at_most_minutes is not None and used.minutes + minutes > policy.at_most_minutes:
        left = max(0, policy.at_most_minutes - used.minutes)
        raise Invalid(msg("The programme leaves %(time)s to be made up.", time=minutes_text(left)))


def check_until(until: date | None, policy: MakeUpPolicy, missed_on: date, today: date) -> date | None:
    """The deadline as it is kept: the one given, or the programme's. Raises Invalid for one in the past or beyond it."""
    last = policy.last_day(missed_on)
    if until is None:
        return last
    if until < today:
        raise Invalid(msg("The deadline is in the past."))
    if last is not None and until > last:
        raise Invalid(msg("The programme lets this session be made up until %(day)s.", day=last))
    return until


def given_back(status: str, approved_at: datetime | None) -> bool:
    """Whether it was agreed once and waits for another answer, because what was to serve was cancelled or moved."""
    return status == MakeUpStatus.ASKED and approved_at is not None


def latest(*days: date | None) -> date | None:
    """The latest of the days that there are."""
    return max((day for day in days if day is not None), default=None)


def is_past(status: str, until: date | None, today: date) -> bool:
    """Whether an agreed make-up's day has gone by without it being done. The day itself still counts."""
    return status == MakeUpStatus.AGREED and until is not None and today > until


def reminder_due(until: date | None, serves_on: date | None, agreed_on: date, today: date) -> Note | None:
    """Which reminder of an agreed make-up is due: REMINDED to the person, from five days before its day on but not right after
    it was agreed; PAST to the organisers, once the day has gone by. A session that serves may be ticked off some days later.
    """
    day = serves_on if serves_on is not None else until
    if day is None:
        return None
    if (until is not None and serves_on is None and today > until) or (
        serves_on is not None and today > serves_on + TICKED_OFF_LATER
    ):
        return Note.PAST
    near = day - REMIND_BEFORE <= today <= day
    return Note.REMINDED if near and today >= agreed_on + AGREED_LATELY else None


def check_move(status: str, to: str) -> None:
    """Raises Refused for a step that a make-up cannot take."""
    if to not in _MOVES.get(status, frozenset()):
        raise Refused(
            msg("This is not possible (any more). The make-up is: %(status)s.", status=status_text(status))
        )


def check_in_time(status: str, until: date | None, today: date) -> None:
    """Raises Refused once the deadline has passed: an organiser may set another, and says why."""
    if is_past(status, until, today):
        raise Refused(msg("The deadline has passed. An organiser can set another and say why."))


def credited(length: int, attended: int, done: Sequence[int]) -> int:
    """What make-ups of one session bring: never above the session's length less what was attended."""
    return min(max(0, length - attended), sum(max(0, minutes) for minutes in done))


def way_text(way: str) -> Text:
    """How a session is made up, in words."""
    return {
        Way.SESSION: msg("Another session of this course"),
        Way.OTHER_COURSE: msg("A session of another course"),
        Way.TASK: msg("Agreed work"),
        Way.TRANSFER: msg("Time attended on the earlier course"),
    }[Way(way)]


def status_text(status: str) -> Text:
    """Where a make-up stands, in words."""
    return {
        MakeUpStatus.ASKED: msg("Asked for"),
        MakeUpStatus.AGREED: msg("Agreed"),
        MakeUpStatus.DONE: msg("Made up"),
        MakeUpStatus.DECLINED: msg("Not possible this way"),
        MakeUpStatus.CALLED_OFF: msg("Called off"),
    }[MakeUpStatus(status)]


def words_text(words: str) -> Text | str:
    """The words beside a step of a make-up: a note of the product's own as a Text, else as somebody wrote them."""
    found: dict[str, Text] = {
        Note.RECOUNTED: msg("Worked out again, because what it rests on was corrected."),
        Note.LEFT: msg("Called off with the end of the time on the course."),
        Note.ATTENDED: msg("The session was attended after all: there is nothing to make up."),
        Note.NO_SESSION: msg("The missed session was cancelled: there is nothing to make up."),
        Note.CANCELLED: msg("The session that was to serve was cancelled."),
        Note.OTHER_MODULE: msg("The session that was to serve teaches another module now."),
        Note.MOVED: msg("The session that serves was moved; the day until which this is done moved with it."),
        Note.REMINDED: msg("The person was reminded of the day."),
        Note.PAST: msg("The day has gone by; the organisers were told."),
        Note.MOVED_PAST: msg(
            "The session that was to serve was moved past the day until which this could be done."
        ),
    }
    return found.get(words, words)


@dataclass(frozen=True, slots=True)
class Serving:
    """As much of a session as decides whether it can be made up, or serve: module, day, status."""

    module_code: str
    on: date
    status: str


@dataclass(frozen=True, slots=True)
class After:
    """What a make-up becomes when a session changes, and the note of it."""

    status: str
    until: date | None
    note: Note


def after_change(
    status: str,
    until: date | None,
    missed: Serving,
    target: Serving | None,
    last_day: date | None,
    *,
    moved: bool,
) -> After | None:
    """What becomes of a make-up that stands when the missed session or the one that serves was changed; None: nothing, and
    nobody needs to be told.

    Nobody loses what was agreed because somebody else cancelled or moved a session: it waits to be answered again, with
    another session or day. Where the programme's `last_day` allows it, the day moves along. What is done stays, for a
    person to look at.
    """
    if status == MakeUpStatus.DONE:
        gone = target is not None and target.status == "cancelled"
        return After(status, until, Note.CANCELLED) if gone else None
    if missed.status == "cancelled":
        return After(MakeUpStatus.CALLED_OFF, until, Note.NO_SESSION)
    if target is None:
        return None
    if target.status == "cancelled":
        return After(MakeUpStatus.ASKED, until, Note.CANCELLED)
    if target.module_code != missed.module_code:
        return After(MakeUpStatus.ASKED, until, Note.OTHER_MODULE)
    if until is not None and target.on > until:
        if last_day is None or target.on <= last_day:
            return After(status, target.on, Note.MOVED)
        return After(MakeUpStatus.ASKED, until, Note.MOVED_PAST)
    return After(status, until, Note.MOVED) if moved else None
