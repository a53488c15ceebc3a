"""The registry book: every certificate that a university gave a number in a year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from trainer.accreditation.models import Certificate, CertificateEvent, Reservation
from trainer.accreditation.queries.universities import University, university_by_code
from trainer.cohorts.models import Course, Enrolment
from trainer.core.database import session


@dataclass(frozen=True)
class BookRow:
    """One line of the book. Name, title, course and hours read as they were printed."""

    number: int
    serial: str
    issued_on: date
    name: str
    kind: str
    title: str
    course_code: str
    course_title: str
    hours: int | None
    status: str
    reason_code: str | None
    expires_on: date | None
    revoked_on: date | None
    reinstated_from: date | None
    superseded_at: datetime | None
    supersedes: str | None
    superseded_by: str | None
    sha256: str
    signatures: list[dict[str, Any]]


@dataclass(frozen=True)
class BookYear:
    """The book of one university and year."""

    university: University
    year: int

    @property
    def university_id(self) -> int:
        return self.university.id


def book_of(university: str, year: int) -> BookYear | None:
    """The book of the university with this code; None when there is none, or it gave out no number in the year."""
    found = university_by_code(university)
    there = found is not None and session.scalar(
        select(Certificate.id).where(Certificate.university_id == found.id, Certificate.year == year).limit(1)
    )
    return BookYear(found, year) if found is not None and there else None


def book_years(university_id: int) -> list[tuple[int, int]]:
    """(year, number of certificates), newest first."""
    rows = session.execute(
        select(Certificate.year, func.count())
        .where(Certificate.university_id == university_id)
        .group_by(Certificate.year)
        .order_by(Certificate.year.desc())
    )
    return [(year, count) for year, count in rows]


def book_rows(university_id: int, year: int) -> list[BookRow]:
    """Every certificate of a university's year in the order of its number: one statement, without documents."""
    older, newer = aliased(Certificate), aliased(Certificate)
    superseded = (
        select(func.min(CertificateEvent.at))
        .where(CertificateEvent.certificate_id == Certificate.id, CertificateEvent.event == "superseded")
        .correlate(Certificate)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            Certificate.number,
            Certificate.serial,
            Certificate.issued_on,
            Certificate.name,
            Certificate.kind,
            Certificate.frozen["sheet"]["title"].as_string(),
            Course.code,
            func.coalesce(Certificate.frozen["course"]["title"].as_string(), Course.title),
            Certificate.frozen["credential"]["hours"].as_string(),
            Certificate.status,
            Certificate.reason_code,
            Certificate.expires_on,
            Certificate.revoked_on,
            Certificate.reinstated_from,
            superseded,
            older.serial,
            newer.serial,
            Certificate.sha256,
            Certificate.signatures,
        )
        .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
        .join(Course, Course.id == Enrolment.course_id)
        .outerjoin(older, older.id == Certificate.supersedes_id)
        .outerjoin(newer, newer.supersedes_id == Certificate.id)
        .where(Certificate.university_id == university_id, Certificate.year == year)
        .order_by(Certificate.number)
    )
    return [_row(row) for row in rows]


def _row(row: Any) -> BookRow:
    values = list(row)
    hours = values[8]
    values[8] = int(hours) if hours is not None and str(hours).isdecimal() else None
    return BookRow(*values)


def waiting_numbers(university_id: int, year: int) -> list[str]:
    """The serials that were given out and whose document is still being made."""
    return list(
        session.scalars(
            select(Reservation.serial)
            .where(Reservation.university_id == university_id, Reservation.year == year)
            .order_by(Reservation.number)
        )
    )
