"""Every SELECT of gates, and where people stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import aliased, joinedload

from trainer.cohorts.models import Course, Enrolment
from trainer.core import clock
from trainer.core.database import session
from trainer.core.registered import registered
from trainer.curriculum.queries import programme_of
from trainer.gates import models
from trainer.gates.rules import GATE_KIND, GateResult, Registry, Waiver, evaluate_gates
from trainer.people.models import Person


@dataclass(frozen=True, slots=True)
class WaiverRow:
    """A waiver with the names of who granted and revoked it."""

    id: int
    gate: str
    requirement: str | None
    reason: str
    granted_by: str
    granted_at: datetime
    until: date | None
    revoked_by: str | None
    revoked_at: datetime | None

    def holds(self, today: date) -> bool:
        """Whether it holds today: neither revoked nor past its last day."""
        return self.revoked_at is None and (self.until is None or today <= self.until)


@dataclass(frozen=True)
class OneWaiver:
    """A waiver with the person it is for."""

    waiver: models.Waiver
    enrolment: Enrolment

    @property
    def person_id(self) -> int:
        return self.enrolment.person_id

    @property
    def course(self) -> Course:
        return self.enrolment.course


def registry() -> Registry:
    """The evaluators of this application."""
    return cast(Registry, registered("trainer_evaluators"))


def standings(course: Course, enrolment_ids: Sequence[int] | None = None) -> dict[int, dict[str, GateResult]]:
    """Every gate for these people, or for all who were ever enrolled, in the programme's order.

    The number of statements depends on the programme's kinds of requirement alone, not on how many people
    there are.
    """
    programme = programme_of(course.programme_version_id)
    if enrolment_ids is None:
        enrolment_ids = list(
            session.scalars(
                select(Enrolment.id).where(Enrolment.course_id == course.id, Enrolment.status != "invited")
            )
        )
    known = registry()
    kinds = {rule["kind"] for gate in programme.gates.values() for rule in gate.requirements} - {GATE_KIND}
    facts = {kind: known.get(kind).facts(course.id, enrolment_ids) for kind in sorted(kinds)}
    waivers = _waivers_in_force(course, enrolment_ids)
    today = clock.today(course.timezone)
    found = {}
    for enrolment_id in enrolment_ids:
        own: dict[str, Any] = {kind: facts[kind].get(enrolment_id) for kind in facts}
        found[enrolment_id] = evaluate_gates(
            programme, own, known, waivers.get(enrolment_id, ()), today=today
        )
    return found


def _waivers_in_force(course: Course, enrolment_ids: Sequence[int]) -> dict[int, list[Waiver]]:
    zone = ZoneInfo(course.timezone)
    found: dict[int, list[Waiver]] = {}
    for row in session.execute(
        select(
            models.Waiver.enrolment_id,
            models.Waiver.id,
            models.Waiver.gate,
            models.Waiver.requirement,
            models.Waiver.reason,
            Person.display_name,
            models.Waiver.granted_at,
            models.Waiver.until,
        )
        .join(Person, Person.id == models.Waiver.granted_by)
        .where(models.Waiver.enrolment_id.in_(enrolment_ids), models.Waiver.revoked_at.is_(None))
        .order_by(models.Waiver.id)
    ):
        found.setdefault(row.enrolment_id, []).append(
            Waiver(
                gate=row.gate,
                requirement=row.requirement,
                reason=row.reason,
                granted_by=row.display_name,
                granted_on=row.granted_at.astimezone(zone).date(),
                until=row.until,
                id=row.id,
            )
        )
    return found


def waivers_of(enrolment_id: int) -> list[WaiverRow]:
    """Every waiver of a person, revoked ones too, the newest first. One statement."""
    by, revoker = aliased(Person), aliased(Person)
    rows = session.execute(
        select(
            models.Waiver.id,
            models.Waiver.gate,
            models.Waiver.requirement,
            models.Waiver.reason,
            by.display_name,
            models.Waiver.granted_at,
            models.Waiver.until,
            revoker.display_name,
            models.Waiver.revoked_at,
        )
        .join(by, by.id == models.Waiver.granted_by)
        .outerjoin(revoker, revoker.id == models.Waiver.revoked_by)
        .where(models.Waiver.enrolment_id == enrolment_id)
        .order_by(models.Waiver.id.desc())
    )
    return [WaiverRow(*row) for row in rows]


def waiver_in_force(enrolment_id: int, gate: str, requirement: str | None) -> models.Waiver | None:
    """The waiver of just this gate or requirement that is not revoked, whatever its last day."""
    return session.execute(
        select(models.Waiver)
        .where(
            models.Waiver.enrolment_id == enrolment_id,
            models.Waiver.gate == gate,
            models.Waiver.requirement.is_(None)
            if requirement is None
            else models.Waiver.requirement == requirement,
            models.Waiver.revoked_at.is_(None),
        )
        .order_by(models.Waiver.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def enrolment_on(code: str, enrolment_id: int) -> Enrolment | None:
    """One person on a course, with course and person loaded; None when they are not on that course."""
    return session.execute(
        select(Enrolment)
        .join(Course, Course.id == Enrolment.course_id)
        .where(Enrolment.id == enrolment_id, Course.code == code, Enrolment.status != "invited")
        .options(joinedload(Enrolment.person), joinedload(Enrolment.course))
    ).scalar_one_or_none()


def one_waiver(code: str, enrolment_id: int, waiver_id: int) -> OneWaiver | None:
    """One waiver of one person on a course; None when it is not theirs."""
    enrolment = enrolment_on(code, enrolment_id)
    waiver = session.get(models.Waiver, waiver_id)
    if enrolment is None or waiver is None or waiver.enrolment_id != enrolment.id:
        return None
    return OneWaiver(waiver, enrolment)
