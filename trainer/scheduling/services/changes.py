"""Changing sessions in ways that registers allow and calendars follow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Protocol
from urllib.parse import urlsplit

from sqlalchemy import delete, select

from trainer.audit.services import record
from trainer.cohorts import policy as courses
from trainer.cohorts.models import Course, Enrolment
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.database import lock, session, transaction
from trainer.core.errors import Invalid, Missing, Refused
from trainer.core.registered import registered
from trainer.core.text import msg
from trainer.curriculum.queries import programme_of
from trainer.scheduling.models import Session, SessionHandout, SessionTrainer
from trainer.scheduling.queries import possible_trainers
from trainer.scheduling.rules import LONGEST_MINUTES, SessionStatus, next_stamp, why_not_change
from trainer.scheduling.services.planning import refuse_overlaps, settled
from trainer.scheduling.services.venues import ensure_venue

LONGEST_REASON = 300
NO_HANDOUT = msg("This hand-out is not here (any more).")
WEB = ("http", "https")


class SessionRef(Protocol):
    """A session by its ids: an entity or a row."""

    @property
    def id(self) -> int: ...
    @property
    def course_id(self) -> int: ...


def move(actor: Actor, session_: SessionRef, starts_local: dt.datetime, venue: str | None = None) -> Session:
    """Moves a session to another wall time and, with `venue`, another place; an unknown venue is made.

    The uid stays, sequence and updated_at rise; nothing rises when nothing changes. Raises Refused for a
    held or cancelled session, for a time at which the course meets already, and for who may not.
    """
    with transaction():
        course, one = _open(actor, session_)
        _changeable(one)
        starts_local = settled(starts_local, one.timezone)
        refuse_overlaps(course.id, [(starts_local, one.minutes)], one.timezone, but=one.id)
        place = one.venue_id
        if venue is not None:
            place = ensure_venue(actor, venue, timezone=course.timezone).id
        if (one.starts_local, one.venue_id) == (starts_local, place):
            return one
        before = one.starts_local
        one.starts_local, one.venue_id = starts_local, place
        touch(one)
        record(actor, "session.moved", f"session:{one.id}", before=before, after=starts_local, venue=place)
        registered("trainer_sessions_changed")(actor, course.id, [one.id], "moved")
        return one


def cancel(actor: Actor, session_: SessionRef, reason: str) -> Session:
    """Cancels a session for good; calendars show it as cancelled. Needs a reason (Invalid without).

    Raises Refused for a held or cancelled session and for who may not.
    """
    reason = " ".join(reason.split())
    if not reason:
        raise Invalid(msg("Say why the session is cancelled."))
    if len(reason) > LONGEST_REASON:
        raise Invalid(msg("The reason is longer than %(most)s characters.", most=LONGEST_REASON))
    with transaction():
        _, one = _open(actor, session_)
        _changeable(one)
        one.status, one.cancel_reason = SessionStatus.CANCELLED.value, reason
        touch(one)
        record(actor, "session.cancelled", f"session:{one.id}", sequence=one.sequence)
        registered("trainer_sessions_changed")(actor, one.course_id, [one.id], "cancelled")
        return one


def edit(
    actor: Actor,
    session_: SessionRef,
    *,
    module_code: str,
    minutes: int,
    title: str = "",
    note: str = "",
    extra: bool | None = None,
) -> Session:
    """Changes what a session teaches, its planned length, its own title and the note for trainers.

    Module and length of a held session stay as they were: Refused. What shows in calendars counts as a
    change there. `extra` says whether the session is a repeat, which is in nobody's base; None leaves it as it is. Refused once
    somebody was marked there, or makes something up there or for it: their figures would change unseen.
    """
    with transaction():
        course, one = _open(actor, session_)
        extra = one.extra if extra is None else extra
        if not 1 <= minutes <= LONGEST_MINUTES:
            raise Invalid(msg("A session lasts between 1 and %(most)s minutes.", most=LONGEST_MINUTES))
        known = {module.code for module in programme_of(course.programme_version_id).modules}
        if module_code not in known | {one.module_code}:
            raise Invalid(msg("The programme has no module %(code)s.", code=module_code))
        own_title = " ".join(title.split()) or None
        if (one.module_code, one.minutes) != (module_code, minutes):
            _changeable(one)
            refuse_overlaps(course.id, [(one.starts_local, minutes)], one.timezone, but=one.id)
        if one.extra != extra:
            _changeable(one)
            if (reason := registered("trainer_session_in_use")(one.id)) is not None:
                raise Refused(reason)
        before = one.extra
        shown = (one.module_code, one.minutes, one.title, one.extra) != (
            module_code,
            minutes,
            own_title,
            extra,
        )
        if not shown and one.note == note.strip():
            return one
        one.module_code, one.minutes, one.title, one.note = module_code, minutes, own_title, note.strip()
        one.extra = extra
        if shown:
            touch(one)
        record(
            actor,
            "session.edited",
            f"session:{one.id}",
            module=module_code,
            minutes=minutes,
            extra=extra if before != extra else None,
        )
        if before != extra:
            shares_changed(actor, one.course_id)
        if shown:
            registered("trainer_sessions_changed")(actor, course.id, [one.id], "edited")
        return one


def set_effective_minutes(actor: Actor, session_: SessionRef, minutes: int | None) -> Session:
    """Records how long a held session really took, in minutes; None goes back to the planned length.

    Attendance reckons with it (domain page, Attendance 3). Raises Refused for a session that was not held.
    """
    with transaction():
        _, one = _open(actor, session_, teaching=True)
        if one.status != SessionStatus.HELD:
            raise Refused(msg("How long a session took is recorded once its register is saved."))
        if minutes is not None and not 1 <= minutes <= LONGEST_MINUTES:
            raise Invalid(msg("A session lasts between 1 and %(most)s minutes.", most=LONGEST_MINUTES))
        if minutes == one.minutes:
            minutes = None
        if one.effective_minutes != minutes:
            before, one.effective_minutes = one.effective_minutes, minutes
            record(
                actor,
                "session.length",
                f"session:{one.id}",
                before=before or one.minutes,
                after=minutes or one.minutes,
            )
            if not one.extra:  # a repeat is in nobody's share
                shares_changed(actor, one.course_id)
            registered("trainer_sessions_changed")(actor, one.course_id, [one.id], "length")
        return one


def shares_changed(actor: Actor, course_id: int) -> None:
    """Everybody's share is another: what was issued is flagged, never changed (domain page, Accreditation 4)."""
    session.flush()
    for enrolment_id in session.scalars(
        select(Enrolment.id)
        .where(Enrolment.course_id == course_id, Enrolment.status != "invited")
        .order_by(Enrolment.id)
    ).all():
        registered("trainer_facts_corrected")(actor, enrolment_id)


