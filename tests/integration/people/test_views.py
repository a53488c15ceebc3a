"""The first page, the own account, invitations, the administrator's pages."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.factories.world import SYSTEM, World
from tests.integration.people.test_services import last_token
from trainer.core.database import session
from trainer.people import services
from trainer.people.models import Account, Membership, Organisation, Person
from trainer.people.queries import person_by_email

Clients = Callable[[str], FlaskClient]


def test_the_first_page(client: FlaskClient) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert "Verify a certificate" in page.text
    assert "Sign in" in page.text


@pytest.mark.parametrize(
    ("role", "goes"),
    [
        ("admin", "/courses"),
        ("organiser", "/courses"),
        ("trainer", "/courses"),
        ("assessor", "/courses"),
        ("registrar", "/registry"),
        ("reference", "/placements"),
        ("trainee", "/me"),
    ],
)
def test_each_kind_goes_to_their_page(world: World, client_as: Clients, role: str, goes: str) -> None:
    assert client_as(role).get("/").headers["Location"] == goes


def test_language_of_a_visitor(client: FlaskClient) -> None:
    answer = client.post("/language", data={"language": "es", "next": "/?x=1"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/?x=1")
    assert 'lang="es"' in client.get("/").text
    assert (
        client.post("/language", data={"language": "xx", "next": "//evil.example"}).headers["Location"] == "/"
    )
    assert 'lang="es"' in client.get("/").text


def test_language_of_a_person(world: World, client_as: Clients) -> None:
    client = client_as("trainee")
    client.post("/language", data={"language": "ca"})
    session.expire_all()
    assert world.trainees[0].person.language == "ca"
    assert '<html lang="ca"' in client.get("/account").text


def test_an_invitation_from_mail_to_signed_in(world: World, client: FlaskClient) -> None:
    services.invite(SYSTEM, world.staff["organiser"])
    path = f"/invitations/{last_token('organiser@example.org')}"
    assert "Welcome, Organiser Prova" in client.get(path).text
    differ = client.post(path, data={"password": "quatre gats i un gos", "again": "x"})
    assert differ.status_code == 422
    short = client.post(path, data={"password": "short", "again": "short"})
    assert short.status_code == 422
    done = client.post(path, data={"password": "quatre gats i un gos", "again": "quatre gats i un gos"})
    assert done.status_code == 303
    assert client.get("/").headers["Location"] == "/courses"
    assert "Curs de prova" in client.get("/courses").text
    again = client.get(path)
    assert again.status_code == 404
    assert again.text == client.get("/invitations/unknown").text.replace("unknown", path.rsplit("/", 1)[1])


def test_own_account(world: World, client_as: Clients) -> None:
    client = client_as("trainee")
    assert "On a certificate it will read" in client.get("/account").text
    form = {"display_name": "Nuri", "certificate_name": "Núria <b>Peñafiel</b>", "confirmed": "y"}
    assert client.post("/account", data=form).status_code == 303
    assert "Núria &lt;b&gt;Peñafiel&lt;/b&gt;" in client.get("/account").text
    assert client.post("/account", data={**form, "display_name": ""}).status_code == 422
    answer = client.get("/account/data.json")
    assert "attachment" in answer.headers["Content-Disposition"]
    document = json.loads(answer.data)
    assert document["person"]["display_name"] == "Nuri"
    assert document["enrolment"][0]["id"] == world.trainees[0].id


@pytest.mark.parametrize("path", ["/account", "/account/data.json", "/admin/people", "/admin/organisations"])
def test_visitors_sign_in_first(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 302


@pytest.mark.parametrize(
    "path",
    [
        "/admin/people",
        "/admin/people/new",
        "/admin/people/1",
        "/admin/organisations",
        "/admin/organisations/UNI",
    ],
)
def test_the_administrators_pages(world: World, client_as: Clients, path: str) -> None:
    assert client_as("admin").get(path).status_code == 200
    for role in ("organiser", "registrar", "trainee"):
        assert client_as(role).get(path).status_code == 404


def test_same_queries_for_any_number(world: World, client_as: Clients, count_queries: Any) -> None:
    client = client_as("admin")
    seen = set()
    for number in (1, 3, 30):
        for n in range(number):
            services.add_user(SYSTEM, f"p{number}.{n}@example.org", f"P {n}", "trainer", "PROV", None)
            services.add_organisation(SYSTEM, f"O-{number}-{n}", "O", "host")
        for path in ("/admin/people", "/admin/organisations"):
            with count_queries() as counted:
                assert client.get(path).status_code == 200
            seen.add((path, counted.count))
    assert len(seen) == 2


def test_administering_people(world: World, client_as: Clients) -> None:
    client = client_as("admin")
    form = {"name": "Pau Casals", "email": "pau@example.org", "role": "trainer", "organisation": "PROV"}
    assert client.post("/admin/people/new", data=form).status_code == 303
    pau = person_by_email("pau@example.org")
    assert pau is not None
    pau_id = pau.id
    assert (
        client.post(
            "/admin/people/new", data={**form, "organisation": "UNI", "role": "supervisor"}
        ).status_code
        == 303
    )
    assert client.post("/admin/people/new", data={**form, "organisation": ""}).status_code == 422
    base = f"/admin/people/{pau_id}"
    assert (
        client.post(f"{base}/roles", data={"new-role": "registrar", "new-organisation": "UNI"}).status_code
        == 303
    )
    text = client.get(base).text
    assert "Registrar" in text
    row = session.scalars(select(Membership).where(Membership.person_id == pau_id)).first()
    assert row is not None
    assert client.post(f"{base}/roles/{row.id}/end").status_code == 303
    assert client.post(f"{base}/invite", follow_redirects=True).text.count("on its way") == 1
    client.post(f"{base}/account", data={"active": "0"})
    session.expire_all()
    assert session.scalars(select(Account.active).where(Account.person_id == pau_id)).one() is False
    client.post(f"{base}/account", data={"active": "1"})
    edited = {
        "given_name": "Pau",
        "family_name": "Casals i Defilló",
        "email": "pau@example.org",
        "language": "ca",
    }
    assert client.post(base, data=edited).status_code == 303
    assert client.post(base, data={**edited, "email": "organiser@example.org"}).status_code == 422
    session.expire_all()
    assert session.get_one(Person, pau_id).display_name == "Pau Casals i Defilló"


def test_administering_organisations(world: World, client_as: Clients) -> None:
    client = client_as("admin")
    form = {"code": "NOU", "name": "Servei Nou", "kind": "host", "region": "ES-CT"}
    assert client.post("/admin/organisations", data=form).status_code == 303
    assert client.post("/admin/organisations", data=form).status_code == 422
    assert client.post("/admin/organisations/NOU", data={**form, "name": "Servei"}).status_code == 303
    assert client.post("/admin/organisations/NOU", data={**form, "name": ""}).status_code == 422
    session.expire_all()
    assert session.scalars(select(Organisation.name).where(Organisation.code == "NOU")).one() == "Servei"


@pytest.mark.parametrize(
    "path",
    ["/admin/people/" + "9" * 30, "/admin/organisations/%00", "/invitations/%00", "/admin/organisations/nix"],
)
def test_odd_addresses_are_nowhere(world: World, client_as: Clients, path: str) -> None:
    assert client_as("admin").get(path).status_code == 404


def test_odd_searches(world: World, client_as: Clients) -> None:
    client = client_as("admin")
    for query in ("q=%00", "q=%25", "page=99999999999999999999", "page=-1", "page=x"):
        assert client.get(f"/admin/people?{query}").status_code == 200
