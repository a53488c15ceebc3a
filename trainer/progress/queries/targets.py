"""Sessions at which something missed could be made up, for everybody who needs a call at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import aliased

from trainer.attendance.rules.make_ups import MakeUpPolicy, Way
from trainer.cohorts.models import Course
from trainer.core import clock
from trainer.core.database import session
from trainer.curriculum.models import ProgrammeVersion
from trainer.curriculum.queries import programme_of
from trainer.progress.rules import Call
from trainer.scheduling.models import Session, Venue

MOST = 3
"""So many sessions are named for one that was missed: a list to ring with, not a timetable."""


@dataclass(frozen=True, slots=True)
class Target:
    """A planned session of the same module at which session `missed` of this course could be made up."""

    missed: int
    course: str
    number: int
    starts_local: datetime
    venue: str
    own: bool


def make_up_sessions(course: Course, calls: Iterable[Call]) -> dict[int, list[Target]]:
    """By enrolment, the next sessions that could serve for what is offered to be made up. One statement, or none.

    Courses of other providers are left out: that somebody is on a course is not theirs to know.
    """
    policy = MakeUpPolicy.from_document(programme_of(course.programme_version_id).attendance)
    wanted = {
        call.person.enrolment_id: [
            line.session
            for line in call.person.attendance.lines
            if line.session.id
            in {key for offer in call.offers if offer.kind == "make_up" for key in offer.missed}
        ]
        for call in calls
    }
    modules = {one.module_code for sessions in wanted.values() for one in sessions}
    if not modules:
        return {}
    own_version = aliased(ProgrammeVersion)
    where: ColumnElement[bool] = false()
    if Way.SESSION in policy.ways:
        where = or_(where, and_(Course.id == course.id, Session.extra))  # the others count for themselves
    if Way.OTHER_COURSE in policy.ways:
        elsewhere = and_(
            Course.id != course.id,
            Course.organisation_id == course.organisation_id,
            Course.specimen == course.specimen,
            Course.status != "closed",
            ProgrammeVersion.code == own_version.code,
        )
        where = or_(where, elsewhere)
    today = clock.today(course.timezone)
    rows = session.execute(
        select(
            Session.id,
            Session.module_code,
            Course.code,
            Session.number,
            Session.starts_local,
            Venue.name,
            Course.id,
        )
        .join(Course, Course.id == Session.course_id)
        .join(ProgrammeVersion, ProgrammeVersion.id == Course.programme_version_id)
        .join(own_version, own_version.id == course.programme_version_id)
        .join(Venue, Venue.id == Session.venue_id)
        .where(Session.module_code.in_(modules), Session.status == "planned", where)
        .order_by(Session.starts_local, Session.id)
    ).all()
    found: dict[int, list[Target]] = {}
    for enrolment_id, sessions in wanted.items():
        for missed in sessions:
            last = policy.last_day(missed.on)
            fitting = [
                Target(missed.number, code, number, starts, venue, course_id == course.id)
                for key, module, code, number, starts, venue, course_id in rows
                if module == missed.module_code
                and key != missed.id
                and starts.date() >= today
                and (last is None or starts.date() <= last)
            ]
            if fitting:
                found.setdefault(enrolment_id, []).extend(fitting[:MOST])
    return found
