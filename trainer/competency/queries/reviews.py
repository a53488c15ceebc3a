"""Reading claims of prior learning and appeals: of a person, of a course, and one alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import aliased, joinedload

from trainer.cohorts.models import Course, Enrolment
from trainer.competency.models import Appeal, Assessment, PriorLearning
from trainer.core.database import session
from trainer.people.models import Membership, Person
from trainer.people.queries import in_force


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim of prior learning as a page shows it.

    `kind` says what it comes from ("" where nobody asked), `outcome` holds the words of who decided.
    """

    id: int
    enrolment_id: int
    person_name: str
    competency_code: str
    level_code: str
    kind: str
    words: str
    evidence_id: int | None
    status: str
    asked_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    outcome: str


@dataclass(frozen=True, slots=True)
class AppealRow:
    """An appeal as a page shows it, with the assessment that it is about and, when it was changed, the new level."""

    id: int
    enrolment_id: int
    person_name: str
    assessment_id: int
    competency_code: str
    level_code: str
    assessed_on: date
    first_assessor: str
    words: str
    status: str
    made_at: datetime
    answer_by: date
    assigned_to: int | None
    assigned_name: str | None
    decided_by: str | None
    decided_at: datetime | None
    outcome: str
    outcome_level: str | None
    outcome_assessment_id: int | None


@dataclass(frozen=True)
class OneClaim:
    """A claim with the person on the course whose it is."""

    claim: PriorLearning
    enrolment: Enrolment

    @property
    def id(self) -> int:
        return self.claim.id


@dataclass(frozen=True)
class OneAppeal:
    """An appeal with the person on the course whose it is, and the assessment that it is about."""

    appeal: Appeal
    assessment: Assessment
    enrolment: Enrolment

    @property
    def id(self) -> int:
        return self.appeal.id

    @property
    def assigned_to(self) -> int | None:
        return self.appeal.assigned_to


@dataclass(frozen=True)
class Asked:
    """One of a person's assessments with what decides whether it can be appealed."""

    assessment: Assessment
    enrolment: Enrolment
    earlier: Appeal | None
    is_answer: bool


def claims_of(enrolment_id: int) -> list[ClaimRow]:
    """A person's claims, newest first. One statement."""
    return _claims(_claim_rows().where(PriorLearning.enrolment_id == enrolment_id))


def claims_on(course_id: int) -> list[ClaimRow]:
    """Everybody's claims on a course, newest first. One statement."""
    return _claims(_claim_rows().where(Enrolment.course_id == course_id))


