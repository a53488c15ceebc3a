"""What make-ups and transferred credit do when that which they rest on changes: a register, a session, a place on a course.

Called in the transaction of the change, by this feature's services and, through what create_app registers, by those of courses
and sessions below. Nothing is erased: every change is one more step of the make-up, with a note that says why.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select

from trainer.attendance.models import MakeUp
from trainer.attendance.queries import inputs, session_facts
from trainer.attendance.queries.notices import ToTell, staff_to_tell
from trainer.attendance.queries.transfers import (
    Moved,
    moved_about,
    moved_around,
    moved_from,
    standing_for,
)
from trainer.attendance.rules import AttendanceRule, SessionFact
from trainer.attendance.rules.make_ups import MakeUpPolicy, MakeUpStatus, Note, Serving, Way, after_change
from trainer.attendance.rules.transfers import Carried, Earned, carried, carries
from trainer.attendance.services.shared import credit_changed, step, tell
from trainer.cohorts.models import Course, Enrolment
from trainer.cohorts.rules import Status
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.database import lock_all, session
from trainer.curriculum.queries import programme_of
from trainer.people.models import Person
from trainer.scheduling.models import Session

_OPEN = (MakeUpStatus.ASKED.value, MakeUpStatus.AGREED.value)


def facts_changed(actor: Actor, enrolment_ids: Collection[int]) -> None:
    """What these people attended or made up is another: what they took along to another course follows. One statement when
    nobody did."""
    if enrolment_ids:
        follow(actor, moved_from(enrolment_ids))


def place_free(actor: Actor, enrolment_id: int) -> None:
    """A make-up stands no more: what was taken along to this course can be credited in its place, and what was taken along
    from here follows. One statement when there is nothing of either."""
    follow(actor, moved_around(enrolment_id))


def attended(actor: Actor, session_id: int, enrolment_ids: Collection[int]) -> None:
    """These people were at the session from beginning to end: what was asked for or agreed for it is needless. One statement
    when nothing was."""
    if not enrolment_ids:
        return
    found = session.scalars(
        select(MakeUp).where(
            MakeUp.session_id == session_id,
            MakeUp.enrolment_id.in_(list(enrolment_ids)),
            MakeUp.status.in_(_OPEN),
        )
    ).all()
    if found:
        lock_all(Enrolment, {one.enrolment_id for one in found})
        for one in lock_all(MakeUp, [one.id for one in found]):
            _end(actor, one, Note.ATTENDED)
        _tell_people(actor, {one.enrolment_id for one in found}, "attendance/mail/make_up")


def enrolment_changed(actor: Actor, enrolment_id: int) -> None:
    """Somebody's place on a course, or their day of joining, is another. Who left or completed it makes up no more: the seat is
    free for somebody else. What was taken along to a course follows the day of joining."""
    session.flush()
    row = session.get_one(Enrolment, enrolment_id)
    if row.status in (Status.WITHDRAWN, Status.COMPLETED):
        keys = session.scalars(
            select(MakeUp.id).where(MakeUp.enrolment_id == enrolment_id, MakeUp.status.in_(_OPEN))
        ).all()
        for one in lock_all(MakeUp, keys) if keys else ():
            _end(actor, one, Note.LEFT)
    follow(actor, moved_around(enrolment_id))


def sessions_changed(actor: Actor, course_id: int, session_ids: Collection[int], what: str) -> None:
    """Sessions of a course were moved, cancelled, edited, added or took another time (`what`): what is made up at them or
    for them follows, and so does what people took along from or to this course. Two statements when there is nothing of it."""
    session.flush()
    keys = list(session_ids)
    found = session.execute(
        select(MakeUp.id, MakeUp.enrolment_id).where(
            or_(MakeUp.target_session_id.in_(keys), MakeUp.session_id.in_(keys)),
            MakeUp.way != Way.TRANSFER.value,
            MakeUp.status.in_((*_OPEN, MakeUpStatus.DONE.value)),
        )
    ).all()
    if found:
        lock_all(Enrolment, {key for _id, key in found})
        _after_sessions(actor, lock_all(MakeUp, [key for key, _enrolment in found]), keys, what)
    follow(actor, moved_about(course_id))


def _after_sessions(actor: Actor, make_ups: Sequence[MakeUp], keys: list[int], what: str) -> None:
    ids = {one.session_id for one in make_ups} | {one.target_session_id for one in make_ups}
    sessions = {one.id: one for one in session.scalars(select(Session).where(Session.id.in_(ids)))}
    people = _people({one.enrolment_id for one in make_ups})
    to_people: set[int] = set()
    to_staff: dict[int, Course] = {}
    for one in make_ups:
        course = people[one.enrolment_id][1]
        missed, target = sessions[one.session_id], sessions.get(one.target_session_id or 0)
        policy = MakeUpPolicy.from_document(programme_of(course.programme_version_id).attendance)
        change = after_change(
            one.status,
            one.until,
            Serving(missed.module_code, missed.starts_local.date(), missed.status),
            Serving(target.module_code, target.starts_local.date(), target.status) if target else None,
            policy.last_day(missed.starts_local.date()),
            moved=what == "moved" and one.target_session_id in keys,
        )
        if change is None:
            continue
        waits = change.status == MakeUpStatus.ASKED and one.words != change.note
        if change.status != one.status or change.until != one.until or waits:
            ended = change.status == MakeUpStatus.CALLED_OFF
            given_back = change.status == MakeUpStatus.ASKED and one.status != MakeUpStatus.ASKED
            one.status, one.until, one.words = change.status, change.until, change.note.value
            step(actor, one, "called_off" if ended else "given_back" if given_back else "moved")
        if one.status != MakeUpStatus.DONE:
            to_people.add(one.enrolment_id)
        if change.note is not Note.NO_SESSION:
            to_staff[course.id] = course
    _tell_people(actor, to_people, "attendance/mail/target")
    for course in to_staff.values():
        page = f"/courses/{course.code}/absences/make-ups"
        tell(staff_to_tell(course), "attendance/mail/target", actor, course=course.code, page=page)


def follow(actor: Actor, moved: Iterable[Moved]) -> None:
    """Works out again what these people took along, and further where they went on once more.

    The make-ups of a transfer become what the transfer would give today; whose credit falls to nothing is called off. What
    somebody took back by hand, or makes up another way, stays as it is. The organisers of the new course are told, and who
    has another figure. Its statements grow with the pairs of courses and with what changes, not with the people.
    """
    levels, seen, wave = [], set[int](), list(moved)
    while wave := [one for one in wave if one.to_id not in seen]:
        seen |= {one.to_id for one in wave}
        levels.append(wave)
        wave = moved_from([one.to_id for one in wave])
    if not seen:
        return
    there = {one.id: one for one in lock_all(Enrolment, seen)}
    courses: dict[int, Course] = {}
    figures: set[int] = set()
    for level in levels:
        pairs: dict[tuple[int, int], list[Moved]] = {}
        for one in level:
            pairs.setdefault((one.old_course_id, one.new_course_id), []).append(one)
        for (old_id, new_id), group in pairs.items():
            new = session.get_one(Course, new_id)
            for key, figure in _recount(actor, session.get_one(Course, old_id), new, group, there).items():
                courses[new_id] = new
                figures |= {key} if figure and there[key].status != Status.WITHDRAWN else set()
                credit_changed(actor, key)
    _tell_people(actor, figures, "attendance/mail/carried")
    for course in courses.values():
        page = f"/courses/{course.code}/absences/make-ups"
        tell(staff_to_tell(course), "attendance/mail/carried_staff", actor, course=course.code, page=page)


def _recount(
    actor: Actor, old: Course, new: Course, group: Sequence[Moved], there: Mapping[int, Enrolment]
) -> dict[int, bool]:
    """Whose credit on the new course changed, by enrolment, and whether its sum did."""
    session.flush()
    made_of = inputs(old.id, [one.from_id for one in group])
    here = AttendanceRule.from_document(programme_of(old.programme_version_id).attendance)
    rule = AttendanceRule.from_document(programme_of(new.programme_version_id).attendance)
    sessions = session_facts(new.id)
    standing = standing_for([one.to_id for one in group])
    changed = {}
    for one in group:
        joined_on = there[one.to_id].joined_on or one.effective_on
        last = max(one.effective_on, one.at.astimezone(ZoneInfo(old.timezone)).date())
        lines: Sequence[Carried] = ()
        if carries(rule, joined_on, new.starts_on):
            earned = [
                Earned(line.session.id, line.session.module_code, line.attended + line.made_up)
                for line in made_of[one.from_id].weigh(here).lines
                if line.session.on <= last  # what was attended after coming back belongs to the old course
            ]
            lines = carried(earned, sessions, joined_on)
        figure = _apply(actor, one, lines, sessions, standing.get(one.to_id, []))
        if figure is not None:
            changed[one.to_id] = figure
    return changed


def _apply(
    actor: Actor,
    moved: Moved,
    lines: Sequence[Carried],
    sessions: Sequence[SessionFact],
    make_ups: Sequence[MakeUp],
) -> bool | None:
    """None when nothing changed, else whether the sum of what is credited did."""
    ours = {one.session_id: one for one in make_ups if one.way == Way.TRANSFER and one.status == "done"}
    by_hand = {
        one.session_id
        for one in make_ups
        if (one.status == "called_off" and one.words != Note.RECOUNTED)
        or (one.way != Way.TRANSFER and one.status != "called_off")
    }
    wanted = {line.session.id: line for line in lines if line.session.id not in by_hand}
    before, after, steps = 0, 0, 0
    for one in sessions:
        made, line = ours.get(one.id), wanted.get(one.id)
        before += made.minutes if made else 0
        after += line.minutes if line else 0
        if made is not None and line is None:
            _end(actor, made, Note.RECOUNTED)
        elif made is not None and line is not None and made.minutes != line.minutes:
            made.minutes, made.target_session_id = line.minutes, line.from_session_id
            made.words = Note.RECOUNTED.value
            step(actor, made, "recounted")
        elif made is None and line is not None:
            fresh = credit_of(moved.to_id, line, moved.by, actor.person_id)
            fresh.words = Note.RECOUNTED.value
            session.add(fresh)
            step(actor, fresh, "recounted")
        else:
            continue
        steps += 1
    return before != after if steps else None


def credit_of(enrolment_id: int, line: Carried, approved_by: int | None, done_by: int | None) -> MakeUp:
    """The make-up that credits what somebody took along to a session of the new course."""
    now = clock.now()
    return MakeUp(
        enrolment_id=enrolment_id,
        session_id=line.session.id,
        way=Way.TRANSFER.value,
        target_session_id=line.from_session_id,
        minutes=line.minutes,
        status=MakeUpStatus.DONE.value,
        asked_by=approved_by,
        asked_at=now,
        approved_by=approved_by,
        approved_at=now,
        done_by=done_by,
        done_at=now,
    )


def _end(actor: Actor, make_up: MakeUp, note: Note) -> None:
    make_up.status, make_up.words = MakeUpStatus.CALLED_OFF.value, note.value
    step(actor, make_up, "called_off")


def _people(enrolment_ids: Collection[int]) -> dict[int, tuple[Person, Course]]:
    rows = session.execute(
        select(Enrolment.id, Person, Course)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Course, Course.id == Enrolment.course_id)
        .where(Enrolment.id.in_(list(enrolment_ids)))
        .order_by(Enrolment.id)
    )
    return {key: (person, course) for key, person, course in rows}


def _tell_people(actor: Actor, enrolment_ids: Collection[int], template: str) -> None:
    if not enrolment_ids:
        return
    for person, course in _people(enrolment_ids).values():
        if person.email:
            to = ToTell(person.id, person.email, person.language)
            page = f"/me/courses/{course.code}/absences"
            tell([to], template, actor, course=course.code, page=page)
