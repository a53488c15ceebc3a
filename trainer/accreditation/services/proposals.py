"""From the organiser's proposal to the registrar's approval."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from trainer.accreditation import queries
from trainer.accreditation.models import Proposal
from trainer.accreditation.policy import can_decide, can_propose
from trainer.accreditation.rules.eligibility import Standing
from trainer.accreditation.rules.statuses import ProposalStatus
from trainer.accreditation.rules.threads import Side
from trainer.accreditation.rules.two_people import NOBODY
from trainer.accreditation.services.eligibility import KIND, Batch, Candidate, eligible, require, require_kind
from trainer.accreditation.services.evidence import pack_of
from trainer.accreditation.services.threads import add_message, proposal_course, still_open, tidy_words
from trainer.audit.services import record
from trainer.cohorts.models import Course
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.database import lock, transaction
from trainer.core.errors import Refused
from trainer.core.text import msg

_ASKED = frozenset({Standing.PROPOSED, Standing.APPROVED, Standing.ISSUED})
_DECIDED = frozenset({Standing.APPROVED, Standing.ISSUED})


def propose(
    actor: Actor, course: Course, kind: str = KIND, enrolment_ids: Collection[int] | None = None
) -> Batch:
    """Proposes everybody who is eligible, or those of the named who are, each with a frozen evidence
    pack.

    Raises Refused when the actor is no organiser of the provider, Invalid for a kind that the programme
    lacks.
    """
    require(can_propose(actor, course), msg("Only organisers of the course's provider propose."))
    require_kind(course, kind)
    course_id = course.id
    with transaction() as session:
        course = lock(Course, course_id)
        found = eligible(course, kind, enrolment_ids)
        done = [one for one in found if one.eligibility.can_propose]
        moment = clock.now()
        for one in done:
            pack = pack_of(course, kind, one, moment)
            proposal = Proposal(
                course_id=course.id,
                enrolment_id=one.enrolment_id,
                kind=kind,
                status=ProposalStatus.PROPOSED,
                evidence=pack.document,
                evidence_hash=pack.hash,
                proposed_by=actor.person_id,
                proposed_at=moment,
            )
            session.add(proposal)
            session.flush()
            record(
                actor,
                "proposal.made",
                f"proposal:{proposal.id}",
                course=course.code,
                enrolment=one.enrolment_id,
                kind=kind,
                evidence=pack.hash,
            )
    return _batch(found, done, _ASKED)


def approve(
    actor: Actor, course: Course, kind: str = KIND, enrolment_ids: Collection[int] | None = None
) -> Batch:
    """Approves every proposal that waits, or those of the named. One whose facts have changed since is
    refused.

    Raises Refused when the actor is no registrar of the course's university, or nobody in particular where two
    people decide; Invalid for an unknown kind.
    """
    require(can_decide(actor, course), msg("Only registrars of the course's university approve."))
    require(actor.person_id is not None or not queries.two_people(course.university_id), NOBODY)
    require_kind(course, kind)
    course_id = course.id
    with transaction() as session:
        course = lock(Course, course_id)
        found = eligible(course, kind, enrolment_ids)
        done = [one for one in found if one.eligibility.can_approve]
        proposals = {
            proposal.id: proposal
            for proposal in session.scalars(
                select(Proposal)
                .where(Proposal.id.in_([one.row.proposal_id for one in done]))
                .with_for_update()
            )
        }
        for one in done:
            proposal = proposals[one.row.proposal_id or 0]
            proposal.status = ProposalStatus.APPROVED
            proposal.approved_by, proposal.approved_at = actor.person_id, clock.now()
            record(
                actor,
                "proposal.approved",
                f"proposal:{proposal.id}",
                enrolment=one.enrolment_id,
                kind=kind,
                evidence=proposal.evidence_hash,
            )
    return _batch(found, done, _DECIDED)


def _batch(found: list[Candidate], done: list[Candidate], before: frozenset[Standing]) -> Batch:
    return Batch(
        tuple(done),
        tuple(one for one in found if one.standing in before and one not in done),
        tuple(one for one in found if one.standing not in before and one not in done),
    )


def withdraw(actor: Actor, proposal_id: int, words: str = "", side: Side | None = None) -> None:
    """Takes an open proposal back: the organiser who proposes, or the registrar who will not approve; with a
    last message to the other side, if there is something to say. `side` is named for who stands on both.

    Raises Missing, Refused when the actor is neither, or the certificate is out already or has its number and
    is being made, Invalid for a message that is too long.
    """
    text = tidy_words(words) if words.strip() else ""
    with transaction():
        proposal = lock(Proposal, proposal_id)
        course = proposal_course(proposal)
        sides = [Side.PROVIDER] if can_propose(actor, course) else []
        sides += [Side.UNIVERSITY] if can_decide(actor, course) else []
        require(
            bool(sides) and (side is None or side in sides),
            msg("Only organisers and registrars withdraw a proposal."),
        )
        still_open(proposal)
        if queries.is_reserved(proposal.id):
            raise Refused(
                msg(
                    "Its certificate has a number already and is being made. Once it is there, it can be revoked."
                )
            )
        if text:
            add_message(actor, side or sides[0], course, proposal.kind, text, proposal.id)
        proposal.status = ProposalStatus.WITHDRAWN
        proposal.withdrawn_by, proposal.withdrawn_at = actor.person_id, clock.now()
        record(actor, "proposal.withdrawn", f"proposal:{proposal.id}", kind=proposal.kind)
