"""Commands on accounts, roles and invitations."""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from flask_security import hash_password
from sqlalchemy import func, select, update

from trainer.audit.services import record
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.database import lock, session, transaction
from trainer.core.errors import Invalid, Missing, Refused
from trainer.core.text import Text, msg
from trainer.messages.services import send
from trainer.people import rules
from trainer.people.models import Account, Invitation, Membership, Organisation, Person
from trainer.people.policy import can_invite
from trainer.people.queries import (
    in_force,
    organisation_by_code,
    person_by_email,
    token_digest,
    usable_invitation,
)
from trainer.people.services.checks import only_administrators
from trainer.people.services.persons import add_person


def add_user(
    actor: Actor,
    email: str,
    name: str,
    role: str,
    organisation_code: str | None = None,
    password: str | None = None,
    *,
    lived_experience: bool = False,
) -> Person:
    """Somebody with an account and a role. Without a password a link to set one goes out by mail.

    Somebody who is known already by the address gets the role beside their others; their name stays. Raises
    Invalid for the role that somebody has there already, and for an address, role or password that cannot be.
    """
    only_administrators(actor)
    address = rules.tidy_email(email)
    problems: list[Text] = []
    if not rules.valid_email(address):
        problems.append(msg("%(email)s is not an address of mail.", email=email))
    if role not in set(rules.Role):
        problems.append(msg("There is no role %(role)s.", role=role))
    if password is not None and (what := rules.password_problem(password)):
        problems.append(what)
    organisation = organisation_by_code(organisation_code) if organisation_code else None
    kind = organisation.kind if organisation else None
    if organisation_code and organisation is None:
        problems.append(msg("There is no organisation with the code %(code)s.", code=organisation_code))
    elif role in set(rules.Role) and (what := rules.place_problem(role, kind)):
        problems.append(what)
    if problems:
        raise Invalid(msg("The person was not added."), problems)
    # Hashing takes a tenth of a second: never inside the transaction.
    hashed = hash_password(password) if password is not None else None
    organisation_id = organisation.id if organisation else None
    given, family = rules.split_name(name)
    with transaction():
        person = person_by_email(address)
        if person is None:
            person = add_person(actor, given, family, address)
        elif _holds(person, role, organisation_id):
            raise Invalid(
                msg("The person was not added."),
                [msg("%(email)s has this role already.", email=address)],
            )
        _add_membership(actor, person, role, organisation_id, lived_experience)
        account = _account_of(person)
        if hashed is not None:
            _set_password(account, hashed)
            record(actor, "account.password_set", f"person:{person.id}")
        elif account.password is None:
            invite(actor, person)
    return person


def add_membership(
    actor: Actor, person: Person, role: str, organisation: Organisation | None, lived_experience: bool = False
) -> None:
    """Gives a person a role. Giving it again changes nothing but whether lived experience is named."""
    only_administrators(actor)
    if role not in set(rules.Role):
        raise Invalid(msg("There is no role %(role)s.", role=role))
    if what := rules.place_problem(role, organisation.kind if organisation else None):
        raise Invalid(what)
    organisation_id = organisation.id if organisation else None
    with transaction():
        _add_membership(actor, lock(Person, person.id), role, organisation_id, lived_experience)


def end_membership(actor: Actor, person: Person, membership_id: int, on: date | None = None) -> None:
    """Ends a role: from today it gives no right any more. The last administrator cannot be ended."""
    only_administrators(actor)
    with transaction():
        lock(Person, person.id)
        row = session.get(Membership, membership_id)
        if row is None or row.person_id != person.id:
            raise Missing(msg("This person does not hold that role."))
        if row.role == rules.Role.ADMIN and _administrators() <= 1:
            raise Refused(msg("There must be one administrator at least."))
        # The last day counts; ending takes effect at once, so that day is yesterday.
        row.ended_on = on or clock.today() - timedelta(days=1)
        record(
            actor, "membership.ended", f"person:{person.id}", role=row.role, organisation=row.organisation_id
        )


def set_active(actor: Actor, person: Person, active: bool) -> None:
    """Closes a person's account, or opens it again. What the person did and earned stays."""
    only_administrators(actor)
    if person.id == actor.person_id:
        raise Refused(msg("Nobody closes their own account here."))
    with transaction():
        account = session.scalar(select(Account).where(Account.person_id == person.id).with_for_update())
        if account is None:
            raise Missing(msg("This person has no account."))
        if account.active != active:
            account.active = active
            account.fs_uniquifier = uuid4().hex  # signs them out wherever they are signed in
            record(actor, "account.opened" if active else "account.closed", f"person:{person.id}")


