"""Assessments: appended, never changed."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from trainer.core import clock
from trainer.core.models import Model, UTCDateTime
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
