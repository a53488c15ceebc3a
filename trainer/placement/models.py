"""Tables of placements: agreements, their pauses, the log, weekly follow-ups."""

from __future__ import annotations

from datetime import date, datetime
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
    insert,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from trainer.cohorts.models import Enrolment
from trainer.core import clock
from trainer.core.models import Json, Model, UTCDateTime
from trainer.gates.models import Waiver
from trainer.people.models import Organisation, Person


class Placement(Model):
    """Work practice of one person in a host team, as agreed by the three parties."""

    __tablename__ = "placement"
    __table_args__ = (
        CheckConstraint("status IN ('open', 'paused', 'closed')", name="status"),
        CheckConstraint("ends_on >= starts_on", name="period"),
        CheckConstraint("weekly_minutes BETWEEN 1 AND 10080", name="weekly_minutes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    host_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    service: Mapped[str] = mapped_column(String(200), default="")
    reference_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    weekly_minutes: Mapped[int]
    functions_in: Mapped[list[str]] = mapped_column(Json)
    functions_out: Mapped[list[str]] = mapped_column(Json)
    contacts: Mapped[str] = mapped_column(Text, default="")
    equipment: Mapped[str] = mapped_column(Text, default="")
    signed_worker_on: Mapped[date | None]
    signed_host_on: Mapped[date | None]
    signed_provider_on: Mapped[date | None]
    status: Mapped[str] = mapped_column(String(10))
    opened_by_waiver_id: Mapped[int | None] = mapped_column(ForeignKey("waiver.id"))
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)

    enrolment: Mapped[Enrolment] = relationship(lazy="select")
    host: Mapped[Organisation] = relationship(lazy="select")
    reference: Mapped[Person | None] = relationship(foreign_keys=[reference_id], lazy="select")
    opened_by_waiver: Mapped[Waiver | None] = relationship(lazy="raise_on_sql")


class PlacementPause(Model):
    """A time in which this placement stands still, from `starts_on` until the day before `ends_on`. No reason is stored."""

    __tablename__ = "placement_pause"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_on"),
        Index(
            "uq_placement_pause_open",
            "placement_id",
            unique=True,
            sqlite_where=text("ends_on IS NULL"),
            postgresql_where=text("ends_on IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]


class PlacementLog(Model):
    """One entry of the log. Signed off when `signed_off_at` is set: by a person, or by an import (then nobody is named).

    `tasks_key` is the digest of `tasks`: date, kind and tasks make an entry the same one.
    """

    __tablename__ = "placement_log"
    __table_args__ = (
        UniqueConstraint("placement_id", "date", "kind", "tasks_key"),
        CheckConstraint("minutes BETWEEN 1 AND 1440", name="minutes"),
        CheckConstraint("kind IN ('direct', 'team', 'supervision', 'reflection', 'training')", name="kind"),
        CheckConstraint("signed_off_by IS NULL OR signed_off_at IS NOT NULL", name="signed_off"),
        CheckConstraint("disputed_by IS NULL OR disputed_at IS NOT NULL", name="disputed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"))
    on: Mapped[date] = mapped_column("date")
    minutes: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    tasks: Mapped[str] = mapped_column(Text, default="")
    tasks_key: Mapped[str] = mapped_column(String(64))
    imported: Mapped[bool] = mapped_column(default=False)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    signed_off_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    signed_off_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    disputed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    disputed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    dispute_note: Mapped[str | None] = mapped_column(Text)


class PlacementLogEvent(Model):
    """What an entry of the log was from a moment on: appended with every change, so that a decision can be replayed.

    Written by the listeners below, whoever changes an entry. `log_id` may be of an entry that was taken out since. state: as
    `rules.log_state` names it, or removed.
    """

    __tablename__ = "placement_log_event"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'signed', 'disputed', 'removed')", name="state"),
        Index("ix_placement_log_event_placement_id_at", "placement_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"))
    log_id: Mapped[int]
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    state: Mapped[str] = mapped_column(String(10))
    on: Mapped[date] = mapped_column("date")
    kind: Mapped[str] = mapped_column(String(20))
    minutes: Mapped[int]


def _append(connection: Connection, one: PlacementLog, state: str) -> None:
    connection.execute(
        insert(PlacementLogEvent).values(
            placement_id=one.placement_id,
            log_id=one.id,
            at=clock.now(),
            state=state,
            on=one.on,
            kind=one.kind,
            minutes=one.minutes,
        )
    )


@event.listens_for(PlacementLog, "after_insert")
@event.listens_for(PlacementLog, "after_update")
def _append_state(mapper: Any, connection: Connection, one: PlacementLog) -> None:
    """One row for each flush that wrote an entry: none of the services can forget it."""
    waiting = "waiting" if one.signed_off_at is None else "signed"
    _append(connection, one, waiting if one.disputed_at is None else "disputed")


@event.listens_for(PlacementLog, "after_delete")
def _append_removal(mapper: Any, connection: Connection, one: PlacementLog) -> None:
    _append(connection, one, "removed")


class FollowUp(Model):
    """The weekly follow-up of one week: held or missed, recorded by whom. The note is for the two alone."""

    __tablename__ = "follow_up"
    __table_args__ = (
        UniqueConstraint("placement_id", "week_starts_on"),
        CheckConstraint("minutes BETWEEN 0 AND 1440", name="minutes"),
        CheckConstraint("held OR minutes = 0", name="held"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"))
    week_starts_on: Mapped[date]
    held: Mapped[bool]
    minutes: Mapped[int]
    by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    private_note: Mapped[str | None] = mapped_column(Text)
