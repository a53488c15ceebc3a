"""Waivers: who opened what for whom, when and why."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from trainer.core.models import Model, UTCDateTime


class Waiver(Model):
    """One gate, or one requirement of it (by key), waived for one enrolment; revoked, never deleted."""

    __tablename__ = "waiver"

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    gate: Mapped[str] = mapped_column(String(80))
    requirement: Mapped[str | None] = mapped_column(String(120))
    reason: Mapped[str] = mapped_column(String(1000))
    granted_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    granted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    until: Mapped[date | None]
    revoked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
