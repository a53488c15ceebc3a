"""Calendar feeds: whose address it is, and what goes into it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased

from trainer.cohorts.models import Course, Enrolment
from trainer.cohorts.policy import STAFF
from trainer.core import clock
from trainer.core.database import session
from trainer.core.i18n import localised, say
from trainer.core.text import msg
from trainer.curriculum.queries import programme_of
from trainer.people.models import Membership, Person
from trainer.scheduling.models import Feed, Session, SessionTrainer
from trainer.scheduling.queries.sessions import COLUMNS, as_row, select_rows, sessions_of
from trainer.scheduling.rules import CalendarEvent


@dataclass(frozen=True)
class OpenFeed:
    """A feed that answers: whose, of which course (None: the person's own), and how it is shown."""

    id: int
    person_id: int
    language: str | None
    course_id: int | None
    course_code: str | None
    show_titles: bool
    titled_at: datetime | None


@dataclass(frozen=True)
class FeedRow:
    """An address that a person has now."""

    id: int
    token: str
    course_id: int | None
    show_titles: bool


@dataclass(frozen=True)
class CalendarCourse:
    """A course whose calendar a person can subscribe to as staff, with the address if there is one."""

    id: int
    code: str
    title: str
    feed: FeedRow | None


def open_feed(token: str) -> OpenFeed | None:
    """The feed of that address; None when unknown, revoked, of an erased person or a course no longer theirs.

    One statement whatever the answer, so that an unknown address takes the time of any other.
    """
    row = session.execute(
        select(
            Feed.id,
            Feed.person_id,
            Person.language,
            Feed.course_id,
            Course.code,
            Feed.show_titles,
            Feed.titled_at,
        )
        .join(Person, Person.id == Feed.person_id)
        .join(Course, Course.id == Feed.course_id, isouter=True)
        .where(
            Feed.token == token,
            Feed.revoked_at.is_(None),
            Person.erased_at.is_(None),
            or_(Feed.course_id.is_(None), _staff_of(Feed.person_id, Course.organisation_id)),
        )
    ).one_or_none()
    return OpenFeed(*row) if row is not None else None


def own_feed(person_id: int, course_id: int | None = None) -> Feed | None:
    """The address in force of a person: their own calendar's, or that of one course."""
    return session.execute(
        select(Feed).where(
            Feed.person_id == person_id,
            Feed.revoked_at.is_(None),
            Feed.course_id.is_(None) if course_id is None else Feed.course_id == course_id,
        )
    ).scalar_one_or_none()


def feeds_of(person_id: int) -> dict[int | None, FeedRow]:
    """The addresses in force of a person by course id; None is their own calendar."""
    rows = session.execute(
        select(Feed.id, Feed.token, Feed.course_id, Feed.show_titles).where(
            Feed.person_id == person_id, Feed.revoked_at.is_(None)
        )
    )
    return {row.course_id: FeedRow(*row) for row in rows}


def calendar_courses(person_id: int, feeds: dict[int | None, FeedRow]) -> list[CalendarCourse]:
    """The courses whose staff the person is and that are not closed, latest first."""
    rows = session.execute(
        select(Course.id, Course.code, Course.title)
        .where(Course.status != "closed", _staff_of(person_id, Course.organisation_id))
        .order_by(Course.starts_on.desc(), Course.code)
    )
    return [CalendarCourse(*row, feed=feeds.get(row.id)) for row in rows]


def course_events(course_id: int, course_code: str) -> list[CalendarEvent]:
    """The sessions of a course as neutral events. One statement."""
    return [row.event(course_code) for row in sessions_of(course_id)]


class SessionsSource:
    """The calendar source of sessions: the courses a person is on, and the sessions they train at."""

    name = "sessions"

    def events(self, person_id: int) -> list[CalendarEvent]:
        """One statement, and one or two for each version of a programme.

        Whoever left keeps the sessions up to that day; invitations that were not taken up show nothing. A repeat is in nobody's
        calendar but its trainers': who makes something up there has it from the source of make-ups.
        """
        mine = aliased(Enrolment)
        trains = select(SessionTrainer.session_id).where(SessionTrainer.person_id == person_id)
        enrolled = and_(
            mine.status != "invited",
            or_(mine.status != "withdrawn", Session.starts_local < mine.left_on),
            Session.extra.is_(False),
        )
        found = session.execute(
            select_rows()
            .add_columns(Course.code, Course.programme_version_id)
            .join(Course, Course.id == Session.course_id)
            .join(mine, and_(mine.course_id == Course.id, mine.person_id == person_id), isouter=True)
            .where(or_(enrolled, Session.id.in_(trains)))
            .order_by(Session.starts_local, Session.id)
        )
        return _titled(found)


def events_where(condition: ColumnElement[bool]) -> list[CalendarEvent]:
    """Sessions that fulfil a condition, as events with their titles in the language in use. Statements as above."""
    return _titled(
        session.execute(
            select_rows()
            .add_columns(Course.code, Course.programme_version_id)
            .join(Course, Course.id == Session.course_id)
            .where(condition)
            .order_by(Session.starts_local, Session.id)
        )
    )


def _titled(found: Iterable[Any]) -> list[CalendarEvent]:
    titles: dict[int, dict[str, str]] = {}
    events = []
    for found_row in found:
        code, version_id = found_row[len(COLUMNS) :]
        row = as_row(found_row)
        if version_id not in titles:
            modules = programme_of(version_id).modules
            titles[version_id] = {module.code: localised(module.title) for module in modules}
        title = row.title or titles[version_id].get(row.module_code, row.module_code)
        if row.extra:
            title = say(msg("%(title)s (a repeat)", title=title))
        events.append(row.event(code, title))
    return events


def _staff_of(person_id: Any, organisation_id: Any) -> ColumnElement[bool]:
    """Whether a person is staff of an organisation today, or an administrator: as cohorts.policy.can_see."""
    return (
        select(Membership.id)
        .where(
            Membership.person_id == person_id,
            or_(Membership.ended_on.is_(None), Membership.ended_on > clock.today()),
            or_(
                Membership.role == "admin",
                and_(Membership.role.in_(STAFF), Membership.organisation_id == organisation_id),
            ),
        )
        .exists()
    )
