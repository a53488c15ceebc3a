"""Certificates: by code, serial and document, in lists, and their history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from trainer.accreditation.models import (
    Certificate,
    CertificateEvent,
)
from trainer.accreditation.rules.codes import normalise
from trainer.accreditation.rules.serials import tidy
from trainer.cohorts.models import Course, Enrolment
from trainer.core.database import session
from trainer.people.models import Person

PAGE = 50
ENDING_DAYS = 90  # before and after today: what the registrar's list of endings reaches over
# Looked up in place of what cannot be a code, so that every unknown code costs the same.
NOBODY = "0" * 26


@dataclass(frozen=True)
class CertificateRow:
    """A certificate in a list, without its document."""

    id: int
    serial: str
    code: str
    kind: str
    status: str
    reason_code: str | None
    issued_on: date
    expires_on: date | None
    flagged_at: datetime | None
    withheld: bool
    university_id: int
    person_id: int
    name: str
    email: str | None
    title: str
    course: Course
    revoked_on: date | None = None
    reinstated_from: date | None = None


def stands(today: date) -> Any:
    """The condition that a certificate stands on a day: neither replaced nor revoked, or reinstated from a
    day that has come. It may have expired. (rules.statuses.standing_of, in SQL)"""
    return (Certificate.status == "valid") | (
        (Certificate.status == "revoked") & (Certificate.reinstated_from <= today)
    )


def certificate_by_code(typed: str) -> Certificate | None:
    """The certificate with a verification code, however it was typed; None when there is none."""
    return session.scalar(select(Certificate).where(Certificate.code == (normalise(typed) or NOBODY)))


def certificate_by_serial(serial: str) -> Certificate | None:
    """The certificate with this serial; None when there is none."""
    return session.scalar(select(Certificate).where(func.upper(Certificate.serial) == tidy(serial)))


def certificate_by_one_of(codes: Sequence[str] = (), serials: Sequence[str] = ()) -> Certificate | None:
    """The certificate with the first of these codes (without dashes) or serials (as printed) that there is;
    None when there is none of them. One statement, by the indexes: a stranger's file can hold many."""
    wanted = [*codes, *serials]
    if not wanted:
        return None
    found = session.scalars(
        select(Certificate).where(Certificate.code.in_(codes) | Certificate.serial.in_(serials))
    )
    return min(
        found,
        key=lambda one: min(wanted.index(name) for name in (one.code, one.serial) if name in wanted),
        default=None,
    )


def certificate_by_hash(sha256: str) -> Certificate | None:
    """The certificate whose document has this SHA-256; None when there is none."""
    return session.scalar(select(Certificate).where(Certificate.sha256 == sha256))


def code_and_serial(certificate_id: int) -> tuple[str, str]:
    """The verification code (without dashes) and the serial of a certificate."""
    row = session.execute(
        select(Certificate.code, Certificate.serial).where(Certificate.id == certificate_id)
    ).one()
    return row.code, row.serial


def document_of(certificate_id: int) -> bytes:
    """The frozen bytes of a certificate."""
    return session.execute(select(Certificate.pdf).where(Certificate.id == certificate_id)).scalar_one()


def _rows() -> Any:
    return (
        select(
            Certificate.id,
            Certificate.serial,
            Certificate.code,
            Certificate.kind,
            Certificate.status,
            Certificate.reason_code,
            Certificate.issued_on,
            Certificate.expires_on,
            Certificate.flagged_at,
            Certificate.withheld,
            Certificate.university_id,
            Enrolment.person_id,
            Certificate.name,
            Person.email,
            Certificate.frozen["sheet"]["title"].as_string(),
            Course,
            Certificate.revoked_on,
            Certificate.reinstated_from,
        )
        .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Course, Course.id == Enrolment.course_id)
    )


def certificate_row(serial: str) -> CertificateRow | None:
    """One certificate with whose it is, for pages and policies; None when there is none."""
    row = session.execute(_rows().where(func.upper(Certificate.serial) == tidy(serial))).one_or_none()
    return None if row is None else CertificateRow(*row)


