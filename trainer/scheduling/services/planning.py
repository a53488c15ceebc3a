"""Planning sessions: a run at once, or one more."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from trainer.audit.services import record
from trainer.cohorts import policy as courses
from trainer.cohorts.models import Course
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.database import lock, session, transaction
from trainer.core.errors import Invalid, Refused
from trainer.core.registered import registered
from trainer.core.text import Text, msg
from trainer.curriculum.queries import programme_of
from trainer.scheduling.models import Session, Venue
from trainer.scheduling.queries import (
    bookings_around,
    clashes_of,
    course_bookings,
    sessions_of,
    venue_by_name,
)
from trainer.scheduling.queries.bookings import with_trainees
from trainer.scheduling.rules import (
    LONGEST_MINUTES,
    Booking,
    Clash,
    Closure,
    Plan,
    PlannedModule,
    PlanVenue,
    SessionStatus,
    WallTime,
    clashes,
    ends_at,
    next_stamp,
    occurrence,
    plan_weekly,
    resolve,
)
from trainer.scheduling.services.holidays import public_holiday
from trainer.scheduling.services.venues import ensure_venue


@dataclass(frozen=True)
class Preview:
    """A run that could be planned: the sessions, the weeks left out and why, and what it would clash with."""

    plan: Plan
    clashes: list[Clash]


def plan(
    actor: Actor,
    course: Course,
    first: dt.date,
    time: dt.time,
    venues: Sequence[str],
    *,
    modules: Sequence[str] | None = None,
    minutes: int | None = None,
    closures: Iterable[Closure] = (),
    every_weeks: int = 1,
) -> list[Session]:
    """Plans the weekly sessions of the modules over alternating venues, from `first` on; past dates are fine.

    A module has as many sessions as its programme says, by default one; a repeat is none of them.
    `modules` are the codes to plan, in order; without, those of the course's programme that have no session
    yet. `minutes` replaces the lengths that the programme gives. Unknown venues are made. Raises Invalid for
    what cannot be planned, Refused for who may not and for times at which the course has a session already.
    """
    with transaction():
        course = _locked(actor, course)
        laid = _lay(course, first, time, venues, modules, minutes, closures, every_weeks)
        by_name = {
            name: ensure_venue(actor, name, timezone=course.timezone).id for name in map(_tidy, venues)
        }
        refuse_overlaps(course.id, [(s.starts_local, s.minutes) for s in laid.slots], course.timezone)
        made = [
            new_session(
                course, slot.number, slot.module_code, slot.starts_local, slot.minutes, by_name[slot.venue]
            )
            for slot in laid.slots
        ]
        session.add_all(made)
        session.flush()
        record(
            actor,
            "sessions.planned",
            f"course:{course.id}",
            sessions=[one.number for one in made],
            first=made[0].starts_local,
            last=made[-1].starts_local,
            skipped=[skip.day for skip in laid.skipped],
        )
        return made


def preview(
    course: Course,
    first: dt.date,
    time: dt.time,
    venues: Sequence[str],
    *,
    modules: Sequence[str] | None = None,
    minutes: int | None = None,
    closures: Iterable[Closure] = (),
    every_weeks: int = 1,
) -> Preview:
    """What `plan` would do with the same arguments, and what that clashes with; writes nothing."""
    laid = _lay(course, first, time, venues, modules, minutes, closures, every_weeks)
    wanted = []
    for slot in laid.slots:
        starts = resolve(slot.starts_local, course.timezone)
        ends = ends_at(starts, slot.minutes)
        wanted.append(Booking(course.code, slot.number, starts, ends, slot.venue))
    others = bookings_around(course, wanted)
    trainees = {person: name for booking in others for person, name in booking.trainees.items()}
    wanted = [with_trainees(booking, trainees) for booking in wanted]
    return Preview(laid, clashes(wanted, course_bookings(course) + others))


def add_session(
    actor: Actor,
    course: Course,
    module_code: str,
    starts_local: dt.datetime,
    venue: str,
    *,
    minutes: int | None = None,
    title: str | None = None,
    extra: bool = False,
) -> Session:
    """Adds one session with the next number. `minutes` without a value are those of the module's first session.

    An `extra` session repeats the module for those who missed it, and is in nobody's base.

    Raises Invalid for a module that the programme has not, Refused as `plan`.
    """
    with transaction():
        course = _locked(actor, course)
        module = _modules(course, [module_code], minutes)[0]
        starts_local = settled(starts_local, course.timezone)
        refuse_overlaps(course.id, [(starts_local, module.minutes)], course.timezone)
        place = ensure_venue(actor, venue, timezone=course.timezone)
        number = 1 + max((row.number for row in sessions_of(course.id)), default=0)
        made = new_session(course, number, module.code, starts_local, module.minutes, place.id)
        made.title = title or None
        made.extra = extra
        session.add(made)
        session.flush()
        record(
            actor,
            "session.added",
            f"session:{made.id}",
            number=number,
            starts=starts_local,
            extra=extra or None,
        )
        registered("trainer_sessions_changed")(actor, course.id, [made.id], "added")
        return made


def new_session(
    course: Course, number: int, module_code: str, starts_local: dt.datetime, minutes: int, venue_id: int
) -> Session:
    """A session not yet written, with its permanent uid: random, so that it says nothing of the course."""
    stamp = next_stamp(None, clock.now())
    return Session(
        course_id=course.id,
        number=number,
        module_code=module_code,
        starts_local=starts_local,
        timezone=course.timezone,
        minutes=minutes,
        venue_id=venue_id,
        status=SessionStatus.PLANNED.value,
        uid=str(uuid.uuid4()),
        sequence=0,
        created_at=stamp,
        updated_at=stamp,
        note="",
    )


def settled(starts_local: dt.datetime, timezone: str) -> dt.datetime:
    """The wall time to keep: to the minute, and where the clocks jump over it, what it becomes.

    Raises Invalid for a time that carries a zone of its own, or a year out of range.
    """
    if starts_local.tzinfo is not None or not 1990 <= starts_local.year <= 2200:
        raise Invalid(msg("%(when)s is not a date and time for a session.", when=starts_local.isoformat(" ")))
    return resolve(starts_local.replace(second=0, microsecond=0), timezone).replace(tzinfo=None, fold=0)


def refuse_overlaps(
    course_id: int, wanted: Sequence[tuple[dt.datetime, int]], timezone: str, but: int | None = None
) -> None:
    """Raises Refused when a wanted (wall time, minutes) falls on another session of the course.

    Cancelled sessions are no hindrance, nor is the session with the id `but`.
    """
    taken = [
        (row.starts_at, row.ends_at, row.number)
        for row in sessions_of(course_id)
        if not row.is_cancelled and row.id != but
    ]
    for local, minutes in wanted:
        starts = resolve(local, timezone)
        ends = ends_at(starts, minutes)
        for other_starts, other_ends, number in taken:
            if starts < other_ends and other_starts < ends:
                raise Refused(
                    msg(
                        "The course meets then already: session %(number)s on %(day)s.",
                        number=number,
                        day=local,
                    )
                )


def warnings_of(course: Course, session_ids: Collection[int] | None = None) -> list[Text]:
    """What to look at in the planned sessions, or in those named: holidays, odd hours, clashes."""
    found = []
    for row in sessions_of(course.id):
        if not row.is_planned or (session_ids is not None and row.id not in session_ids):
            continue
        day = row.starts_local.date()
        if name := public_holiday(row.venue_region, day):
            found.append(
                msg(
                    "Session %(number)s is on %(day)s, a public holiday in %(venue)s: %(holiday)s.",
                    number=row.number,
                    day=day,
                    venue=row.venue,
                    holiday=name,
                )
            )
        if occurrence(row.starts_local, row.timezone) is WallTime.TWICE:
            found.append(
                msg(
                    "The clocks go back on %(day)s: session %(number)s begins the first time its hour comes.",
                    number=row.number,
                    day=day,
                )
            )
    return found + [clash.text() for clash in clashes_of(course, session_ids)]


def _locked(actor: Actor, course: Course) -> Course:
    course = lock(Course, course.id)
    if not courses.can_manage(actor, course):
        raise Refused(msg("Only organisers of the course's provider may plan its sessions."))
    return course


def _lay(
    course: Course,
    first: dt.date,
    time: dt.time,
    venues: Sequence[str],
    modules: Sequence[str] | None,
    minutes: int | None,
    closures: Iterable[Closure],
    every_weeks: int,
) -> Plan:
    rows = sessions_of(course.id)
    if modules is None:
        taught = {row.module_code for row in rows if not row.is_cancelled and not row.extra}
        codes = [m.code for m in programme_of(course.programme_version_id).modules if m.code not in taught]
        if not codes:
            raise Invalid(msg("Every module has a session already. Add single sessions instead."))
    else:
        codes = list(modules)
    settled(dt.datetime.combine(first, time), course.timezone)
    return plan_weekly(
        first,
        time.replace(second=0, microsecond=0),
        _modules(course, codes, minutes),
        [PlanVenue(name, _region(name)) for name in map(_tidy, venues) if name],
        course.timezone,
        holiday=public_holiday,
        closures=closures,
        first_number=1 + max((row.number for row in rows), default=0),
        every_weeks=every_weeks,
    )


def _modules(course: Course, codes: Sequence[str], minutes: int | None) -> list[PlannedModule]:
    if minutes is not None and not 1 <= minutes <= LONGEST_MINUTES:
        raise Invalid(msg("A session lasts between 1 and %(most)s minutes.", most=LONGEST_MINUTES))
    known = {module.code: module for module in programme_of(course.programme_version_id).modules}
    for code in codes:
        if code not in known:
            raise Invalid(msg("The programme has no module %(code)s.", code=code))
    return [PlannedModule(code, minutes or each) for code in codes for each in known[code].meetings]


def _region(name: str) -> str:
    venue: Venue | None = venue_by_name(name)
    return venue.region if venue is not None else "ES-CT"


def _tidy(name: str) -> str:
    return " ".join(name.split())
