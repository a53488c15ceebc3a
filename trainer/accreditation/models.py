"""Tables of the university's side: its face on documents, proposals, serials, certificates and their
history."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from trainer.cohorts.models import Course, Enrolment
from trainer.core import clock
from trainer.core.models import Json, Model, UTCDateTime

_OPEN = text("status in ('proposed', 'approved')")
_STANDING = text("status in ('valid', 'revoked')")


class UniversityProfile(Model):
    """How a university appears on the certificates that it issues. Without one, its name alone appears."""

    __tablename__ = "university_profile"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    display_names: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    logo: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    logo_type: Mapped[str | None] = mapped_column(String(40))
    accent: Mapped[str] = mapped_column(String(7), default="#14555a")
    signatories: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    city: Mapped[str] = mapped_column(String(80), default="")
    wording: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)


class Proposal(Model):
    """An organiser's request to accredit one person, with the evidence as it stood, and the
    registrar's decision."""

    __tablename__ = "proposal"
    __table_args__ = (
        CheckConstraint("status in ('proposed', 'approved', 'issued', 'withdrawn')", name="status"),
        # One open proposal a person and kind, whoever clicks twice.
        Index(
            "uq_proposal_open",
            "enrolment_id",
            "kind",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_proposal_course_id_kind", "course_id", "kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    status: Mapped[str] = mapped_column(String(12))
    evidence: Mapped[dict[str, Any]] = mapped_column(Json)
    evidence_hash: Mapped[str] = mapped_column(String(80))
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    question: Mapped[str] = mapped_column(String(1000), default="")
    question_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    question_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answer: Mapped[str] = mapped_column(String(1000), default="")
    answer_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    approved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    course: Mapped[Course] = relationship(lazy="raise_on_sql")
    enrolment: Mapped[Enrolment] = relationship(lazy="raise_on_sql")


class SerialCounter(Model):
    """The last number that a university gave out in a year. Raised only together with the certificate that
    bears it, so that numbers have no gaps."""

    __tablename__ = "serial_counter"
    __table_args__ = (
        UniqueConstraint("organisation_id", "year"),
        CheckConstraint("last >= 0", name="last"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    year: Mapped[int]
    last: Mapped[int] = mapped_column(default=0)


class Certificate(Model):
    """What the university issued, frozen: its words, its bytes and their SHA-256. Only the status
    lives on."""

    __tablename__ = "certificate"
    __table_args__ = (
        CheckConstraint("status in ('valid', 'superseded', 'revoked')", name="status"),
        CheckConstraint("(status = 'revoked') = (reason_code is not null)", name="reason"),
        CheckConstraint(
            "reason_code is null or "
            "reason_code in ('issued_in_error', 'data_error', 'misconduct', 'holder_request', 'other')",
            name="reason_code",
        ),
        CheckConstraint("number > 0", name="number"),
        UniqueConstraint("university_id", "year", "number"),
        # One certificate of a kind from one enrolment, but for those that were replaced: issuing twice
        # issues once, and what was revoked is reinstated rather than issued beside itself.
        Index(
            "uq_certificate_standing",
            "enrolment_id",
            "kind",
            unique=True,
            sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
        Index("ix_certificate_enrolment_id", "enrolment_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    university_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    year: Mapped[int]
    number: Mapped[int]
    serial: Mapped[str] = mapped_column(String(60), unique=True)
    code: Mapped[str] = mapped_column(String(26), unique=True)  # without dashes
    kind: Mapped[str] = mapped_column(String(40))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), index=True)
    name: Mapped[str] = mapped_column(String(400))
    language: Mapped[str] = mapped_column(String(5))
    frozen: Mapped[dict[str, Any]] = mapped_column(Json)
    pdf: Mapped[bytes] = deferred(mapped_column(LargeBinary))
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    status: Mapped[str] = mapped_column(String(12))
    reason_code: Mapped[str | None] = mapped_column(String(20))
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"), unique=True)
    issued_at: Mapped[datetime] = mapped_column(UTCDateTime)
    issued_on: Mapped[date]  # in the course's zone
    issued_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    expires_on: Mapped[date | None]
    revoked_on: Mapped[date | None]
    withheld: Mapped[bool] = mapped_column(default=False)  # the holder shows neither name nor title
    flagged_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    enrolment: Mapped[Enrolment] = relationship(lazy="raise_on_sql")


class CertificateEvent(Model):
    """One step in a certificate's life: appended, never changed. `note` is private to the registrars."""

    __tablename__ = "certificate_event"
    __table_args__ = (
        CheckConstraint(
            "event in ('issued', 'revoked', 'reinstated', 'superseded', 'flagged', 'reviewed', 'withheld', "
            "'shown')",
            name="event",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"), index=True)
    event: Mapped[str] = mapped_column(String(12))
    reason_code: Mapped[str | None] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(String(2000), default="")
    by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
