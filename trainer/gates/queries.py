"""Every SELECT of gates, and where people stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased, joinedload

from trainer.cohorts.models import Course, Enrolment, EnrolmentEvent, VersionChange
from trainer.cohorts.rules import JOINED
from trainer.core import clock
from trainer.core.database import session
from trainer.core.registered import registered
from trainer.curriculum.queries import programme_of
from trainer.curriculum.rules import Programme
from trainer.gates import models
from trainer.gates.rules import GateResult, Registry, Waiver, evaluate_gates
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


@dataclass(frozen=True)
class CaseFile:
    """Everything that the gates of some people of a course are decided on; `facts` by source, then enrolment.

    Altering a copy (`dataclasses.replace`) and deciding again is how "what if" is answered: by the same rules.
    """

    programme: Programme
    registry: Registry
    enrolment_ids: tuple[int, ...]
    facts: Mapping[str, Mapping[int, Any]]
    waivers: Mapping[int, Sequence[Waiver]]
    today: date

    def of(self, enrolment_id: int) -> dict[str, Any]:
        """One person's facts by source; None where there are none."""
        return {name: found.get(enrolment_id) for name, found in self.facts.items()}

    def decide_one(self, enrolment_id: int) -> dict[str, GateResult]:
        """Every gate of one person, in the programme's order."""
        return evaluate_gates(
            self.programme,
            self.of(enrolment_id),
            self.registry,
            self.waivers.get(enrolment_id, ()),
            today=self.today,
        )

    def decide(self) -> dict[int, dict[str, GateResult]]:
        """Every gate of everybody, in the programme's order."""
        return {enrolment_id: self.decide_one(enrolment_id) for enrolment_id in self.enrolment_ids}


def case_file(
    course: Course,
    enrolment_ids: Sequence[int] | None = None,
    as_of: datetime | None = None,
    also: Sequence[str] = (),
    known: Mapping[str, Mapping[int, Any]] | None = None,
    programme: Programme | None = None,
) -> CaseFile:
    """The facts of these people, or of all who were ever enrolled; `also` names sources that no gate asks for.

    `known` holds facts that the caller has loaded already, by source: they are not loaded again. `programme` decides by another
    version than the course's own.

    With `as_of`, what was on record at that moment, under the version of the programme that the course then had. The number
    of statements depends on the programme's kinds of requirement alone, not on how many people there are.
    """
    if programme is None:
        programme = programme_of(version_as_of(course, as_of) if as_of else course.programme_version_id)
    if enrolment_ids is None:
        enrolment_ids = _everybody(course.id, as_of)
    evaluators = registry()
    given = known or {}
    names = dict.fromkeys((*evaluators.sources_for(programme), *also, *given))
    return CaseFile(
        programme=programme,
        registry=evaluators,
        enrolment_ids=tuple(enrolment_ids),
        facts={
            name: given[name] if name in given else evaluators.source(name)(course.id, enrolment_ids, as_of)
            for name in names
        },
        waivers=_waivers_in_force(course, enrolment_ids, as_of),
        today=(as_of or clock.now()).astimezone(ZoneInfo(course.timezone)).date(),
    )


def _everybody(course_id: int, as_of: datetime | None) -> list[int]:
    """Who was ever enrolled, by that moment: somebody who was only invited is nobody's case. One statement."""
    statement = select(Enrolment.id).where(Enrolment.course_id == course_id)
    if as_of is None:
        statement = statement.where(Enrolment.status != "invited")
    else:
        taken_up = (
            (EnrolmentEvent.enrolment_id == Enrolment.id)
            & (EnrolmentEvent.at <= as_of)
            & (EnrolmentEvent.to_status != "invited")
            # Says since when the day of joining was known, under the status of today.
            & (EnrolmentEvent.note_code != JOINED)
        )
        statement = statement.where(select(EnrolmentEvent.id).where(taken_up).exists())
    return list(session.scalars(statement))


def standings(
    course: Course, enrolment_ids: Sequence[int] | None = None, as_of: datetime | None = None
) -> dict[int, dict[str, GateResult]]:
    """Every gate for these people, or for all who were ever enrolled, in the programme's order (see case_file)."""
    return case_file(course, enrolment_ids, as_of).decide()


def version_as_of(course: Course, as_of: datetime) -> int:
    """The programme version that the course was pinned to at that moment. One statement."""
    later = session.scalars(
        select(VersionChange.from_version_id)
        .where(
            VersionChange.course_id == course.id,
            VersionChange.status == "done",
            VersionChange.reviewed_at > as_of,
        )
        .order_by(VersionChange.reviewed_at, VersionChange.id)
        .limit(1)
    ).first()
    return course.programme_version_id if later is None else later


def _waivers_in_force(
    course: Course, enrolment_ids: Sequence[int], as_of: datetime | None
) -> dict[int, list[Waiver]]:
    zone = ZoneInfo(course.timezone)
    in_force: ColumnElement[bool] = models.Waiver.revoked_at.is_(None)
    if as_of is not None:
        in_force = (models.Waiver.granted_at <= as_of) & (in_force | (models.Waiver.revoked_at > as_of))
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
        .where(models.Waiver.enrolment_id.in_(enrolment_ids), in_force)
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
