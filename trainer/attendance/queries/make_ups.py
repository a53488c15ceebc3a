"""Make-ups to show and to decide on: what could serve, what was agreed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import aliased

from trainer.attendance.models import MakeUp, MakeUpEvent
from trainer.attendance.queries.facts import inputs
from trainer.attendance.queries.made_of import Inputs
from trainer.attendance.rules import Attendance, AttendanceRule, Line, NoticeFact, programme_rules
from trainer.attendance.rules.make_ups import LIVE, MakeUpPolicy, Used, Way, is_past
from trainer.attendance.rules.notices import Effect, effect_of
from trainer.cohorts.models import Course, Enrolment
from trainer.cohorts.queries import course_by_code
from trainer.core import clock
from trainer.core.database import session
from trainer.curriculum.models import ProgrammeVersion
from trainer.curriculum.queries import programme_of
from trainer.people.models import Person
from trainer.scheduling.models import Session, Venue


@dataclass(frozen=True, slots=True)
class Option:
    """A planned session that could serve. `room` is None where the venue has no limit. Minutes are its planned length."""

    session_id: int
    course_code: str
    course_title: str
    number: int
    starts_local: datetime
    minutes: int
    venue: str
    own: bool
    room: int | None = None
    extra: bool = False  # a repeat for those who missed it

    @property
    def way(self) -> str:
        return (Way.SESSION if self.own else Way.OTHER_COURSE).value


@dataclass(frozen=True, slots=True)
class MakeUpRow:
    """A make-up as lists show it, with the session that was missed and the one that serves (None for agreed work)."""

    id: int
    enrolment_id: int
    name: str
    session_id: int
    number: int
    module_code: str
    missed_at: datetime
    missed_minutes: int
    way: str
    status: str
    minutes: int
    until: date | None
    task: str
    words: str
    asked_at: datetime
    approved_at: datetime | None
    done_at: datetime | None
    target_session_id: int | None = None
    target_course: str | None = None
    target_number: int | None = None
    target_at: datetime | None = None
    target_minutes: int | None = None
    target_status: str | None = None
    target_venue: str | None = None
    target_extra: bool | None = None

    def past(self, today: date) -> bool:
        """Whether its deadline went by without it being done."""
        return is_past(self.status, self.until, today)


@dataclass(frozen=True, slots=True)
class MakeUpOf:
    """One make-up with its course: what its page is given."""

    course: Course
    row: MakeUpRow
    person_id: int


@dataclass(frozen=True, slots=True)
class EventRow:
    """One step of a make-up."""

    at: datetime
    by: str | None
    status: str
    minutes: int
    until: date | None
    words: str


@dataclass(frozen=True, slots=True)
class Context:
    """What a decision on one person's missed session rests on."""

    policy: MakeUpPolicy
    lines: tuple[Line, ...]
    used: Used

    def line(self, session_id: int) -> Line | None:
        return next((line for line in self.lines if line.session.id == session_id), None)


def policy_of(course: Course) -> MakeUpPolicy:
    """What the programme of the course allows."""
    return MakeUpPolicy.from_document(programme_of(course.programme_version_id).attendance)


def context_of(course: Course, enrolment_id: int, but: int | None = None) -> Context:
    """A person's sessions, the programme's rule and what is used of it, leaving out the make-up `but`."""
    found = context_with(course, enrolment_id, but)
    return found[0]


def context_with(course: Course, enrolment_id: int, but: int | None = None) -> tuple[Context, Inputs]:
    """As context_of, with what it is made of. At most five statements."""
    document = programme_of(course.programme_version_id).attendance
    made_of = inputs(course.id, [enrolment_id]).get(enrolment_id, Inputs())
    facts = [fact for fact in made_of.make_ups.values() if fact.id != but]
    if but is not None:
        made_of = replace(made_of, make_ups={fact.session_id: fact for fact in facts})
    lines = made_of.weigh(AttendanceRule.from_document(document)).lines
    used = Used.of((fact.way, fact.status, fact.minutes) for fact in facts)
    return Context(MakeUpPolicy.from_document(document), lines, used), made_of


def effect_for(course: Course, made_of: Inputs, absent_from: int | None = None) -> Effect:
    """What announced absences do to the forecast; with `absent_from`, as if that session were announced to be missed."""
    if absent_from is not None:
        notices = {**made_of.notices, absent_from: NoticeFact(absent_from)}
        made_of = replace(made_of, notices=notices)
    return effect_of(standings_for(course, made_of))


def standings_for(course: Course, made_of: Inputs) -> list[Attendance]:
    """The standing under each of the programme's rules on attendance."""
    return [made_of.weigh(rule) for rule in programme_rules(programme_of(course.programme_version_id))]


