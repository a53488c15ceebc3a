"""Hours of a placement: what counts, what the weekly average is, what is still to do. Pure.

Source: docs/domain.md, "Placement". What counts towards the required hours is the programme's `counting_kinds`. An
hour counts once it is signed off (by the reference professional, or by an import) and nobody disputes it.
All hours are whole minutes; averages are exact fractions and are cut, never rounded, when shown.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from fractions import Fraction

from trainer.cohorts.rules import PauseSpan
from trainer.core.text import Text, minutes_text, msg

DAY_MINUTES = 24 * 60
WEEK_MINUTES = 7 * DAY_MINUTES
LONGEST_TASKS = 2000
LONGEST_TEXT = 4000
FOLLOW_UP_MINUTES = 60  # a week, where the programme does not say
MOST_FUNCTIONS = 30
LONGEST_FUNCTION = 300
WEEK = timedelta(days=7)


class Kind(StrEnum):
    """What was done in the hours."""

    DIRECT = "direct"
    TEAM = "team"
    SUPERVISION = "supervision"
    REFLECTION = "reflection"
    TRAINING = "training"


class PlacementStatus(StrEnum):
    """Where a placement stands; opened ones may pause and go on."""

    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"


class LogState(StrEnum):
    """Whether an entry of the log counts: only `signed` ones do."""

    SIGNED = "signed"
    WAITING = "waiting"
    DISPUTED = "disputed"


KIND_WORDS: dict[str, Text] = {
    Kind.DIRECT: msg("With people"),
    Kind.TEAM: msg("Team meeting"),
    Kind.SUPERVISION: msg("Supervision"),
    Kind.REFLECTION: msg("Reflection"),
    Kind.TRAINING: msg("Training"),
}

STATE_WORDS: dict[str, Text] = {
    LogState.SIGNED: msg("Signed off"),
    LogState.WAITING: msg("Waits for a signature"),
    LogState.DISPUTED: msg("Disputed"),
}

STATUS_WORDS: dict[str, Text] = {
    PlacementStatus.OPEN: msg("Open"),
    PlacementStatus.PAUSED: msg("Paused"),
    PlacementStatus.CLOSED: msg("Closed"),
}

# What a peer support worker's role usually holds and what it does not; the agreement starts from these and is edited.
FUNCTIONS_IN: tuple[Text, ...] = (
    msg("Walking alongside people from one's own lived experience"),
    msg("Listening, and sharing one's own story where it helps the other person"),
    msg("Joining people in activities of daily life and of the community"),
    msg("Helping people to say what they want, and to prepare for meetings and appointments"),
    msg("Facilitating peer support groups together with the team"),
    msg("Taking part in team meetings and bringing the view of lived experience"),
    msg("Supervision, reflection and training within the agreed hours"),
)
FUNCTIONS_OUT: tuple[Text, ...] = (
    msg("Clinical assessment or treatment"),
    msg("Giving out or watching over medication"),
    msg("Taking part in coercive measures of any kind"),
    msg("Reading or writing clinical records beyond what the role needs"),
    msg("Standing in for a professional, or being alone on duty"),
    msg("Handling people's money or documents"),
    msg("Telling others what was shared in confidence, but for a serious risk"),
)


@dataclass(frozen=True, slots=True)
class Tally:
    """The minutes of the entries of one kind and state."""

    kind: str
    state: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Hours:
    """A log in sums, in minutes. `other` was signed off but is of a kind that the programme does not count."""

    counted: int = 0
    waiting: int = 0
    disputed: int = 0
    other: int = 0

    @property
    def paced(self) -> int:
        """What the weekly average looks at: signed off or waiting; the pace is the person's, not the signature's."""
        return self.counted + self.waiting


@dataclass(frozen=True, slots=True)
class Done:
    """The minutes of one day, kind and state of a log."""

    on: date
    kind: str
    state: str
    minutes: int


@dataclass(frozen=True, slots=True)
class PlacementSpan:
    """One placement of a person: its dates as agreed, whether it goes on, and what was logged."""

    id: int
    starts_on: date
    ends_on: date
    open: bool = True
    done: tuple[Done, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What the requirement needs to know of one person; `spans` are their placements, by first day."""

    tallies: tuple[Tally, ...] = ()
    agreed: bool = False
    open: bool = False
    spans: tuple[PlacementSpan, ...] = ()


