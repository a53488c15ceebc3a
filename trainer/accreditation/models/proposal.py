"""What an organiser asks for, what is said about it, and the batches in which it is issued."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from trainer.cohorts.models import Course, Enrolment
from trainer.core.models import Json, Model, UTCDateTime

_OPEN = text("status in ('proposed', 'approved')")


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
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    approved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # Nothing reads or writes these any more: a thread (ProposalMessage) took their place. They go in the
    # release after the one that brings threads, so that a migrated database still serves the one before.
    question: Mapped[str] = mapped_column(String(1000), default="")
    question_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    question_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answer: Mapped[str] = mapped_column(String(1000), default="")
    answer_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    course: Mapped[Course] = relationship(lazy="raise_on_sql")
    enrolment: Mapped[Enrolment] = relationship(lazy="raise_on_sql")


class ProposalMessage(Model):
    """One message between the university and the provider, about one proposal or about all of a course and
    kind (no proposal). Appended, never changed."""

    __tablename__ = "proposal_message"
    __table_args__ = (
        CheckConstraint("side in ('university', 'provider')", name="side"),
        Index("ix_proposal_message_course_id_kind", "course_id", "kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    kind: Mapped[str] = mapped_column(String(40))
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposal.id"), index=True)
    side: Mapped[str] = mapped_column(String(10))
    words: Mapped[str] = mapped_column(String(2000))
    by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class IssueBatch(Model):
    """The issue of several certificates as one piece of work: it can stop at any point and be gone on with,
    by whoever may issue."""

    __tablename__ = "issue_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    begun_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    begun_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    course: Mapped[Course] = relationship(lazy="raise_on_sql")


class IssueBatchMember(Model):
    """A proposal of a batch."""

    __tablename__ = "issue_batch_member"

    batch_id: Mapped[int] = mapped_column(ForeignKey("issue_batch.id"), primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), primary_key=True, index=True)
