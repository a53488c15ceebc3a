"""The pages: what each party sees and does, and that their statements do not grow with the people."""

from __future__ import annotations

import html
import io
from collections.abc import Callable
from datetime import date
from typing import Any

import html5lib
import pytest
from flask.testing import FlaskClient

from tests.factories.world import SYSTEM
from trainer.cohorts.services import enrol
from trainer.core.database import session
from trainer.core.tables import read_table
from trainer.dossier import services
from trainer.dossier.services import Result
from trainer.people.services import add_person

SignIn = Callable[[int | None], FlaskClient]
TODAY = date(2026, 11, 18)


@pytest.fixture
def by(world: Any, sign_in: SignIn) -> Callable[[str], FlaskClient]:
    return lambda role: sign_in(world.person_id(role))


def page(client: FlaskClient, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    text = response.get_data(as_text=True)
    html5lib.HTMLParser(strict=True).parse(text)
    return html.unescape(text)


def test_handed_in_on_a_phone_and_answered(world: Any, by: Callable[[str], FlaskClient]) -> None:
    trainee, trainer = by("trainee"), by("trainer")
    mine = page(trainee, "/me/courses/TEST-1/dossier")
    assert "2 things are yours to hand in." in mine
    assert page(trainee, "/me/courses/TEST-1/dossier/document/letter")
    empty = trainee.post("/me/courses/TEST-1/dossier/document/letter", data={})
    assert empty.status_code == 422
    sent = trainee.post(
        "/me/courses/TEST-1/dossier/document/letter",
        data={"file": (io.BytesIO(b"La carta"), "carta.txt"), "words": "Hola <b>"},
    )
    assert sent.status_code == 303
    enrolment = world.trainees[0].id
    todo = page(trainer, "/courses/TEST-1/dossier")
    assert f'href="/courses/TEST-1/people/{enrolment}/dossier#document-letter"' in todo
    here = f"/courses/TEST-1/people/{enrolment}/dossier"
    text = page(trainer, here)
    address = text.split("/files/")[1].split('"')[0]
    file = trainer.get(f"{here}/files/{address}")
    assert (file.status_code, file.get_data()) == (200, b"La carta")
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert by("other_trainee").get(f"/me/courses/TEST-1/dossier/files/{address}").status_code == 404
    assert trainee.get(f"/me/courses/TEST-1/dossier/files/{address}").status_code == 200
    back = trainer.post(
        f"{here}/document/letter/answer", data={"action": "return", "words": "Falta la firma"}
    )
    assert back.status_code == 303
    assert "Falta la firma" in page(trainee, "/me/courses/TEST-1/dossier")
    trainer.post(f"{here}/document/letter/answer", data={"action": "accept", "valid_until": "2027-01-31"})
    assert "Good until 31 Jan 2027." in page(trainee, "/me/courses/TEST-1/dossier")
    assert trainer.post(f"{here}/document/letter/answer", data={"action": "x"}).status_code == 400


def test_results_of_a_group_in_one_form(world: Any, by: Callable[[str], FlaskClient]) -> None:
    trainer, address = by("trainer"), "/courses/TEST-1/dossier/tests/quiz"
    first, second = world.trainees[0].id, world.trainees[1].id
    wrong = trainer.post(
        address, data={"on": "2026-11-10", f"points_{first}": "14", f"points_{second}": "21"}
    )
    assert wrong.status_code == 422
    assert 'value="14"' in wrong.get_data(as_text=True)
    saved = trainer.post(address, data={"on": "2026-11-10", f"points_{first}": "14", f"points_{second}": "3"})
    assert saved.status_code == 303
    assert "14/20" in page(trainer, "/courses/TEST-1/dossier")
    data = trainer.get("/courses/TEST-1/dossier.csv").get_data()
    table = read_table("d.csv", data)
    assert table.rows[0]["Quiz (of 20)"] == "14"
    assert trainer.get("/courses/TEST-1/dossier.xlsx").status_code == 200
    assert trainer.get("/courses/TEST-1/dossier/tests/other").status_code == 303


def test_decisions_of_a_group_and_of_the_university(world: Any, by: Callable[[str], FlaskClient]) -> None:
    first, second = world.trainees[0].id, world.trainees[1].id
    ready = "/courses/TEST-1/dossier/decisions/ready"
    assert by("trainer").post(ready, data={f"answer_{first}": "yes"}).status_code == 303
    assert by("assessor").post(ready, data={f"answer_{first}": "yes"}).status_code == 422
    registrar, organiser = by("registrar"), by("organiser")
    name, other = world.trainees[0].person.display_name, world.trainees[1].person.display_name
    before = page(registrar, "/registry/courses/TEST-1/decisions")
    assert name not in before
    assert "0 of 3 people have a yes; 0 wait." in before
    admit = "/courses/TEST-1/dossier/decisions/admit"
    assert organiser.post(admit, data={"person": [str(first)]}).status_code == 303
    after = page(registrar, "/registry/courses/TEST-1/decisions")
    assert name in after
    assert other not in after
    answer = {"decision": "admit", f"answer_{first}": "yes", f"answer_{second}": "yes"}
    assert registrar.post("/registry/courses/TEST-1/decisions", data=answer).status_code == 303
    assert "1 of 3 people have a yes; 0 wait." in page(registrar, "/registry/courses/TEST-1/decisions")
    assert by("other_registrar").get("/registry/courses/TEST-1/decisions").status_code == 404
    assert registrar.get("/courses/TEST-1/dossier").status_code == 404


def test_statements_do_not_grow(
    world: Any, by: Callable[[str], FlaskClient], count_queries: Callable[[], Any]
) -> None:
    trainer = by("trainer")
    addresses = (
        "/courses/TEST-1/dossier",
        "/courses/TEST-1/dossier/tests/quiz",
        "/courses/TEST-1/dossier.csv",
    )
    counts = []
    for more in (0, 12):
        for number in range(more):
            person = add_person(SYSTEM, "Més", f"Gent {number}", f"more{number}@example.org")
            key = enrol(SYSTEM, world.course, person).id
            services.record_results(world.actor("trainer"), world.course, [Result(key, "quiz", 3, TODAY)])
        session.rollback()
        seen = []
        for address in addresses:
            trainer.get(address)
            with count_queries() as statements:
                assert trainer.get(address).status_code == 200
            seen.append(statements.count)
        counts.append(seen)
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 9, counts
