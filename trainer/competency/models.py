"""Assessments: appended, never changed."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from trainer.core import clock
from trainer.core.models import Model, StoredFile, UTCDateTime
from trainer.people.models import Person


class Assessment(Model):
    """One assessor's judgement of one competency of one person, on the programme's scale."""

    __tablename__ = "assessment"
    __table_args__ = (
        CheckConstraint(
            "kind in ('assessor', 'peer_assessor', 'reference_professional', 'self', 'prior_learning')",
            name="kind",
        ),
        Index("ix_assessment_enrolment_competency", "enrolment_id", "competency_code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    competency_code: Mapped[str] = mapped_column(String(80))
    level_code: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(30))
    assessor_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    assessed_on: Mapped[date]
    evidence: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)

    assessor: Mapped[Person] = relationship(foreign_keys=[assessor_id], lazy="raise_on_sql")


class Evidence(Model):
    """One thing that shows a competency: a note, a file, a link, or a session at which it was observed.

    Added by the person or by staff; withdrawn, never deleted, while an assessment rests on it.
    """

    __tablename__ = "evidence"
    __table_args__ = (
        CheckConstraint("kind in ('note', 'file', 'link', 'session')", name="kind"),
        CheckConstraint(
            "(kind = 'file') = (file_id IS NOT NULL) AND (kind = 'link') = (url IS NOT NULL)"
            " AND (kind = 'session') = (session_id IS NOT NULL)",
            name="what",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(200))
    words: Mapped[str] = mapped_column(Text, default="")
    url: Mapped[str | None] = mapped_column(String(500))
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    session_id: Mapped[int | None] = mapped_column(ForeignKey("session.id"))
    happened_on: Mapped[date | None]
    added_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    file: Mapped[StoredFile | None] = relationship(lazy="raise_on_sql")


class EvidenceFor(Model):
    """The competencies that a piece of evidence shows, before and beside any assessment of them."""

    __tablename__ = "evidence_for"

    evidence_id: Mapped[int] = mapped_column(ForeignKey("evidence.id"), primary_key=True)
    competency_code: Mapped[str] = mapped_column(String(80), primary_key=True)


class AssessmentEvidence(Model):
    """What an assessment rested on."""

    __tablename__ = "assessment_evidence"

    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), primary_key=True)
    evidence_id: Mapped[int] = mapped_column(ForeignKey("evidence.id"), primary_key=True, index=True)


class PriorLearning(Model):
    """A claim that a competency was learnt before; recognised, it becomes an assessment of kind prior_learning."""

    __tablename__ = "prior_learning"
    __table_args__ = (
        CheckConstraint("status in ('asked', 'recognised', 'not_yet', 'withdrawn')", name="status"),
        CheckConstraint("(status = 'recognised') = (assessment_id IS NOT NULL)", name="recognised"),
        Index(
            "uq_prior_learning_open",
            "enrolment_id",
            "competency_code",
            unique=True,
            sqlite_where=text("status = 'asked'"),
            postgresql_where=text("status = 'asked'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    competency_code: Mapped[str] = mapped_column(String(80))
    level_code: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(
        String(40), default="", server_default=""
    )  # one of the programme's, or none given
    words: Mapped[str] = mapped_column(Text)
    evidence_id: Mapped[int | None] = mapped_column(ForeignKey("evidence.id"))
    status: Mapped[str] = mapped_column(String(12))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    outcome: Mapped[str] = mapped_column(Text, default="")
    assessment_id: Mapped[int | None] = mapped_column(ForeignKey("assessment.id"))


class Appeal(Model):
    """A person asks for another look at an assessment: by another assessor, before a day, with the outcome's why.

    status: open (nobody has it yet), assigned, upheld (the assessment stands), changed (a new assessment), withdrawn.
    `answer_by` is the last day for an answer.
    """

    __tablename__ = "appeal"
    __table_args__ = (
        CheckConstraint("status in ('open', 'assigned', 'upheld', 'changed', 'withdrawn')", name="status"),
        CheckConstraint("(status = 'changed') = (outcome_assessment_id IS NOT NULL)", name="changed"),
        CheckConstraint("status not in ('upheld', 'changed') OR outcome <> ''", name="outcome"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), unique=True)
    words: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    answer_by: Mapped[date]
    status: Mapped[str] = mapped_column(String(12))
    assigned_to: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    assigned_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    outcome: Mapped[str] = mapped_column(Text, default="")
    outcome_assessment_id: Mapped[int | None] = mapped_column(ForeignKey("assessment.id"))


class Conflict(Model):
    """An assessor declared that they are too close to somebody to assess them. No reason is stored."""

    __tablename__ = "conflict"
    __table_args__ = (
        CheckConstraint("assessor_id <> person_id", name="two_people"),
        Index(
            "uq_conflict_live",
            "assessor_id",
            "person_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assessor_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    declared_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    declared_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
