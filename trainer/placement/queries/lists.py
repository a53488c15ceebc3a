"""Lists of placements with their figures: a fixed number of statements, however many people they show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from trainer.cohorts.models import Course, Enrolment, Pause
from trainer.cohorts.queries import RosterRow, roster
from trainer.cohorts.rules import PauseSpan
from trainer.core import clock
from trainer.core.database import session
from trainer.curriculum.queries import programme_of
from trainer.gates.queries import standings
from trainer.gates.rules import GateResult
from trainer.people.models import Organisation, Person
from trainer.placement import rules
from trainer.placement.models import FollowUp, Placement, PlacementPause
from trainer.placement.queries.sums import tallies_by_placement
from trainer.placement.rules import Hours, PlacementStatus, Tally


@dataclass(frozen=True, slots=True)
class PlacementRow:
    """A placement as a list shows it."""

    id: int
    enrolment_id: int
    person: str
    course_code: str
    course_title: str
    timezone: str
    programme_version_id: int
    host: str
    service: str
    reference: str | None
    starts_on: date
    ends_on: date
    weekly_minutes: int
    status: str
    waiver_id: int | None

    @property
    def today(self) -> date:
        """The present day where the course is."""
        return clock.today(self.timezone)


@dataclass(frozen=True)
class Line:
    """A placement with its figures: minutes of this placement, and of all placements of the person against `need`."""

    row: PlacementRow
    own: Hours
    total: Hours
    need: int
    average: int | None
    pauses: Sequence[PauseSpan]
    due: Sequence[date]


@dataclass(frozen=True)
class CourseLine:
    """A person on a course: the gate that opens placements, and the placements there are."""

    person: RosterRow
    gate: GateResult | None
    placements: Sequence[Line] = ()
    total: Hours = field(default_factory=Hours)

    @property
    def may_open(self) -> bool:
        """True when the gate is passed, or the programme has none, and the person is on the course."""
        return (self.gate is None or self.gate.passed) and self.person.status != "withdrawn"

    @property
    def has_open(self) -> bool:
        return any(line.row.status != PlacementStatus.CLOSED for line in self.placements)


def _rows() -> Select[*tuple[Any, ...]]:
    reference = aliased(Person)
    return (
        select(
            Placement.id,
            Placement.enrolment_id,
            Person.display_name,
            Course.code,
            Course.title,
            Course.timezone,
            Course.programme_version_id,
            Organisation.name,
            Placement.service,
            reference.display_name,
            Placement.starts_on,
            Placement.ends_on,
            Placement.weekly_minutes,
            Placement.status,
            Placement.opened_by_waiver_id,
        )
        .join(Enrolment, Enrolment.id == Placement.enrolment_id)
        .join(Course, Course.id == Enrolment.course_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Organisation, Organisation.id == Placement.host_id)
        .outerjoin(reference, reference.id == Placement.reference_id)
    )


def _read(statement: Select[*tuple[Any, ...]]) -> list[PlacementRow]:
    return [PlacementRow(*row) for row in session.execute(statement)]


def _lines(rows: Sequence[PlacementRow]) -> list[Line]:
    """The figures of these placements; four statements."""
    ids = [row.id for row in rows]
    own: dict[int, list[Tally]] = {}
    everything: dict[int, list[Tally]] = {}
    for placement_id, enrolment_id, tally in tallies_by_placement(sorted({row.enrolment_id for row in rows})):
        own.setdefault(placement_id, []).append(tally)
        everything.setdefault(enrolment_id, []).append(tally)
    pauses = pauses_of({row.id: row.enrolment_id for row in rows})
    recorded: dict[int, set[date]] = {}
    for placement_id, week in session.execute(
        select(FollowUp.placement_id, FollowUp.week_starts_on).where(FollowUp.placement_id.in_(ids))
    ):
        recorded.setdefault(placement_id, set()).add(week)
    lines = []
    for row in rows:
        rule = programme_of(row.programme_version_id).placement or {}
        kinds = rule.get("counting_kinds", [kind.value for kind in rules.Kind])
        hours = rules.count(own.get(row.id, ()), kinds)
        spans = pauses[row.id]
        owed = row.status != PlacementStatus.CLOSED
        lines.append(
            Line(
                row=row,
                own=hours,
                total=rules.count(everything.get(row.enrolment_id, ()), kinds),
                need=int(rule.get("required_hours", 0)) * 60,
                average=rules.average_of(hours, row.starts_on, row.ends_on, spans, row.today),
                pauses=spans,
                due=rules.due_weeks(recorded.get(row.id, ()), row.starts_on, row.ends_on, spans, row.today)
                if owed
                else [],
            )
        )
    return lines


def pauses_of(placements: dict[int, int]) -> dict[int, list[PauseSpan]]:
    """The pauses of placements (id to enrolment id): their own, and those of the person's course; two statements."""
    found: dict[int, list[PauseSpan]] = {placement_id: [] for placement_id in placements}
    for placement_id, starts_on, ends_on in session.execute(
        select(PlacementPause.placement_id, PlacementPause.starts_on, PlacementPause.ends_on)
        .where(PlacementPause.placement_id.in_(list(placements)))
        .order_by(PlacementPause.starts_on, PlacementPause.id)
    ):
        found[placement_id].append(PauseSpan(starts_on, ends_on))
    by_enrolment: dict[int, list[PauseSpan]] = {}
    for enrolment_id, starts_on, ends_on in session.execute(
        select(Pause.enrolment_id, Pause.starts_on, Pause.ends_on)
        .where(Pause.enrolment_id.in_(sorted(set(placements.values()))))
        .order_by(Pause.starts_on, Pause.id)
    ):
        by_enrolment.setdefault(enrolment_id, []).append(PauseSpan(starts_on, ends_on))
    for placement_id, enrolment_id in placements.items():
        found[placement_id] += by_enrolment.get(enrolment_id, [])
    return found