def _claim_rows() -> Any:
    decider = aliased(Person)
    return (
        select(
            PriorLearning.id,
            PriorLearning.enrolment_id,
            Person.display_name,
            PriorLearning.competency_code,
            PriorLearning.level_code,
            PriorLearning.kind,
            PriorLearning.words,
            PriorLearning.evidence_id,
            PriorLearning.status,
            PriorLearning.asked_at,
            decider.display_name,
            PriorLearning.decided_at,
            PriorLearning.outcome,
        )
        .join(Enrolment, Enrolment.id == PriorLearning.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(decider, decider.id == PriorLearning.decided_by)
        .order_by(PriorLearning.asked_at.desc(), PriorLearning.id.desc())
    )


def _claims(statement: Any) -> list[ClaimRow]:
    return [ClaimRow(*row) for row in session.execute(statement)]


def appeals_of(enrolment_id: int) -> list[AppealRow]:
    """A person's appeals, newest first. One statement."""
    return _appeals(_appeal_rows().where(Appeal.enrolment_id == enrolment_id))


def appeals_on(course_id: int) -> list[AppealRow]:
    """Everybody's appeals on a course, newest first. One statement."""
    return _appeals(_appeal_rows().where(Enrolment.course_id == course_id))


def _appeal_rows() -> Any:
    first, given, decider, outcome = aliased(Person), aliased(Person), aliased(Person), aliased(Assessment)
    return (
        select(
            Appeal.id,
            Appeal.enrolment_id,
            Person.display_name,
            Appeal.assessment_id,
            Assessment.competency_code,
            Assessment.level_code,
            Assessment.assessed_on,
            first.display_name,
            Appeal.words,
            Appeal.status,
            Appeal.made_at,
            Appeal.answer_by,
            Appeal.assigned_to,
            given.display_name,
            decider.display_name,
            Appeal.decided_at,
            Appeal.outcome,
            outcome.level_code,
            Appeal.outcome_assessment_id,
        )
        .join(Assessment, Assessment.id == Appeal.assessment_id)
        .join(Enrolment, Enrolment.id == Appeal.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(first, first.id == Assessment.assessor_id)
        .outerjoin(given, given.id == Appeal.assigned_to)
        .outerjoin(decider, decider.id == Appeal.decided_by)
        .outerjoin(outcome, outcome.id == Appeal.outcome_assessment_id)
        .order_by(Appeal.made_at.desc(), Appeal.id.desc())
    )


def _appeals(statement: Any) -> list[AppealRow]:
    return [AppealRow(*row) for row in session.execute(statement)]


def one_claim(claim_id: int, code: str | None = None) -> OneClaim | None:
    """A claim with person and course; with `code`, only when it belongs to that course."""
    statement = (
        select(PriorLearning, Enrolment)
        .join(Enrolment, Enrolment.id == PriorLearning.enrolment_id)
        .join(Course, Course.id == Enrolment.course_id)
        .where(PriorLearning.id == claim_id)
        .options(joinedload(Enrolment.course), joinedload(Enrolment.person))
    )
    if code is not None:
        statement = statement.where(Course.code == code)
    found = session.execute(statement).first()
    return None if found is None else OneClaim(found[0], found[1])


def one_appeal(appeal_id: int, code: str | None = None) -> OneAppeal | None:
    """An appeal with its assessment and assessor, person and course; with `code`, only when it belongs to that course."""
    statement = (
        select(Appeal, Assessment, Enrolment)
        .join(Assessment, Assessment.id == Appeal.assessment_id)
        .join(Enrolment, Enrolment.id == Appeal.enrolment_id)
        .join(Course, Course.id == Enrolment.course_id)
        .where(Appeal.id == appeal_id)
        .options(joinedload(Assessment.assessor), joinedload(Enrolment.course), joinedload(Enrolment.person))
    )
    if code is not None:
        statement = statement.where(Course.code == code)
    found = session.execute(statement).first()
    return None if found is None else OneAppeal(found[0], found[1], found[2])


def own_assessment(code: str, person_id: int | None, assessment_id: int) -> Asked | None:
    """One of the person's assessments on the course, with an earlier appeal of it, if there was one. Two statements."""
    found = session.execute(
        select(Assessment, Enrolment, Appeal)
        .join(Enrolment, Enrolment.id == Assessment.enrolment_id)
        .join(Course, Course.id == Enrolment.course_id)
        .outerjoin(Appeal, Appeal.assessment_id == Assessment.id)
        .where(
            Assessment.id == assessment_id,
            Course.code == code,
            Enrolment.person_id == person_id,
            Enrolment.status != "invited",
        )
        .options(joinedload(Assessment.assessor), joinedload(Enrolment.course), joinedload(Enrolment.person))
    ).first()
    if found is None:
        return None
    return Asked(found[0], found[1], found[2], is_answer(assessment_id))


def is_answer(assessment_id: int) -> bool:
    """True when the assessment is what an appeal led to."""
    return session.scalar(select(Appeal.id).where(Appeal.outcome_assessment_id == assessment_id)) is not None


def recorded_on(recorded_at: datetime, course: Course) -> date:
    """The day on which something was put on record, by the course's own calendar."""
    return recorded_at.astimezone(ZoneInfo(course.timezone)).date()


def organisers(organisation_id: int, day: date) -> list[Person]:
    """Who organises for this provider on a day, to write to them. One statement."""
    statement = (
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.organisation_id == organisation_id,
            Membership.role == "organiser",
            in_force(day),
            Person.erased_at.is_(None),
        )
        .order_by(Person.id)
    )
    return list(session.scalars(statement).unique())
