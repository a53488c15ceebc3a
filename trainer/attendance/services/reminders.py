"""Reminders of agreed make-ups: the person before the day, the organisers once it has gone by. Each once for a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from trainer.attendance.models import MakeUp
from trainer.attendance.queries import reminders as queries
from trainer.attendance.queries.notices import ToTell, staff_to_tell
from trainer.attendance.queries.reminders import Agreed
from trainer.attendance.rules.make_ups import MakeUpStatus, Note, reminder_due
from trainer.attendance.services.shared import step, tell
from trainer.cohorts.models import Course
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.database import lock_all, session, transaction

_ITSELF = Actor(system=True)


@dataclass(frozen=True, slots=True)
class Reminded:
    """What a round of reminders did: people, and make-ups whose day went by of which organisers were told."""

    people: int = 0
    past: int = 0


def remind() -> Reminded:
    """Mails whoever has an agreed make-up before long, and the organisers of a course about those whose day has gone by; safe
    to repeat at any time. Neither subject nor text says who, what or why: that is read after signing in."""
    found = queries.agreed()
    sent = queries.said([one.id for one in found])
    coming: list[Agreed] = []
    gone: dict[int, list[Agreed]] = {}
    for one in found:
        agreed_on = one.agreed_at.astimezone(ZoneInfo(one.timezone)).date()
        note = reminder_due(one.until, one.serves_on, agreed_on, clock.today(one.timezone))
        if note is None or (one.id, note, one.until) in sent:
            continue
        if note is Note.PAST:
            gone.setdefault(one.course_id, []).append(one)
        elif one.email:
            coming.append(one)
    people = sum(_person(one) for one in coming)
    return Reminded(people, sum(_organisers(course_id, group) for course_id, group in gone.items()))


def _noted(group: Sequence[Agreed], note: Note) -> int:
    """Notes it with those that still stand as they were and of whom nobody else said it meanwhile; gives their number."""
    rows = lock_all(MakeUp, [one.id for one in group])
    sent = queries.said([one.id for one in group])
    until = {one.id: one.until for one in group}
    left = [
        one
        for one in rows
        if one.status == MakeUpStatus.AGREED
        and one.until == until[one.id]
        and (one.id, note, one.until) not in sent
    ]
    for one in left:
        step(_ITSELF, one, "reminded", note.value)
    return len(left)


def _person(one: Agreed) -> int:
    with transaction():
        if not _noted([one], Note.REMINDED):
            return 0
        to = ToTell(one.person_id, str(one.email), one.language)
        page = f"/me/courses/{one.course_code}/absences"
        tell([to], "attendance/mail/make_up_soon", _ITSELF, course=one.course_code, page=page)
    return 1


def _organisers(course_id: int, group: Sequence[Agreed]) -> int:
    with transaction():
        number = _noted(group, Note.PAST)
        if number:
            course = session.get_one(Course, course_id)
            page = f"/courses/{course.code}/absences/make-ups"
            tell(
                staff_to_tell(course),
                "attendance/mail/make_ups_past",
                _ITSELF,
                course=course.code,
                number=number,
                page=page,
            )
    return number
