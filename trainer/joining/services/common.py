"""What the commands share: the check, the link of a candidate, the step and the note of it, mail."""

from __future__ import annotations

import secrets
from typing import Any

from trainer.audit.services import record
from trainer.cohorts.models import Course
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.crypto import fingerprint
from trainer.core.database import lock, session
from trainer.core.errors import Invalid, Missing, Refused
from trainer.core.text import msg
from trainer.joining import rules
from trainer.joining.models import Candidate, CandidateEvent, Opening
from trainer.joining.policy import can_run
from trainer.joining.queries import digest
from trainer.joining.rules import Status
from trainer.messages.services import send
from trainer.people.models import Organisation


def organisers_only(actor: Actor, course: Course) -> None:
    """Raises Refused for who is no organiser of the course."""
    if not can_run(actor, course):
        raise Refused(msg("Only an organiser of the course may do this."))


def locked(candidate: Candidate) -> tuple[Course, Candidate]:
    """Course and candidate, locked in this order: places and seats are taken under the course's lock.

    Raises Missing for a candidate who was erased meanwhile.
    """
    course = lock(Course, candidate.course_id)
    row = lock(Candidate, candidate.id)
    if row.erased_at is not None:
        raise Missing(msg("This is not here (any more)."))
    return course, row


def opening_locked(course_id: int) -> Opening:
    """The opening of a course, locked. Raises Missing when the course never took candidates."""
    return lock(Opening, course_id)


def add_candidate(course: Course, status: Status, **values: Any) -> Candidate:
    """A new candidate with the digest of their own link."""
    candidate = Candidate(
        course_id=course.id,
        status=status.value,
        token_hash=secrets.token_hex(32),
        created_at=clock.now(),
        **values,
    )
    session.add(candidate)
    session.flush()
    candidate.token_hash = digest(_made(candidate))
    session.flush()
    return candidate


def _made(candidate: Candidate) -> str:
    """The token of a candidate's link: 128 bits that only who holds the sealing key can make again.

    Every mail carries the same link, so that an old one still works, and the database holds a digest alone.
    """
    return fingerprint(f"{candidate.id} {candidate.created_at.isoformat()}", "candidate-link")


def link_of(course: Course, candidate: Candidate) -> str:
    """The path of the candidate's own page."""
    return f"/join/{course.code}/mine/{_made(candidate)}"


def note(actor: Actor, candidate: Candidate, what: str, before: str | None = None, **ids: Any) -> None:
    """Appends a step to the candidate's way and an entry to the audit: codes and ids, never what somebody wrote."""
    session.add(
        CandidateEvent(
            candidate_id=candidate.id,
            at=clock.now(),
            by=actor.person_id,
            what=what,
            from_status=before,
            to_status=candidate.status,
        )
    )
    record(
        actor, f"candidate.{what}", f"candidate:{candidate.id}", before=before, after=candidate.status, **ids
    )


def move(actor: Actor, candidate: Candidate, to: Status, what: str, **ids: Any) -> None:
    """Moves a locked candidate. Raises Invalid for a step that the rules do not know."""
    before = candidate.status
    if problem := rules.why_not(before, to):
        raise Invalid(problem)
    candidate.status = to.value
    note(actor, candidate, what, before, **ids)


def mail(course: Course, candidate: Candidate, template: str, **values: Any) -> bool:
    """Queues a mail to the candidate in their language; False when they have no address."""
    if candidate.email is None:
        return False
    send(
        None,
        candidate.email,
        f"joining/mail/{template}",
        candidate.language,
        name=candidate.given_name or candidate.family_name,
        code=course.code,
        title=course.title,
        provider=provider_of(course),
        path=link_of(course, candidate),
        **values,
    )
    return True


def provider_of(course: Course) -> str:
    """The name of the course's provider."""
    return session.get_one(Organisation, course.organisation_id).name
