"""Erasure: what candidates wrote goes when it is no longer needed; events and counts stay."""

from __future__ import annotations

import secrets

from trainer.audit.services import record
from trainer.cohorts.models import Course
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.database import lock, session, transaction
from trainer.joining import queries, rules
from trainer.joining.models import Candidate
from trainer.joining.rules import Status
from trainer.joining.services.common import mail, note, organisers_only


def empty_words(candidate: Candidate) -> None:
    """Erases what a (locked) candidate wrote and what others wrote of them; name and address stay."""
    candidate.motivation, candidate.adjustments_sealed = "", None
    _empty_references(candidate)


def _empty_references(candidate: Candidate) -> None:
    for one in queries.references_of(candidate.id):
        if one.erased_at is None:
            # The address was somebody's too; the row keeps the constraint that no address is asked twice.
            one.name, one.relation, one.words, one.email = "", "", "", f"erased-{one.id}"
            one.token_hash, one.erased_at = secrets.token_hex(32), clock.now()
    session.flush()


def empty(candidate: Candidate) -> None:
    """Erases every personal value of a (locked) candidate; the row keeps statuses and dates, for the counts."""
    empty_words(candidate)
    candidate.given_name = candidate.family_name = candidate.phone = ""
    candidate.email = None
    candidate.token_hash = secrets.token_hex(32)
    candidate.erased_at = clock.now()
    session.flush()


def erase(actor: Actor, course: Course) -> int:
    """Erases what is due on a course, if the day to keep it is over. Gives of how many people.

    Of somebody who did not join everything goes. Of somebody who joined, what they wrote to apply and their references
    go; what they need in order to take part stays with the organisers. Whoever never got an answer gets a mail first.
    """
    with transaction():
        row = lock(Course, course.id)
        organisers_only(actor, row)
        opening = queries.opening_of(row.id)
        if opening is None:
            return 0
        today = clock.today(row.timezone)
        erased = 0
        for candidate in queries.to_erase(row.id):
            one = lock(Candidate, candidate.id)
            if not rules.due_for_erasure(one.status, one.answer_by, opening.keep_until, today):
                continue
            erased += _erase_one(actor, row, one)
        if erased:
            record(actor, "opening.erased", f"course:{row.id}", people=erased, keep_until=opening.keep_until)
    return erased


def _erase_one(actor: Actor, course: Course, one: Candidate) -> int:
    if one.status == Status.ACCEPTED:
        one.motivation = ""
        _empty_references(one)
        note(actor, one, "erased", one.status)
        return 1
    if rules.wants_answer(one.status, one.answered_at):
        before = one.status
        mail(course, one, "erased")
        one.status = Status.NOT_THIS_TIME.value
        one.answered_at = clock.now()
        note(actor, one, "decided", before)
    note(actor, one, "erased", one.status)
    empty(one)
    return 1


def erase_due(actor: Actor, course_id: int | None = None) -> dict[str, int]:
    """Erases what is due on every course, or on one; gives how many people by course code, courses with none left out."""
    done: dict[str, int] = {}
    for key, code, keep_until, zone in queries.openings_to_erase(course_id):
        if keep_until >= clock.today(zone):
            continue
        if number := erase(actor, session.get_one(Course, key)):
            done[code] = number
    return done
