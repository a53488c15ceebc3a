"""Marks and their history."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trainer.core.models import Model, UTCDateTime

_KINDS = "('unmarked', 'present', 'late', 'left_early', 'absent', 'excused')"


class Mark(Model):
    """One person at one session. The rows of a session are its roster, as it was when it was first marked.

    `minutes` attended, for late and left early. `version` counts what was recorded: 0 while nothing was, so
    that two people who opened the page before anybody saved both know it.
    """

    __tablename__ = "mark"
    __table_args__ = (
        UniqueConstraint("session_id", "enrolment_id"),
        CheckConstraint(f"kind IN {_KINDS}", name="kind"),
        CheckConstraint(
            "(kind IN ('late', 'left_early')) = (minutes IS NOT NULL) AND (minutes IS NULL OR minutes >= 0)",
            name="minutes",
        ),
        CheckConstraint("version >= 0", name="version"),
        # Everything that a person's standing is made of, without reading the rows themselves.
        Index("ix_mark_standing", "enrolment_id", "session_id", "kind", "minutes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    kind: Mapped[str] = mapped_column(String(12), default="unmarked")
    minutes: Mapped[int | None]
    reason_code: Mapped[str] = mapped_column(String(40), default="")
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=0)


class MarkChange(Model):
    """What a mark was and what it became: appended with every change, never altered."""

    __tablename__ = "mark_change"
    __table_args__ = (
        CheckConstraint(f"from_kind IN {_KINDS}", name="from_kind"),
        CheckConstraint(f"to_kind IN {_KINDS}", name="to_kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mark_id: Mapped[int] = mapped_column(ForeignKey("mark.id"), index=True)
    from_kind: Mapped[str] = mapped_column(String(12))
    from_minutes: Mapped[int | None]
    from_reason_code: Mapped[str] = mapped_column(String(40), default="")
    to_kind: Mapped[str] = mapped_column(String(12))
    to_minutes: Mapped[int | None]
    to_reason_code: Mapped[str] = mapped_column(String(40), default="")
    reason: Mapped[str] = mapped_column(String(500), default="")
    by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
