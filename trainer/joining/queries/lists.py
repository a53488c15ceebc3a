"""Lists of joining: places, candidates, meetings, who waits for an answer, what is to be erased."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import aliased

from trainer.cohorts.models import Course, Enrolment
from trainer.cohorts.rules import CourseStatus
from trainer.cohorts.rules import Status as OnCourse
from trainer.core import clock
from trainer.core.database import session
from trainer.joining.models import (
    Candidate,
    CandidateEvent,
    CandidateReference,
    EntityPlaces,
    InfoSession,
    Opening,
)
from trainer.joining.queries.rows import (
    CandidateRow,
    EventRow,
    InfoRow,
    OpenCourse,
    ProposedRow,
)
from trainer.joining.rules import Outcome, Places, Status, Waiting, is_open
from trainer.people.models import Membership, Organisation, Person
from trainer.people.queries import in_force


def kept_places(course_id: int) -> dict[int, int]:
    """Places kept for entities, by the entity's id."""
    rows = session.execute(
        select(EntityPlaces.entity_id, EntityPlaces.places).where(EntityPlaces.course_id == course_id)
    )
    return dict(rows.tuples().all())


def places_of(course_id: int) -> Places:
    """The places of a course and who holds them: everybody on it, and everybody to whom a place is offered.

    Read under the lock of the course before one is taken.
    """
    total = session.scalar(select(Opening.places).where(Opening.course_id == course_id)) or 0
    used: dict[int | None, int] = {}
    on_course = select(Enrolment.entity_id, func.count()).where(
        Enrolment.course_id == course_id, Enrolment.status != OnCourse.WITHDRAWN.value
    )
    offered = select(Candidate.entity_id, func.count()).where(
        Candidate.course_id == course_id, Candidate.status == Status.OFFERED.value
    )
    for statement in (on_course.group_by(Enrolment.entity_id), offered.group_by(Candidate.entity_id)):
        for entity_id, number in session.execute(statement):
            used[entity_id] = used.get(entity_id, 0) + number
    return Places(total, kept_places(course_id), used)


def waiting_list(course_id: int) -> list[Waiting]:
    """Who waits for a place, in no order yet (rules.in_order)."""
    rows = session.execute(
        select(Candidate.id, Candidate.entity_id, Candidate.waiting_since, Candidate.created_at).where(
            Candidate.course_id == course_id, Candidate.status == Status.WAITING.value
        )
    )
    return [Waiting(key, entity, since or created) for key, entity, since, created in rows]


def unanswered(course_id: int) -> list[int]:
    """Ids of candidates who are still to hear from the organisers, those who came first first."""
    rows = session.scalars(
        select(Candidate.id)
        .where(Candidate.course_id == course_id, Candidate.erased_at.is_(None), _wants_answer())
        .order_by(Candidate.created_at, Candidate.id)
    )
    return list(rows)


def _wants_answer() -> ColumnElement[bool]:
    open_ones = [Status.INTERESTED.value, Status.APPLIED.value]
    told = [one.value for one in Outcome]
    return Candidate.status.in_(open_ones) | (Candidate.status.in_(told) & Candidate.answered_at.is_(None))