def line_of(placement_id: int) -> Line:
    """One placement with its figures."""
    return _lines(_read(_rows().where(Placement.id == placement_id)))[0]


def lines_of_reference(person_id: int | None) -> list[Line]:
    """The placements whose reference professional the person is: the open first, then by name."""
    statement = (
        _rows()
        .where(Placement.reference_id == person_id, Enrolment.person_id != person_id)
        .order_by(
            Placement.status == PlacementStatus.CLOSED, Person.family_name, Person.given_name, Placement.id
        )
    )
    return _lines(_read(statement))


def lines_of_person(person_id: int | None) -> list[Line]:
    """A person's own placements, the newest first."""
    statement = (
        _rows()
        .where(Enrolment.person_id == person_id)
        .order_by(Placement.status == PlacementStatus.CLOSED, Placement.starts_on.desc(), Placement.id.desc())
    )
    return _lines(_read(statement))


def lines_of_enrolment(enrolment_id: int) -> list[Line]:
    """The placements of one person on one course, the newest first."""
    statement = (
        _rows()
        .where(Placement.enrolment_id == enrolment_id)
        .order_by(Placement.starts_on.desc(), Placement.id.desc())
    )
    return _lines(_read(statement))


def course_lines(course: Course, enrolment_id: int | None = None) -> list[CourseLine]:
    """Everyone on the course, or one of them: the gate that opens placements, the placements, the hours."""
    people = [one for one in roster(course.id) if enrolment_id in (None, one.enrolment_id)]
    spec = programme_of(course.programme_version_id).gate_opening("placement")
    found = standings(course, [person.enrolment_id for person in people])
    by_enrolment: dict[int, list[Line]] = {}
    statement = (
        _rows()
        .where(Enrolment.id.in_([person.enrolment_id for person in people]))
        .order_by(Placement.starts_on, Placement.id)
    )
    for line in _lines(_read(statement)):
        by_enrolment.setdefault(line.row.enrolment_id, []).append(line)
    lines = []
    for person in people:
        placements = by_enrolment.get(person.enrolment_id, [])
        lines.append(
            CourseLine(
                person,
                found[person.enrolment_id][spec.name] if spec else None,
                placements,
                placements[0].total if placements else Hours(),
            )
        )
    return lines
