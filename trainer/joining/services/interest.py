"""How somebody becomes a candidate: by themself, proposed by a reference professional, or added by an organiser."""

from __future__ import annotations

from datetime import timedelta

from trainer.cohorts.models import Course
from trainer.cohorts.rules import CourseStatus
from trainer.core import clock
from trainer.core.access import ANONYMOUS, Actor
from trainer.core.database import lock, transaction
from trainer.core.errors import Invalid, Missing, Refused
from trainer.core.i18n import LANGUAGES
from trainer.core.text import Text, msg
from trainer.joining import queries, rules
from trainer.joining.models import Candidate
from trainer.joining.policy import can_propose
from trainer.joining.rules import Status
from trainer.joining.services.common import (
    add_candidate,
    locked,
    mail,
    note,
    opening_locked,
    organisers_only,
)
from trainer.people.rules import tidy_email, tidy_name
from trainer.people.services import person_problems


def leave_interest(
    course: Course, *, given_name: str, family_name: str, email: str, language: str, phone: str = ""
) -> None:
    """Somebody leaves their interest on the public page: their own link goes to the address that they gave.

    An address that is known already gets its link again, and what was written before stays: the page looks the same, so
    that nobody learns who has written. Raises Missing when the course takes nobody, Invalid for values that cannot be kept.
    """
    given, family, address = _checked(given_name, family_name, email, language, phone)
    if address is None:
        raise Invalid(msg("Your details were not sent."), [msg("An address of mail is needed.")])
    with transaction():
        row = _open_course(course)
        known = queries.candidate_by_email(row.id, address)
        if known is not None:
            _mail_again(row, known)
            return
        candidate = add_candidate(
            row,
            Status.INTERESTED,
            given_name=given,
            family_name=family,
            email=address,
            language=language,
            phone=phone.strip(),
        )
        note(ANONYMOUS, candidate, "interest", course=row.code)
        mail(row, candidate, "link", again=False)
        note(ANONYMOUS, candidate, "link_sent", candidate.status)


def propose(
    actor: Actor,
    course: Course,
    *,
    given_name: str,
    family_name: str,
    email: str,
    language: str,
    entity_id: int,
    confirmed: bool,
) -> None:
    """A reference professional proposes somebody, who must say yes themself before anything counts.

    `confirmed`: the professional confirms, with name and date and nothing else, that the person can take part. An
    address that is known already keeps what stands there, and gets the confirmation: the page looks the same.
    """
    given, family, address = _checked(given_name, family_name, email, language, "")
    if address is None:
        raise Invalid(msg("Nobody was proposed."), [msg("An address of mail is needed.")])
    if not can_propose(actor) or entity_id not in actor.organisations("supervisor"):
        raise Refused(msg("Only a reference professional proposes people, for their own organisation."))
    with transaction():
        row = _open_course(course)
        candidate = queries.candidate_by_email(row.id, address)
        if candidate is None:
            candidate = add_candidate(
                row,
                Status.PROPOSED,
                given_name=given,
                family_name=family,
                email=address,
                language=language,
                entity_id=entity_id,
                proposed_by=actor.person_id,
            )
            note(actor, candidate, "proposed", course=row.code, entity=entity_id)
            _confirm(actor, candidate, confirmed)
            mail(row, candidate, "proposed", by=actor.name, confirmed=confirmed)
            note(actor, candidate, "link_sent", candidate.status)
            return
        candidate = lock(Candidate, candidate.id)
        if not queries.has_proposed(actor.person_id, candidate.id):
            note(actor, candidate, "proposed", candidate.status, entity=entity_id)
        if candidate.status == Status.WITHDRAWN:
            return  # they said no; their own link still lets them come back
        if candidate.entity_id is None and candidate.status in {Status.INTERESTED, Status.APPLIED}:
            candidate.entity_id = entity_id
        if candidate.proposed_by is None:
            candidate.proposed_by = actor.person_id
        if _confirm(actor, candidate, confirmed):
            mail(row, candidate, "confirmed", by=actor.name)


def _confirm(actor: Actor, candidate: Candidate, confirmed: bool) -> bool:
    if not confirmed or candidate.confirmed_by is not None:
        return False
    candidate.confirmed_by, candidate.confirmed_at = actor.person_id, clock.now()
    note(actor, candidate, "confirmed", candidate.status)
    return True


def add_by_hand(
    actor: Actor,
    course: Course,
    *,
    given_name: str,
    family_name: str,
    email: str,
    phone: str,
    language: str,
    entity_id: int | None = None,
) -> Candidate:
    """An organiser adds somebody who came by or telephoned; with an address of mail they get their link."""
    given, family, address = _checked(given_name, family_name, email, language, phone)
    with transaction():
        row = lock(Course, course.id)
        organisers_only(actor, row)
        opening_locked(row.id)
        if address and queries.candidate_by_email(row.id, address):
            raise Invalid(
                msg("Nobody was added."), [msg("Somebody with this address is on the list already.")]
            )
        candidate = add_candidate(
            row,
            Status.INTERESTED,
            given_name=given,
            family_name=family,
            email=address,
            phone=phone.strip(),
            language=language,
            entity_id=entity_id,
        )
        note(actor, candidate, "added", course=row.code)
        if mail(row, candidate, "link", again=False):
            note(actor, candidate, "link_sent", candidate.status)
    return candidate


def send_link(actor: Actor, candidate: Candidate) -> None:
    """Sends somebody their link once more."""
    with transaction():
        course, row = locked(candidate)
        organisers_only(actor, course)
        if not mail(course, row, "link", again=True):
            raise Invalid(msg("There is no address of mail."))
        note(actor, row, "link_sent", row.status)


def _mail_again(course: Course, candidate: Candidate) -> None:
    """The link once more, but not twice within minutes: a form that anybody can send fills nobody's box."""
    last = queries.last_mailed(candidate.id)
    if last is not None and clock.now() - last < timedelta(minutes=rules.MAIL_PAUSE_MINUTES):
        return
    mail(course, candidate, "link", again=True)
    note(ANONYMOUS, candidate, "link_sent", candidate.status)


def _open_course(course: Course) -> Course:
    row = lock(Course, course.id)
    opening = queries.opening_of(row.id)
    if (
        opening is None
        or row.status == CourseStatus.CLOSED
        or not rules.is_open(opening.opens_on, opening.closes_on, clock.today(row.timezone))
    ):
        raise Missing(msg("This course takes no candidates at the moment."))
    return row


def _checked(
    given_name: str, family_name: str, email: str, language: str, phone: str
) -> tuple[str, str, str | None]:
    """The tidied names and address. Raises Invalid with everything that cannot be kept."""
    given, family = tidy_name(given_name), tidy_name(family_name)
    address = tidy_email(email) if email.strip() else None
    problems: list[Text] = person_problems(given, family, address, None, "", "")
    if language not in LANGUAGES:
        problems.append(msg("A language is ca, es or en."))
    if not f"{given}{family}":
        problems.append(msg("A name is needed."))
    if len(phone.strip()) > 40:
        problems.append(msg("The telephone number is too long."))
    if problems:
        raise Invalid(msg("The details were not kept."), problems)
    return given, family, address