def possible_sessions(
    course: Course, missed_session_id: int, module_code: str, policy: MakeUpPolicy, missed_on: date
) -> list[Option]:
    """Planned sessions of the same module that could serve, in order of time, where the venue has room: repeats on this course
    (until their day is over; its other sessions count for themselves), and any session on the provider's other courses of the
    same programme. One statement. Courses of other providers are left out: that somebody is on a course is not theirs to know.
    """
    if not {Way.SESSION, Way.OTHER_COURSE} & set(policy.ways):
        return []
    own_version = aliased(ProgrammeVersion)
    taken = (
        select(func.count())
        .select_from(Enrolment)
        .where(Enrolment.course_id == Session.course_id, Enrolment.status == "enrolled")
        .scalar_subquery()
    )
    guest = aliased(MakeUp)
    # A repeat expects nobody of its course but those who make something up there.
    expected = case((Session.extra, 0), else_=taken)
    guests = (
        select(func.count())
        .select_from(guest)
        .join(Enrolment, Enrolment.id == guest.enrolment_id)
        .where(
            guest.target_session_id == Session.id,
            guest.status.in_(("agreed", "done")),
            or_(Session.extra, Enrolment.course_id != Session.course_id),
        )
        .correlate(Session)
        .scalar_subquery()
    )
    wanted = []
    if Way.SESSION in policy.ways:
        wanted.append(and_(Course.id == course.id, Session.extra))
    if Way.OTHER_COURSE in policy.ways:
        wanted.append(
            and_(
                Course.id != course.id,
                Course.organisation_id == course.organisation_id,
                Course.specimen == course.specimen,
                Course.status != "closed",
                ProgrammeVersion.code == own_version.code,
            )
        )
    rows = session.execute(
        select(
            Session.id,
            Course.id,
            Course.code,
            Course.title,
            Session.number,
            Session.starts_local,
            Session.minutes,
            Venue.name,
            Venue.capacity,
            expected,
            guests,
            Session.extra,
        )
        .join(Course, Course.id == Session.course_id)
        .join(ProgrammeVersion, ProgrammeVersion.id == Course.programme_version_id)
        .join(own_version, own_version.id == course.programme_version_id)
        .join(Venue, Venue.id == Session.venue_id)
        .where(
            Session.module_code == module_code,
            or_(Session.status == "planned", and_(Session.status == "held", Session.extra)),
            Session.id != missed_session_id,
            or_(*wanted),
        )
        .order_by(Session.starts_local, Session.id)
    )
    today, last = clock.today(course.timezone), policy.last_day(missed_on)
    found = []
    for key, course_id, code, title, number, starts, minutes, venue, capacity, people, others, extra in rows:
        if starts.date() < today or (last is not None and starts.date() > last):
            continue
        own = course_id == course.id
        room = None if capacity is None else capacity - people - others
        if room is None or room > 0:
            found.append(Option(key, code, title, number, starts, minutes, venue, own, room, extra))
    return found


def _rows() -> Any:
    target, other = aliased(Session), aliased(Course)
    return (
        select(
            MakeUp.id,
            MakeUp.enrolment_id,
            Person.display_name,
            Session.id,
            Session.number,
            Session.module_code,
            Session.starts_local,
            func.coalesce(Session.effective_minutes, Session.minutes),
            MakeUp.way,
            MakeUp.status,
            MakeUp.minutes,
            MakeUp.until,
            MakeUp.task,
            MakeUp.words,
            MakeUp.asked_at,
            MakeUp.approved_at,
            MakeUp.done_at,
            target.id,
            other.code,
            target.number,
            target.starts_local,
            func.coalesce(target.effective_minutes, target.minutes),
            target.status,
            Venue.name,
            target.extra,
        )
        .join(Enrolment, Enrolment.id == MakeUp.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Session, Session.id == MakeUp.session_id)
        .outerjoin(target, target.id == MakeUp.target_session_id)
        .outerjoin(other, other.id == target.course_id)
        .outerjoin(Venue, Venue.id == target.venue_id)
    )


def course_make_ups(course_id: int) -> list[MakeUpRow]:
    """Every make-up of a course's people, the latest request first. One statement."""
    rows = session.execute(
        _rows().where(Enrolment.course_id == course_id).order_by(MakeUp.asked_at.desc(), MakeUp.id.desc())
    )
    return [MakeUpRow(*row) for row in rows]


def make_ups_of(enrolment_id: int) -> list[MakeUpRow]:
    """Every make-up of one person, by the session that was missed, the latest attempt last. One statement."""
    rows = session.execute(
        _rows().where(MakeUp.enrolment_id == enrolment_id).order_by(Session.starts_local, MakeUp.id)
    )
    return [MakeUpRow(*row) for row in rows]


def make_up_of(code: str, make_up_id: int) -> MakeUpOf | None:
    """One make-up of a course's people; None when it is not of that course."""
    course = course_by_code(code)
    if course is None:
        return None
    row = session.execute(
        _rows()
        .add_columns(Enrolment.person_id)
        .where(MakeUp.id == make_up_id, Enrolment.course_id == course.id)
    ).one_or_none()
    return None if row is None else MakeUpOf(course, MakeUpRow(*row[:-1]), row[-1])


def events_of(make_up_id: int) -> list[EventRow]:
    """What became of a make-up, oldest first. One statement."""
    rows = session.execute(
        select(
            MakeUpEvent.at,
            Person.display_name,
            MakeUpEvent.status,
            MakeUpEvent.minutes,
            MakeUpEvent.until,
            MakeUpEvent.words,
        )
        .outerjoin(Person, Person.id == MakeUpEvent.by)
        .where(MakeUpEvent.make_up_id == make_up_id)
        .order_by(MakeUpEvent.at, MakeUpEvent.id)
    )
    return [EventRow(*row) for row in rows]


def live_make_up(enrolment_id: int, session_id: int) -> int | None:
    """The id of the make-up that stands for a person's session."""
    return session.execute(
        select(MakeUp.id).where(
            MakeUp.enrolment_id == enrolment_id,
            MakeUp.session_id == session_id,
            MakeUp.status.in_(list(LIVE)),
        )
    ).scalar_one_or_none()


def serves_already(enrolment_id: int, target_session_id: int, but: int | None = None) -> bool:
    """Whether a person makes up another absence at that session already, leaving out the make-up `but`. One statement."""
    return (
        session.execute(
            select(MakeUp.id)
            .where(
                MakeUp.enrolment_id == enrolment_id,
                MakeUp.target_session_id == target_session_id,
                MakeUp.status.in_(list(LIVE)),
                MakeUp.way != Way.TRANSFER.value,
                MakeUp.id != (but or 0),
            )
            .limit(1)
        ).first()
        is not None
    )
