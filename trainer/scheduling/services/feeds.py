"""Secret calendar addresses: making, renewing and revoking. A change of password leaves them as they are."""

from __future__ import annotations

import secrets

from trainer.audit.services import record
from trainer.cohorts import policy as courses
from trainer.cohorts.models import Course
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.database import lock, session, transaction
from trainer.core.errors import Refused
from trainer.core.text import msg
from trainer.people.models import Person
from trainer.scheduling.models import Feed
from trainer.scheduling.queries import own_feed

NO_CALENDAR = msg("There is no such calendar.")
TOKEN_BYTES = 24
"""192 random bits: nobody guesses an address."""


def create_feed(actor: Actor, course: Course | None = None) -> Feed:
    """The actor's address in force, made if there is none: of their own calendar, or of a course they staff.

    Raises Refused for the command line, which has no calendar, and for a course that is not theirs.
    """
    with transaction():
        person_id = _person(actor)
        if course is not None and not courses.can_see(actor, course):
            raise Refused(msg("Only staff of the course's provider may follow its calendar."))
        course_id = course.id if course is not None else None
        found = own_feed(person_id, course_id)
        return found if found is not None else _new(actor, person_id, course_id)


def renew_feed(actor: Actor, course: Course | None = None) -> Feed:
    """Revokes the actor's address and makes a new one; calendars that follow the old one get no more."""
    with transaction():
        person_id = _person(actor)
        if course is not None and not courses.can_see(actor, course):
            raise Refused(msg("Only staff of the course's provider may follow its calendar."))
        old = _revoked(actor, person_id, course)
        made = _new(actor, person_id, course.id if course is not None else None)
        if old is not None:
            made.show_titles, made.titled_at = old.show_titles, old.titled_at
        return made


def revoke_feed(actor: Actor, course: Course | None = None) -> None:
    """Revokes the actor's address; done as well when there is none."""
    with transaction():
        _revoked(actor, _person(actor), course)


def choose_titles(actor: Actor, show: bool) -> None:
    """Says whether the actor's own calendar shows the titles of sessions. Course calendars never do."""
    with transaction():
        feed = own_feed(_person(actor))
        if feed is None or feed.show_titles == show:
            return
        feed.show_titles, feed.titled_at = show, clock.now().replace(microsecond=0)
        record(actor, "feed.titles", f"feed:{feed.id}", show=show)


def _person(actor: Actor) -> int:
    """The actor's own id, with the row locked: of two requests at once the second finds the first's feed."""
    if actor.person_id is None:
        raise Refused(msg("A calendar address belongs to a person: sign in, or name one."))
    return lock(Person, actor.person_id).id


def _new(actor: Actor, person_id: int, course_id: int | None) -> Feed:
    feed = Feed(
        person_id=person_id,
        course_id=course_id,
        token=secrets.token_urlsafe(TOKEN_BYTES),
        created_at=clock.now(),
        show_titles=False,
    )
    session.add(feed)
    session.flush()
    record(actor, "feed.created", f"feed:{feed.id}", course=course_id)
    return feed


def _revoked(actor: Actor, person_id: int, course: Course | None) -> Feed | None:
    feed = own_feed(person_id, course.id if course is not None else None)
    if feed is not None:
        feed.revoked_at = clock.now()
        session.flush()
        record(actor, "feed.revoked", f"feed:{feed.id}")
    return feed
