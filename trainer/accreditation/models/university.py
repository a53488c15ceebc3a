"""How a university appears on its documents, for all programmes and for one, and the keys it signs with."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, deferred, mapped_column

from trainer.core import clock
from trainer.core.models import Json, Model, UTCDateTime

_ACTIVE = text("retired_at is null")


class UniversityProfile(Model):
    """How a university appears on the certificates that it issues, and by which rules it issues. Without
    one, its name alone appears."""

    __tablename__ = "university_profile"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    display_names: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    logo: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    logo_type: Mapped[str | None] = mapped_column(String(40))
    accent: Mapped[str] = mapped_column(String(7), default="#14555a")
    signatories: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    city: Mapped[str] = mapped_column(String(80), default="")
    wording: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    # Whoever approves a proposal does not issue its certificate.
    two_people: Mapped[bool] = mapped_column(default=False, server_default=false())
    # The holder's national id is printed, masked.
    national_id: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Address of an RFC 3161 time-stamping service; empty: signatures bear no time stamp (PAdES B-B).
    timestamp_url: Mapped[str] = mapped_column(String(300), default="", server_default="")
    # With a time stamp: B-LTA (revocation data and a document time stamp too) instead of B-T.
    long_term: Mapped[bool] = mapped_column(default=False, server_default=false())
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)


class ProgrammeFace(Model):
    """What a university says and shows otherwise on the documents of one programme. Empty means: as in the
    university's profile, or as in the programme."""

    __tablename__ = "programme_face"
    __table_args__ = (UniqueConstraint("organisation_id", "programme_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    programme_code: Mapped[str] = mapped_column(String(60))
    accent: Mapped[str | None] = mapped_column(String(7))
    logo: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    logo_type: Mapped[str | None] = mapped_column(String(40))
    signatories: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    closing: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    # By kind of document: {"title": {language: words}, "lines": {language: text, one line a line},
    # "ects": "1.6", "eqf_level": 4, "quality_assurance": {language: words}}; what is left out stays the programme's.
    kinds: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)


class SigningKey(Model):
    """A key of a university: one that signs its documents (with its certificate chain), or the one that
    signs its credentials. The private half is sealed with the secret that lies outside the instance. A
    retired key signs nothing any more; its public half stays, because documents it signed are still around."""

    __tablename__ = "signing_key"
    __table_args__ = (
        CheckConstraint("purpose in ('signature', 'credential')", name="purpose"),
        CheckConstraint("(purpose = 'credential') = (place = 0)", name="place"),
        UniqueConstraint("organisation_id", "fingerprint"),
        # One key in use a university and place.
        Index(
            "uq_signing_key_active",
            "organisation_id",
            "place",
            unique=True,
            sqlite_where=_ACTIVE,
            postgresql_where=_ACTIVE,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    purpose: Mapped[str] = mapped_column(String(12))
    # Whose signature: 1 is the first signatory (who certifies), 2 the second…; 0 the credential key.
    place: Mapped[int]
    label: Mapped[str] = mapped_column(String(200))  # the subject's common name, or "credential"
    algorithm: Mapped[str] = mapped_column(String(40))
    chain: Mapped[str] = mapped_column(
        Text, default=""
    )  # PEM, own certificate first; empty for a credential key
    public_key: Mapped[str] = mapped_column(String(200), default="")  # multibase, of a credential key
    private_sealed: Mapped[str] = mapped_column(Text)
    fingerprint: Mapped[str] = mapped_column(String(64))  # SHA-256 of the certificate, or of the public key
    test: Mapped[bool] = mapped_column(default=False, server_default=false())  # of our own test authority
    not_before: Mapped[datetime | None] = mapped_column(UTCDateTime)
    not_after: Mapped[datetime | None] = mapped_column(UTCDateTime)
    added_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    added_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    retired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    retired_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
