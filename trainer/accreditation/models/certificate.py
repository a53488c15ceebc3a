"""Numbers, the certificates that bear them, their history, and who may look."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from trainer.cohorts.models import Enrolment
from trainer.core.models import Json, Model, UTCDateTime

_STANDING = text("status in ('valid', 'revoked')")


class SerialCounter(Model):
    """The last number that a university gave out in a year. Raised only together with the reservation (and
    through it the certificate) that bears it, so that numbers have no gaps. Its id is the number of the
    year's status list."""

    __tablename__ = "serial_counter"
    __table_args__ = (
        UniqueConstraint("organisation_id", "year"),
        CheckConstraint("last >= 0", name="last"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    year: Mapped[int]
    last: Mapped[int] = mapped_column(default=0)


class Reservation(Model):
    """A number that was given to a certificate whose document is being made. It goes when the certificate
    is there; until then whoever issues next finishes it, so that no number is ever lost."""

    __tablename__ = "reservation"
    __table_args__ = (
        CheckConstraint("cause in ('issue', 'reissue', 'renewal')", name="cause"),
        CheckConstraint("(cause = 'issue') = (supersedes_id is null)", name="supersedes"),
        UniqueConstraint("university_id", "year", "number"),
        UniqueConstraint("enrolment_id", "kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    university_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    year: Mapped[int]
    number: Mapped[int]
    serial: Mapped[str] = mapped_column(String(60), unique=True)
    code: Mapped[str] = mapped_column(String(26), unique=True)  # without dashes
    kind: Mapped[str] = mapped_column(String(40))
    cause: Mapped[str] = mapped_column(String(10))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), index=True)
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"), index=True)
    issued_on: Mapped[date]  # in the course's zone
    expires_on: Mapped[date | None]
    reserved_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reserved_at: Mapped[datetime] = mapped_column(UTCDateTime)


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
        Index("ix_certificate_expires_on", "expires_on"),
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
    # The signed Open Badges credential as it is attached, byte for byte; none for what was issued without.
    credential: Mapped[str | None] = deferred(mapped_column(Text))
    # One for each signature on the document: {"place", "label", "fingerprint", "level"}.
    signatures: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list, server_default=text("'[]'"))
    status: Mapped[str] = mapped_column(String(12))
    reason_code: Mapped[str | None] = mapped_column(String(20))
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"), unique=True)
    issued_at: Mapped[datetime] = mapped_column(UTCDateTime)
    issued_on: Mapped[date]  # in the course's zone
    issued_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    expires_on: Mapped[date | None]
    revoked_on: Mapped[date | None]
    # Since when it is good again after a revocation; in the future, it answers revoked until then.
    reinstated_from: Mapped[date | None]
    withheld: Mapped[bool] = mapped_column(default=False)  # the holder shows neither name nor title
    flagged_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    enrolment: Mapped[Enrolment] = relationship(lazy="raise_on_sql")


class CertificateEvent(Model):
    """One step in a certificate's life: appended, never changed. `note` is private to the registrars."""

    __tablename__ = "certificate_event"
    __table_args__ = (
        CheckConstraint(
            "event in ('issued', 'revoked', 'reinstated', 'superseded', 'renewed', 'reminded', 'flagged', "
            "'reviewed', 'withheld', 'shown', 'shared', 'unshared')",
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


class ShareLink(Model):
    """A link by which the holder shows a certificate, with what is chosen and nothing else, until it is
    withdrawn or its day is over."""

    __tablename__ = "share_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"), index=True)
    token: Mapped[str] = mapped_column(String(64), unique=True)
    label: Mapped[str] = mapped_column(String(80), default="")  # the holder's own words: for whom it is
    shows: Mapped[list[str]] = mapped_column(Json, default=list)  # of: name, details, outcomes, document
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_on: Mapped[date | None]
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class CertificateLook(Model):
    """A certificate was looked up from outside: when and how, for its holder to see. Not by whom: nobody's
    address is kept."""

    __tablename__ = "certificate_look"
    __table_args__ = (CheckConstraint("how in ('code', 'document', 'link', 'credential')", name="how"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"), index=True)
    how: Mapped[str] = mapped_column(String(10))
    share_link_id: Mapped[int | None] = mapped_column(ForeignKey("share_link.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
