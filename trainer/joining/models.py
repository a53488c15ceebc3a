"""Tables of joining. What a candidate wrote is kept apart from the course, and erased when it is no longer needed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trainer.core.models import Json, Model, UTCDateTime


class Opening(Model):
    """That a course takes candidates: until when, how many places, and the answers that people should have before applying.

    `answers`: words by question code and language (pay, benefits, adjustments …). `references_asked` is how
    many references a candidate names. `keep_until`: the day after which what candidates wrote is erased.
    """

    __tablename__ = "opening"
    __table_args__ = (
        CheckConstraint("places > 0", name="places"),
        CheckConstraint("references_asked BETWEEN 0 AND 3", name="references_asked"),
        CheckConstraint("closes_on >= opens_on", name="period"),
    )

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True)
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    places: Mapped[int]
    references_asked: Mapped[int] = mapped_column(default=0)
    needs_confirmation: Mapped[bool] = mapped_column(default=False)
    answers: Mapped[dict[str, Any]] = mapped_column(Json)
    welcome: Mapped[dict[str, Any]] = mapped_column(Json)
    keep_until: Mapped[date]
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)


class EntityPlaces(Model):
    """How many of a course's places are kept for people whom one entity proposes."""

    __tablename__ = "entity_places"
    __table_args__ = (CheckConstraint("places >= 0", name="places"),)

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True)
    entity_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    places: Mapped[int]


class InfoSession(Model):
    """A meeting at which people hear what the course is before they decide; wall time and zone, like every session."""

    __tablename__ = "info_session"
    __table_args__ = (
        CheckConstraint("minutes BETWEEN 1 AND 1440", name="minutes"),
        CheckConstraint("capacity IS NULL OR capacity > 0", name="capacity"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    starts_local: Mapped[datetime]
    timezone: Mapped[str] = mapped_column(String(64))
    minutes: Mapped[int]
    place: Mapped[str] = mapped_column(String(200))
    url: Mapped[str | None] = mapped_column(String(500))
    capacity: Mapped[int | None]
    cancelled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Candidate(Model):
    """Somebody who would like to join a course, or whom a reference professional proposes.

    Never a diagnosis: eligibility is that a named professional confirmed it, and when. `adjustments_sealed` is what they need
    in order to take part, sealed, for the organisers alone. `token_hash` opens the candidate's own page. status: proposed
    (the person has not said yes yet), interested, applied (consented, complete), offered, accepted (enrolled), waiting,
    not_this_time, withdrawn.
    """

    __tablename__ = "candidate"
    __table_args__ = (
        CheckConstraint(
            "status IN ('proposed', 'interested', 'applied', 'offered', 'accepted', 'waiting',"
            " 'not_this_time', 'withdrawn')",
            name="status",
        ),
        CheckConstraint("(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="confirmed"),
        CheckConstraint("status <> 'accepted' OR enrolment_id IS NOT NULL", name="accepted"),
        UniqueConstraint("course_id", "email"),
        Index("ix_candidate_course_id_status", "course_id", "status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    given_name: Mapped[str] = mapped_column(String(200))
    family_name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str] = mapped_column(String(40), default="")
    language: Mapped[str] = mapped_column(String(8))
    entity_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    status: Mapped[str] = mapped_column(String(14))
    motivation: Mapped[str] = mapped_column(Text, default="")
    adjustments_sealed: Mapped[str | None] = mapped_column(Text)
    info_session_id: Mapped[int | None] = mapped_column(ForeignKey("info_session.id"))
    came_to_info: Mapped[bool | None]
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    consent_version: Mapped[str | None] = mapped_column(String(20))
    consent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    waiting_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answer_by: Mapped[date | None]
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    erased_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class CandidateEvent(Model):
    """One step of a candidate's way: appended, never changed; codes and people, no free text."""

    __tablename__ = "candidate_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id"), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    what: Mapped[str] = mapped_column(String(30))
    from_status: Mapped[str | None] = mapped_column(String(14))
    to_status: Mapped[str | None] = mapped_column(String(14))


class CandidateReference(Model):
    """Somebody who speaks for a candidate, asked by a single-use link; only a digest of its token is kept."""

    __tablename__ = "candidate_reference"
    __table_args__ = (UniqueConstraint("candidate_id", "email"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id"))
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))
    relation: Mapped[str] = mapped_column(String(200), default="")
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    asked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    recommends: Mapped[bool | None]
    words: Mapped[str] = mapped_column(Text, default="")
    erased_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
