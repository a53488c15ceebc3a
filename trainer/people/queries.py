"""Every SELECT about persons, accounts, organisations and invitations."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, func, or_, select
from sqlalchemy.orm import joinedload

from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.crypto import unseal
from trainer.core.database import session
from trainer.core.errors import Missing
from trainer.core.text import msg
from trainer.people.models import Account, Invitation, Membership, Organisation, Person
from trainer.people.rules import mask_national_id, tidy_email, valid_email, valid_organisation_code

PAGE = 50
MAX_ID = 2**31
SEALED_FOR = "national-id"


@dataclass(frozen=True)
class PersonRow:
    """A line of the list of people."""

    id: int
    name: str
    email: str | None
    account: str  # "none", "invited", "active" or "closed"
    roles: list[tuple[str, str | None]] = field(default_factory=list)


@dataclass(frozen=True)
class MembershipRow:
    """A role that a person holds or held."""

    id: int
    role: str
    organisation: str | None
    lived_experience: bool
    since: date
    ended_on: date | None


def person_by_email(email: str) -> Person | None:
    """The person with this address, in any case; None when nobody has it."""
    # What can be no address was never stored, and PostgreSQL refuses some of it (a NUL) with an error.
    if not valid_email(tidy_email(email)):
        return None
    return session.scalar(select(Person).where(Person.email == tidy_email(email)))


def person_by_id(person_id: int) -> Person | None:
    """The person; None when there is none, or when the row was erased."""
    if not 0 < person_id < MAX_ID:
        return None
    return session.scalar(select(Person).where(Person.id == person_id, Person.erased_at.is_(None)))


def organisation_by_code(code: str) -> Organisation | None:
    """The organisation with this code, in any case; None when there is none."""
    if not valid_organisation_code(code.strip()):
        return None
    return session.scalar(select(Organisation).where(func.lower(Organisation.code) == code.strip().lower()))


def organisations(*kinds: str) -> list[Organisation]:
    """All organisations, or those of the kinds, by name."""
    statement = select(Organisation).order_by(Organisation.name, Organisation.id)
    if kinds:
        statement = statement.where(Organisation.kind.in_(kinds))
    return list(session.scalars(statement))


def in_force(day: date) -> ColumnElement[bool]:
    """The condition for memberships that hold on `day`."""
    return (Membership.since <= day) & or_(Membership.ended_on.is_(None), Membership.ended_on >= day)


def roles_of(person_id: int) -> frozenset[tuple[str, int | None]]:
    """The (role, organisation id) pairs that a person holds today."""
    rows = session.execute(
        select(Membership.role, Membership.organisation_id).where(
            Membership.person_id == person_id, in_force(clock.today())
        )
    )
    return frozenset((role, place) for role, place in rows)


def actor_for_email(email: str) -> Actor:
    """The actor that an address stands for. Raises Missing when nobody has it, or the account is closed."""
    row = (
        session.execute(
            select(Person.id, Person.display_name, Account.id, Account.active)
            .outerjoin(Account, Account.person_id == Person.id)
            .where(Person.email == tidy_email(email), Person.erased_at.is_(None))
        ).one_or_none()
        if valid_email(tidy_email(email))
        else None
    )
    if row is None or row[3] is False:
        raise Missing(msg("Nobody with an account has the address %(email)s.", email=email))
    return Actor(person_id=row[0], account_id=row[2], name=row[1], roles=roles_of(row[0]))


def people_page(page: int = 1, search: str = "") -> tuple[list[PersonRow], int]:
    """One page of people by family name, and the number of pages; `search` is part of a name or address."""
    condition = _found_by(search)
    total = session.scalar(select(func.count()).select_from(Person).where(condition)) or 0
    rows = _people(condition, PAGE, (min(max(page, 1), 100_000) - 1) * PAGE)
    return rows, max(1, -(-total // PAGE))


def everybody(search: str = "") -> list[PersonRow]:
    """All people by family name, or those whom `search` finds. Two statements."""
    return _people(_found_by(search))


def _found_by(search: str) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = Person.erased_at.is_(None)
    search = search.replace("\x00", "").strip()
    if search:
        wanted = search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        pattern = f"%{wanted}%"
        condition = condition & or_(
            Person.display_name.ilike(pattern, escape="\\"), Person.email.ilike(pattern, escape="\\")
        )
    return condition


def _people(condition: ColumnElement[bool], most: int | None = None, skip: int = 0) -> list[PersonRow]:
    statement = (
        select(Person.id, Person.display_name, Person.email, Account.password.is_not(None), Account.active)
        .outerjoin(Account, Account.person_id == Person.id)
        .where(condition)
        .order_by(Person.family_name, Person.given_name, Person.id)
    )
    if most is not None:
        statement = statement.limit(most).offset(skip)
    rows = session.execute(statement).all()
    # Of everybody the roles are found by the same condition: a list of ids has no more room than a statement.
    roles = _roles_shown(select(Person.id).where(condition) if most is None else [row[0] for row in rows])
    return [
        PersonRow(key, name, email, _account_state(has_password, active), roles.get(key, []))
        for key, name, email, has_password, active in rows
    ]


def memberships_of(person_id: int) -> list[MembershipRow]:
    """Every role of a person, those in force first."""
    rows = session.execute(
        select(
            Membership.id,
            Membership.role,
            Organisation.name,
            Membership.lived_experience,
            Membership.since,
            Membership.ended_on,
        )
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.person_id == person_id)
        .order_by(Membership.ended_on.is_not(None), Membership.since, Membership.id)
    )
    return [MembershipRow(*row) for row in rows]


def members(organisation_id: int, roles: Iterable[str]) -> list[tuple[int, str]]:
    """(person id, name) of those who hold one of the roles in an organisation today, by name."""
    rows = session.execute(
        select(Person.id, Person.display_name)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.organisation_id == organisation_id,
            Membership.role.in_(list(roles)),
            in_force(clock.today()),
            Person.erased_at.is_(None),
        )
        .distinct()
        .order_by(Person.display_name, Person.id)
    )
    return [(key, name) for key, name in rows]


def account_states(person_ids: Iterable[int]) -> dict[int, str]:
    """For each person "none", "invited", "active" or "closed"; one statement for any number."""
    rows = session.execute(
        select(Account.person_id, Account.password.is_not(None), Account.active).where(
            Account.person_id.in_(list(person_ids))
        )
    )
    return {key: _account_state(has_password, active) for key, has_password, active in rows}


def token_digest(token: str) -> str:
    """What is stored of an invitation's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def usable_invitation(token: str) -> Invitation | None:
    """The invitation of a token that is neither used nor expired, with the person; else None."""
    return session.scalar(
        select(Invitation).where(
            Invitation.token_hash == token_digest(token),
            Invitation.used_at.is_(None),
            Invitation.expires_at > clock.now(),
        )
    )