def invite(
    actor: Actor, person: Person, template: str = "people/mail/invitation", **values: Any
) -> Invitation | None:
    """Sends the person a link that sets a password, once, within 14 days; links sent before stop working.

    Somebody who has a password already gets the mail with the way to sign in, and None is the answer. The
    template sees `person_name`, `path` (after base_url), `new_account` (true when the link sets a password),
    `days` and `values`.
    """
    if not can_invite(actor, person):
        raise Refused(msg("Only organisers and administrators invite people."))
    with transaction() as current:
        row = lock(Person, person.id)
        if row.email is None:
            raise Invalid(msg("An invitation needs an address of mail."))
        account = _account_of(row)
        invitation, path = None, "/login"
        if account.password is None:
            now = clock.now()
            current.execute(
                update(Invitation)
                .where(
                    Invitation.person_id == row.id, Invitation.used_at.is_(None), Invitation.expires_at > now
                )
                .values(expires_at=now)
            )
            token = secrets.token_urlsafe(32)
            invitation = Invitation(
                person_id=row.id,
                token_hash=token_digest(token),
                purpose="account",
                expires_at=now + timedelta(days=rules.INVITATION_DAYS),
            )
            current.add(invitation)
            path = f"/invitations/{token}"
        send(
            row.id,
            row.email,
            template,
            row.language,
            person_name=row.display_name,
            path=path,
            new_account=invitation is not None,
            days=rules.INVITATION_DAYS,
            **values,
        )
        record(actor, "invitation.sent", f"person:{row.id}", new_account=invitation is not None)
    return invitation


def accept_invitation(token: str, password: str) -> Account:
    """Sets the password that the link allows, once. Raises Missing for a link that is used or expired."""
    if what := rules.password_problem(password):
        raise Invalid(what)
    hashed = hash_password(password)
    with transaction():
        found = usable_invitation(token)
        if found is not None:
            lock(Invitation, found.id)  # two clicks at once: the second sees the first
            found = usable_invitation(token)
        if found is None:
            raise Missing(msg("This link was used already, or has expired. Ask for a new one."))
        account = session.scalars(select(Account).where(Account.person_id == found.person_id)).one()
        if not account.active:
            raise Missing(msg("This link was used already, or has expired. Ask for a new one."))
        found.used_at = clock.now()
        _set_password(account, hashed)
        record(Actor(person_id=found.person_id), "invitation.accepted", f"person:{found.person_id}")
    return account


def _administrators() -> int:
    return (
        session.scalar(
            select(func.count(func.distinct(Membership.person_id))).where(
                Membership.role == "admin", in_force(clock.today())
            )
        )
        or 0
    )


def _holds(person: Person, role: str, organisation_id: int | None) -> bool:
    return (
        session.scalar(
            select(Membership.id).where(
                Membership.person_id == person.id,
                Membership.role == role,
                Membership.organisation_id == organisation_id,
                in_force(clock.today()),
            )
        )
        is not None
    )


def _add_membership(
    actor: Actor, person: Person, role: str, organisation_id: int | None, lived_experience: bool
) -> None:
    row = session.scalar(
        select(Membership).where(
            Membership.person_id == person.id,
            Membership.role == role,
            Membership.organisation_id == organisation_id,
        )
    )
    today = clock.today()
    if row is not None and row.ended_on is None:
        row.lived_experience = row.lived_experience or lived_experience
        return
    if row is not None:
        row.since, row.ended_on, row.lived_experience = today, None, lived_experience
    else:
        session.add(
            Membership(
                person_id=person.id,
                organisation_id=organisation_id,
                role=role,
                lived_experience=lived_experience,
                since=today,
            )
        )
    record(actor, "membership.added", f"person:{person.id}", role=role, organisation=organisation_id)


def _account_of(person: Person) -> Account:
    account = session.scalar(select(Account).where(Account.person_id == person.id))
    if account is None:
        if person.email is None:
            raise Invalid(msg("An account needs an address of mail."))
        account = Account(person_id=person.id, email=person.email, active=True, fs_uniquifier=uuid4().hex)
        session.add(account)
        session.flush()
    return account


def _set_password(account: Account, hashed: str) -> None:
    account.password = hashed
    # Sessions and reset links made before are then worth nothing.
    account.fs_uniquifier = uuid4().hex
