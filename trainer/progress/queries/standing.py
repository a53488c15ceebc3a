"""Where a course and its people stand, now or at an earlier moment, in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from trainer.attendance.queries import Inputs, OnCourse, inputs, late
from trainer.attendance.rules import SessionFact, programme_rules
from trainer.cohorts.models import Course, Enrolment, EnrolmentEvent
from trainer.cohorts.rules import JOINED
from trainer.core import clock
from trainer.core.database import session
from trainer.core.errors import Invalid
from trainer.core.text import msg
from trainer.gates.queries import CaseFile, case_file
from trainer.people.models import Organisation, Person
from trainer.progress.models import ContactNote
from trainer.progress.rules import ContactFact, CourseProgress, PersonProgress
from trainer.scheduling.queries import SessionRow, sessions_of


@dataclass(frozen=True)
class Loaded:
    """A course's progress with the facts that it was decided on; "what if" alters the facts and decides again."""

    progress: CourseProgress
    case: CaseFile


def progress(
    course: Course, enrolment_ids: Sequence[int] | None = None, as_of: datetime | None = None
) -> CourseProgress:
    """Attendance, gates and next steps of everyone on the course, or of these enrolments (see load)."""
    return load(course, enrolment_ids, as_of).progress


def load(
    course: Course,
    enrolment_ids: Sequence[int] | None = None,
    as_of: datetime | None = None,
    also: Sequence[str] = (),
) -> Loaded:
    """Progress and the facts behind it; with `as_of` (aware), what was on record at that moment. `also` as in case_file.

    People who are only invited are left out. Statements: people with their newest contact, sessions, marks, what lies around
    the marks, waivers, and one or two for each further source that the programme's gates ask; never more for more people.
    """
    people = _people(course.id, enrolment_ids)
    sessions: Sequence[SessionRow] = sessions_of(course.id)
    if as_of is not None:
        statuses = _statuses(course.id, as_of)
        people = [
            replace(one, status=statuses[one.enrolment_id], contact=None)
            for one in people
            if statuses.get(one.enrolment_id, "invited") != "invited"
        ]
    else:
        people = [one for one in people if one.status != "invited"]
    ids = [one.enrolment_id for one in people]
    made_of = _made_of(course, people, sessions, as_of)
    if as_of is not None:
        sessions = _as_they_were(sessions, made_of)
        people = [replace(one, left_on=made_of[one.enrolment_id].left_on) for one in people]
    case = case_file(course, ids, as_of, also, known={"attendance": made_of})
    rules = programme_rules(case.programme)
    decided = case.decide()
    return Loaded(
        CourseProgress(
            code=course.code,
            title=course.title,
            closed=course.status == "closed",
            programme=case.programme,
            sessions=[one for one in sessions if not one.extra],
            repeats=[one for one in sessions if one.extra and not one.is_cancelled],
            now=as_of or clock.now(),
            today=case.today,
            as_of=as_of,
            people=tuple(
                PersonProgress(
                    enrolment_id=one.enrolment_id,
                    person_id=one.person_id,
                    name=one.name,
                    email=one.email,
                    status=one.status,
                    entity=one.entity,
                    joined_on=one.joined_on,
                    left_on=one.left_on,
                    attendance=made_of[one.enrolment_id].stand(rules),
                    gates=decided[one.enrolment_id],
                    contact=one.contact,
                )
                for one in people
            ),
        ),
        case,
    )


def end_of_day(course: Course, day: date) -> datetime | None:
    """The last moment of that day in the course's zone; None for today: the present needs no replay.

    Raises Invalid for a day that is still to come.
    """
    zone = ZoneInfo(course.timezone)
    today = clock.now().astimezone(zone).date()
    if day > today:
        raise Invalid(msg("%(day)s is still to come: choose a day up to today.", day=day))
    if day == today:
        return None
    return datetime.combine(day + timedelta(days=1), time(), zone) - timedelta(microseconds=1)