def candidates(course_id: int) -> list[CandidateRow]:
    """The candidates of a course, those erased among them; one statement."""
    proposer, confirmer = aliased(Person), aliased(Person)
    references = (
        select(
            CandidateReference.candidate_id,
            func.count().label("asked"),
            func.count(CandidateReference.answered_at).label("given"),
            func.sum(case((CandidateReference.recommends.is_(True), 1), else_=0)).label("recommended"),
        )
        .join(Candidate, Candidate.id == CandidateReference.candidate_id)
        .where(Candidate.course_id == course_id)
        .group_by(CandidateReference.candidate_id)
        .subquery()
    )
    rows = session.execute(
        select(
            Candidate.id,
            Candidate.given_name,
            Candidate.family_name,
            Candidate.email,
            Candidate.phone,
            Candidate.language,
            Candidate.status,
            Candidate.entity_id,
            Organisation.name,
            proposer.display_name,
            confirmer.display_name,
            Candidate.confirmed_at,
            Candidate.info_session_id,
            InfoSession.starts_local,
            Candidate.came_to_info,
            Candidate.consent_at,
            Candidate.waiting_since,
            Candidate.decided_at,
            Candidate.answered_at,
            Candidate.answer_by,
            Candidate.created_at,
            Candidate.erased_at,
            Candidate.enrolment_id,
            func.coalesce(references.c.asked, 0),
            func.coalesce(references.c.given, 0),
            func.coalesce(references.c.recommended, 0),
        )
        .outerjoin(Organisation, Organisation.id == Candidate.entity_id)
        .outerjoin(proposer, proposer.id == Candidate.proposed_by)
        .outerjoin(confirmer, confirmer.id == Candidate.confirmed_by)
        .outerjoin(InfoSession, InfoSession.id == Candidate.info_session_id)
        .outerjoin(references, references.c.candidate_id == Candidate.id)
        .where(Candidate.course_id == course_id)
        .order_by(Candidate.family_name, Candidate.given_name, Candidate.id)
    )
    return [CandidateRow(*tuple(row)) for row in rows]


def info_sessions(course_id: int) -> list[InfoRow]:
    """The information sessions of a course in order of time, cancelled ones too; one statement."""
    return _info_rows(InfoSession.course_id == course_id)


def info_session(info_id: int) -> InfoRow:
    """One information session with how many chose it."""
    return _info_rows(InfoSession.id == info_id)[0]


def _info_rows(condition: ColumnElement[bool]) -> list[InfoRow]:
    rows = session.execute(
        select(
            InfoSession.id,
            InfoSession.starts_local,
            InfoSession.timezone,
            InfoSession.minutes,
            InfoSession.place,
            InfoSession.url,
            InfoSession.capacity,
            InfoSession.cancelled_at,
            # A place at a session is not kept for who withdrew.
            func.count(Candidate.id).filter(Candidate.status != Status.WITHDRAWN.value),
            func.count(Candidate.id).filter(Candidate.came_to_info.is_(True)),
        )
        .outerjoin(Candidate, Candidate.info_session_id == InfoSession.id)
        .where(condition)
        .group_by(InfoSession.id)
        .order_by(InfoSession.starts_local, InfoSession.id)
    )
    return [InfoRow(*tuple(row)) for row in rows]


def at_info_session(info_id: int) -> list[tuple[int, str, bool | None]]:
    """(candidate id, name, whether they came) of who chose an information session, by name."""
    rows = session.execute(
        select(Candidate.id, Candidate.given_name, Candidate.family_name, Candidate.came_to_info)
        .where(Candidate.info_session_id == info_id, Candidate.erased_at.is_(None))
        .order_by(Candidate.family_name, Candidate.given_name, Candidate.id)
    )
    return [(key, f"{given} {family}".strip(), came) for key, given, family, came in rows]


def chose(info_id: int) -> list[Candidate]:
    """The candidates who chose an information session, as objects for services."""
    return list(
        session.scalars(
            select(Candidate).where(
                Candidate.info_session_id == info_id, Candidate.status != Status.WITHDRAWN.value
            )
        )
    )


def references_of(candidate_id: int) -> list[CandidateReference]:
    """The references of a candidate, in the order in which they were named."""
    return list(
        session.scalars(
            select(CandidateReference)
            .where(CandidateReference.candidate_id == candidate_id)
            .order_by(CandidateReference.id)
        )
    )


def events_of(candidate_id: int) -> list[EventRow]:
    """What happened with a candidate, the newest first."""
    rows = session.execute(
        select(CandidateEvent.at, Person.display_name, CandidateEvent.what, CandidateEvent.to_status)
        .outerjoin(Person, Person.id == CandidateEvent.by)
        .where(CandidateEvent.candidate_id == candidate_id)
        .order_by(CandidateEvent.id.desc())
    )
    return [EventRow(*row) for row in rows]


def name_of(person_id: int | None) -> str | None:
    """How a person is called; None for nobody."""
    if person_id is None:
        return None
    return session.scalar(select(Person.display_name).where(Person.id == person_id))