def national_id(person: Person) -> str | None:
    """The national id in full, for documents that need it. Callers have asked the policy."""
    if person.national_id_encrypted is None:
        return None
    return unseal(person.national_id_encrypted, SEALED_FOR)


def held_on(person_id: int) -> dict[str, Any]:
    """Everything that is held on a person, as plain values: the answer to a request for access (GDPR, 15).

    Follows the tables from the person on by their foreign keys, so that a table added later is in it too.
    What a person did to others (marked, assessed) is theirs to see with the others; secrets are left out.
    """
    tables = Organisation.metadata.tables
    found: dict[str, list[dict[str, Any]]] = {}
    keys: dict[str, list[Any]] = {"person": [person_id]}
    pending = True
    while pending:
        pending = False
        for name, table in tables.items():
            if name in keys or name in _NOT_HELD:
                continue
            condition = _belongs(table, keys)
            if condition is None:
                continue
            rows = [dict(row._mapping) for row in session.execute(select(table).where(condition))]
            keys[name] = [row["id"] for row in rows if "id" in row]
            found[name] = [_shown(row) for row in rows]
            pending = True
    person = session.get_one(Person, person_id)
    number = national_id(person)
    me = _shown({column.key: getattr(person, column.key) for column in Person.__table__.columns})
    me["national_id"] = mask_national_id(number) if number else None
    return {
        "made_at": clock.now().isoformat(),
        "person": me,
        **{name: rows for name, rows in found.items() if rows},
    }


_NOT_HELD = {"outbox", "audit_entry", "audit_head"}
_SECRET = {"password", "token", "token_hash", "fs_uniquifier", "national_id_encrypted", "pdf"}
# Words for one reader alone are opened on their own page, and never lie in a file, not even sealed.
_SECRET |= {"sealed", "adjustments_sealed"}


def _belongs(table: Table, keys: dict[str, list[Any]]) -> ColumnElement[bool] | None:
    """The rows of `table` that hang on what was found already; None when none can."""
    conditions = []
    for column in table.columns:
        for foreign in column.foreign_keys:
            parent = foreign.column.table.name
            # assessor_id, recorded_by and the like point at the one who acted, not at the one it is about.
            if parent in keys and (parent != "person" or column.name in {"person_id", "to_person_id"}):
                conditions.append(column.in_(keys[parent]))
    return or_(*conditions) if conditions else None


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for key, value in row.items():
        if key in _SECRET or isinstance(value, bytes):
            continue
        shown[key] = value.isoformat() if isinstance(value, date | datetime) else value
    return shown


def _account_state(has_password: bool | None, active: bool | None) -> str:
    if active is None:
        return "none"
    if not active:
        return "closed"
    return "active" if has_password else "invited"


def _roles_shown(person_ids: list[int] | Select[Any]) -> dict[int, list[tuple[str, str | None]]]:
    statement = (
        select(Membership.person_id, Membership.role, Organisation.name)
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.person_id.in_(person_ids), in_force(clock.today()))
        .order_by(Membership.role, Organisation.name)
    )
    roles: dict[int, list[tuple[str, str | None]]] = {}
    for person_id, role, organisation in session.execute(statement):
        roles.setdefault(person_id, []).append((role, organisation))
    return roles


def person_with_account(person_id: int) -> Person | None:
    """The person with the account loaded."""
    return session.scalar(
        select(Person)
        .where(Person.id == person_id, Person.erased_at.is_(None))
        .options(joinedload(Person.account))
    )
