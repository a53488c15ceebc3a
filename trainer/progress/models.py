"""What was done about where people stand."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from trainer.core.models import Model, UTCDateTime


class ContactNote(Model):
    """Somebody of the team got in touch with a trainee: how, what came of it, and when to ask again.

    `agreed` is what the two agreed to do; it is no place for health, and the page says so.
    """

    __tablename__ = "contact_note"
    __table_args__ = (
        CheckConstraint("channel IN ('call', 'message', 'in_person', 'other')", name="channel"),
        CheckConstraint("outcome IN ('reached', 'no_answer', 'left_word', 'agreed')", name="outcome"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    on: Mapped[date] = mapped_column("date")
    channel: Mapped[str] = mapped_column(String(12))
    outcome: Mapped[str] = mapped_column(String(12))
    agreed: Mapped[str] = mapped_column(String(500), default="")
    again_on: Mapped[date | None]