@dataclass(frozen=True, slots=True)
class WeekRow:
    """One week of a placement: minutes logged, days that were not paused, and the average up to its end."""

    starts_on: date
    minutes: int
    days: int
    average: int | None


def log_state(signed: bool, disputed: bool) -> LogState:
    """A dispute holds an entry back whether it was signed off or not."""
    if disputed:
        return LogState.DISPUTED
    return LogState.SIGNED if signed else LogState.WAITING


def count(tallies: Iterable[Tally], counting_kinds: Collection[str]) -> Hours:
    """The sums of a log, by the kinds that the programme counts."""
    counted = waiting = disputed = other = 0
    for tally in tallies:
        if tally.kind not in counting_kinds:
            other += tally.minutes if tally.state == LogState.SIGNED else 0
        elif tally.state == LogState.SIGNED:
            counted += tally.minutes
        elif tally.state == LogState.WAITING:
            waiting += tally.minutes
        else:
            disputed += tally.minutes
    return Hours(counted, waiting, disputed, other)


def monday(day: date) -> date:
    """The first day of the week of `day`."""
    return day - timedelta(days=day.weekday())


def is_paused(day: date, pauses: Iterable[PauseSpan]) -> bool:
    """True when clocks stand still on `day`."""
    return any(span.starts_on <= day and (span.ends_on is None or day < span.ends_on) for span in pauses)


def active_days(first: date, last: date, pauses: Sequence[PauseSpan]) -> int:
    """The days from `first` to `last`, both counted, less those of any pause; pauses may overlap. 0 when last < first."""
    end = last + timedelta(days=1)
    if end <= first:
        return 0
    days = (end - first).days
    reached = first
    for span in sorted(pauses, key=lambda one: one.starts_on):
        begins = max(span.starts_on, reached)
        ends = min(span.ends_on or end, end)
        if ends > begins:
            days -= (ends - begins).days
            reached = ends
    return days


def weekly_average(minutes: int, days: int) -> Fraction | None:
    """Minutes a week over that many active days, exact; None before the first one.

    Less than a week is divided as a whole one: 2 h on the first day are not yet 14 h a week.
    """
    if days <= 0:
        return None
    return Fraction(minutes * 7, max(days, 7))


def average_of(
    hours: Hours, starts_on: date, ends_on: date, pauses: Sequence[PauseSpan], today: date
) -> int | None:
    """The weekly average in minutes, cut: over the period up to today, pauses left out."""
    average = weekly_average(hours.paced, active_days(starts_on, min(ends_on, today), pauses))
    return None if average is None else int(average)


