"""From the organiser's proposal to the registrar's approval."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from trainer.accreditation.models import Proposal, ProposalMessage
from trainer.accreditation.policy import can_decide, can_propose
from trainer.accreditation.rules.eligibility import Standing, evidence_pack
from trainer.accreditation.rules.statuses import OPEN, ProposalStatus
from trainer.accreditation.services.eligibility import KIND, Batch, Candidate, eligible, issuing_gate, require
from trainer.audit.services import record
from trainer.cohorts.models import Course
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.database import lock, transaction
from trainer.core.errors import Invalid, Refused
from trainer.core.i18n import LANGUAGES, in_language, say
from trainer.core.text import Text, msg
from trainer.curriculum.queries import programme_of

_ASKED = frozenset({Standing.PROPOSED, Standing.APPROVED, Standing.ISSUED})
_DECIDED = frozenset({Standing.APPROVED, Standing.ISSUED})
LONGEST_WORDS = 1000


def in_every_language(text: Text) -> dict[str, str]:
    """The words of a Text in every language of the product, for what is frozen."""
    said = {}
    for code in LANGUAGES:
        with in_language(code):
            said[code] = say(text)
    return said


def propose(
    actor: Actor, course: Course, kind: str = KIND, enrolment_ids: Collection[int] | None = None
) -> Batch:
    """Proposes everybody who is eligible, or those of the named who are, each with a frozen evidence
    pack.

    Raises Refused when the actor is no organiser of the provider, Invalid for a kind that the programme
    lacks.
    """
    require(can_propose(actor, course), msg("Only organisers of the course's provider propose."))
    issuing_gate(course, kind)
    course_id = course.id
    with transaction() as session:
        course = lock(Course, course_id)
        programme = programme_of(course.programme_version_id)
        found = eligible(course, kind, enrolment_ids)
        done = [one for one in found if one.eligibility.can_propose]
        moment = clock.now()
        for one in done:
            pack = evidence_pack(
                kind=kind,
                course_code=course.code,
                enrolment_id=one.enrolment_id,
                programme=programme,
                gates=one.gates,
                at=moment.isoformat(timespec="seconds"),
                words=in_every_language,
            )
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

    Raises Refused when the actor is no registrar of the course's university, Invalid for an unknown kind.
    """
    require(can_decide(actor, course), msg("Only registrars of the course's university approve."))
    issuing_gate(course, kind)
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


def withdraw(actor: Actor, proposal_id: int) -> None:
    """Takes an open proposal back: the organiser who proposes, or the registrar who will not approve.

    Raises Missing, Refused when the actor is neither or the certificate is out already.
    """
    with transaction():
        proposal = lock(Proposal, proposal_id)
        course = proposal_course(proposal)
        require(
            can_propose(actor, course) or can_decide(actor, course),
            msg("Only organisers and registrars withdraw a proposal."),
        )
        _still_open(proposal)
        proposal.status = ProposalStatus.WITHDRAWN
        proposal.withdrawn_by, proposal.withdrawn_at = actor.person_id, clock.now()
        record(actor, "proposal.withdrawn", f"proposal:{proposal.id}", kind=proposal.kind)


def ask(actor: Actor, proposal_id: int, question: str) -> None:
    """The registrar asks the organiser about a proposal; a new question clears the earlier answer.

    Raises Missing, Refused, and Invalid for an empty or overlong question.
    """
    text = _words(question)
    with transaction():
        proposal = lock(Proposal, proposal_id)
        require(
            can_decide(actor, proposal_course(proposal)),
            msg("Only registrars of the course's university ask about a proposal."),
        )
        _still_open(proposal)
        _say(actor, proposal, "university", text)
        record(actor, "proposal.questioned", f"proposal:{proposal.id}")


def answer(actor: Actor, proposal_id: int, words: str) -> None:
    """The organiser answers the registrar's question. Raises Missing, Refused, Invalid."""
    text = _words(words)
    with transaction():
        proposal = lock(Proposal, proposal_id)
        require(
            can_propose(actor, proposal_course(proposal)),
            msg("Only organisers of the course's provider answer."),
        )
        _still_open(proposal)
        if not _was_asked(proposal):
            raise Refused(msg("Nobody has asked anything about this proposal."))
        _say(actor, proposal, "provider", text)
        record(actor, "proposal.answered", f"proposal:{proposal.id}")


def _say(actor: Actor, proposal: Proposal, side: str, text: str) -> None:
    with transaction() as session:
        session.add(
            ProposalMessage(
                course_id=proposal.course_id,
                kind=proposal.kind,
                proposal_id=proposal.id,
                side=side,
                words=text,
                by=actor.person_id,
                at=clock.now(),
            )
        )


def _was_asked(proposal: Proposal) -> bool:
    with transaction() as session:
        return (
            session.scalar(
                select(ProposalMessage.id)
                .where(ProposalMessage.proposal_id == proposal.id, ProposalMessage.side == "university")
                .limit(1)
            )
            is not None
        )


def proposal_course(proposal: Proposal) -> Course:
    """The course of a proposal, within the caller's transaction."""
    with transaction() as session:
        return session.get_one(Course, proposal.course_id)


def _still_open(proposal: Proposal) -> None:
    if proposal.status not in OPEN:
        raise Refused(msg("This proposal is closed: it was issued or withdrawn."))


def _words(text: str) -> str:
    tidy = text.strip()
    if not tidy:
        raise Invalid(msg("Please write something."))
    if len(tidy) > LONGEST_WORDS:
        raise Invalid(msg("Please keep it under %(most)d characters.", most=LONGEST_WORDS))
    return tidy
