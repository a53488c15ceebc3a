"""Tables of scheduling.

A session keeps wall time and zone, never a moment: the rules of zones change, the wall clock is the promise.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Connection,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    event,
    false,
    insert,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from trainer.core import clock
from trainer.core.models import Model, UTCDateTime


class Venue(Model):
    """A place where sessions meet; its region (`ES-CT`) says which public holidays close it."""

    __tablename__ = "venue"
    __table_args__ = (CheckConstraint("capacity IS NULL OR capacity > 0", name="capacity"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    address: Mapped[str] = mapped_column(String(200), default="")
    region: Mapped[str] = mapped_column(String(12), default="ES-CT")
    timezone: Mapped[str] = mapped_column(String(64), default="Europe/Madrid")
    capacity: Mapped[int | None]


class Session(Model):
    """One dated meeting of a course.

    `uid`, `sequence` and `updated_at` are what calendars know it by: the first never changes, the others
    rise with every change that shows in a calendar. `effective_minutes` is how long it really took, once it
    was held. An `extra` session repeats a part of the course for those who missed it: it is in nobody's base, and who attends
    it makes something up.
    """

    __tablename__ = "session"
    __table_args__ = (
        UniqueConstraint("course_id", "number"),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("minutes BETWEEN 1 AND 1440", name="minutes"),
        CheckConstraint(
            "effective_minutes IS NULL OR effective_minutes BETWEEN 1 AND 1440", name="effective_minutes"
        ),
        CheckConstraint("status IN ('planned', 'held', 'cancelled')", name="status"),
        CheckConstraint("status <> 'cancelled' OR cancel_reason IS NOT NULL", name="cancel_reason"),
        CheckConstraint("sequence >= 0", name="sequence"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    number: Mapped[int]
    module_code: Mapped[str] = mapped_column(String(80))
    title: Mapped[str | None] = mapped_column(String(200))
    starts_local: Mapped[datetime] = mapped_column(index=True)
    timezone: Mapped[str] = mapped_column(String(64))
    minutes: Mapped[int]
    effective_minutes: Mapped[int | None]
    venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id"), index=True)
    status: Mapped[str] = mapped_column(String(12), default="planned")
    cancel_reason: Mapped[str | None] = mapped_column(String(300))
    uid: Mapped[str] = mapped_column(String(120), unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    note: Mapped[str] = mapped_column(Text, default="")
    extra: Mapped[bool] = mapped_column(default=False, server_default=false())


class SessionHistory(Model):
    """What a session was from a moment on: appended with every change, so that a decision can be replayed.

    Written by the listeners below, whoever changes a session; `minutes` and `effective_minutes` as on Session.
    """

    __tablename__ = "session_history"
    __table_args__ = (Index("ix_session_history_session_id_at", "session_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    status: Mapped[str] = mapped_column(String(12))
    module_code: Mapped[str] = mapped_column(String(80))
    starts_local: Mapped[datetime]
    minutes: Mapped[int]
    effective_minutes: Mapped[int | None]
    extra: Mapped[bool] = mapped_column(default=False, server_default=false())


@event.listens_for(Session, "after_insert")
@event.listens_for(Session, "after_update")
def _append_history(mapper: Any, connection: Connection, one: Session) -> None:
    """One row of history for each flush that wrote a session: none of the services can forget it."""
    connection.execute(
        insert(SessionHistory).values(
            session_id=one.id,
            at=clock.now(),
            status=one.status,
            module_code=one.module_code,
            starts_local=one.starts_local,
            minutes=one.minutes,
            effective_minutes=one.effective_minutes,
            extra=bool(one.extra),
        )
    )


class SessionTrainer(Model):
    """Who trains at a session."""

    __tablename__ = "session_trainer"

    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)


class SessionHandout(Model):
    """A hand-out of a session: a title and the address where it is."""

    __tablename__ = "session_handout"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    url: Mapped[str] = mapped_column(String(500))


class Feed(Model):
    """A secret calendar address: of a person's own sessions, or (with a course) of one course for its staff.

    `token` is kept as it is because the person must be able to read the address again; it opens nothing else.
    `titled_at` is when titles were last switched on or off: what the feed shows counts as changed then.
    """

    __tablename__ = "feed"
    __table_args__ = (
        Index(
            "uq_feed_own",
            "person_id",
            unique=True,
            sqlite_where=text("course_id IS NULL AND revoked_at IS NULL"),
            postgresql_where=text("course_id IS NULL AND revoked_at IS NULL"),
        ),
        Index(
            "uq_feed_course",
            "person_id",
            "course_id",
            unique=True,
            sqlite_where=text("course_id IS NOT NULL AND revoked_at IS NULL"),
            postgresql_where=text("course_id IS NOT NULL AND revoked_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"), index=True)
    token: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    show_titles: Mapped[bool] = mapped_column(default=False)
    titled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
