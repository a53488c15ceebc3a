"""Attendance from a spreadsheet: all rows or none, and the same file again changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

from trainer.attendance.queries import enrolments_by_email, session_facts
from trainer.attendance.rules import NEEDS_MINUTES, MarkInput, MarkKind, SessionFact, valid_reason_code
from trainer.attendance.services import save_register
from trainer.cohorts.models import Course
from trainer.cohorts.policy import can_teach
from trainer.core.access import Actor
from trainer.core.database import transaction
from trainer.core.errors import Refused
from trainer.core.tables import Column, ImportResult, Problems, Row, Sheet, Table, columns
from trainer.core.text import msg

COLUMNS = (
    Column("session"),
    Column("email"),
    Column("mark"),
    Column("minutes", required=False),
    Column("reason_code", required=False),
)
ALIASES = {
    "present": "present",
    "presente": "present",
    "tard": "late",
    "tarde": "late",
    "ha sortit abans": "left_early",
    "sortida anticipada": "left_early",
    "salida anticipada": "left_early",
    "left early": "left_early",
    "absent": "absent",
    "ausente": "absent",
    "justificat": "excused",
    "justificada": "excused",
    "justificado": "excused",
}
MARKS = tuple(kind.value for kind in MarkKind if kind is not MarkKind.UNMARKED)


@dataclass(frozen=True)
class _Ref:
    id: int
    course_id: int


class _Rehearsed(Exception):
    """Ends a dry run: what was tried is rolled back."""


def import_attendance(
    actor: Actor, course: Course, table: Table, name: str, dry_run: bool = False
) -> ImportResult:
    """Imports marks from a table read of the file `name`. Columns: session (number), email, mark, [minutes], [reason_code].

    Sessions that get a mark are held from then on. A mark that says something else than the one recorded is a
    correction with the reason "import NAME". Raises Invalid listing every problem, Refused for who may not.
    """
    if not can_teach(actor, course):
        raise Refused(msg("Only trainers and organisers of the course's provider take its registers."))
    sheet = columns(table, COLUMNS)
    reason = f"import {PurePath(name).name}"[:500]
    added = corrected = unchanged = 0
    course_id = course.id
    try:
        with transaction():
            by_session, repeated = _read(sheet, course_id)
            for session_id, marks in by_session.items():
                result = save_register(actor, _Ref(session_id, course_id), marks, reason)
                added += result.added
                corrected += result.corrected
                unchanged += len(result.unchanged)
            if dry_run:
                raise _Rehearsed
    except _Rehearsed:
        pass
    return ImportResult(added, corrected, unchanged + repeated, sheet.warnings)


def _read(sheet: Sheet, course_id: int) -> tuple[dict[int, dict[int, MarkInput]], int]:
    """Marks by session and enrolment in the order of the sessions, and how many rows say the same again."""
    sessions = {one.number: one for one in session_facts(course_id)}
    people = enrolments_by_email(course_id)
    problems = Problems(sheet)
    found: dict[int, dict[int, MarkInput]] = {number: {} for number in sorted(sessions)}
    seen: dict[tuple[int, int], int] = {}
    repeated = 0
    for row in sheet.rows:
        session = _session(problems, row, sessions)
        enrolment_id = _enrolment(problems, row, people)
        mark = _mark(problems, row, session, "reason_code" in sheet.present)
        if session is None or enrolment_id is None or mark is None:
            continue
        marks = found[session.number]
        if enrolment_id in marks:
            if marks[enrolment_id] == mark:
                repeated += 1
            else:
                first = str(seen[session.number, enrolment_id])
                problems.add(row, "mark", msg("says something else than row %(row)s", row=first))
            continue
        marks[enrolment_id] = mark
        seen[session.number, enrolment_id] = row.number
    problems.check()
    return {sessions[number].id: marks for number, marks in found.items() if marks}, repeated


def _session(problems: Problems, row: Row, sessions: dict[int, SessionFact]) -> SessionFact | None:
    number = problems.integer(row, "session", 1, 10_000, required=True)
    if number is None:
        return None
    session = sessions.get(number)
    if session is None:
        problems.add(row, "session", msg("the course has no session %(number)s", number=str(number)))
    elif session.status == "cancelled":
        problems.add(row, "session", msg("session %(number)s is cancelled", number=str(number)))
        return None
    elif session.extra:
        problems.add(
            row, "session", msg("session %(number)s is a repeat: nobody is marked there", number=str(number))
        )
        return None
    return session


def _enrolment(problems: Problems, row: Row, people: dict[str, tuple[int, str]]) -> int | None:
    email = problems.required(row, "email").strip().lower()
    if not email:
        return None
    enrolment_id, status = people.get(email, (None, ""))
    if enrolment_id is None:
        problems.add(row, "email", msg("%(email)s is not on the course", email=email))
    elif status == "invited":
        problems.add(row, "email", msg("%(email)s is invited but not enrolled yet", email=email))
        return None
    return enrolment_id


def _mark(problems: Problems, row: Row, session: SessionFact | None, has_codes: bool) -> MarkInput | None:
    code = row["reason_code"].strip().lower() if has_codes else None
    if not valid_reason_code(code or ""):
        problems.add(row, "reason_code", msg("has up to 40 letters, digits, dots and hyphens"))
    written = " ".join(row["mark"].casefold().split())
    known = Row(row.number, {**row.values, "mark": ALIASES.get(written, written)})
    kind = problems.choice(known, "mark", MARKS)
    if not kind or session is None:
        return None
    before = len(problems)
    minutes = problems.integer(row, "minutes", 0, session.length)
    if len(problems) > before:
        return None
    mark = MarkKind(kind)
    if mark in NEEDS_MINUTES:
        if minutes is None:
            problems.add(row, "minutes", msg("is needed for late and left_early"))
            return None
        return MarkInput(mark, minutes, code)
    whole = session.length if mark is MarkKind.PRESENT else 0
    if minutes not in (None, whole):
        problems.add(
            row, "minutes", msg("%(mark)s means %(whole)s minutes", mark=mark.value, whole=str(whole))
        )
        return None
    return MarkInput(mark, None, code)
