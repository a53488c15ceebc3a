"""Every SELECT about openings, candidates and references."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import aliased, joinedload

from trainer.cohorts.models import Course, Enrolment
from trainer.cohorts.queries import course_by_code
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
from trainer.joining.rules import Outcome, Places, Status, Waiting, is_open, wants_answer
from trainer.people.models import Membership, Organisation, Person
from trainer.people.queries import in_force


@dataclass(frozen=True)
class Case:
    """A candidate with the course; what pages about one candidate are given."""

    course: Course
    opening: Opening | None
    candidate: Candidate


@dataclass(frozen=True)
class Meeting:
    """An information session with its course, for pages about one."""

    course: Course
    info: InfoSession


@dataclass(frozen=True)
class OpenCourse:
    """A course with its opening."""

    course: Course
    opening: Opening


@dataclass(frozen=True)
class Asked:
    """A reference that was asked, with whom it is about."""

    course: Course
    candidate: Candidate
    reference: CandidateReference


@dataclass(frozen=True)
class CandidateRow:
    """A line of the list of candidates. `references`: how many were given of how many were asked."""

    id: int
    given_name: str
    family_name: str
    email: str | None
    phone: str
    language: str
    status: str
    entity_id: int | None
    entity: str | None
    proposed_by: str | None
    confirmed_by: str | None
    confirmed_at: datetime | None
    info_id: int | None
    info_starts: datetime | None
    came: bool | None
    consent_at: datetime | None
    waiting_since: datetime | None
    decided_at: datetime | None
    answered_at: datetime | None
    answer_by: date | None
    created_at: datetime
    erased_at: datetime | None
    enrolment_id: int | None
    asked: int
    given: int
    recommended: int

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def wants_answer(self) -> bool:
        """True when the person is still to hear from the organisers."""
        return self.erased_at is None and wants_answer(self.status, self.answered_at)

    @property
    def waiting(self) -> Waiting:
        """The place on the waiting list; only for somebody who is on it."""
        return Waiting(self.id, self.entity_id, self.waiting_since or self.created_at)


@dataclass(frozen=True)
class InfoRow:
    """An information session: wall time and zone, how many chose it, how many came."""

    id: int
    starts_local: datetime
    timezone: str
    minutes: int
    place: str
    url: str | None
    capacity: int | None
    cancelled_at: datetime | None
    chosen: int
    came: int

    @property
    def starts_at(self) -> datetime:
        return self.starts_local.replace(tzinfo=ZoneInfo(self.timezone))

    @property
    def over(self) -> bool:
        return self.starts_at + timedelta(minutes=self.minutes) < clock.now()

    @property
    def left(self) -> int | None:
        """Seats left; None when there is no limit."""
        return None if self.capacity is None else max(0, self.capacity - self.chosen)

    @property
    def can_be_chosen(self) -> bool:
        return self.cancelled_at is None and not self.over and self.left != 0


@dataclass(frozen=True)
class EventRow:
    """One step of a candidate's way, as it is shown."""

    at: datetime
    by: str | None
    what: str
    to_status: str | None


@dataclass(frozen=True)
class ProposedRow:
    """Whom a reference professional proposed: whether the person has said yes, and nothing beyond it."""

    name: str
    course: str
    proposed_on: datetime
    said_yes: bool
    over: bool


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
    """Whom a reference professional proposed, newest first; nothing of what became of it but the person's own yes."""
    rows = session.execute(
        select(
            Candidate.given_name,
            Candidate.family_name,
            Course.title,
            Candidate.created_at,
            Candidate.status,
        )
        .join(Course, Course.id == Candidate.course_id)
        .where(Candidate.proposed_by == person_id, Candidate.erased_at.is_(None))
        .order_by(Candidate.created_at.desc(), Candidate.id.desc())
    )
    return [
        ProposedRow(
            f"{given} {family}".strip(),
            title,
            created,
            status not in {Status.PROPOSED, Status.WITHDRAWN},
            status == Status.WITHDRAWN,
        )
        for given, family, title, created, status in rows
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
