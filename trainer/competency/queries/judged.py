"""Reading assessments: column tuples for many people, whole rows for one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, joinedload

from trainer.cohorts.models import Course, Enrolment
from trainer.competency.models import Appeal, Assessment, AssessmentEvidence, Evidence, PriorLearning
from trainer.competency.rules import CompetencyStanding, Judgement, kind_text, stand
from trainer.core.database import session
from trainer.core.text import Text
from trainer.curriculum.rules import Programme
from trainer.people.models import Membership, Person
from trainer.scheduling.models import Session


@dataclass(frozen=True, slots=True)
class AssessmentRow:
    """An assessment as a page shows it; `source`: what prior learning comes from, where that was asked."""

    judgement: Judgement
    assessor_name: str
    evidence: str | None
    note: str | None
    recorded_at: datetime
    source: str = ""

    @property
    def as_what(self) -> Text:
        """As what the assessor speaks; of prior learning, also where it comes from."""
        return kind_text(self.judgement.kind, self.source)


def judgements(
    course_id: int, enrolment_ids: Sequence[int] | None = None, as_of: datetime | None = None
) -> dict[int, list[Judgement]]:
    """Every judgement by enrolment, in one statement; of the whole course, or of the given enrolments of it.

    With `as_of`, those that were on record at that moment. What an appeal changed (by then) says so.
    """
    statement = _judged(as_of).add_columns(Assessment.enrolment_id).order_by(Assessment.id)
    if enrolment_ids is not None:  # each of them is of one course; those of several may be asked at once
        statement = statement.where(Assessment.enrolment_id.in_(enrolment_ids))
    else:
        statement = statement.join(Enrolment, Enrolment.id == Assessment.enrolment_id).where(
            Enrolment.course_id == course_id
        )
    found: dict[int, list[Judgement]] = {}
    for *values, enrolment_id in session.execute(statement).tuples():
        found.setdefault(enrolment_id, []).append(Judgement(*values))
    return found


def _judged(as_of: datetime | None = None) -> Select[str, str, str, int, date, int, bool]:
    """The columns of a Judgement, in its order: at most one appeal can have changed an assessment."""
    changed = (Appeal.assessment_id == Assessment.id) & (Appeal.status == "changed")
    if as_of is not None:
        changed &= Appeal.decided_at <= as_of
    statement = select(
        Assessment.competency_code,
        Assessment.level_code,
        Assessment.kind,
        Assessment.assessor_id,
        Assessment.assessed_on,
        Assessment.id,
        Appeal.id.is_not(None),
    ).outerjoin(Appeal, changed)
    return statement if as_of is None else statement.where(Assessment.recorded_at <= as_of)


def standings(
    course_id: int, programme: Programme, enrolment_ids: Sequence[int] | None = None
) -> dict[int, dict[str, CompetencyStanding]]:
    """The standing in every competency by enrolment; people without an assessment are left out."""
    return {
        enrolment_id: stand(programme.competency_codes, found, programme.scale, programme.scale.assessors)
        for enrolment_id, found in judgements(course_id, enrolment_ids).items()
    }


def history(enrolment_id: int) -> dict[str, list[AssessmentRow]]:
    """One person's assessments by competency, newest first."""
    statement = (
        _judged()
        .add_columns(
            Person.display_name,
            Assessment.evidence,
            Assessment.note,
            Assessment.recorded_at,
            func.coalesce(PriorLearning.kind, ""),
        )
        .join(Person, Person.id == Assessment.assessor_id)
        .outerjoin(PriorLearning, PriorLearning.assessment_id == Assessment.id)
        .where(Assessment.enrolment_id == enrolment_id)
        .order_by(Assessment.assessed_on.desc(), Assessment.id.desc())
    )
    found: dict[str, list[AssessmentRow]] = {}
    for row in session.execute(statement):
        found.setdefault(row[0], []).append(AssessmentRow(Judgement(*row[:7]), *row[7:]))
    return found


@dataclass(frozen=True, slots=True)
class RestedOn:
    """What an assessment rested on, in a line: a title, or the session at which it was seen."""

    evidence_id: int
    kind: str
    title: str
    words: str
    session_number: int | None


def rested_on(enrolment_id: int) -> dict[int, list[RestedOn]]:
    """The evidence of one person's assessments, by assessment. One statement."""
    rows = session.execute(
        select(
            AssessmentEvidence.assessment_id,
            Evidence.id,
            Evidence.kind,
            Evidence.title,
            Evidence.words,
            Session.number,
        )
        .join(Evidence, Evidence.id == AssessmentEvidence.evidence_id)
        .outerjoin(Session, Session.id == Evidence.session_id)
        .where(Evidence.enrolment_id == enrolment_id)
        .order_by(Evidence.id)
    ).tuples()
    found: dict[int, list[RestedOn]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(RestedOn(*row[1:]))
    return found


def seen_at_sessions(course_id: int) -> dict[int, int]:
    """How many assessments rest on what was seen at each session of a course, by session. One statement."""
    rows = session.execute(
        select(Evidence.session_id, func.count(AssessmentEvidence.assessment_id))
        .join(AssessmentEvidence, AssessmentEvidence.evidence_id == Evidence.id)
        .join(Session, Session.id == Evidence.session_id)
        .where(Session.course_id == course_id)
        .group_by(Evidence.session_id)
    )
    return {session_id: number for session_id, number in rows if session_id is not None}


def identities(course_id: int) -> set[tuple[int, str, str, str, int, date]]:
    """What makes an imported row the same row (contract, Imports): enrolment, competency, level, kind, assessor, date."""
    statement = (
        select(
            Assessment.enrolment_id,
            Assessment.competency_code,
            Assessment.level_code,
            Assessment.kind,
            Assessment.assessor_id,
            Assessment.assessed_on,
        )
        .join(Enrolment, Enrolment.id == Assessment.enrolment_id)
        .where(Enrolment.course_id == course_id)
    )
    return {(row[0], row[1], row[2], row[3], row[4], row[5]) for row in session.execute(statement)}


def enrolment_of(code: str, enrolment_id: int) -> Enrolment | None:
    """One person on the course `code`, with course and person loaded."""
    return session.scalar(
        select(Enrolment)
        .join(Enrolment.course)
        .where(Course.code == code, Enrolment.id == enrolment_id)
        .options(contains_eager(Enrolment.course), joinedload(Enrolment.person))
    )


def own_enrolment(code: str, person_id: int | None) -> Enrolment | None:
    """The person's own enrolment on the course `code`; None before the invitation is taken up."""
    return session.scalar(
        select(Enrolment)
        .join(Enrolment.course)
        .where(Course.code == code, Enrolment.person_id == person_id, Enrolment.status != "invited")
        .options(contains_eager(Enrolment.course), joinedload(Enrolment.person))
    )


def has_lived_experience(person_id: int | None, organisation_id: int) -> bool:
    """True when the person's role with the provider is recorded as one with lived experience."""
    return bool(
        session.scalar(
            select(Membership.id)
            .where(
                Membership.person_id == person_id,
                Membership.organisation_id == organisation_id,
                Membership.lived_experience,
                Membership.ended_on.is_(None),
            )
            .limit(1)
        )
    )
