"""One thing of joining: an opening, a candidate, a meeting, a reference."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from trainer.cohorts.models import Course
from trainer.cohorts.queries import course_by_code
from trainer.core import clock
from trainer.core.database import session
from trainer.joining.models import (
    Candidate,
    CandidateEvent,
    CandidateReference,
    InfoSession,
    Opening,
)
from trainer.joining.queries.rows import (
    Asked,
    Case,
    Meeting,
)


def digest(token: str) -> str:
    """What is kept of a link's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def opening_of(course_id: int) -> Opening | None:
    """The opening of a course; None when it never took candidates."""
    return session.get(Opening, course_id)


def case_of(code: str, candidate_id: int, **_more: object) -> Case | None:
    """A candidate of the course with that code; None for others, and for who was erased."""
    course = course_by_code(code)
    candidate = session.get(Candidate, candidate_id)
    if course is None or candidate is None or candidate.course_id != course.id:
        return None
    return Case(course, opening_of(course.id), candidate)


def meeting_of(code: str, info_id: int) -> Meeting | None:
    """An information session of the course with that code."""
    course = course_by_code(code)
    info = session.get(InfoSession, info_id)
    if course is None or info is None or info.course_id != course.id:
        return None
    return Meeting(course, info)


def case_by_token(code: str, token: str) -> Case | None:
    """The candidate whom a link of this course opens; None for any other link."""
    row = session.execute(
        select(Candidate, Course)
        .join(Course, Course.id == Candidate.course_id)
        .where(Candidate.token_hash == digest(token), Course.code == code, Candidate.erased_at.is_(None))
        .options(joinedload(Course.organisation), joinedload(Course.university))
    ).one_or_none()
    return None if row is None else Case(row[1], opening_of(row[1].id), row[0])


def asked_by_token(token: str) -> Asked | None:
    """The reference that a link asks for, when it was neither given, erased, nor is too old."""
    row = session.execute(
        select(CandidateReference, Candidate, Course)
        .join(Candidate, Candidate.id == CandidateReference.candidate_id)
        .join(Course, Course.id == Candidate.course_id)
        .where(
            CandidateReference.token_hash == digest(token),
            CandidateReference.answered_at.is_(None),
            CandidateReference.erased_at.is_(None),
            CandidateReference.expires_at > clock.now(),
            Candidate.erased_at.is_(None),
        )
        .options(joinedload(Course.organisation))
    ).one_or_none()
    return None if row is None else Asked(row[2], row[1], row[0])


def candidate_by_email(course_id: int, email: str) -> Candidate | None:
    """The candidate of a course with this (tidied) address."""
    return session.scalar(select(Candidate).where(Candidate.course_id == course_id, Candidate.email == email))


def last_mailed(candidate_id: int) -> datetime | None:
    """When the link was last sent to a candidate."""
    return session.scalar(
        select(func.max(CandidateEvent.at)).where(
            CandidateEvent.candidate_id == candidate_id, CandidateEvent.what == "link_sent"
        )
    )


def has_proposed(person_id: int | None, candidate_id: int) -> bool:
    """Whether this reference professional proposed the candidate already."""
    return (
        session.scalar(
            select(CandidateEvent.id)
            .where(
                CandidateEvent.candidate_id == candidate_id,
                CandidateEvent.what == "proposed",
                CandidateEvent.by == person_id,
            )
            .limit(1)
        )
        is not None
    )


def references_asked_for(candidate_id: int) -> int:
    """How many mails went to references because the candidate named them."""
    return (
        session.scalar(
            select(func.count(CandidateEvent.id)).where(
                CandidateEvent.candidate_id == candidate_id,
                CandidateEvent.what == "reference_asked",
                CandidateEvent.by.is_(None),
            )
        )
        or 0
    )
