"""Persons, accounts, roles, invitations."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask_security import verify_password
from sqlalchemy import func, select

from tests.factories.world import MADE, SYSTEM, World
from trainer.audit.models import AuditEntry
from trainer.core import clock
from trainer.core.database import session
from trainer.core.errors import Invalid, Missing, Refused
from trainer.messages.models import Outbox
from trainer.people import queries, services
from trainer.people.models import Account, Invitation, Membership
from trainer.people.queries import actor_for_email, organisation_by_code, person_by_email


def last_token(email: str) -> str:
    body = session.scalars(
        select(Outbox.body).where(Outbox.email == email).order_by(Outbox.id.desc())
    ).first()
    found = re.search(r"/invitations/(\S+)", body or "")
    assert found
    return found[1]


def test_an_invitation_works_once(world: World) -> None:
    token = last_token("organiser@example.org")
    stored = session.scalars(select(Invitation.token_hash)).all()
    assert token not in stored
    with clock.frozen(MADE + timedelta(days=13)):
        account = services.accept_invitation(token, "quatre gats i un gos")
        assert account.email == "organiser@example.org"
        assert verify_password("quatre gats i un gos", account.password)
        with pytest.raises(Missing):
            services.accept_invitation(token, "una altra contrasenya")


def test_an_invitation_expires_and_the_newest_alone_works(world: World) -> None:
    person = world.staff["trainer"]
    services.invite(SYSTEM, person)
    first = last_token("trainer@example.org")
    services.invite(SYSTEM, person)
    second = last_token("trainer@example.org")
    with pytest.raises(Missing):
        services.accept_invitation(first, "quatre gats i un gos")
    with clock.frozen(clock.now() + timedelta(days=14, minutes=1)), pytest.raises(Missing):
        services.accept_invitation(second, "quatre gats i un gos")
    with pytest.raises(Invalid):
        services.accept_invitation(second, "short")
    services.accept_invitation(second, "quatre gats i un gos")
    assert services.invite(SYSTEM, person) is None
    body = session.scalars(select(Outbox.body).order_by(Outbox.id.desc())).first()
    assert "/invitations/" not in (body or "")


def test_a_closed_account_takes_no_invitation(world: World) -> None:
    token = last_token("trainer@example.org")
    services.set_active(SYSTEM, world.staff["trainer"], False)
    with pytest.raises(Missing):
        services.accept_invitation(token, "quatre gats i un gos")
    with pytest.raises(Missing):
        actor_for_email("trainer@example.org")
    services.set_active(SYSTEM, world.staff["trainer"], True)
    assert actor_for_email("trainer@example.org").holds("trainer")


def test_a_user_with_a_password_gets_no_mail(world: World) -> None:
    before = session.scalar(select(func.count()).select_from(Outbox))
    person = services.add_user(
        SYSTEM, "N@Example.org", "Núria Puig i Soler", "trainer", "prov", "quatre gats i un gos"
    )
    assert (person.given_name, person.family_name, person.email) == ("Núria", "Puig i Soler", "n@example.org")
    account = session.scalars(select(Account).where(Account.email == "n@example.org")).one()
    assert verify_password("quatre gats i un gos", account.password)
    assert session.scalar(select(func.count()).select_from(Outbox)) == before
    services.add_user(SYSTEM, "n@example.org", "Other Name", "registrar", "UNI")
    assert actor_for_email("n@example.org").roles == {("trainer", 1), ("registrar", 2)}
    assert person_by_email("n@example.org").display_name == "Núria Puig i Soler"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("email", "role", "organisation", "password"),
    [
        ("no", "trainer", "PROV", None),
        ("a@example.org", "boss", "PROV", None),
        ("a@example.org", "trainer", "NONE", None),
        ("a@example.org", "trainer", None, None),
        ("a@example.org", "registrar", "PROV", None),
        ("a@example.org", "admin", "PROV", None),
        ("a@example.org", "trainer", "PROV", "short"),
    ],
)
def test_what_no_user_can_be(
    world: World, email: str, role: str, organisation: str | None, password: str | None
) -> None:
    with pytest.raises(Invalid):
        services.add_user(SYSTEM, email, "A B", role, organisation, password)
    assert person_by_email("a@example.org") is None


def test_only_administrators_administer(world: World) -> None:
    actor = world.actor("organiser")
    person = world.staff["trainer"]
    host = organisation_by_code("HOST")
    assert host is not None
    for command in (
        lambda: services.add_organisation(actor, "X", "X", "host"),
        lambda: services.update_organisation(actor, host, "X", "host", "ES-CT"),
        lambda: services.add_user(actor, "x@example.org", "X", "trainer", "PROV"),
        lambda: services.add_membership(actor, person, "admin", None),
        lambda: services.end_membership(actor, person, 1),
        lambda: services.set_active(actor, person, False),
        lambda: services.update_person(
            actor, person, given_name="X", family_name="", email=None, language=None
        ),
    ):
        with pytest.raises(Refused):
            command()
    with pytest.raises(Refused):
        services.invite(world.actor("registrar"), person)


def test_roles_end_and_come_back(world: World) -> None:
    person = world.staff["trainer"]
    row = queries.memberships_of(person.id)[0]
    services.end_membership(SYSTEM, person, row.id)
    assert actor_for_email("trainer@example.org").roles == frozenset()
    services.add_membership(SYSTEM, person, "trainer", organisation_by_code("PROV"), True)
    assert actor_for_email("trainer@example.org").holds("trainer")
    assert len(queries.memberships_of(person.id)) == 1
    with pytest.raises(Missing):
        services.end_membership(SYSTEM, world.staff["organiser"], row.id)


def test_there_is_always_an_administrator(world: World) -> None:
    admin = world.staff["admin"]
    row = queries.memberships_of(admin.id)[0]
    with pytest.raises(Refused):
        services.end_membership(SYSTEM, admin, row.id)
    services.add_user(SYSTEM, "second@example.org", "Second Admin", "admin")
    services.end_membership(SYSTEM, admin, row.id)
    assert (
        session.scalar(
            select(func.count())
            .select_from(Membership)
            .where(Membership.role == "admin", Membership.ended_on.is_(None))
        )
        == 1
    )


def test_organisations(world: World) -> None:
    for wrong in (
        ("prov", "X", "host"),
        ("A B", "X", "host"),
        ("X", " ", "host"),
        ("X", "X", "club"),
        ("X" * 21, "X", "host"),
    ):
        with pytest.raises(Invalid):
            services.add_organisation(SYSTEM, *wrong)
    university = organisation_by_code("uni")
    assert university is not None
    with pytest.raises(Invalid):
        services.update_organisation(SYSTEM, university, "U", "host", "ES-CT")
    services.update_organisation(SYSTEM, university, "Universitat Nova", "university", "ES-MD")
    assert university.name == "Universitat Nova"


def test_own_names_and_language(world: World) -> None:
    me = world.actor("trainee")
    services.set_own_names(me, "Nuri", "Núria Peñafiel", confirmed=True)
    person = queries.person_by_id(me.person_id or 0)
    assert person is not None
    assert person.certificate_name_confirmed_at is not None
    services.set_own_names(me, "Nuri", "Núria Peñafiel i Puig", confirmed=False)
    assert person.certificate_name_confirmed_at is None
    services.set_language(me, "es")
    assert person.language == "es"
    with pytest.raises(Invalid):
        services.set_own_names(me, "", "x", confirmed=False)
    with pytest.raises(Refused):
        services.set_own_names(SYSTEM, "x", "x", confirmed=False)


def test_an_address_belongs_to_one(world: World) -> None:
    person = world.staff["trainer"]
    with pytest.raises(Invalid):
        services.update_person(
            SYSTEM, person, given_name="T", family_name="P", email="organiser@example.org", language=None
        )
    services.update_person(
        SYSTEM, person, given_name="Tea", family_name="Prova", email="tea@example.org", language="ca"
    )
    account = session.scalars(select(Account).where(Account.person_id == person.id)).one()
    assert account.email == "tea@example.org"
    assert person.display_name == "Tea Prova"


def test_what_is_held_on_somebody_is_theirs_alone(world: World) -> None:
    me, other = world.trainees[0], world.trainees[1]
    found = queries.held_on(me.person_id)
    text = str(found)
    assert [row["id"] for row in found["enrolment"]] == [me.id]
    assert found["enrolment_event"][0]["enrolment_id"] == me.id
    assert str(other.person.email) not in text
    staff = str(queries.held_on(world.staff["trainer"].id))
    assert "token" not in staff
    assert "fs_uniquifier" not in staff
    assert "Peñafiel" not in staff


def test_roles_count_from_their_day(world: World) -> None:
    with clock.frozen(datetime(2020, 1, 1, tzinfo=UTC)):
        assert queries.roles_of(world.staff["trainer"].id) == frozenset()
    assert queries.roles_of(world.staff["trainer"].id)


def test_the_audit_names_nobody(world: World) -> None:
    services.add_person(SYSTEM, "Zenòbia", "Zzz", "zen@example.org", national_id="12345678Z")
    details = str(session.scalars(select(AuditEntry.details)).all())
    assert "zen@" not in details
    assert "Zen" not in details
    assert "12345678" not in details