def still_weekly(missing: int, today: date, ends_on: date, pauses: Sequence[PauseSpan]) -> int | None:
    """The minutes a week that bring `missing` minutes by the agreed end, rounded up; None when no day is left."""
    days = active_days(today, ends_on, pauses)
    if missing <= 0 or days <= 0:
        return None
    return -int(-Fraction(missing * 7, max(days, 7)) // 1)


def weeks(
    logged: Iterable[tuple[date, int]],
    starts_on: date,
    ends_on: date,
    pauses: Sequence[PauseSpan],
    today: date,
) -> list[WeekRow]:
    """Every week from the first to the present or last one, oldest first; `logged` are (date, minutes)."""
    by_week: dict[date, int] = {}
    for day, minutes in logged:
        by_week[monday(day)] = by_week.get(monday(day), 0) + minutes
    last = min(ends_on, today)
    rows, total, begins = [], 0, monday(starts_on)
    while begins <= last:
        end = min(begins + timedelta(days=6), last)
        total += by_week.get(begins, 0)
        average = weekly_average(total, active_days(starts_on, end, pauses))
        rows.append(
            WeekRow(
                begins,
                by_week.get(begins, 0),
                active_days(max(begins, starts_on), end, pauses),
                None if average is None else int(average),
            )
        )
        begins += WEEK
    return rows


def due_weeks(
    recorded: Collection[date], starts_on: date, ends_on: date, pauses: Sequence[PauseSpan], today: date
) -> list[date]:
    """The weeks (Mondays) up to the present one without a recorded follow-up; a week wholly paused owes none."""
    due, begins = [], monday(starts_on)
    while begins <= min(ends_on, today):
        first, last = max(begins, starts_on), min(begins + timedelta(days=6), ends_on)
        if begins not in recorded and active_days(first, last, pauses) > 0:
            due.append(begins)
        begins += WEEK
    return due


def overlap(first: date, last: date, other_first: date, other_last: date) -> bool:
    """True when two periods share a day."""
    return first <= other_last and other_first <= last


def parse_weekly_hours(text: str) -> int | None:
    """Minutes of "10", "7.5" or "7,5" hours; None for what is no such number, not whole minutes, or out of 0–168 h."""
    try:
        hours = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None
    if not hours.is_finite() or not 0 < hours <= 168:
        return None
    minutes = hours * 60
    return int(minutes) if minutes == minutes.to_integral_value() else None


def weekly_hours_text(minutes: int) -> str:
    """Minutes as the number of hours that a field holds: "10", "7.5"; minutes that do not fit are kept exact."""
    hours = (Decimal(minutes) / 60).quantize(Decimal("0.000001")).normalize()
    return f"{hours:f}"


def tasks_key(tasks: str) -> str:
    """A digest of the tasks: part of what makes two entries of a log the same."""
    return hashlib.sha256(tasks.encode()).hexdigest()


def tidy_tasks(tasks: str | None) -> str:
    """The tasks as they are kept: without white space around, with one kind of line end."""
    return (tasks or "").replace("\r\n", "\n").replace("\r", "\n").strip()


def minutes_problem(minutes: int) -> Text | None:
    """Why an entry cannot have that many minutes; None when it can."""
    if 1 <= minutes <= DAY_MINUTES:
        return None
    return msg("An entry has between one minute and 24 hours.")


def explain(hours: Hours, need: int, facts: Facts) -> Text:
    """Where the hours stand, in words."""
    if hours.counted >= need:
        return msg(
            "%(have)s of placement are signed off; %(need)s are needed.",
            have=minutes_text(hours.counted),
            need=minutes_text(need),
        )
    if not facts.agreed:
        return msg("No placement is agreed yet; %(need)s are needed.", need=minutes_text(need))
    values = {
        "have": minutes_text(hours.counted),
        "need": minutes_text(need),
        "waiting": minutes_text(hours.waiting),
    }
    if hours.waiting and hours.disputed:
        return msg(
            "%(have)s of %(need)s are signed off; %(waiting)s wait for a signature, %(disputed)s are disputed.",
            disputed=minutes_text(hours.disputed),
            **values,
        )
    if hours.waiting:
        return msg("%(have)s of %(need)s are signed off; %(waiting)s wait for a signature.", **values)
    if hours.disputed:
        return msg(
            "%(have)s of %(need)s are signed off; %(disputed)s are disputed and do not count as long as they are.",
            disputed=minutes_text(hours.disputed),
            **values,
        )
    return msg("%(have)s of %(need)s are signed off.", **values)


def next_step(hours: Hours, need: int, facts: Facts) -> Text | None:
    """What to do next for the hours; None once they are there."""
    missing = need - hours.counted
    if missing <= 0:
        return None
    if not facts.agreed:
        return msg("Agree a placement with the training team.")
    if hours.waiting >= missing:
        return msg("Ask the reference professional to sign off the hours that wait.")
    if not facts.open:
        return msg("Agree with the training team how to do the missing %(time)s.", time=minutes_text(missing))
    if hours.disputed:
        return msg(
            "Clear up the disputed hours with the reference professional, and log the others as you do them."
        )
    return msg("Log the hours as you do them: %(time)s to go.", time=minutes_text(missing - hours.waiting))