@dataclass(frozen=True)
class _Row:
    enrolment_id: int
    person_id: int
    name: str
    email: str
    status: str
    entity: str
    joined_on: date | None
    left_on: date | None
    contact: ContactFact | None


def _people(course_id: int, enrolment_ids: Sequence[int] | None) -> list[_Row]:
    """Everyone on the course, by family name, each with the newest note of a contact. One statement."""
    newest = (
        select(func.max(ContactNote.id))
        .where(ContactNote.enrolment_id == Enrolment.id)
        .correlate(Enrolment)
        .scalar_subquery()
    )
    caller = aliased(Person)
    statement = (
        select(
            Enrolment.id,
            Person.id,
            Person.display_name,
            Person.email,
            Enrolment.status,
            Organisation.name,
            Enrolment.joined_on,
            Enrolment.left_on,
            ContactNote.id,
            ContactNote.on,
            ContactNote.channel,
            ContactNote.outcome,
            ContactNote.agreed,
            ContactNote.again_on,
            caller.display_name,
        )
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(Organisation, Organisation.id == Enrolment.entity_id)
        .outerjoin(ContactNote, ContactNote.id == newest)
        .outerjoin(caller, caller.id == ContactNote.by)
        .where(Enrolment.course_id == course_id)
        .order_by(Person.family_name, Person.given_name, Enrolment.id)
    )
    if enrolment_ids is not None:
        statement = statement.where(Enrolment.id.in_(enrolment_ids))
    found = []
    for key, person_id, name, email, status, entity, joined_on, left_on, note, *contact in session.execute(
        statement
    ):
        found.append(
            _Row(
                key,
                person_id,
                name,
                email or "",
                status,
                entity or "",
                joined_on,
                left_on,
                ContactFact(*contact) if note is not None else None,
            )
        )
    return found


def _statuses(course_id: int, as_of: datetime) -> dict[int, str]:
    """Where everybody was in their enrolment at that moment; who was not on record is left out. One statement."""
    return dict(
        session.execute(
            select(EnrolmentEvent.enrolment_id, EnrolmentEvent.to_status)
            .join(Enrolment, Enrolment.id == EnrolmentEvent.enrolment_id)
            .where(
                Enrolment.course_id == course_id,
                EnrolmentEvent.at <= as_of,
                EnrolmentEvent.note_code != JOINED,
            )
            .order_by(EnrolmentEvent.at, EnrolmentEvent.id)
        )
        .tuples()
        .all()
    )


def _made_of(
    course: Course, people: Sequence[_Row], sessions: Sequence[SessionRow], as_of: datetime | None
) -> dict[int, Inputs]:
    ids = [one.enrolment_id for one in people]
    if as_of is not None:
        found = inputs(course.id, ids, as_of)
        return {key: found.get(key, Inputs()) for key in ids}
    in_order = sorted(sessions, key=lambda one: (one.starts_local, one.number))
    return inputs(
        course.id,
        ids,
        sessions=[
            SessionFact(
                one.id,
                one.number,
                one.status,
                one.starts_local,
                one.minutes,
                one.effective_minutes,
                one.module_code,
                one.extra,
            )
            for one in in_order
        ],
        people=[
            OnCourse(one.enrolment_id, late(one.joined_on, course.starts_on), one.left_on, course.timezone)
            for one in people
        ],
    )


def _as_they_were(sessions: Sequence[SessionRow], made_of: dict[int, Inputs]) -> list[SessionRow]:
    """The sessions with the state, time and length that they had; those not planned by then are left out."""
    known = {fact.id: fact for one in made_of.values() for fact in one.sessions}
    return [
        replace(
            row,
            status=fact.status,
            starts_local=fact.starts_local,
            minutes=fact.minutes,
            effective_minutes=fact.effective_minutes,
            module_code=fact.module_code,
            extra=fact.extra,
        )
        for row in sessions
        if (fact := known.get(row.id)) is not None
    ]