def set_trainers(actor: Actor, session_: SessionRef, person_ids: Collection[int]) -> None:
    """Says who trains at a session: trainers or organisers of the provider, or whoever was named before."""
    with transaction():
        course, one = _open(actor, session_, teaching=True)
        before = set(
            session.scalars(select(SessionTrainer.person_id).where(SessionTrainer.session_id == one.id))
        )
        wanted = set(person_ids)
        if wanted == before:
            return
        if wanted - before - {person.id for person in possible_trainers(course)}:
            raise Invalid(msg("Only trainers and organisers of the course's provider train at its sessions."))
        session.execute(
            delete(SessionTrainer).where(
                SessionTrainer.session_id == one.id, SessionTrainer.person_id.in_(before - wanted)
            )
        )
        session.add_all(
            SessionTrainer(session_id=one.id, person_id=person) for person in sorted(wanted - before)
        )
        record(actor, "session.trainers", f"session:{one.id}", before=sorted(before), after=sorted(wanted))


def add_handout(actor: Actor, session_: SessionRef, title: str, url: str) -> SessionHandout:
    """Adds a hand-out by its web address. Raises Invalid for anything but http and https."""
    title, url = " ".join(title.split()), url.strip()
    try:
        address = urlsplit(url)
    except ValueError:
        address = urlsplit("")
    if address.scheme not in WEB or not address.hostname or len(url) > 500:
        raise Invalid(msg("The address of a hand-out begins with https:// or http://."))
    if not title or len(title) > 200:
        raise Invalid(msg("A hand-out needs a title of at most 200 characters."))
    with transaction():
        _, one = _open(actor, session_, teaching=True)
        made = SessionHandout(session_id=one.id, title=title, url=url)
        session.add(made)
        session.flush()
        record(actor, "session.handout_added", f"session:{one.id}", handout=made.id)
        return made


def remove_handout(actor: Actor, session_: SessionRef, handout_id: int) -> None:
    """Takes a hand-out away. Raises Missing when the session has none of that id."""
    with transaction():
        _, one = _open(actor, session_, teaching=True)
        found = session.get(SessionHandout, handout_id)
        if found is None or found.session_id != one.id:
            raise Missing(NO_HANDOUT)
        session.delete(found)
        record(actor, "session.handout_removed", f"session:{one.id}", handout=handout_id)


def mark_held(session_: SessionRef) -> None:
    """A register was saved: the session is held. Called inside the register's transaction, which audits it.

    Raises Refused for a cancelled session.
    """
    one = _fresh(session_)
    if one.status == SessionStatus.CANCELLED:
        raise Refused(msg("Session %(number)s is cancelled: it has no register.", number=one.number))
    one.status = SessionStatus.HELD.value


def mark_planned(session_: SessionRef) -> None:
    """The register was withdrawn: the session is planned again, and its recorded length goes too."""
    one = _fresh(session_)
    if one.status == SessionStatus.HELD:
        one.status, one.effective_minutes = SessionStatus.PLANNED.value, None


def touch(one: Session) -> None:
    """Counts a change that calendars follow (RFC 5545, 3.8.7.3 and 3.8.7.4)."""
    one.sequence += 1
    one.updated_at = next_stamp(one.updated_at, clock.now())


def _open(actor: Actor, session_: SessionRef, *, teaching: bool = False) -> tuple[Course, Session]:
    """Course (locked: its sessions change one at a time) and session, for an actor who may."""
    course = lock(Course, session_.course_id)
    allowed = courses.can_teach if teaching else courses.can_manage
    if not allowed(actor, course):
        raise Refused(msg("Only staff of the course's provider may change its sessions."))
    return course, _fresh(session_)


def _fresh(session_: SessionRef) -> Session:
    return lock(Session, session_.id)


def _changeable(one: Session) -> None:
    if (reason := why_not_change(SessionStatus(one.status), one.number)) is not None:
        raise Refused(reason)
