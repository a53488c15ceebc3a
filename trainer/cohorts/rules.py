"""Enrolment as a state machine, and what may be said of it. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from trainer.core.text import Text, msg


class Status(StrEnum):
    """Where a person stands on a course."""

    INVITED = "invited"
    ENROLLED = "enrolled"
    PAUSED = "paused"
    WITHDRAWN = "withdrawn"
    COMPLETED = "completed"


class CourseStatus(StrEnum):
    """Where a course stands: set by a person, never derived."""

    PLANNED = "planned"
    RUNNING = "running"
    CLOSED = "closed"


# A person who left may come back, and a completion set by mistake can be taken back.
MOVES: dict[Status, frozenset[Status]] = {
    Status.INVITED: frozenset({Status.ENROLLED, Status.WITHDRAWN}),
    Status.ENROLLED: frozenset({Status.PAUSED, Status.WITHDRAWN, Status.COMPLETED}),
    Status.PAUSED: frozenset({Status.ENROLLED, Status.WITHDRAWN, Status.COMPLETED}),
    Status.WITHDRAWN: frozenset({Status.ENROLLED}),
    Status.COMPLETED: frozenset({Status.ENROLLED}),
}

# Why a status changed, as a code: a pause stores no health reason, and leaving asks for none.
NOTE_CODES = ("", "own_request", "agreed", "other_course", "work_or_study", "moved_away", "import", "mistake")

# The entry of a history that says a day of joining was changed; nobody chooses it from a list.
JOINED = "joined"

# The wording that people consent to; a new wording gets a new version, and old consents keep theirs.
CONSENT_WORDING = "2026-11"
CONSENT_KINDS = ("course_data",)

_CODE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38}[A-Za-z0-9])?")


@dataclass(frozen=True)
class PauseSpan:
    """A pause: clocks stop from `starts_on`, and run again from `ends_on` (None: not resumed yet)."""

    starts_on: date
    ends_on: date | None = None


def may_move(current: str, to: str) -> bool:
    """True when a person in status `current` can move to status `to`."""
    return Status(to) in MOVES[Status(current)]


def next_statuses(current: str) -> list[Status]:
    """The statuses that can follow `current`, in the order of the page."""
    return [status for status in Status if status in MOVES[Status(current)]]


def why_not(current: str, to: str) -> Text | None:
    """Why the move is not possible, in words; None when it is."""
    if may_move(current, to):
        return None
    if current == to:
        return msg("The status is already: %(status)s.", status=status_text(current))
    return msg(
        "From %(current)s the status cannot become %(to)s.", current=status_text(current), to=status_text(to)
    )


def status_text(status: str) -> Text:
    """The status in the words of the field."""
    return {
        Status.INVITED: msg("Invited"),
        Status.ENROLLED: msg("On the course"),
        Status.PAUSED: msg("Paused"),
        Status.WITHDRAWN: msg("Left the course"),
        Status.COMPLETED: msg("Completed"),
    }[Status(status)]


def move_text(current: str, to: str) -> Text:
    """What the button says that moves a person from `current` to `to`."""
    if to == Status.ENROLLED:
        return {
            Status.INVITED: msg("Enrol now"),
            Status.PAUSED: msg("Resume"),
            Status.WITHDRAWN: msg("Back on the course"),
            Status.COMPLETED: msg("Back on the course"),
        }.get(Status(current), msg("On the course"))
    return {
        Status.PAUSED: msg("Pause"),
        Status.WITHDRAWN: msg("Left the course"),
        Status.COMPLETED: msg("Completed the course"),
    }[Status(to)]


def course_status_text(status: str) -> Text:
    """The status of a course in words."""
    return {
        CourseStatus.PLANNED: msg("Planned"),
        CourseStatus.RUNNING: msg("Running"),
        CourseStatus.CLOSED: msg("Closed"),
    }[CourseStatus(status)]


def note_text(code: str) -> Text:
    """A reason code in words."""
    return {
        "": msg("No reason given"),
        "own_request": msg("At the person's own request"),
        "agreed": msg("Agreed together"),
        "other_course": msg("Continues on another course"),
        "work_or_study": msg("Work or studies"),
        "moved_away": msg("Moved away"),
        "import": msg("From an imported roster"),
        "mistake": msg("Correction of a mistake"),
        JOINED: msg("Day of joining"),
    }.get(code, msg("Other"))


def valid_code(code: str) -> bool:
    """True for a code of letters, digits and inner hyphens, at most 40 characters: it stands in addresses."""
    return _CODE.fullmatch(code) is not None


def code_from(label: str, taken: Iterable[str]) -> str:
    """A new organisation code for a label that a roster uses: 'Associació Bon Dia' is ASSOCIACIO-BON-DIA."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", label) if not unicodedata.combining(c))
    stem = re.sub(r"[^A-Za-z0-9]+", "-", bare).strip("-").upper()[:16].strip("-") or "ENTITY"
    used = {code.upper() for code in taken}
    code, number = stem, 2
    while code in used:
        code, number = f"{stem}-{number}", number + 1
    return code


def effective_problem(
    to: str, effective_on: date, joined_on: date | None, pauses: Iterable[PauseSpan], today: date
) -> Text | None:
    """Why a change cannot take effect on a day; None when it can.

    A pause or leaving may be noted for a day to come only when agreed; completion never lies ahead.
    """
    if joined_on is not None and effective_on < joined_on:
        return msg("The date is before the person joined.")
    if to == Status.COMPLETED and effective_on > today:
        return msg("A completion cannot lie in the future.")
    if to == Status.ENROLLED:
        open_from = [pause.starts_on for pause in pauses if pause.ends_on is None]
        if open_from and effective_on < max(open_from):
            return msg("The date is before the pause began.")
    if to == Status.PAUSED and any(
        pause.ends_on is not None and effective_on < pause.ends_on for pause in pauses
    ):
        return msg("The date is within an earlier pause.")
    return None


def paused_on(pauses: Iterable[PauseSpan], day: date) -> bool:
    """True when `day` lies within a pause; the day of resuming is no pause any more."""
    return any(p.starts_on <= day and (p.ends_on is None or day < p.ends_on) for p in pauses)


def paused_days(pauses: Iterable[PauseSpan], first: date, last: date) -> int:
    """Days from `first` to `last`, both counted, that lie within pauses; overlapping pauses count once."""
    days: set[int] = set()
    for pause in pauses:
        start = max(pause.starts_on, first).toordinal()
        end = (
            (last.toordinal() + 1)
            if pause.ends_on is None
            else min(pause.ends_on.toordinal(), last.toordinal() + 1)
        )
        days.update(range(start, end))
    return len(days)


@dataclass(frozen=True)
class CourseSessions:
    """What courses need of scheduling, which lies above them: create_app hands it in.

    `sessions_of(course_id)` gives rows with number, module_code, starts_at, minutes, venue and status;
    `plan(actor, course, first, time, venues)` writes the weekly sessions; `preview(programme, first, time,
    venues, timezone)` lays them without writing and gives a plan with `slots` and `skipped`.
    """

    sessions_of: Callable[[int], Sequence[Any]]
    plan: Callable[..., Any]
    preview: Callable[..., Any]
