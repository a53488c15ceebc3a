"""Every SELECT about courses, enrolments and consents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, false, func, select, true
from sqlalchemy.orm import joinedload

from trainer.cohorts.models import Consent, Course, Enrolment, EnrolmentEvent, Pause
from trainer.cohorts.policy import STAFF
from trainer.cohorts.rules import PauseSpan, Status, valid_code
from trainer.core.access import Actor
from trainer.core.database import session
from trainer.people.models import Membership, Organisation, Person
from trainer.people.queries import MAX_ID, account_states


@dataclass(frozen=True)
class CourseRow:
    """A line of the list of courses; `people` counts everyone but those only invited or gone."""

    id: int
    code: str
    title: str
    provider: str
    university: str
    status: str
    starts_on: date
    ends_on: date | None
    timezone: str
    people: int
    invited: int
    specimen: bool


@dataclass(frozen=True)
class RosterRow:
    """A person on a course. `email` is None for somebody without one; `entity` names who sends them."""

    enrolment_id: int
    person_id: int
    name: str
    email: str | None
    status: str
    joined_on: date | None
    left_on: date | None
    entity: str | None
    language: str | None
    given_name: str = ""
    family_name: str = ""
    entity_code: str | None = None
    consent_at: datetime | None = None
    leave_requested_at: datetime | None = None


@dataclass(frozen=True)
class EventRow:
    """One change of status, as it is shown."""

    at: datetime
    from_status: str | None
    to_status: str
    effective_on: date
    by: str | None
    note_code: str


@dataclass(frozen=True)
class ConsentRow:
    """One consent: which wording, when given, when taken back."""

    kind: str
    wording_version: str
    given_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True)
class OwnCourse:
    """One of the actor's own courses."""

    code: str
    title: str
    status: str
    joined_on: date | None
    consent_at: datetime | None
    leave_requested_at: datetime | None


def course_by_code(code: str) -> Course | None:
    """The course with this code; None when there is none."""
    if not valid_code(code):
        return None
    return session.scalar(
        select(Course)
        .where(Course.code == code)
        .options(joinedload(Course.organisation), joinedload(Course.university))
    )


def course_code_taken(code: str) -> bool:
    """True when a course has this code in any case: codes are typed and told apart by people."""
    return session.scalar(select(Course.id).where(func.lower(Course.code) == code.lower())) is not None


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The condition for courses that policy.can_see allows the actor."""
    if actor.is_admin:
        return true()
    places = frozenset[int]().union(*(actor.organisations(role) for role in STAFF))
    return Course.organisation_id.in_(places) if places else false()


def courses_for(actor: Actor) -> list[CourseRow]:
    """The courses that the actor can see, newest first; one statement."""
    university = Organisation.__table__.alias("university")
    on_course = [Status.ENROLLED, Status.PAUSED, Status.COMPLETED]
    counts = (
        select(
            Enrolment.course_id,
            func.count().filter(Enrolment.status.in_(on_course)).label("people"),
            func.count().filter(Enrolment.status == Status.INVITED).label("invited"),
        )
        .group_by(Enrolment.course_id)
        .subquery()
    )
    rows = session.execute(
        select(
            Course.id,
            Course.code,
            Course.title,
            Organisation.name,
            university.c.name,
            Course.status,
            Course.starts_on,
            Course.ends_on,
            Course.timezone,
            func.coalesce(counts.c.people, 0),
            func.coalesce(counts.c.invited, 0),
            Course.specimen,
        )
        .join(Organisation, Organisation.id == Course.organisation_id)
        .join(university, university.c.id == Course.university_id)
        .outerjoin(counts, counts.c.course_id == Course.id)
        .where(visible_to(actor))
        .order_by(Course.starts_on.desc(), Course.code)
    )
    return [CourseRow(*row) for row in rows]


def courses_accredited_by(actor: Actor) -> list[Course]:
    """The courses of the universities whose registrar the actor is, newest first."""
    statement = select(Course).order_by(Course.starts_on.desc(), Course.code)
    if not actor.is_admin:
        statement = statement.where(Course.university_id.in_(actor.organisations("registrar")))
    return list(session.scalars(statement))


def roster(course_id: int, *, invited: bool = False) -> list[RosterRow]:
    """Everyone on a course by family name, those who left among them; those only invited when asked for."""
    statement = (
        select(
            Enrolment.id,
            Person.id,
            Person.display_name,
            Person.email,
            Enrolment.status,
            Enrolment.joined_on,
            Enrolment.left_on,
            Organisation.name,
            Person.language,
            Person.given_name,
            Person.family_name,
            Organisation.code,
            Enrolment.consent_at,
            Enrolment.leave_requested_at,
        )
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(Organisation, Organisation.id == Enrolment.entity_id)
        .where(Enrolment.course_id == course_id)
        .order_by(Person.family_name, Person.given_name, Enrolment.id)
    )
    if not invited:
        statement = statement.where(Enrolment.status != Status.INVITED)
    return [RosterRow(*row) for row in session.execute(statement)]


def counts(course_id: int) -> dict[str, int]:
    """How many people stand where on a course; every status is a key."""
    found = dict.fromkeys((status.value for status in Status), 0)
    rows = session.execute(
        select(Enrolment.status, func.count())
        .where(Enrolment.course_id == course_id)
        .group_by(Enrolment.status)
    )
    for status, number in rows:
        found[status] = number
    return found


def leave_requests(course_id: int) -> int:
    """How many people of a course asked to leave and still wait for it to be entered."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Enrolment)
            .where(
                Enrolment.course_id == course_id,
                Enrolment.leave_requested_at.is_not(None),
                Enrolment.status != Status.WITHDRAWN,
            )
        )
        or 0
    )


