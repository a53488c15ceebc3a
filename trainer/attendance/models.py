"""Marks and their history."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
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


class AbsenceNotice(Model):
    """What a person said beforehand about a session: that they will miss it, come late, or leave early.

    A notice is no mark: the register says what happened. `reason_code` is one of the neutral codes. Whether an absence
    counts as excused is decided by a person (`decided`), and the register takes it over as a suggestion.
    """

    __tablename__ = "absence_notice"
    __table_args__ = (
        CheckConstraint("kind IN ('absent', 'late', 'left_early')", name="kind"),
        CheckConstraint("decided IS NULL OR decided IN ('excused', 'noted')", name="decided"),
        Index(
            "uq_absence_notice_live",
            "enrolment_id",
            "session_id",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12), default="absent")
    reason_code: Mapped[str] = mapped_column(String(40), default="")
    announced_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    announced_at: Mapped[datetime] = mapped_column(UTCDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided: Mapped[str | None] = mapped_column(String(12))
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class AbsenceNote(Model):
    """Free text beside a notice, sealed, for one named support contact and the person alone; erased, never exported."""

    __tablename__ = "absence_note"

    notice_id: Mapped[int] = mapped_column(ForeignKey("absence_notice.id"), primary_key=True)
    reader_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    sealed: Mapped[str | None] = mapped_column(Text)
    erased_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class MakeUp(Model):
    """How a named absence is made up: `session_id` is the session that was or will be missed, credited once.

    ways: session (another session of the same module on this course), other_course (one of another course, another venue
    among them), task (agreed work), transfer (time attended on the course that the person came from).
    `minutes` is what it is worth; what is credited never passes the length of the missed session. status: asked (by the
    person), agreed (approved, still to be done before `until`), done (credited), declined, called_off.
    """

    __tablename__ = "make_up"
    __table_args__ = (
        CheckConstraint("way IN ('session', 'other_course', 'task', 'transfer')", name="way"),
        CheckConstraint("status IN ('asked', 'agreed', 'done', 'declined', 'called_off')", name="status"),
        CheckConstraint("minutes BETWEEN 0 AND 1440", name="minutes"),
        CheckConstraint("(way = 'task') OR target_session_id IS NOT NULL", name="target"),
        CheckConstraint("status NOT IN ('agreed', 'done') OR approved_at IS NOT NULL", name="approved"),
        Index(
            "uq_make_up_live",
            "enrolment_id",
            "session_id",
            unique=True,
            sqlite_where=text("status IN ('asked', 'agreed', 'done')"),
            postgresql_where=text("status IN ('asked', 'agreed', 'done')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id"), index=True)
    way: Mapped[str] = mapped_column(String(14))
    target_session_id: Mapped[int | None] = mapped_column(ForeignKey("session.id"), index=True)
    task: Mapped[str] = mapped_column(String(1000), default="")
    minutes: Mapped[int]
    until: Mapped[date | None]
    status: Mapped[str] = mapped_column(String(12))
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    approved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    done_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    words: Mapped[str] = mapped_column(String(500), default="")


class MakeUpEvent(Model):
    """What a make-up became, and when: appended with every change, so that a decision can be replayed."""

    __tablename__ = "make_up_event"
    __table_args__ = (Index("ix_make_up_event_make_up_id_at", "make_up_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    make_up_id: Mapped[int] = mapped_column(ForeignKey("make_up.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    status: Mapped[str] = mapped_column(String(12))
    minutes: Mapped[int]
    until: Mapped[date | None]
    target_session_id: Mapped[int | None] = mapped_column(ForeignKey("session.id"))
    words: Mapped[str] = mapped_column(String(500), default="")


class Transfer(Model):
    """A person who went on in another course of the same programme, with the time attended credited there."""

    __tablename__ = "transfer"

    id: Mapped[int] = mapped_column(primary_key=True)
    from_enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), unique=True)
    to_enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    effective_on: Mapped[date]
    by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
