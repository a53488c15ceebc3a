"""Persons, their accounts, organisations and who does what in which."""

from __future__ import annotations

from datetime import date, datetime

from flask_security import RoleMixin, UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from trainer.core import clock
from trainer.core.models import Model, UTCDateTime


class Organisation(Model):
    """A provider, a university, a host of placements, or an entity that sends trainees."""

    __tablename__ = "organisation"
    __table_args__ = (CheckConstraint("kind in ('provider', 'university', 'host', 'entity')", name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))
    region: Mapped[str] = mapped_column(String(10), default="ES-CT")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)


class Person(Model):
    """A human being. Every personal value sits here, so that one row can be emptied when the law says so."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    given_name: Mapped[str] = mapped_column(String(200))
    family_name: Mapped[str] = mapped_column(String(200))
    display_name: Mapped[str] = mapped_column(String(400))
    certificate_name: Mapped[str] = mapped_column(String(400))
    certificate_name_confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    language: Mapped[str | None] = mapped_column(String(5))
    national_id_encrypted: Mapped[str | None] = mapped_column(String(400))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    erased_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    account: Mapped[Account | None] = relationship(back_populates="person", uselist=False, lazy="select")


class Account(UserMixin, Model):
    """A way to sign in. `password` is None until the invitation is taken up."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    # Changes with the password: sessions and links made before are then worth nothing.
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)

    person: Mapped[Person] = relationship(back_populates="account", lazy="joined", innerjoin=True)

    @property
    def roles(self) -> list[RoleMixin]:  # type: ignore[override]
        """Flask-Security's own roles are not used: memberships carry them, per organisation."""
        return []


class Membership(Model):
    """A person's role in an organisation, from `since` until `ended_on`; administrators have none but the instance."""

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint(
            "role in ('organiser', 'trainer', 'assessor', 'registrar', 'supervisor', 'admin')", name="role"
        ),
        CheckConstraint("role = 'admin' or organisation_id is not null", name="place"),
        UniqueConstraint("person_id", "organisation_id", "role"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    lived_experience: Mapped[bool] = mapped_column(default=False)
    since: Mapped[date]
    ended_on: Mapped[date | None]

    person: Mapped[Person] = relationship(lazy="raise_on_sql")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise_on_sql")


class Invitation(Model):
    """A single-use, expiring link; only a digest of its token is kept."""

    __tablename__ = "invitation"
    __table_args__ = (Index("ix_invitation_person_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(20), default="account")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
