"""Announcing an absence, taking that back, deciding whether it counts as excused, and the words for one reader alone."""

from __future__ import annotations

from sqlalchemy import select

from trainer.attendance.models import AbsenceNote, AbsenceNotice
from trainer.attendance.queries.notices import ToTell, staff_to_tell
from trainer.attendance.rules import REASON_CODES
from trainer.attendance.rules.notices import DECISIONS, KINDS, LONGEST_NOTE
from trainer.attendance.services.make_ups import call_off_for
from trainer.attendance.services.shared import (
    is_self,
    on_course,
    self_or_staff,
    staff_for_another,
    tell,
)
from trainer.audit.services import record
from trainer.cohorts.models import Course, Enrolment
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.crypto import seal, unseal
from trainer.core.database import lock, session, transaction
from trainer.core.errors import Invalid, Missing, Refused
from trainer.core.text import msg
from trainer.people.models import Person
from trainer.scheduling.models import Session

PURPOSE = "absence-note"


def announce(
    actor: Actor,
    enrolment_id: int,
    session_id: int,
    kind: str,
    reason_code: str = "",
    note: str | None = None,
) -> AbsenceNotice:
    """The person (or staff who were told) says that a session will be missed, or part of it.

    `kind`: absent, late, left_early. `note` is the person's own words to the course's support contact: sealed, for the two
    alone. What was announced before is taken back by it. Raises Invalid for unknown codes and words that are too long, Refused
    for a session that was held, is cancelled or lies behind, and where there is nobody to read the words.
    """
    if kind not in KINDS:
        raise Invalid(msg("Say whether you cannot come, will be late or will leave early."))
    if reason_code not in REASON_CODES:
        raise Invalid(msg("This reason is not on the list."))
    words = (note or "").strip()
    if len(words) > LONGEST_NOTE:
        raise Invalid(msg("The words are longer than %(most)d characters.", most=LONGEST_NOTE))
    with transaction() as current:
        enrolment = lock(Enrolment, enrolment_id)
        course = session.get_one(Course, enrolment.course_id)
        self_or_staff(actor, enrolment, course)
        on_course(enrolment)
        one = _session_to_come(course, session_id)
        if words and not is_self(actor, enrolment):
            raise Refused(msg("Only the person themself writes to the support contact."))
        reader = course.support_contact_id
        if words and reader is None:
            raise Refused(msg("This course has named no support contact: there is nobody to read it."))
        now = clock.now()
        before = _standing(enrolment.id, one.id)
        if before is not None:
            if not words and (before.kind, before.reason_code) == (kind, reason_code):
                return before
            before.withdrawn_at = now
            _erase(before.id)
            current.flush()
        notice = AbsenceNotice(
            enrolment_id=enrolment.id,
            session_id=one.id,
            kind=kind,
            reason_code=reason_code,
            announced_by=actor.person_id,
            announced_at=now,
        )
        current.add(notice)
        current.flush()
        if kind != "absent":
            call_off_for(actor, enrolment.id, one.id)
        if words and reader is not None:
            current.add(AbsenceNote(notice_id=notice.id, reader_id=reader, sealed=seal(words, PURPOSE)))
            _tell_reader(actor, reader)
        record(actor, "absence.announced", f"enrolment:{enrolment.id}", session=one.id, notice=notice.id)
        _tell_staff(actor, course, one, taken_back=False)
    return notice


def withdraw_notice(actor: Actor, enrolment_id: int, session_id: int) -> None:
    """The person comes after all: the notice is taken back, its words are erased, and a make-up that was asked for or agreed
    for the session is called off. Raises Refused when nothing was announced."""
    with transaction():
        enrolment = lock(Enrolment, enrolment_id)
        course = session.get_one(Course, enrolment.course_id)
        self_or_staff(actor, enrolment, course)
        notice = _standing(enrolment.id, session_id)
        if notice is None:
            raise Refused(msg("Nothing was announced for this session."))
        one = _session_to_come(course, session_id)
        notice.withdrawn_at = clock.now()
        _erase(notice.id)
        call_off_for(actor, enrolment.id, session_id)
        record(actor, "absence.taken_back", f"enrolment:{enrolment.id}", session=session_id, notice=notice.id)
        _tell_staff(actor, course, one, taken_back=True)