def pauses(course_id: int) -> dict[int, list[PauseSpan]]:
    """For each enrolment that has any, its pauses in order; one statement."""
    rows = session.execute(
        select(Pause.enrolment_id, Pause.starts_on, Pause.ends_on)
        .join(Enrolment, Enrolment.id == Pause.enrolment_id)
        .where(Enrolment.course_id == course_id)
        .order_by(Pause.starts_on, Pause.id)
    )
    found: dict[int, list[PauseSpan]] = {}
    for enrolment_id, starts_on, ends_on in rows:
        found.setdefault(enrolment_id, []).append(PauseSpan(starts_on, ends_on))
    return found


def pauses_of(enrolment_id: int) -> list[PauseSpan]:
    """The pauses of one enrolment in order."""
    rows = session.execute(
        select(Pause.starts_on, Pause.ends_on)
        .where(Pause.enrolment_id == enrolment_id)
        .order_by(Pause.starts_on, Pause.id)
    )
    return [PauseSpan(*row) for row in rows]


def enrolment_of(code: str, enrolment_id: int) -> Enrolment | None:
    """The enrolment, if it is one of this course; with course, person and entity."""
    if not valid_code(code) or not 0 < enrolment_id < MAX_ID:
        return None
    return session.scalar(
        select(Enrolment)
        .join(Course, Course.id == Enrolment.course_id)
        .where(Course.code == code, Enrolment.id == enrolment_id)
        .options(
            joinedload(Enrolment.course).joinedload(Course.organisation),
            joinedload(Enrolment.person),
            joinedload(Enrolment.entity),
        )
    )


def enrolment_by_email(course_id: int, email: str) -> Enrolment | None:
    """The enrolment of the person with this address on a course."""
    return session.scalar(
        select(Enrolment)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.course_id == course_id, Person.email == email.strip().lower())
        .options(joinedload(Enrolment.person))
    )


def enrolments_by_email(course_id: int) -> dict[str, tuple[int, str]]:
    """(enrolment id, status) by address, for imports; one statement. Those only invited are in it too."""
    rows = session.execute(
        select(Person.email, Enrolment.id, Enrolment.status)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .where(Enrolment.course_id == course_id, Person.email.is_not(None))
    )
    return {email: (enrolment_id, status) for email, enrolment_id, status in rows if email}


def own_enrolment(actor: Actor, code: str) -> Enrolment | None:
    """The actor's own enrolment on a course; None when there is none."""
    if actor.person_id is None or not valid_code(code):
        return None
    return session.scalar(
        select(Enrolment)
        .join(Course, Course.id == Enrolment.course_id)
        .where(Course.code == code, Enrolment.person_id == actor.person_id)
        .options(joinedload(Enrolment.course), joinedload(Enrolment.person))
    )


def own_enrolments(actor: Actor) -> list[OwnCourse]:
    """The actor's own courses, newest first."""
    rows = session.execute(
        select(
            Course.code,
            Course.title,
            Enrolment.status,
            Enrolment.joined_on,
            Enrolment.consent_at,
            Enrolment.leave_requested_at,
        )
        .join(Course, Course.id == Enrolment.course_id)
        .where(Enrolment.person_id == actor.person_id)
        .order_by(Course.starts_on.desc(), Course.code)
    )
    return [OwnCourse(*row) for row in rows]


def events(enrolment_id: int) -> list[EventRow]:
    """The history of an enrolment, oldest first."""
    rows = session.execute(
        select(
            EnrolmentEvent.at,
            EnrolmentEvent.from_status,
            EnrolmentEvent.to_status,
            EnrolmentEvent.effective_on,
            Person.display_name,
            EnrolmentEvent.note_code,
        )
        .outerjoin(Person, Person.id == EnrolmentEvent.by_person_id)
        .where(EnrolmentEvent.enrolment_id == enrolment_id)
        .order_by(EnrolmentEvent.at, EnrolmentEvent.id)
    )
    return [EventRow(*row) for row in rows]


def consents(enrolment_id: int) -> list[ConsentRow]:
    """Every consent of an enrolment, newest first, those taken back among them."""
    rows = session.execute(
        select(Consent.kind, Consent.wording_version, Consent.given_at, Consent.withdrawn_at)
        .where(Consent.enrolment_id == enrolment_id)
        .order_by(Consent.given_at.desc(), Consent.id.desc())
    )
    return [ConsentRow(*row) for row in rows]


def roster_accounts(rows: Iterable[RosterRow]) -> dict[int, str]:
    """By person: "none", "invited", "active" or "closed"; one statement."""
    return account_states([row.person_id for row in rows])


def known_elsewhere(person_ids: list[int], organisation_id: int) -> set[int]:
    """Those of the persons who hold a role anywhere, or are on another provider's course: a roster of this
    provider does not rename them."""
    staff = select(Membership.person_id).where(Membership.person_id.in_(person_ids))
    others = (
        select(Enrolment.person_id)
        .join(Course, Course.id == Enrolment.course_id)
        .where(Enrolment.person_id.in_(person_ids), Course.organisation_id != organisation_id)
    )
    return set(session.scalars(staff)) | set(session.scalars(others))


def people_by_email(emails: Iterable[str]) -> dict[str, Person]:
    """Persons by address, as objects for services; one statement."""
    rows = session.scalars(select(Person).where(Person.email.in_(list(emails))))
    return {person.email: person for person in rows if person.email}


def enrolments_of_people(course_id: int, person_ids: list[int]) -> dict[int, Enrolment]:
    """Enrolments of a course by person, as objects for services; one statement."""
    rows = session.scalars(
        select(Enrolment).where(Enrolment.course_id == course_id, Enrolment.person_id.in_(person_ids))
    )
    return {enrolment.person_id: enrolment for enrolment in rows}
