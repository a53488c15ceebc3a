"""What university and provider wrote to each other, and who reads it."""

from __future__ import annotations

from sqlalchemy import select

from trainer.accreditation.models import ProposalMessage
from trainer.accreditation.rules.threads import Message, Thread
from trainer.core import clock
from trainer.core.database import session
from trainer.people.models import Membership, Person
from trainer.people.queries import in_force


def threads_of_course(course_id: int, kind: str | None = None) -> dict[tuple[str, int | None], Thread]:
    """The threads of a course by kind and proposal (None: about all of them), in one statement."""
    conditions = [ProposalMessage.course_id == course_id]
    if kind is not None:
        conditions.append(ProposalMessage.kind == kind)
    rows = session.execute(
        select(ProposalMessage, Person.display_name)
        .outerjoin(Person, Person.id == ProposalMessage.by)
        .where(*conditions)
        .order_by(ProposalMessage.id)
    )
    found: dict[tuple[str, int | None], list[Message]] = {}
    for row, by in rows:
        message = Message(row.id, row.side, row.words, by, row.at)
        found.setdefault((row.kind, row.proposal_id), []).append(message)
    return {key: Thread(tuple(messages)) for key, messages in found.items()}


def thread_of(proposal_id: int) -> Thread:
    """The thread about one proposal; without messages when nobody wrote."""
    rows = session.execute(
        select(ProposalMessage, Person.display_name)
        .outerjoin(Person, Person.id == ProposalMessage.by)
        .where(ProposalMessage.proposal_id == proposal_id)
        .order_by(ProposalMessage.id)
    )
    return Thread(tuple(Message(row.id, row.side, row.words, by, row.at) for row, by in rows))


def correspondents(organisation_id: int, role: str) -> list[tuple[int, str, str | None]]:
    """Person, address and language of those who hold `role` in an organisation today and can be written to."""
    rows = session.execute(
        select(Person.id, Person.email, Person.language)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.organisation_id == organisation_id,
            Membership.role == role,
            in_force(clock.today()),
            Person.erased_at.is_(None),
            Person.email.is_not(None),
        )
        .distinct()
        .order_by(Person.id)
    )
    return [(person_id, str(email), language) for person_id, email, language in rows]
