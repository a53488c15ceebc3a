"""The log from a spreadsheet: all rows or none, and the same file again changes nothing.

What is imported counts as signed off: the file stands for signed sheets, and an organiser answers for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from trainer.audit.services import record
from trainer.cohorts.models import Course
from trainer.cohorts.policy import can_manage
from trainer.cohorts.queries import enrolments_by_email
from trainer.cohorts.rules import PauseSpan
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.database import lock, session, transaction
from trainer.core.errors import Refused
from trainer.core.tables import Column, ImportResult, Problems, Row, Sheet, Table, columns
from trainer.core.text import msg
from trainer.people.rules import tidy_email
from trainer.placement import rules
from trainer.placement.models import Placement, PlacementLog
from trainer.placement.queries import Span, entries_of, pauses_of, spans_by_enrolment
from trainer.placement.rules import DAY_MINUTES, LONGEST_TASKS, Kind

COLUMNS = (
    Column("email"),
    Column("date"),
    Column("minutes"),
    Column("kind"),
    Column("tasks", required=False),
)
KINDS = {
    "directe": "direct",
    "directo": "direct",
    "equip": "team",
    "equipo": "team",
    "reunió d'equip": "team",
    "reunión de equipo": "team",
    "supervisió": "supervision",
    "supervisión": "supervision",
    "reflexió": "reflection",
    "reflexión": "reflection",
    "formació": "training",
    "formación": "training",
}
Identity = tuple[int, date, str, str]


@dataclass(frozen=True)
class _Line:
    row: int
    placement_id: int
    on: date
    minutes: int
    kind: str
    tasks: str

    @property
    def identity(self) -> Identity:
        return (self.placement_id, self.on, self.kind, rules.tasks_key(self.tasks))


class _Rehearsed(Exception):
    """Ends a dry run: what was tried is rolled back."""


def import_placement_log(
    actor: Actor, course: Course, table: Table, file_name: str, dry_run: bool = False
) -> ImportResult:
    """Records every row; the same email, date, kind and tasks is the same row, and other minutes are a change of it.

    A row needs a placement of that person that covers the date. An entry that waited for a signature is signed off by it.
    Raises Invalid with every error by row, Refused for who is no organiser of the course; then nothing is written.
    """
    if not can_manage(actor, course):
        raise Refused(msg("Only an organiser of the course imports the log of its placements."))
    sheet = columns(table, COLUMNS)
    course_id, zone = course.id, course.timezone
    result = ImportResult()
    try:
        with transaction():
            lock(Course, course_id)  # two imports of one course wait for each other
            lines, repeated = _read(actor, sheet, course_id, clock.today(zone))
            added, changed, unchanged = _write(actor, lines)
            result = ImportResult(added, changed, unchanged + repeated, sheet.warnings)
            if dry_run:
                raise _Rehearsed
    except _Rehearsed:
        pass
    return result


def _read(actor: Actor, sheet: Sheet, course_id: int, today: date) -> tuple[list[_Line], int]:
    """The rows as entries of placements, and how many say the same again."""
    people = enrolments_by_email(course_id)
    spans = spans_by_enrolment(course_id)
    pauses = pauses_of({span.id: span.enrolment_id for found in spans.values() for span in found})
    problems = Problems(sheet)
    lines: dict[Identity, _Line] = {}
    repeated = 0
    for row in sheet.rows:
        enrolment_id = _enrolment(problems, row, people)
        on = problems.date(row, "date", required=True)
        minutes = problems.integer(row, "minutes", 1, DAY_MINUTES, required=True)
        written = " ".join(row["kind"].casefold().split())
        kind = problems.choice(
            Row(row.number, {**row.values, "kind": KINDS.get(written, row["kind"])}),
            "kind",
            [one.value for one in Kind],
        )
        tasks = rules.tidy_tasks(row["tasks"])
        if len(tasks) > LONGEST_TASKS:
            problems.add(row, "tasks", msg("is longer than %(most)s characters", most=str(LONGEST_TASKS)))
        if on is not None and on > today:
            problems.add(row, "date", msg("lies in the future"))
            continue
        span = (
            _span(problems, row, on, spans.get(enrolment_id or 0, ()), pauses)
            if enrolment_id and on
            else None
        )
        if span is not None and actor.person_id == span.person_id:
            problems.add(row, "email", msg("nobody signs off their own hours"))
            continue
        if span is None or on is None or minutes is None or not kind:
            continue
        line = _Line(row.number, span.id, on, minutes, kind, tasks)
        first = lines.get(line.identity)
        if first is None:
            lines[line.identity] = line
        elif first.minutes == line.minutes:
            repeated += 1
        else:
            problems.add(row, "minutes", msg("says something else than row %(row)s", row=str(first.row)))
    _check_days(problems, list(lines.values()))
    problems.check()
    return list(lines.values()), repeated


def _enrolment(problems: Problems, row: Row, people: Mapping[str, tuple[int, str]]) -> int | None:
    email = tidy_email(problems.required(row, "email"))
    if not email:
        return None
    enrolment_id, status = people.get(email, (None, ""))
    if enrolment_id is None or status == "invited":
        problems.add(row, "email", msg("%(email)s is not on this course", email=email))
        return None
    return enrolment_id


def _span(
    problems: Problems, row: Row, on: date, spans: Sequence[Span], pauses: Mapping[int, Sequence[PauseSpan]]
) -> Span | None:
    """The placement that covers the day; None, and a problem, when there is none or it was paused."""
    for span in spans:
        if span.starts_on <= on <= span.ends_on:
            if rules.is_paused(on, pauses[span.id]):
                problems.add(row, "date", msg("the placement was paused on that day"))
                return None
            return span
    if spans:
        problems.add(row, "date", msg("no placement of this person covers that day"))
    else:
        problems.add(row, "email", msg("this person has no placement yet: open one first"))
    return None


def _check_days(problems: Problems, lines: Sequence[_Line]) -> None:
    """No day has more than 24 hours, with what is in the log already."""
    totals: dict[tuple[int, date], int] = {}
    mine = {line.identity for line in lines}
    for entry in entries_of({line.placement_id for line in lines}):
        if (entry.placement_id, entry.on, entry.kind, entry.tasks_key) not in mine:
            key = (entry.placement_id, entry.on)
            totals[key] = totals.get(key, 0) + entry.minutes
    for line in lines:
        key = (line.placement_id, line.on)
        totals[key] = totals.get(key, 0) + line.minutes
        if totals[key] > DAY_MINUTES:
            problems.add(line.row, "minutes", msg("makes more than 24 hours on that day"))


def _write(actor: Actor, lines: Sequence[_Line]) -> tuple[int, int, int]:
    """Adds, changes and leaves; gives how many of each."""
    placement_ids = sorted({line.placement_id for line in lines})
    # In the order of their ids, so that two who lock several never wait for each other in a circle.
    session.execute(
        select(Placement.id).where(Placement.id.in_(placement_ids)).order_by(Placement.id).with_for_update()
    )
    now = clock.now()
    known = {(one.placement_id, one.on, one.kind, one.tasks_key): one for one in entries_of(placement_ids)}
    counts = {placement_id: [0, 0] for placement_id in placement_ids}
    unchanged = 0
    for line in lines:
        entry = known.get(line.identity)
        if entry is None:
            session.add(
                PlacementLog(
                    placement_id=line.placement_id,
                    on=line.on,
                    minutes=line.minutes,
                    kind=line.kind,
                    tasks=line.tasks,
                    tasks_key=rules.tasks_key(line.tasks),
                    imported=True,
                    recorded_by=actor.person_id,
                    recorded_at=now,
                    signed_off_at=now,
                )
            )
            counts[line.placement_id][0] += 1
        elif entry.minutes != line.minutes or entry.signed_off_at is None:
            entry.minutes, entry.imported = line.minutes, True
            entry.recorded_by, entry.recorded_at = actor.person_id, now
            entry.signed_off_by, entry.signed_off_at = None, now
            entry.disputed_by = entry.disputed_at = entry.dispute_note = None
            counts[line.placement_id][1] += 1
        else:
            unchanged += 1
    for placement_id, (added, changed) in counts.items():
        if added or changed:
            record(actor, "placement.log_imported", f"placement:{placement_id}", added=added, changed=changed)
    return sum(one[0] for one in counts.values()), sum(one[1] for one in counts.values()), unchanged
