"""A person's dossier: every entry is appended, and the newest of a thing decides."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from trainer.core.models import Model, StoredFile, UTCDateTime


class DossierEntry(Model):
    """One step in the life of a document, a part of a portfolio, a test or a decision of one enrolment.

    `code` names the thing in the programme. `state`: documents and portfolio parts are handed_in, then accepted or
    returned; a test is taken, with `points` out of `out_of`; a decision is yes or not_yet. `on` is the day it happened,
    `valid_until` the last day on which an accepted document is good. `void` entries were recorded by mistake.
    """

    __tablename__ = "dossier_entry"
    __table_args__ = (
        CheckConstraint("kind IN ('document', 'portfolio', 'test', 'decision')", name="kind"),
        CheckConstraint(
            "state IN ('handed_in', 'accepted', 'returned', 'taken', 'yes', 'not_yet', 'void')", name="state"
        ),
        CheckConstraint("(state = 'taken') = (points IS NOT NULL AND out_of IS NOT NULL)", name="points"),
        CheckConstraint("points IS NULL OR (points >= 0 AND points <= out_of)", name="range"),
        CheckConstraint("(state = 'void') = (voids_id IS NOT NULL)", name="voids"),
        Index("ix_dossier_entry_thing", "enrolment_id", "kind", "code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    kind: Mapped[str] = mapped_column(String(12))
    code: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(12))
    points: Mapped[int | None]
    out_of: Mapped[int | None]
    on: Mapped[date] = mapped_column("date")
    valid_until: Mapped[date | None]
    words: Mapped[str] = mapped_column(Text, default="")
    url: Mapped[str | None] = mapped_column(String(500))
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    voids_id: Mapped[int | None] = mapped_column(ForeignKey("dossier_entry.id"))
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)

    file: Mapped[StoredFile | None] = relationship(lazy="raise_on_sql")