def decide_notice(actor: Actor, notice_id: int, decision: str) -> AbsenceNotice:
    """Whether the absence will count as excused, or is only noted; the register takes it over as a suggestion.

    Never by the person themself. Raises Invalid for an unknown word, Refused for a notice that was taken back.
    """
    if decision not in DECISIONS:
        raise Invalid(msg("An announced absence counts as excused, or it is noted."))
    with transaction():
        found = session.get(AbsenceNotice, notice_id)
        if found is None:
            raise Missing(msg("This is not here (any more)."))
        enrolment = lock(Enrolment, found.enrolment_id)
        notice = lock(AbsenceNotice, notice_id)
        staff_for_another(actor, enrolment, session.get_one(Course, enrolment.course_id))
        if notice.withdrawn_at is not None:
            raise Refused(msg("The notice was taken back."))
        if notice.decided != decision:
            notice.decided, notice.decided_by, notice.decided_at = decision, actor.person_id, clock.now()
            record(actor, "absence.decided", f"enrolment:{enrolment.id}", notice=notice.id, decided=decision)
    return notice


def open_note(actor: Actor, note_sealed: str | None, reader_id: int, person_id: int) -> str | None:
    """The words beside a notice, for their reader and the person alone; None once they were erased. Raises Refused."""
    if actor.person_id is None or actor.person_id not in (reader_id, person_id):
        raise Refused(msg("These words are for somebody else."))
    return None if note_sealed is None else unseal(note_sealed, PURPOSE)


def erase_note(actor: Actor, notice_id: int) -> None:
    """Erases the words for good, by the person or by their reader; the notice itself stays."""
    with transaction():
        note = lock(AbsenceNote, notice_id)
        notice = session.get_one(AbsenceNotice, notice_id)
        owner = session.get_one(Enrolment, notice.enrolment_id).person_id
        if actor.person_id is None or actor.person_id not in (note.reader_id, owner):
            raise Refused(msg("These words are for somebody else."))
        _erase(notice_id)
        record(actor, "absence.note_erased", f"enrolment:{notice.enrolment_id}", notice=notice_id)


def _standing(enrolment_id: int, session_id: int) -> AbsenceNotice | None:
    return session.scalars(
        select(AbsenceNotice).where(
            AbsenceNotice.enrolment_id == enrolment_id,
            AbsenceNotice.session_id == session_id,
            AbsenceNotice.withdrawn_at.is_(None),
        )
    ).one_or_none()


def _session_to_come(course: Course, session_id: int) -> Session:
    """A session of the course for which something can still be announced: not held, not cancelled, today or later."""
    one = session.get(Session, session_id)
    if one is None or one.course_id != course.id:
        raise Missing(msg("This is not here (any more)."))
    if one.status == "cancelled":
        raise Refused(msg("Session %(number)d is cancelled.", number=one.number))
    if one.extra:
        raise Refused(
            msg(
                "Session %(number)d is a repeat: nobody misses anything there. "
                "Call off the make-up that you had planned there.",
                number=one.number,
            )
        )
    if one.status == "held" or one.starts_local.date() < clock.today(one.timezone):
        raise Refused(msg("Session %(number)d has taken place: talk with your trainer.", number=one.number))
    return one


def _erase(notice_id: int) -> None:
    note = session.get(AbsenceNote, notice_id)
    if note is not None and note.sealed is not None:
        note.sealed, note.erased_at = None, clock.now()


def _tell_staff(actor: Actor, course: Course, one: Session, *, taken_back: bool) -> None:
    tell(
        staff_to_tell(course, one.id),
        "attendance/mail/notice",
        actor,
        course=course.code,
        number=one.number,
        day=one.starts_local.date(),
        taken_back=taken_back,
        page=f"/courses/{course.code}/absences",
    )


def _tell_reader(actor: Actor, reader_id: int) -> None:
    reader = session.get_one(Person, reader_id)
    if reader.email:
        to = ToTell(reader.id, reader.email, reader.language)
        tell([to], "attendance/mail/note", actor, page="/me/absence-notes")
