"""What services, forms and imports ask before they write."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from trainer.cohorts.models import Enrolment
from trainer.core import clock
from trainer.core.database import session
from trainer.people.models import Membership, Organisation, Person
from trainer.people.queries import in_force
from trainer.placement.models import Placement, PlacementLog


@dataclass(frozen=True, slots=True)
class Span:
    """A placement by its dates, for imports and checks."""

    id: int
    enrolment_id: int
    person_id: int
    starts_on: date
    ends_on: date


def reference_choices() -> list[tuple[int, str, str]]:
    """(person id, name, organisation) of everyone who is a reference professional today, by name."""
    rows = session.execute(
        select(Person.id, Person.display_name, Organisation.name)
        .join(Membership, Membership.person_id == Person.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.role == "supervisor", in_force(clock.today()), Person.erased_at.is_(None))
        .order_by(Person.display_name, Person.id, Organisation.name)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def is_supervisor(person_id: int) -> bool:
    """True when the person holds the role of reference professional somewhere today."""
    return bool(
        session.scalar(
            select(Membership.id)
            .where(
                Membership.person_id == person_id, Membership.role == "supervisor", in_force(clock.today())
            )
            .limit(1)
        )
    )


def spans_of(enrolment_id: int) -> list[Span]:
    """The placements of one enrolment by their dates."""
    return _spans(Enrolment.id == enrolment_id)


def spans_by_enrolment(course_id: int) -> dict[int, list[Span]]:
    """The placements of a course by their dates, by enrolment; one statement."""
    found: dict[int, list[Span]] = {}
    for span in _spans(Enrolment.course_id == course_id):
        found.setdefault(span.enrolment_id, []).append(span)
    return found


def _spans(condition: object) -> list[Span]:
    rows = session.execute(
        select(
            Placement.id, Placement.enrolment_id, Enrolment.person_id, Placement.starts_on, Placement.ends_on
        )
        .join(Enrolment, Enrolment.id == Placement.enrolment_id)
        .where(condition)  # type: ignore[arg-type]
        .order_by(Placement.starts_on)
    )
    return [Span(*row) for row in rows]


def entries_of(placement_ids: Iterable[int]) -> list[PlacementLog]:
    """The entries of these logs as objects, for services; one statement."""
    return list(
        session.scalars(
            select(PlacementLog)
            .where(PlacementLog.placement_id.in_(list(placement_ids)))
            .execution_options(populate_existing=True)
        )
    )


def logged_on(placement_id: int, on: date, except_id: int | None = None) -> int:
    """The minutes of a day, without one entry."""
    statement = select(func.coalesce(func.sum(PlacementLog.minutes), 0)).where(
        PlacementLog.placement_id == placement_id, PlacementLog.on == on
    )
    if except_id is not None:
        statement = statement.where(PlacementLog.id != except_id)
    return int(session.scalar(statement) or 0)


def same_entry(placement_id: int, on: date, kind: str, key: str) -> PlacementLog | None:
    """The entry of that date, kind and tasks, if there is one."""
    return session.scalar(
        select(PlacementLog).where(
            PlacementLog.placement_id == placement_id,
            PlacementLog.on == on,
            PlacementLog.kind == kind,
            PlacementLog.tasks_key == key,
        )
    )


def log_period(placement_id: int) -> tuple[date, date] | None:
    """The first and last day with an entry; None when there is none."""
    row = session.execute(
        select(func.min(PlacementLog.on), func.max(PlacementLog.on)).where(
            PlacementLog.placement_id == placement_id
        )
    ).one()
    return None if row[0] is None else (row[0], row[1])
