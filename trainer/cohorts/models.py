"""Tables of courses and the people on them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from trainer.core.models import Json, Model, UTCDateTime
from trainer.curriculum.models import ProgrammeVersion
from trainer.people.models import Organisation, Person


class Course(Model):
    """One edition of a programme, pinned to the exact version that it began with."""

    __tablename__ = "course"
    __table_args__ = (
        CheckConstraint("status IN ('planned', 'running', 'closed')", name="status"),
        CheckConstraint("language IN ('ca', 'es', 'en')", name="language"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    programme_version_id: Mapped[int] = mapped_column(ForeignKey("programme_version.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    university_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    timezone: Mapped[str] = mapped_column(String(60))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    language: Mapped[str] = mapped_column(String(8))
    status: Mapped[str] = mapped_column(String(12))
    specimen: Mapped[bool] = mapped_column(default=False)
    support_contact_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    programme_version: Mapped[ProgrammeVersion] = relationship(lazy="raise_on_sql")
    organisation: Mapped[Organisation] = relationship(foreign_keys=[organisation_id], lazy="select")
    university: Mapped[Organisation] = relationship(foreign_keys=[university_id], lazy="select")
    support_contact: Mapped[Person | None] = relationship(lazy="select")


class Enrolment(Model):
    """A person on a course."""

    __tablename__ = "enrolment"
    __table_args__ = (
        UniqueConstraint("course_id", "person_id"),
        CheckConstraint(
            "status IN ('invited', 'enrolled', 'paused', 'withdrawn', 'completed')", name="status"
        ),
        CheckConstraint("left_on IS NULL OR status IN ('withdrawn', 'completed')", name="left_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    entity_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    status: Mapped[str] = mapped_column(String(12))
    joined_on: Mapped[date | None]
    left_on: Mapped[date | None]
    consent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    leave_requested_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    course: Mapped[Course] = relationship(lazy="select")
    person: Mapped[Person] = relationship(lazy="select")
    entity: Mapped[Organisation | None] = relationship(lazy="select")


class EnrolmentEvent(Model):
    """One change of status: appended, never changed."""

    __tablename__ = "enrolment_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    from_status: Mapped[str | None] = mapped_column(String(12))
    to_status: Mapped[str] = mapped_column(String(12))
    effective_on: Mapped[date]
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    note_code: Mapped[str] = mapped_column(String(20), default="")


class Pause(Model):
    """A time in which clocks stop: from `starts_on` until the day before `ends_on`. No reason is stored."""

    __tablename__ = "pause"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_on"),
        Index(
            "uq_pause_open",
            "enrolment_id",
            unique=True,
            sqlite_where=text("ends_on IS NULL"),
            postgresql_where=text("ends_on IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]


class Consent(Model):
    """What a person agreed to, in which wording, and when; withdrawn rather than deleted."""

    __tablename__ = "consent"
    __table_args__ = (CheckConstraint("kind IN ('course_data')", name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    wording_version: Mapped[str] = mapped_column(String(20))
    given_at: Mapped[datetime] = mapped_column(UTCDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class VersionChange(Model):
    """A running course moved to another version of its programme: proposed by one person, done by another.

    `effects` is what the proposal was seen to do when it was made: words for the record, never read back as facts.
    """

    __tablename__ = "version_change"
    __table_args__ = (
        CheckConstraint("status IN ('proposed', 'done', 'declined', 'withdrawn')", name="status"),
        Index(
            "uq_version_change_open",
            "course_id",
            unique=True,
            sqlite_where=text("status = 'proposed'"),
            postgresql_where=text("status = 'proposed'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    from_version_id: Mapped[int] = mapped_column(ForeignKey("programme_version.id"))
    to_version_id: Mapped[int] = mapped_column(ForeignKey("programme_version.id"))
    status: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(1000))
    effects: Mapped[dict[str, Any]] = mapped_column(Json)
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    reviewed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reviewed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    review_note: Mapped[str] = mapped_column(String(1000), default="")

    proposer: Mapped[Person | None] = relationship(foreign_keys=[proposed_by], lazy="raise_on_sql")
    reviewer: Mapped[Person | None] = relationship(foreign_keys=[reviewed_by], lazy="raise_on_sql")
