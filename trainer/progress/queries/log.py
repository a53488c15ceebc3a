"""The log of contacts with trainees."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from trainer.cohorts.models import Enrolment
from trainer.core.database import session
from trainer.people.models import Person
from trainer.progress.models import ContactNote


@dataclass(frozen=True, slots=True)
class ContactRow:
    """One contact, with the names of the two."""

    id: int
    enrolment_id: int
    name: str
    on: date
    channel: str
    outcome: str
    agreed: str
    again_on: date | None
    by: str | None
    at: datetime


def contact_log(course_id: int, enrolment_ids: Sequence[int] | None = None) -> list[ContactRow]:
    """Every contact on the course, or with these people, the newest first. One statement."""
    caller = aliased(Person)
    statement = (
        select(
            ContactNote.id,
            ContactNote.enrolment_id,
            Person.display_name,
            ContactNote.on,
            ContactNote.channel,
            ContactNote.outcome,
            ContactNote.agreed,
            ContactNote.again_on,
            caller.display_name,
            ContactNote.at,
        )
        .join(Enrolment, Enrolment.id == ContactNote.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(caller, caller.id == ContactNote.by)
        .where(Enrolment.course_id == course_id)
        .order_by(ContactNote.on.desc(), ContactNote.id.desc())
    )
    if enrolment_ids is not None:
        statement = statement.where(ContactNote.enrolment_id.in_(enrolment_ids))
    rows: Iterable[Any] = session.execute(statement)
    return [ContactRow(*row) for row in rows]
