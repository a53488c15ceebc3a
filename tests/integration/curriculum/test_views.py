"""The pages of programmes."""

from __future__ import annotations

import html
from collections.abc import Callable
from pathlib import Path

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.factories.programme import spoil, write_programme
from trainer.core.database import transaction
from trainer.curriculum.services import pin
from trainer.people.models import Person


@pytest.fixture
def reader(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sign_in: Callable[[int | None], FlaskClient]
) -> FlaskClient:
    """Somebody with an account and no role, beside whom the small programme lies."""
    from trainer.core.access import Actor
    from trainer.people.services import add_person

    monkeypatch.setenv("TRAINER_CURRICULA", str(tmp_path / "more"))
    write_programme(tmp_path / "more" / "small")
    with app.app_context(), transaction() as session:
        person_id = add_person(Actor(system=True), "Ada", "Prova", "ada@example.org").id
        session.get_one(Person, person_id).language = "en"
    return sign_in(person_id)


def page(client: FlaskClient, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    html5lib.HTMLParser(strict=True).parse(response.get_data(as_text=True))
    return html.unescape(response.get_data(as_text=True))


def test_the_catalogue(reader: FlaskClient) -> None:
    text = page(reader, "/programmes")
    assert 'href="/programmes/small"' in text
    assert 'href="/programmes/peer-support-worker"' in text
    assert "2 modules" in text


def test_a_programme(reader: FlaskClient) -> None:
    text = page(reader, "/programmes/small")
    for words in (
        "Attend at least 80 % of the hours.",
        "Reach the level “Achieved” in every competency.",
        "Have met “Start”.",
        "Opens the work practice.",
        "Leads to the “Certificate”.",
        "4 weeks at an average of 5 hours a week; 20 hours complete it.",
        "sha256:",
    ):
        assert words in text


def test_a_module_with_its_clock(reader: FlaskClient) -> None:
    text = page(reader, "/programmes/small/modules/1")
    assert "<strong>0:40</strong>–1:00" in text
    assert "much" in text
    text = page(reader, "/programmes/small/modules/1?start=10:00")
    assert "<strong>10:40</strong>–11:00" in text
    assert "0:40</strong>–1:00" in page(reader, "/programmes/small/modules/1?start=tea")


def test_a_handout_prints_its_text_and_never_mark_up(reader: FlaskClient) -> None:
    response = reader.get("/programmes/small/modules/1/handouts/sheet")
    text = response.get_data(as_text=True)
    assert "&lt;b&gt;One&lt;/b&gt;" in text
    assert "<h2>To think</h2>" in text


def test_a_language_that_the_programme_lacks(reader: FlaskClient, app: Flask) -> None:
    with app.app_context(), transaction() as session:
        for person in session.query(Person):
            person.language = "es"
    text = page(reader, "/programmes/small")
    assert 'lang="en"' in text
    assert "Small" in text


def test_a_stored_version_stays_readable(reader: FlaskClient, app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        version = pin("small").id
    spoil(tmp_path / "more" / "small" / "modules" / "1.yaml", '"To try"', '"To try out"')
    assert "To try out" in page(reader, "/programmes/small/modules/1")
    text = page(reader, f"/programmes/small/modules/1?version={version}")
    assert "To try out" not in text
    assert f"/programmes/small/modules/2?version={version}" in text


@pytest.mark.parametrize(
    "address",
    [
        "/programmes/nothing",
        "/programmes/small/modules/3",
        "/programmes/small/modules/1/handouts/none",
        "/programmes/small?version=99",
        "/programmes/small?version=x",
        "/programmes/small?version=99999999999999999999",
    ],
)
def test_what_is_not_there(reader: FlaskClient, address: str) -> None:
    assert reader.get(address).status_code == 404


def test_visitors_sign_in_first(reader: FlaskClient, client: FlaskClient) -> None:
    for address in ("/programmes", "/programmes/small", "/programmes/small/modules/1"):
        response = client.get(address)
        assert response.status_code == 302
        assert "/login" in response.headers["Location"]


def test_every_page_of_every_shipped_programme(reader: FlaskClient) -> None:
    from trainer.curriculum.queries import catalogue

    for programme in catalogue():
        page(reader, f"/programmes/{programme.code}")
        for module in programme.modules:
            if module.number > 1 and not module.plan:
                continue  # a name and a length: the first shows them all
            page(reader, f"/programmes/{programme.code}/modules/{module.number}")
            for handout in module.handouts:
                page(reader, f"/programmes/{programme.code}/modules/{module.number}/handouts/{handout.code}")
