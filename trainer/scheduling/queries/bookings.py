"""What is booked when, so that clashes can be told."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from trainer.cohorts.models import Course, Enrolment
from trainer.core.database import session
from trainer.people.models import Person
from trainer.scheduling.models import Session, SessionTrainer, Venue
from trainer.scheduling.rules import Booking, Clash, clashes, ends_at, resolve

SLACK = timedelta(days=2)
"""Wall times of any two zones, and the longest session, lie within two days of each other."""


def course_bookings(course: Course) -> list[Booking]:
    """The course's own planned sessions, with venue and trainers. Two statements."""
    return _bookings(
        list(session.execute(_rows().where(Session.course_id == course.id, Session.status == "planned")))
    )


def bookings_around(course: Course, wanted: Iterable[Booking]) -> list[Booking]:
    """Sessions of other courses near the wanted ones, not cancelled, and whom they share with the course.

    Trainees are named only where both courses are of the same provider: that somebody is on a course
    elsewhere is not this provider's to know. At most three statements.
    """
    spans = list(wanted)
    if not spans:
        return []
    low = min(booking.starts_at for booking in spans).replace(tzinfo=None) - SLACK
    high = max(booking.ends_at for booking in spans).replace(tzinfo=None) + SLACK
    rows = list(
        session.execute(
            _rows().where(
                Session.course_id != course.id,
                Session.status != "cancelled",
                Session.starts_local.between(low, high),
            )
        )
    )
    return _bookings(rows, shared_trainees(course))


def shared_trainees(course: Course) -> dict[int, dict[int, str]]:
    """Other courses of the provider and who of this course is on them too: {course id: {person id: name}}."""
    here, there = aliased(Enrolment), aliased(Enrolment)
    rows = session.execute(
        select(there.course_id, Person.id, Person.display_name)
        .select_from(here)
        .join(there, there.person_id == here.person_id)
        .join(Course, Course.id == there.course_id)
        .join(Person, Person.id == here.person_id)
        .where(
            here.course_id == course.id,
            there.course_id != course.id,
            here.status == "enrolled",
            there.status == "enrolled",
            Course.organisation_id == course.organisation_id,
        )
    )
    found: dict[int, dict[int, str]] = {}
    for course_id, person_id, name in rows:
        found.setdefault(course_id, {})[person_id] = name
    return found


def clashes_of(course: Course, session_ids: Collection[int] | None = None) -> list[Clash]:
    """The clashes of a course's planned sessions, or of those named, now. At most five statements."""
    own = course_bookings(course)
    wanted = [booking for booking in own if session_ids is None or booking.key in session_ids]
    others = bookings_around(course, wanted)
    trainees: dict[int, str] = {}
    for booking in others:
        trainees.update(booking.trainees)
    return clashes(
        [with_trainees(booking, trainees) for booking in wanted],
        [with_trainees(booking, trainees) for booking in own] + others,
    )


def with_trainees(booking: Booking, trainees: dict[int, str]) -> Booking:
    """The booking with those trainees; a repeat, to which only those come who missed something, has none."""
    return replace(booking, trainees={} if booking.extra else trainees)


def _rows() -> Any:
    return (
        select(
            Session.id,
            Course.id,
            Course.code,
            Session.number,
            Session.starts_local,
            Session.timezone,
            Session.minutes,
            Venue.name,
            Session.extra,
        )
        .join(Course, Course.id == Session.course_id)
        .join(Venue, Venue.id == Session.venue_id)
        .order_by(Session.starts_local)
    )


def _bookings(rows: list[Any], trainees: dict[int, dict[int, str]] | None = None) -> list[Booking]:
    trainers: dict[int, dict[int, str]] = {}
    for session_id, person_id, name in session.execute(
        select(SessionTrainer.session_id, Person.id, Person.display_name)
        .join(Person, Person.id == SessionTrainer.person_id)
        .where(SessionTrainer.session_id.in_([row[0] for row in rows]))
    ):
        trainers.setdefault(session_id, {})[person_id] = name
    found = []
    for session_id, course_id, code, number, local, zone_name, minutes, venue, extra in rows:
        starts = resolve(local, zone_name)
        found.append(
            Booking(
                course=code,
                number=number,
                starts_at=starts,
                ends_at=ends_at(starts, minutes),
                venue=venue,
                trainers=trainers.get(session_id, {}),
                trainees={} if extra else (trainees or {}).get(course_id, {}),
                key=session_id,
                extra=extra,
            )
        )
    return found
