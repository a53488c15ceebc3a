"""References: asked by a link that works once and expires; only the digest of its token is kept."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta

from trainer.cohorts.models import Course
from trainer.core import clock
from trainer.core.access import ANONYMOUS, Actor
from trainer.core.database import lock, session, transaction
from trainer.core.errors import Invalid, Missing, Refused
from trainer.core.text import msg
from trainer.joining import queries, rules
from trainer.joining.models import Candidate, CandidateReference
from trainer.joining.rules import Status
from trainer.joining.services.common import locked, note, organisers_only, provider_of
from trainer.messages.services import send


def name_references(course: Course, candidate: Candidate, named: Sequence[tuple[str, str, str]]) -> None:
    """Makes the references those named (name, address, relation), in the caller's transaction.

    New ones are asked by mail; those not named any more are taken off, unless they were given already. Raises Refused once the
    candidate has had so many people asked that somebody else should look at it.
    """
    known = {one.email: one for one in queries.references_of(candidate.id)}
    wanted = {email for _name, email, _relation in named}
    new = wanted - known.keys()
    if new and queries.references_asked_for(candidate.id) + len(new) > rules.MOST_ASKED:
        raise Refused(msg("Many people were asked for you already. Please talk with the organisers."))
    for email, one in known.items():
        if email not in wanted and one.answered_at is None:
            session.delete(one)
    session.flush()
    for name, email, relation in named:
        if earlier := known.get(email):
            if earlier.answered_at is None:
                earlier.name, earlier.relation = name, relation
            continue
        one = CandidateReference(
            candidate_id=candidate.id,
            name=name,
            email=email,
            relation=relation,
            token_hash=secrets.token_hex(32),
        )
        session.add(one)
        session.flush()
        _ask(ANONYMOUS, course, candidate, one)


def _ask(actor: Actor, course: Course, candidate: Candidate, reference: CandidateReference) -> None:
    token = secrets.token_urlsafe(32)
    reference.token_hash = queries.digest(token)
    reference.asked_at = clock.now()
    reference.expires_at = clock.now() + timedelta(days=rules.REFERENCE_DAYS)
    send(
        None,
        reference.email,
        "joining/mail/reference",
        course.language,
        reference=reference.name,
        candidate=f"{candidate.given_name} {candidate.family_name}".strip(),
        title=course.title,
        code=course.code,
        provider=provider_of(course),
        path=f"/references/{token}",
        days=rules.REFERENCE_DAYS,
    )
    note(actor, candidate, "reference_asked", candidate.status, reference=reference.id)


def ask_again(actor: Actor, candidate: Candidate, reference_id: int) -> None:
    """An organiser asks a reference once more; the link sent before stops working."""
    with transaction():
        course, row = locked(candidate)
        organisers_only(actor, course)
        one = _of(row, reference_id)
        if one.answered_at is not None:
            raise Refused(msg("This reference was given already."))
        if row.status in {Status.WITHDRAWN, Status.ACCEPTED}:
            raise Refused(msg("No reference is needed any more."))
        _ask(actor, course, row, one)


def _of(candidate: Candidate, reference_id: int) -> CandidateReference:
    one = lock(CandidateReference, reference_id)
    if one.candidate_id != candidate.id or one.erased_at is not None:
        raise Missing(msg("This is not here (any more)."))
    return one


def give_reference(token: str, recommends: bool, words: str) -> None:
    """Somebody gives the reference that the link asks for, once.

    Raises Missing for a link that is used, expired or unknown, Invalid for a text that is too long.
    """
    if len(words) > rules.TEXT_LENGTH:
        raise Invalid(msg("A text is longer than %(limit)s characters.", limit=str(rules.TEXT_LENGTH)))
    with transaction():
        found = queries.asked_by_token(token)
        if found is not None:
            lock(CandidateReference, found.reference.id)  # two clicks at once: the second sees the first
            found = queries.asked_by_token(token)
        if found is None:
            raise Missing(msg("This link was used already, or has expired."))
        one = found.reference
        one.recommends, one.words, one.answered_at = recommends, words.strip(), clock.now()
        note(ANONYMOUS, found.candidate, "reference_answered", found.candidate.status, reference=one.id)