def certificate_row_by_id(certificate_id: int) -> CertificateRow | None:
    """One certificate with whose it is; None when there is none."""
    row = session.execute(_rows().where(Certificate.id == certificate_id)).one_or_none()
    return None if row is None else CertificateRow(*row)


def certificates_of_course(course_id: int) -> list[CertificateRow]:
    """Every certificate of a course, in the order of issue."""
    statement = _rows().where(Enrolment.course_id == course_id).order_by(Certificate.id)
    return [CertificateRow(*row) for row in session.execute(statement)]


def certificates_of_person(person_id: int) -> list[CertificateRow]:
    """A person's own certificates, newest first."""
    statement = _rows().where(Enrolment.person_id == person_id).order_by(Certificate.id.desc())
    return [CertificateRow(*row) for row in session.execute(statement)]


def certificates_page(university_id: int, page: int, serial: str = "") -> tuple[list[CertificateRow], int]:
    """One page of a university's certificates, newest first, and the number of pages.

    Searching is by serial, whole or its beginning, and by nothing else: there is no list of names to go
    through.
    """
    return _page(_of_university(university_id, serial), (Certificate.id.desc(),), page)


def university_certificates(university_id: int, serial: str = "") -> list[CertificateRow]:
    """Every certificate of a university, or those whose serial begins so, newest first. One statement."""
    statement = _rows().where(_of_university(university_id, serial)).order_by(Certificate.id.desc())
    return [CertificateRow(*row) for row in session.execute(statement)]


def ending_page(university_id: int, page: int, today: date) -> tuple[list[CertificateRow], int]:
    """One page of the university's certificates that stand and end within ENDING_DAYS, or ended that long
    ago at most, the nearest end first; and the number of pages."""
    return _page(_ending(university_id, today), (Certificate.expires_on, Certificate.id), page)


def ending_certificates(university_id: int, today: date) -> list[CertificateRow]:
    """All of those of `ending_page`. One statement."""
    found = _ending(university_id, today)
    statement = _rows().where(found).order_by(Certificate.expires_on, Certificate.id)
    return [CertificateRow(*row) for row in session.execute(statement)]


def _of_university(university_id: int, serial: str) -> Any:
    condition = Certificate.university_id == university_id
    if wanted := tidy(serial):
        condition = condition & func.upper(Certificate.serial).startswith(wanted, autoescape=True)
    return condition


def _ending(university_id: int, today: date) -> Any:
    reach = timedelta(days=ENDING_DAYS)
    return (
        (Certificate.university_id == university_id)
        & stands(today)
        & Certificate.expires_on.between(today - reach, today + reach)
    )


def _page(condition: Any, order: tuple[Any, ...], page: int) -> tuple[list[CertificateRow], int]:
    total = session.scalar(select(func.count()).select_from(Certificate).where(condition)) or 0
    statement = _rows().where(condition).order_by(*order).limit(PAGE).offset((max(page, 1) - 1) * PAGE)
    return [CertificateRow(*row) for row in session.execute(statement)], max(1, -(-total // PAGE))


def events_of(certificate_id: int) -> list[tuple[CertificateEvent, str | None]]:
    """The history of a certificate, oldest first, each with who did it."""
    rows = session.execute(
        select(CertificateEvent, Person.display_name)
        .outerjoin(Person, Person.id == CertificateEvent.by)
        .where(CertificateEvent.certificate_id == certificate_id)
        .order_by(CertificateEvent.id)
    )
    return [(event, name) for event, name in rows]


def replaced_by(certificate_id: int) -> str | None:
    """The serial of the certificate that superseded this one; None when none did."""
    return session.scalar(select(Certificate.serial).where(Certificate.supersedes_id == certificate_id))


def replaces(certificate_id: int) -> str | None:
    """The serial of the certificate that this one superseded; None when it is the first."""
    old = aliased(Certificate)
    return session.scalar(
        select(old.serial)
        .join(Certificate, Certificate.supersedes_id == old.id)
        .where(Certificate.id == certificate_id)
    )
