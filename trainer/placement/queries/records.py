"""One placement: its agreement, log and follow-ups."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, null, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from trainer.cohorts.models import Course, Enrolment
from trainer.core.database import session
from trainer.gates import models as gates
from trainer.people.models import Person
from trainer.placement import rules
from trainer.placement.models import FollowUp, Placement, PlacementLog
from trainer.placement.rules import log_state


@dataclass(frozen=True, slots=True)
class LogRow:
    """One entry of the log."""

    id: int
    on: date
    minutes: int
    kind: str
    tasks: str
    imported: bool
    recorded_by: str | None
    signed_off_by: str | None
    signed_off_at: datetime | None
    disputed_by_id: int | None
    disputed_by: str | None
    disputed_at: datetime | None
    dispute_note: str | None

    @property
    def state(self) -> rules.LogState:
        return log_state(self.signed_off_at is not None, self.disputed_at is not None)


@dataclass(frozen=True, slots=True)
class FollowUpRow:
    """The follow-up of one week; `note` is None for who may not read it."""

    week_starts_on: date
    held: bool
    minutes: int
    by: str | None
    note: str | None


def placement_by_id(placement_id: int) -> Placement | None:
    """The placement with all that its page and the policies need; one statement."""
    return session.scalar(
        select(Placement)
        .join(Placement.enrolment)
        .join(Enrolment.course)
        .where(Placement.id == placement_id)
        .options(
            contains_eager(Placement.enrolment).contains_eager(Enrolment.course),
            contains_eager(Placement.enrolment).joinedload(Enrolment.person),
            joinedload(Placement.host),
            joinedload(Placement.reference),
        )
    )


def log_entry(placement_id: int, log_id: int) -> PlacementLog | None:
    """One entry of that placement's log."""
    return session.scalar(
        select(PlacementLog).where(PlacementLog.id == log_id, PlacementLog.placement_id == placement_id)
    )


def enrolment_of(code: str, enrolment_id: int) -> Enrolment | None:
    """One person on the course `code`, with course and person; None for those only invited."""
    return session.scalar(
        select(Enrolment)
        .join(Enrolment.course)
        .where(Course.code == code, Enrolment.id == enrolment_id, Enrolment.status != "invited")
        .options(contains_eager(Enrolment.course), joinedload(Enrolment.person))
    )


def log_of(placement_id: int) -> list[LogRow]:
    """The whole log, newest day first; one statement."""
    recorder, signer, disputer = aliased(Person), aliased(Person), aliased(Person)
    statement: Select[*tuple[Any, ...]] = (
        select(
            PlacementLog.id,
            PlacementLog.on,
            PlacementLog.minutes,
            PlacementLog.kind,
            PlacementLog.tasks,
            PlacementLog.imported,
            recorder.display_name,
            signer.display_name,
            PlacementLog.signed_off_at,
            PlacementLog.disputed_by,
            disputer.display_name,
            PlacementLog.disputed_at,
            PlacementLog.dispute_note,
        )
        .outerjoin(recorder, recorder.id == PlacementLog.recorded_by)
        .outerjoin(signer, signer.id == PlacementLog.signed_off_by)
        .outerjoin(disputer, disputer.id == PlacementLog.disputed_by)
        .where(PlacementLog.placement_id == placement_id)
        .order_by(PlacementLog.on.desc(), PlacementLog.id.desc())
    )
    return [LogRow(*row) for row in session.execute(statement)]


def follow_ups_of(placement_id: int, *, notes: bool) -> list[FollowUpRow]:
    """The recorded weeks, newest first. The notes are not even read unless `notes` (policy.can_read_notes) says so."""
    note = FollowUp.private_note if notes else null()
    statement: Select[*tuple[Any, ...]] = (
        select(FollowUp.week_starts_on, FollowUp.held, FollowUp.minutes, Person.display_name, note)
        .select_from(FollowUp)
        .outerjoin(Person, Person.id == FollowUp.by)
        .where(FollowUp.placement_id == placement_id)
        .order_by(FollowUp.week_starts_on.desc())
    )
    return [FollowUpRow(*row) for row in session.execute(statement)]


def waiver_of(waiver_id: int | None) -> tuple[str, datetime, str] | None:
    """Who granted the waiver that opened a placement, when, and why."""
    row = session.execute(
        select(Person.display_name, gates.Waiver.granted_at, gates.Waiver.reason)
        .join(Person, Person.id == gates.Waiver.granted_by)
        .where(gates.Waiver.id == waiver_id)
    ).one_or_none()
    return None if row is None else (row[0], row[1], row[2])
