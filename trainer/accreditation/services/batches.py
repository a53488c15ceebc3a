"""Issuing for many people as one piece of work: begun once, stopped anywhere, gone on with by any registrar.

A batch keeps no state of its own but who belongs to it: how far it is, is read from the proposals. So there
is nothing to mend after an interruption, and nothing can be issued twice.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from trainer.accreditation import queries
from trainer.accreditation.models import IssueBatch, IssueBatchMember
from trainer.accreditation.policy import can_decide
from trainer.accreditation.rules.two_people import against_issuing
from trainer.accreditation.services.drafts import press_of, proof
from trainer.accreditation.services.eligibility import KIND, Candidate, eligible, require, require_kind
from trainer.accreditation.services.issuing import finish_interrupted, issue_one
from trainer.accreditation.services.two_people import seen_by_issuer
from trainer.audit.services import record
from trainer.cohorts.models import Course
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.database import lock, transaction
from trainer.core.errors import Missing, Refused, TrainerError
from trainer.core.text import Text, msg

_CHUNK = 20  # people whose eligibility is looked at again together, just before they are issued
_CLOSED = msg("The proposal was withdrawn.")
_NOT_APPROVED = msg("This proposal is not approved.")


@dataclass(frozen=True)
class Progress:
    """How far a batch is. `problems`: the people who cannot be issued as things stand, with why."""

    total: int
    done: int
    problems: tuple[tuple[str, Text], ...] = ()
    ended: bool = False
    for_another: bool = False  # what is left was approved by who asks: another registrar has to go on


def begin(
    actor: Actor, course: Course, kind: str = KIND, enrolment_ids: Collection[int] | None = None
) -> int:
    """Begins a batch of everybody who is approved, or of those of the named; gives its id. Nothing is issued
    yet.

    Raises Refused when the actor is no registrar of the university or nobody is ready, Invalid for an unknown
    kind or a university text that cannot be printed.
    """
    require(can_decide(actor, course), msg("Only registrars of the course's university issue."))
    require_kind(course, kind)
    found = seen_by_issuer(actor, course, eligible(course, kind, enrolment_ids))
    ready = [one.row.proposal_id for one in found if one.eligibility.can_issue]
    proposals = sorted(proposal_id for proposal_id in ready if proposal_id)
    if not proposals:
        raise Refused(msg("Nothing was issued: no approved proposal is ready."))
    proof(proposals[0])
    course_id, code = course.id, course.code
    with transaction() as session:
        batch = IssueBatch(course_id=course_id, kind=kind, begun_by=actor.person_id, begun_at=clock.now())
        session.add(batch)
        session.flush()
        session.add_all(IssueBatchMember(batch_id=batch.id, proposal_id=one) for one in proposals)
        record(actor, "batch.begun", f"batch:{batch.id}", course=code, kind=kind, people=len(proposals))
        return batch.id


def go_on(actor: Actor, batch_id: int, seconds: float) -> Progress:
    """Issues what is left of a batch, one whole certificate after the other, until `seconds` have passed (at
    least one, when any is ready). Ends the batch when nobody is left who can be issued.

    Raises Missing, Refused when the actor is no registrar of the university or the keys do not open.
    """
    row = queries.batch_row(batch_id)
    if row is None:
        raise Missing(msg("This is not here (any more)."))
    course, kind = row.course, row.kind
    require(can_decide(actor, course), msg("Only registrars of the course's university issue."))
    from trainer.accreditation.documents.signing import (
        NotSigned,
    )  # slow to load: only where something is signed

    until = time.monotonic() + seconds
    left = [
        (proposal_id, enrolment_id)
        for proposal_id, enrolment_id, status in queries.batch_members(batch_id)
        if status == "approved"
    ]
    problems: list[tuple[str, Text]] = []
    two_people, for_another = queries.two_people(course.university_id), False
    press = press_of(course.university_id, actor)
    for candidate in _one_by_one(course, kind, [enrolment_id for _, enrolment_id in left]):
        if not candidate.eligibility.can_issue:
            problems.append((candidate.name, _why(candidate)))
            continue
        if against := against_issuing(actor.person_id, candidate.row.approved_by, two_people):
            problems.append((candidate.name, against))
            for_another = True
            continue
        try:
            issue_one(actor, candidate.row.proposal_id or 0, press)
        except NotSigned:
            raise  # the next one could not be signed either
        except TrainerError as error:
            problems.append((candidate.name, error.text))
        if time.monotonic() >= until:
            break
    else:
        finish_interrupted(actor, press)
        if not for_another:
            _end(actor, batch_id)
        return replace(progress(batch_id, tuple(problems)), for_another=for_another)
    return progress(batch_id, tuple(problems))


def _one_by_one(course: Course, kind: str, enrolment_ids: list[int]) -> Iterator[Candidate]:
    for start in range(0, len(enrolment_ids), _CHUNK):
        yield from eligible(course, kind, enrolment_ids[start : start + _CHUNK])


def _why(candidate: Candidate) -> Text:
    return candidate.reasons[0] if candidate.reasons else _NOT_APPROVED


def _end(actor: Actor, batch_id: int) -> None:
    with transaction():
        batch = lock(IssueBatch, batch_id)
        if batch.ended_at is None:
            batch.ended_at = clock.now()
            record(actor, "batch.ended", f"batch:{batch_id}")


def progress(batch_id: int, problems: tuple[tuple[str, Text], ...] | None = None) -> Progress:
    """How far a batch is; who stands in its way is looked up unless it is given. Raises Missing."""
    row = queries.batch_row(batch_id)
    if row is None:
        raise Missing(msg("This is not here (any more)."))
    if problems is None:
        left = [
            enrolment_id
            for _, enrolment_id, status in queries.batch_members(batch_id)
            if status not in {"issued"}
        ]
        problems = tuple(
            (one.name, _why(one) if one.row.proposal_id else _CLOSED)
            for one in (eligible(row.course, row.kind, left) if left else [])
            if not one.eligibility.can_issue
        )
    return Progress(row.total, row.done, problems, row.ended_at is not None)
