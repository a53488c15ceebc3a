"""Reading what shows a competency."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from trainer.cohorts.models import Enrolment
from trainer.competency.models import (
    Assessment,
    AssessmentEvidence,
    Evidence,
    EvidenceFor,
    PriorLearning,
)
from trainer.core.database import session
from trainer.core.models import StoredFile
from trainer.people.models import Person
from trainer.scheduling.models import Session


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A piece of evidence as a page shows it. `size` in bytes; `session_*` of the session at which something was seen."""

    id: int
    kind: str
    title: str
    words: str
    url: str | None
    happened_on: date | None
    added_by: int | None
    added_by_name: str | None
    added_at: datetime
    withdrawn_at: datetime | None
    file_name: str | None
    size: int | None
    sha256: str | None
    erased_at: datetime | None
    session_number: int | None
    module_code: str | None
    session_at: datetime | None
    codes: tuple[str, ...] = ()
    assessments: int = 0


@dataclass(frozen=True)
class OneEvidence:
    """A piece of evidence with the person on the course whom it is about."""

    evidence: Evidence
    enrolment: Enrolment

    @property
    def added_by(self) -> int | None:
        return self.evidence.added_by


@dataclass(frozen=True)
class Rests:
    """What rests on the evidence of a person: the evidence of each assessment, the other way round, and claims."""

    of_assessment: dict[int, list[int]] = field(default_factory=dict)
    of_evidence: dict[int, int] = field(default_factory=dict)


def evidence_of(enrolment_id: int) -> list[EvidenceRow]:
    """What shows a person's competencies, newest first; what was withdrawn is there as long as an assessment rests on it.

    Three statements.
    """
    rests = resting_on(enrolment_id)
    codes: dict[int, list[str]] = {}
    for evidence_id, code in session.execute(
        select(EvidenceFor.evidence_id, EvidenceFor.competency_code)
        .join(Evidence, Evidence.id == EvidenceFor.evidence_id)
        .where(Evidence.enrolment_id == enrolment_id)
        .order_by(EvidenceFor.competency_code)
    ):
        codes.setdefault(evidence_id, []).append(code)
    rows: Iterable[Any] = session.execute(
        select(
            Evidence.id,
            Evidence.kind,
            Evidence.title,
            Evidence.words,
            Evidence.url,
            Evidence.happened_on,
            Evidence.added_by,
            Person.display_name,
            Evidence.added_at,
            Evidence.withdrawn_at,
            StoredFile.name,
            StoredFile.size,
            StoredFile.sha256,
            StoredFile.erased_at,
            Session.number,
            Session.module_code,
            Session.starts_local,
        )
        .outerjoin(Person, Person.id == Evidence.added_by)
        .outerjoin(StoredFile, StoredFile.id == Evidence.file_id)
        .outerjoin(Session, Session.id == Evidence.session_id)
        .where(Evidence.enrolment_id == enrolment_id)
        .order_by(Evidence.added_at.desc(), Evidence.id.desc())
    )
    found = [
        replace(one, codes=tuple(codes.get(one.id, ())), assessments=rests.of_evidence.get(one.id, 0))
        for one in (EvidenceRow(*row) for row in rows)
    ]
    return [row for row in found if row.withdrawn_at is None or row.assessments]


def resting_on(enrolment_id: int) -> Rests:
    """Which evidence each of a person's assessments rests on. One statement."""
    rests = Rests()
    for assessment_id, evidence_id in session.execute(
        select(AssessmentEvidence.assessment_id, AssessmentEvidence.evidence_id)
        .join(Assessment, Assessment.id == AssessmentEvidence.assessment_id)
        .where(Assessment.enrolment_id == enrolment_id)
        .order_by(AssessmentEvidence.evidence_id)
    ):
        rests.of_assessment.setdefault(assessment_id, []).append(evidence_id)
        rests.of_evidence[evidence_id] = rests.of_evidence.get(evidence_id, 0) + 1
    return rests


def rests_anything(evidence_id: int) -> bool:
    """True when an assessment or a claim rests on it, so that it has to stay."""
    return session.execute(
        select(
            select(AssessmentEvidence.evidence_id)
            .where(AssessmentEvidence.evidence_id == evidence_id)
            .exists()
            | select(PriorLearning.id).where(PriorLearning.evidence_id == evidence_id).exists()
        )
    ).scalar_one()


def one_evidence(evidence_id: int) -> OneEvidence | None:
    """A piece of evidence with its file, person and course."""
    found = session.execute(
        select(Evidence, Enrolment)
        .join(Enrolment, Enrolment.id == Evidence.enrolment_id)
        .where(Evidence.id == evidence_id)
        .options(joinedload(Evidence.file), joinedload(Enrolment.course), joinedload(Enrolment.person))
    ).first()
    return None if found is None else OneEvidence(found[0], found[1])


def how_many(enrolment_id: int) -> int:
    """Pieces of evidence of a person, those withdrawn among them."""
    return session.scalar(select(func.count(Evidence.id)).where(Evidence.enrolment_id == enrolment_id)) or 0
