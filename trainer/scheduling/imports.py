"""Sessions from a spreadsheet: all rows or none, problems by row; the same file again changes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from trainer.audit.services import record
from trainer.cohorts import policy as courses
from trainer.cohorts.models import Course
from trainer.core.access import Actor
from trainer.core.database import lock, session, transaction
from trainer.core.errors import Refused
from trainer.core.registered import registered
from trainer.core.tables import Column, ImportResult, Problems, Row, Sheet, Table, columns
from trainer.core.text import Text, msg
from trainer.curriculum.queries import programme_of
from trainer.scheduling.models import Session
from trainer.scheduling.rules import LONGEST_MINUTES, SessionStatus, ends_at, resolve, why_not_change
from trainer.scheduling.services import ensure_venue, new_session, settled, shares_changed, touch

SPEC = (
    Column("number"),
    Column("module"),
    Column("date"),
    Column("start"),
    Column("end"),
    Column("venue"),
    Column("status", required=False),
    Column("extra", required=False, aliases=("repeat", "repetició", "repetición")),
)
YES_WORDS = {
    "yes": True,
    "sí": True,
    "si": True,
    "true": True,
    "1": True,
    "no": False,
    "false": False,
    "0": False,
}
STATUS_WORDS = {
    "planned": SessionStatus.PLANNED,
    "planificada": SessionStatus.PLANNED,
    "prevista": SessionStatus.PLANNED,
    "held": SessionStatus.HELD,
    "feta": SessionStatus.HELD,
    "realitzada": SessionStatus.HELD,
    "realizada": SessionStatus.HELD,
    "cancelled": SessionStatus.CANCELLED,
    "canceled": SessionStatus.CANCELLED,
    "cancel·lada": SessionStatus.CANCELLED,
    "cancel.lada": SessionStatus.CANCELLED,
    "cancelada": SessionStatus.CANCELLED,
}


@dataclass(frozen=True)
class Wanted:
    """One row, understood: what a session should be."""

    row: Row
    number: int
    module_code: str
    starts_local: dt.datetime
    minutes: int
    venue: str
    status: SessionStatus | None
    extra: bool | None = None


class _Undo(Exception):
    """Ends a trial run: everything is rolled back."""


def import_sessions(
    actor: Actor, course: Course, table: Table, name: str, dry_run: bool = False
) -> ImportResult:
    """Adds and changes the sessions of a course as a spreadsheet says; others stay.

    A changed session keeps its uid, and its sequence rises. Raises Invalid with every problem by row and
    column, Refused for who may not. With `dry_run` nothing is written.
    """
    sheet = columns(table, SPEC)
    result = ImportResult()
    try:
        with transaction():
            result = _import(actor, course, name, sheet)
            if dry_run:
                raise _Undo
    except _Undo:
        pass
    return result


def _import(actor: Actor, course: Course, name: str, sheet: Sheet) -> ImportResult:
    course = lock(Course, course.id)
    if not courses.can_manage(actor, course):
        raise Refused(msg("Only organisers of the course's provider may import its sessions."))
    existing = {
        one.number: one
        for one in session.scalars(
            select(Session)
            .where(Session.course_id == course.id)
            .order_by(Session.id)
            .with_for_update(key_share=True)
        )
    }
    problems = Problems(sheet)
    wanted = _read(course, sheet, problems)
    for one in wanted:
        _check(one, existing.get(one.number), problems)
    _check_overlaps(course, wanted, existing, problems)
    problems.check()

    venues = {one.venue: ensure_venue(actor, one.venue, timezone=course.timezone).id for one in wanted}
    warnings = list(sheet.warnings)
    added, changed, unchanged = [], [], 0
    repeats = {one.id: one.extra for one in existing.values()}
    for one in wanted:
        found = existing.get(one.number)
        if one.status is SessionStatus.HELD and (found is None or found.status != SessionStatus.HELD):
            warnings.append(msg("Session %(number)s is held once its register is there.", number=one.number))
        if found is None:
            made = new_session(
                course, one.number, one.module_code, one.starts_local, one.minutes, venues[one.venue]
            )
            if one.status is SessionStatus.CANCELLED:
                made.status, made.cancel_reason = SessionStatus.CANCELLED.value, f"import {name}"[:300]
            made.extra = bool(one.extra)
            session.add(made)
            added.append(one.number)
        elif _apply(found, one, venues[one.venue], name):
            touch(found)
            changed.append(one.number)
        else:
            unchanged += 1
    if added or changed:
        record(actor, "sessions.imported", f"course:{course.id}", added=added, changed=changed)
        moved = [existing[number].id for number in changed]
        if any(one.extra != repeats[one.id] for one in existing.values()):
            shares_changed(actor, course.id)
        registered("trainer_sessions_changed")(actor, course.id, moved, "moved")
    return ImportResult(len(added), len(changed), unchanged, warnings)


def _read(course: Course, sheet: Sheet, problems: Problems) -> list[Wanted]:
    modules: dict[str, str] = {}
    for module in programme_of(course.programme_version_id).modules:
        for word in (module.code, str(module.number), *module.title.values()):
            modules.setdefault(word.casefold(), module.code)
    wanted: list[Wanted] = []
    rows_of: dict[int, int] = {}
    for row in sheet.rows:
        number = problems.integer(row, "number", 1, 999, required=True)
        day = problems.date(row, "date", required=True)
        start = problems.time(row, "start", required=True)
        end = problems.time(row, "end", required=True)
        venue = " ".join(problems.required(row, "venue").split())
        word = problems.required(row, "module")
        module_code = modules.get(word.casefold())
        if word and module_code is None:
            problems.add(row, "module", msg("the programme has no module %(code)s", code=word[:60]))
        if len(venue) > 120:
            problems.add(row, "venue", msg("is longer than %(most)s characters", most="120"))
        status = None
        if row["status"]:
            status = STATUS_WORDS.get(row["status"].casefold())
            if status is None:
                problems.add(row, "status", msg("is not one of: planned, held, cancelled"))
        extra = YES_WORDS.get(row["extra"].casefold())
        if row["extra"] and extra is None:
            problems.add(row, "extra", msg("is not one of: yes, no"))
        if number is not None and number in rows_of:
            problems.add(
                row,
                "number",
                msg("session %(number)s is in row %(row)s too", number=number, row=rows_of[number]),
            )
            continue
        if number is not None:
            rows_of[number] = row.number
        minutes = _minutes(course, row, day, start, end, problems)
        if number is None or day is None or start is None or minutes is None or not module_code or not venue:
            continue
        local = settled(dt.datetime.combine(day, start), course.timezone)
        wanted.append(Wanted(row, number, module_code, local, minutes, venue, status, extra))
    return wanted


def _minutes(
    course: Course,
    row: Row,
    day: dt.date | None,
    start: dt.time | None,
    end: dt.time | None,
    problems: Problems,
) -> int | None:
    if day is None or start is None or end is None:
        return None
    if not 1990 <= day.year <= 2200:
        problems.add(row, "date", msg("%(day)s is not a date for a session", day=day.isoformat()))
        return None
    starts, ends = (resolve(dt.datetime.combine(day, at), course.timezone) for at in (start, end))
    minutes = int((ends.astimezone(dt.UTC) - starts.astimezone(dt.UTC)).total_seconds() // 60)
    if not 0 < minutes <= LONGEST_MINUTES:
        problems.add(row, "end", msg("is not after the start"))
        return None
    return minutes


def _check(one: Wanted, found: Session | None, problems: Problems) -> None:
    """A held or cancelled session stays what it is; one in use stays a repeat, or none."""
    if found is None:
        return
    if found.status == SessionStatus.PLANNED:
        if one.extra not in (None, found.extra) and (used := registered("trainer_session_in_use")(found.id)):
            problems.add(one.row, "extra", used)
        return
    status = SessionStatus(found.status)
    reason = why_not_change(status, found.number) or Text("")
    for column, differs in (
        ("module", found.module_code != one.module_code),
        ("date", found.starts_local.date() != one.starts_local.date()),
        ("start", found.starts_local.time() != one.starts_local.time()),
        ("end", found.minutes != one.minutes),
        ("extra", one.extra not in (None, found.extra)),
    ):
        if differs:
            problems.add(one.row, column, reason)
    if one.status is SessionStatus.CANCELLED and status is SessionStatus.HELD:
        problems.add(one.row, "status", reason)
    if one.status not in (None, SessionStatus.CANCELLED) and status is SessionStatus.CANCELLED:
        problems.add(one.row, "status", reason)


def _check_overlaps(
    course: Course, wanted: Sequence[Wanted], existing: Mapping[int, Session], problems: Problems
) -> None:
    spans: list[tuple[dt.datetime, dt.datetime, int, Row | None]] = []
    named = {one.number for one in wanted}
    for other in existing.values():
        if other.number not in named and other.status != SessionStatus.CANCELLED:
            starts = resolve(other.starts_local, other.timezone)
            spans.append((starts, ends_at(starts, other.minutes), other.number, None))
    for one in wanted:
        found = existing.get(one.number)
        cancelled = found is not None and found.status == SessionStatus.CANCELLED
        if one.status is not SessionStatus.CANCELLED and not cancelled:
            starts = resolve(one.starts_local, course.timezone)
            spans.append((starts, ends_at(starts, one.minutes), one.number, one.row))
    spans.sort(key=lambda span: (span[0], span[2]))
    last: tuple[dt.datetime, dt.datetime, int, Row | None] | None = None
    for span in spans:
        if last is not None and span[0] < last[1]:
            row, other_number = (span[3], last[2]) if span[3] is not None else (last[3], span[2])
            if row is not None:
                what = msg("is at the same time as session %(number)s", number=other_number)
                problems.add(row, "start", what)
        if last is None or span[1] > last[1]:
            last = span


def _apply(found: Session, one: Wanted, venue_id: int, name: str) -> bool:
    """Makes the session what the row says; whether that changed anything that calendars follow."""
    before = _shown(found)
    if found.status == SessionStatus.PLANNED:
        found.module_code, found.starts_local = one.module_code, one.starts_local
        found.minutes = one.minutes
        found.extra = found.extra if one.extra is None else one.extra
    if found.status != SessionStatus.CANCELLED:
        found.venue_id = venue_id  # a held session's venue is put right without touching its register
    if one.status is SessionStatus.CANCELLED and found.status == SessionStatus.PLANNED:
        found.status, found.cancel_reason = SessionStatus.CANCELLED.value, f"import {name}"[:300]
    return before != _shown(found)


def _shown(one: Session) -> tuple[object, ...]:
    """What calendars follow."""
    return one.module_code, one.starts_local, one.minutes, one.venue_id, one.status, one.extra
