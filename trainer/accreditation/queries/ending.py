"""Certificates that end with a day, whom it concerns, and who was reminded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select

from trainer.accreditation.models import Certificate, CertificateEvent
from trainer.accreditation.queries.certificates import stands
from trainer.cohorts.models import Course, Enrolment
from trainer.core.database import session
from trainer.people.models import Person


@dataclass(frozen=True)
class Ending:
    """A certificate that ends, for its reminder. `reminded`: the days before the end of those sent."""

    certificate_id: int
    kind: str
    expires_on: date
    programme_version_id: int
    timezone: str
    person_id: int
    email: str | None
    reminded: tuple[int, ...] = ()


def ending(today: date, until: date) -> list[Ending]:
    """The certificates that stand and end between two days, these included, but for those of people who were
    erased. Two statements."""
    rows: Any = session.execute(
        select(
            Certificate.id,
            Certificate.kind,
            Certificate.expires_on,
            Course.programme_version_id,
            Course.timezone,
            Person.id,
            Person.email,
        )
        .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Course, Course.id == Enrolment.course_id)
        .where(
            stands(today),
            Certificate.expires_on >= today,
            Certificate.expires_on <= until,
            Person.erased_at.is_(None),
        )
        .order_by(Certificate.expires_on, Certificate.id)
    )
    found = [Ending(*row) for row in rows]
    sent = reminded([one.certificate_id for one in found])
    return [replace(one, reminded=tuple(sent.get(one.certificate_id, ()))) for one in found]


def reminded(certificate_ids: list[int]) -> dict[int, list[int]]:
    """The reminders that were sent for certificates, as days before the end."""
    found: dict[int, list[int]] = {}
    for certificate_id, note in session.execute(
        select(CertificateEvent.certificate_id, CertificateEvent.note).where(
            CertificateEvent.event == "reminded", CertificateEvent.certificate_id.in_(certificate_ids)
        )
    ):
        found.setdefault(certificate_id, []).append(int(note))
    return found


def due_again(today: date) -> list[int]:
    """The certificates that are good again by the date of their reinstatement, and still written revoked."""
    return list(
        session.scalars(
            select(Certificate.id)
            .where(Certificate.status == "revoked", Certificate.reinstated_from <= today)
            .order_by(Certificate.id)
        )
    )