def professionals() -> list[tuple[int, str]]:
    """(person id, name and organisation) of the reference professionals of today, by name."""
    rows = session.execute(
        select(Person.id, Person.display_name, Organisation.name)
        .join(Membership, Membership.person_id == Person.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.role == "supervisor", in_force(clock.today()), Person.erased_at.is_(None))
        .order_by(Person.display_name, Person.id)
    )
    found: dict[int, str] = {}
    for key, name, place in rows:
        found.setdefault(key, f"{name} ({place})")
    return list(found.items())


def organisations_named(ids: Iterable[int]) -> list[tuple[int, str]]:
    """(id, name) of organisations, by name."""
    rows = session.execute(
        select(Organisation.id, Organisation.name)
        .where(Organisation.id.in_(list(ids)))
        .order_by(Organisation.name)
    )
    return [(key, name) for key, name in rows]


def open_courses() -> list[OpenCourse]:
    """The courses that take candidates today, by title."""
    rows = session.execute(
        select(Course, Opening)
        .join(Opening, Opening.course_id == Course.id)
        .where(Course.status != CourseStatus.CLOSED.value)
        .order_by(Course.title, Course.id)
    )
    return [
        OpenCourse(course, opening)
        for course, opening in rows
        if is_open(opening.opens_on, opening.closes_on, clock.today(course.timezone))
    ]


def proposed_by(person_id: int) -> list[ProposedRow]:
    """Whom a reference professional proposed, newest first: by the address that they typed themself, so that nobody learns who
    was a candidate before, and with nothing of what became of it but the person's own answer since. Two statements."""
    proposals = session.execute(
        select(Candidate.id, Candidate.email, Course.title, CandidateEvent.at, CandidateEvent.id)
        .join(Candidate, Candidate.id == CandidateEvent.candidate_id)
        .join(Course, Course.id == Candidate.course_id)
        .where(
            CandidateEvent.what == "proposed",
            CandidateEvent.by == person_id,
            Candidate.erased_at.is_(None),
        )
        .order_by(CandidateEvent.id.desc())
    ).all()
    first = {key: event for key, _email, _title, _at, event in proposals}
    answers: dict[int, str] = {}
    for key, event, what in session.execute(
        select(CandidateEvent.candidate_id, CandidateEvent.id, CandidateEvent.what)
        .where(
            CandidateEvent.candidate_id.in_(first),
            CandidateEvent.what.in_(("said_yes", "came_back", "withdrew", "declined")),
        )
        .order_by(CandidateEvent.id)
    ):
        if event > first[key]:  # what they had said before is not the professional's to know
            answers[key] = what
    return [
        ProposedRow(
            email or "",
            title,
            at,
            answers.get(key) in ("said_yes", "came_back"),
            answers.get(key) in ("withdrew", "declined"),
        )
        for key, email, title, at, event in proposals
        if event == first[key]
    ]


def openings_to_erase(course_id: int | None = None) -> list[tuple[int, str, date, str]]:
    """(course id, code, keep until, time zone) of openings with something that can still be erased."""
    statement = (
        select(Course.id, Course.code, Opening.keep_until, Course.timezone)
        .join(Opening, Opening.course_id == Course.id)
        .where(select(Candidate.id).where(Candidate.course_id == Course.id, _holds_words()).exists())
        .order_by(Course.id)
    )
    if course_id is not None:
        statement = statement.where(Course.id == course_id)
    return [(key, code, keep, zone) for key, code, keep, zone in session.execute(statement)]


def _holds_words() -> ColumnElement[bool]:
    """Somebody not erased yet; of those who joined, only who still has words or references that go."""
    references = select(CandidateReference.id).where(
        CandidateReference.candidate_id == Candidate.id, CandidateReference.erased_at.is_(None)
    )
    return Candidate.erased_at.is_(None) & (
        (Candidate.status != Status.ACCEPTED.value) | (Candidate.motivation != "") | references.exists()
    )


def to_erase(course_id: int) -> list[Candidate]:
    """The candidates of a course about whom something is still held, as objects for services."""
    return list(
        session.scalars(
            select(Candidate).where(Candidate.course_id == course_id, _holds_words()).order_by(Candidate.id)
        )
    )
