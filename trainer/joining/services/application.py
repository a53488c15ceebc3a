"""Commands of the candidates themselves, who come by their own link; nobody else acts for them here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from trainer.cohorts.rules import CourseStatus
from trainer.core import clock
from trainer.core.access import ANONYMOUS
from trainer.core.crypto import seal
from trainer.core.database import session, transaction
from trainer.core.errors import Invalid, Refused
from trainer.core.text import Text, msg
from trainer.joining import queries, rules
from trainer.joining.models import Candidate, InfoSession
from trainer.joining.rules import Status
from trainer.joining.services.common import locked, mail, move, note, opening_locked
from trainer.joining.services.erasure import empty, empty_words
from trainer.joining.services.references import name_references
from trainer.people.rules import name_problem, tidy_email, tidy_name, valid_email


@dataclass(frozen=True)
class ReferenceInput:
    """Somebody who can speak for the candidate, as they typed it."""

    name: str
    email: str
    relation: str = ""


@dataclass(frozen=True)
class Application:
    """What a candidate sends. `consent`: their yes to the wording that stands on the page."""

    motivation: str
    adjustments: str
    language: str
    phone: str = ""
    references: Sequence[ReferenceInput] = ()
    consent: bool = False


def say_yes(candidate: Candidate) -> Candidate:
    """Somebody who was proposed says yes to being a candidate."""
    with transaction():
        _course, row = locked(candidate)
        move(ANONYMOUS, row, Status.INTERESTED, "said_yes")
    return row


def apply(candidate: Candidate, new: Application) -> Candidate:
    """Sends the application, or changes it until there is an answer. The references that are new are asked.

    Raises Invalid with everything that is missing.
    """
    named = [
        ReferenceInput(tidy_name(one.name), tidy_email(one.email), one.relation.strip())
        for one in new.references
        if one.name.strip() or one.email.strip()
    ]
    with transaction():
        course, row = locked(candidate)
        if row.status not in {Status.INTERESTED, Status.APPLIED}:
            raise Refused(msg("The application cannot be changed any more: it has been answered."))
        opening = opening_locked(course.id)
        given = [one for one in queries.references_of(row.id) if one.answered_at is not None]
        problems = _problems(new, named)
        problems += rules.application_problems(
            new.consent,
            [(one.name, one.email) for one in named] + [(one.name, one.email) for one in given],
            opening.references_asked,
        )
        if row.email in {one.email for one in named}:
            problems.append(msg("You cannot be your own reference."))
        if problems:
            raise Invalid(msg("The application was not sent yet."), problems)
        row.motivation = new.motivation.strip()
        text = new.adjustments.strip()
        row.adjustments_sealed = seal(text, rules.ADJUSTMENTS_SEALED_FOR) if text else None
        row.language, row.phone = new.language, new.phone.strip()
        if row.consent_version != rules.WORDING:
            row.consent_version, row.consent_at = rules.WORDING, clock.now()
        first = row.status == Status.INTERESTED
        if first:
            move(ANONYMOUS, row, Status.APPLIED, "applied", wording=rules.WORDING)
            mail(course, row, "applied")
        else:
            note(ANONYMOUS, row, "changed", row.status)
        name_references(course, row, [(one.name, one.email, one.relation) for one in named])
    return row


def _problems(new: Application, named: Sequence[ReferenceInput]) -> list[Text]:
    problems: list[Text] = []
    if len(new.motivation) > rules.TEXT_LENGTH or len(new.adjustments) > rules.TEXT_LENGTH:
        problems.append(msg("A text is longer than %(limit)s characters.", limit=str(rules.TEXT_LENGTH)))
    if new.language not in {"ca", "es", "en"}:
        problems.append(msg("A language is ca, es or en."))
    if len(new.phone.strip()) > 40:
        problems.append(msg("The telephone number is too long."))
    for one in named:
        if not one.name or name_problem(one.name) is not None or len(one.relation) > 200:
            problems.append(msg("Each reference needs a name."))
        if not valid_email(one.email):
            problems.append(msg("%(email)s is not an address of mail.", email=one.email or "–"))
    return problems


def choose_session(candidate: Candidate, info_id: int | None) -> Candidate:
    """Takes a seat at an information session, another one, or none. Raises Invalid when it is full or over."""
    with transaction():
        course, row = locked(candidate)
        if row.status in {Status.PROPOSED, Status.WITHDRAWN, Status.ACCEPTED}:
            raise Refused(msg("This cannot be chosen now."))
        if row.info_session_id == info_id:
            return row
        if row.came_to_info is not None:
            raise Refused(msg("You were at an information session already."))
        if info_id is None:
            row.info_session_id = None
            note(ANONYMOUS, row, "session_left", row.status)
            return row
        info = session.get(InfoSession, info_id)
        if info is None or info.course_id != course.id or not queries.info_session(info.id).can_be_chosen:
            raise Invalid(
                msg("This information session cannot be chosen any more: it is full, over or cancelled.")
            )
        row.info_session_id = info.id
        note(ANONYMOUS, row, "session_chosen", row.status, info_session=info.id)
        mail(course, row, "info_session", info=info, changed=False)
    return row


def withdraw(candidate: Candidate) -> Candidate:
    """The candidate withdraws: what they wrote, and what others wrote of them, is erased at once. No reason is asked."""
    with transaction():
        course, row = locked(candidate)
        move(ANONYMOUS, row, Status.WITHDRAWN, "withdrew")
        row.waiting_since, row.answer_by, row.info_session_id = None, None, None
        empty_words(row)
        mail(course, row, "withdrew")
    return row


def come_back(candidate: Candidate) -> Candidate:
    """Somebody who withdrew would like to be considered again, as long as the course takes candidates."""
    with transaction():
        course, row = locked(candidate)
        opening = opening_locked(course.id)
        today = clock.today(course.timezone)
        if course.status == CourseStatus.CLOSED or not rules.is_open(
            opening.opens_on, opening.closes_on, today
        ):
            raise Refused(msg("This course takes no candidates at the moment."))
        move(ANONYMOUS, row, Status.INTERESTED, "came_back")
        row.answered_at = row.decided_at = row.decided_by = None
    return row


def erase_own(candidate: Candidate) -> None:
    """Everything about a candidate who withdrew is erased, name and address too, because they ask for it."""
    with transaction():
        _course, row = locked(candidate)
        if row.status != Status.WITHDRAWN:
            raise Refused(msg("Withdraw first."))
        note(ANONYMOUS, row, "erased", row.status)
        empty(row)
