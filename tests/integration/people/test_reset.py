"""A forgotten password: the link comes by mail, works once, and says nothing about who has an account."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from sqlalchemy import select

from tests.conftest import account_of
from trainer.audit.queries import entries, verify
from trainer.core.database import session
from trainer.messages.models import Outbox


def ask(client: FlaskClient, email: str) -> str:
    """Asks for a link; gives the page's words."""
    answer = client.post("/forgotten-password", data={"email": email}, follow_redirects=True)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r'name="csrf_token"[^>]*', "", answer.text))


def mails() -> list[Outbox]:
    session.rollback()
    return list(session.scalars(select(Outbox).order_by(Outbox.id)))


def test_the_link_works_once(world: Any, client: FlaskClient) -> None:
    account_of(world.organiser.id)
    before = len(mails())
    ask(client, "organiser@example.org")
    mail = mails()[-1]
    assert len(mails()) == before + 1
    assert "organiser" not in mail.subject.lower()
    [link] = re.findall(r"http://localhost\S+", mail.body)
    path = urlsplit(link).path
    new = {"password": "quatre gats i un gos", "password_confirm": "quatre gats i un gos"}
    assert client.get(path).status_code == 200
    assert client.post(path, data=new).status_code == 302
    fresh = client.application.test_client()
    signed = fresh.post("/login", data={"email": "organiser@example.org", "password": new["password"]})
    assert signed.status_code == 302
    assert fresh.get("/courses").status_code == 200
    other = {"password": "una altra contrasenya", "password_confirm": "una altra contrasenya"}
    assert [entry.action for entry in entries()][-1] == "account.password_reset"
    assert verify().broken_at is None
    again = client.application.test_client().post(path, data=other)
    assert again.status_code == 302
    late = client.application.test_client().post(
        "/login", data={"email": "organiser@example.org", "password": other["password"]}
    )
    assert late.status_code == 200


def test_unknown_addresses_get_the_same_page_and_no_mail(world: Any, client: FlaskClient) -> None:
    account_of(world.organiser.id)
    before = len(mails())
    unknown = ask(client, "nobody@example.org")
    assert len(mails()) == before
    known = ask(client.application.test_client(), "organiser@example.org")
    assert unknown.replace("nobody@", "organiser@") == known


def test_changing_it_while_signed_in_tells_by_mail_and_ends_other_sessions(
    world: Any, client: FlaskClient, sign_in: Any
) -> None:
    from tests.factories.world import SYSTEM
    from trainer.people.services import add_user

    person = add_user(SYSTEM, "new@example.org", "Nova Persona", "trainer", "PROV", "quatre gats i un gos")
    elsewhere = sign_in(person.id)
    assert elsewhere.get("/courses").status_code == 200
    client.post("/login", data={"email": "new@example.org", "password": "quatre gats i un gos"})
    before = len(mails())
    changed = {
        "password": "quatre gats i un gos",
        "new_password": "una altra contrasenya",
        "new_password_confirm": "una altra contrasenya",
    }
    assert client.post("/account/password", data=changed).status_code == 302
    assert len(mails()) == before + 1
    assert [entry.action for entry in entries()][-1] == "account.password_changed"
    assert elsewhere.get("/courses").status_code == 302
