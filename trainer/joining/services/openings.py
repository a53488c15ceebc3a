"""Commands on openings and information sessions, by the course's organisers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import delete

from trainer.audit.services import record
from trainer.cohorts.models import Course
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.database import lock, session, transaction
from trainer.core.errors import Invalid, Refused
from trainer.core.text import Text, msg
from trainer.joining import queries, rules
from trainer.joining.models import Candidate, EntityPlaces, InfoSession, Opening
from trainer.joining.services.common import mail, note, opening_locked, organisers_only


@dataclass(frozen=True)
class OpeningInput:
    """What an opening says. `kept`: places by entity id; `answers`: words by language, by question code."""

    opens_on: date
    closes_on: date
    places: int
    keep_until: date
    references_asked: int = 0
    needs_confirmation: bool = False
    kept: Mapping[int, int] = field(default_factory=dict)
    answers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    welcome: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class InfoInput:
    """An information session: wall time in the course's zone, minutes, a place or an address, seats (None: no limit)."""

    starts_local: datetime
    minutes: int
    place: str
    url: str = ""
    capacity: int | None = None


def save_opening(actor: Actor, course: Course, new: OpeningInput) -> Opening:
    """Opens a course to candidates, or changes the opening. Raises Invalid with everything that does not fit."""
    kept = {entity: number for entity, number in new.kept.items() if number}
    problems = rules.opening_problems(new.opens_on, new.closes_on, new.keep_until, new.places, kept)
    if not 0 <= new.references_asked <= 3:
        problems.append(msg("None to three references can be asked."))
    if unknown := set(new.answers) - set(rules.QUESTIONS):
        problems.append(msg("There is no question %(code)s.", code=sorted(unknown)[0]))
    if problems:
        raise Invalid(msg("The opening was not saved."), problems)
    with transaction() as current:
        row = lock(Course, course.id)
        organisers_only(actor, row)
        opening = current.get(Opening, row.id)
        created = opening is None
        if opening is None:
            opening = Opening(course_id=row.id)
            current.add(opening)
        opening.opens_on, opening.closes_on = new.opens_on, new.closes_on
        opening.places, opening.keep_until = new.places, new.keep_until
        opening.references_asked = new.references_asked
        opening.needs_confirmation = new.needs_confirmation
        tidy = {code: rules.tidy_words(words) for code, words in new.answers.items()}
        opening.answers = {code: words for code, words in tidy.items() if words}
        opening.welcome = rules.tidy_words(new.welcome)
        opening.updated_at = clock.now()
        current.flush()
        current.execute(delete(EntityPlaces).where(EntityPlaces.course_id == row.id))
        current.add_all(
            EntityPlaces(course_id=row.id, entity_id=entity, places=number) for entity, number in kept.items()
        )
        record(
            actor,
            "opening.created" if created else "opening.changed",
            f"course:{row.id}",
            opens_on=new.opens_on,
            closes_on=new.closes_on,
            places=new.places,
            kept={str(entity): number for entity, number in kept.items()},
            keep_until=new.keep_until,
        )
    return opening


def close_opening(actor: Actor, course: Course) -> Opening:
    """Takes no more candidates from today on. Raises Refused while somebody still waits for an answer."""
    with transaction():
        row = lock(Course, course.id)
        organisers_only(actor, row)
        opening = opening_locked(row.id)
        if waiting := queries.unanswered(row.id):
            raise Refused(
                msg(
                    "%(number)s people still wait for an answer. Nobody is left without one: answer them first.",
                    number=str(len(waiting)),
                )
            )
        yesterday = clock.today(row.timezone) - timedelta(days=1)
        if opening.closes_on > yesterday:
            opening.closes_on = yesterday
            opening.opens_on = min(opening.opens_on, yesterday)
            opening.updated_at = clock.now()
            record(actor, "opening.closed", f"course:{row.id}")
    return opening


def save_info_session(
    actor: Actor, course: Course, new: InfoInput, info: InfoSession | None = None
) -> InfoSession:
    """Adds or changes an information session; who chose it hears of another time or place by mail."""
    problems: list[Text] = []
    place, url = new.place.strip(), new.url.strip()
    if not place and not url:
        problems.append(msg("Say where: a place, or the address of an online meeting."))
    if url and not _is_web(url):
        problems.append(msg("The address of an online meeting begins with https://."))
    if len(place) > 200 or len(url) > 500:
        problems.append(msg("The place is too long."))
    if not 1 <= new.minutes <= 1440:
        problems.append(msg("It lasts between one minute and a day."))
    if new.capacity is not None and new.capacity < 1:
        problems.append(msg("It has at least one seat, or no limit."))
    if problems:
        raise Invalid(msg("The information session was not saved."), problems)
    with transaction() as current:
        row = lock(Course, course.id)
        organisers_only(actor, row)
        opening_locked(row.id)
        if info is None:
            one = InfoSession(course_id=row.id, timezone=row.timezone)
            current.add(one)
        else:
            one = lock(InfoSession, info.id)
            if one.cancelled_at is not None:
                raise Refused(msg("This information session was cancelled."))
        elsewhere = info is not None and (one.starts_local, one.place, one.url or "") != (
            new.starts_local,
            place,
            url,
        )
        one.starts_local, one.minutes, one.place = new.starts_local, new.minutes, place
        one.url, one.capacity = url or None, new.capacity
        current.flush()
        if elsewhere:
            for candidate in queries.chose(one.id):
                mail(row, candidate, "info_session", info=one, changed=True)
        what = "info_session.added" if info is None else "info_session.changed"
        record(actor, what, f"info_session:{one.id}", course=row.code, starts=new.starts_local)
    return one


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:  # an unclosed bracket, say
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def cancel_info_session(actor: Actor, info: InfoSession) -> InfoSession:
    """Cancels it; who chose it gets a mail, and can choose another."""
    with transaction():
        course = lock(Course, info.course_id)
        organisers_only(actor, course)
        row = lock(InfoSession, info.id)
        if row.cancelled_at is None:
            row.cancelled_at = clock.now()
            for candidate in _free(row):
                mail(course, candidate, "info_cancelled", info=row)
                note(actor, candidate, "session_cancelled")
            record(actor, "info_session.cancelled", f"info_session:{row.id}", course=course.code)
    return row


def _free(info: InfoSession) -> list[Candidate]:
    """Takes everybody out of a session."""
    found = queries.chose(info.id)
    for candidate in found:
        candidate.info_session_id, candidate.came_to_info = None, None
    session.flush()
    return found
