"""The pages of organisers, registrars, holders, and the public verification."""

from __future__ import annotations

import io
import re
from typing import Any

import html5lib
import pytest
from sqlalchemy import select

from tests.conftest import build_app
from tests.factories.world import SYSTEM, make_world
from tests.integration.accreditation.conftest import issue_all, waive_all
from tests.unit.accreditation.test_documents import picture
from trainer.accreditation import queries, services
from trainer.accreditation.models import Proposal
from trainer.accreditation.rules.codes import dashed
from trainer.core.database import session, transaction
from trainer.people.models import Person

COURSE = "/courses/TEST-1/accreditation"
REGISTRY = "/registry/courses/TEST-1"
JSON = {"Accept": "application/json"}


def ok(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response.text
    html5lib.HTMLParser(strict=True).parse(response.text)
    assert " style=" not in response.text
    return str(response.text)


def proposals() -> list[int]:
    return list(session.scalars(select(Proposal.id).order_by(Proposal.id)))


def test_the_organiser_sees_who_and_why_not_yet(world: Any, client_as: Any) -> None:
    page = ok(client_as("organiser").get(COURSE))
    assert "Not yet, and why" in page
    assert "Núria00 Peñafiel i Puig" in page
    assert ok(client_as("trainer").get(COURSE)).count("<button") <= page.count("<button")


def test_from_the_proposal_to_the_certificate_by_the_pages(ready: Any, client_as: Any) -> None:
    organiser, registrar = client_as("organiser"), client_as("registrar")
    first = str(ready.trainees[0].id)
    assert organiser.post(COURSE, data={"kind": "accreditation", "enrolment": first}).status_code == 303
    assert "was sent to the university" in ok(organiser.get(COURSE))
    assert organiser.post(COURSE, data={"kind": "accreditation"}).status_code == 303
    page = ok(registrar.get(REGISTRY))
    assert page.count("Núria0") >= 3
    assert ": Waived" in page
    assert "1 waiver" in page
    address = f"/registry/proposals/{proposals()[0]}"
    page = ok(registrar.get(address))
    assert "Convalidat amb la universitat" in page
    assert registrar.post(address, data={"action": "ask", "words": "Qui ho va acordar?"}).status_code == 303
    assert "Qui ho va acordar?" in ok(organiser.get(COURSE))
    reply = f"{COURSE}/proposals/{proposals()[0]}/answer"
    assert organiser.post(reply, data={"words": "La comissió."}).status_code == 303
    assert "La comissió." in ok(registrar.get(address))
    assert registrar.post(address, data={"action": "approve"}).status_code == 303
    assert registrar.post(address, data={"action": "issue"}).status_code == 303
    assert registrar.post(REGISTRY, data={"kind": "accreditation", "action": "approve"}).status_code == 303
    begun = registrar.post(REGISTRY, data={"kind": "accreditation", "action": "issue"})
    batch = begun.location.split("?")[0]
    assert "0 of 2 issued" in ok(registrar.get(batch))
    assert registrar.post(batch).status_code == 303
    assert "2 of 2 issued" in ok(registrar.get(batch))
    rows = queries.certificates_of_course(ready.course.id)
    assert [row.status for row in rows] == ["valid"] * 3
    download = organiser.get(f"{COURSE}/{rows[0].serial}.pdf")
    assert download.data.startswith(b"%PDF")
    assert download.headers["Content-Disposition"].startswith("attachment")


def test_withdrawing_by_the_page(ready: Any, client_as: Any) -> None:
    organiser = client_as("organiser")
    organiser.post(COURSE, data={"kind": "accreditation"})
    [first, second, _third] = proposals()
    assert organiser.post(f"{COURSE}/proposals/{first}/withdraw").status_code == 303
    assert "The proposal was withdrawn." in ok(organiser.get(COURSE))
    assert (
        client_as("registrar").post(f"/registry/proposals/{second}", data={"action": "withdraw"}).status_code
        == 303
    )
    session.rollback()
    statuses = list(session.scalars(select(Proposal.status).order_by(Proposal.id)))
    assert statuses == ["withdrawn", "withdrawn", "proposed"]


def test_what_cannot_be_done_is_said_and_not_a_server_error(ready: Any, client_as: Any) -> None:
    organiser, registrar = client_as("organiser"), client_as("registrar")
    with transaction() as current:
        current.get_one(Person, ready.trainees[0].person_id).certificate_name = "བོད"
    one = str(ready.trainees[0].id)
    organiser.post(COURSE, data={"kind": "accreditation", "enrolment": one})
    assert "བ" in ok(organiser.get(COURSE))
    organiser.post(COURSE, data={"kind": "accreditation"})
    registrar.post(REGISTRY, data={"kind": "accreditation", "action": "issue"})
    assert "Nothing was issued" in ok(registrar.get(REGISTRY))
    page = ok(registrar.post(f"/registry/proposals/{proposals()[0]}", data={"action": "ask"}), 422)
    assert "Please write something." in page


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("organiser", 200),
        ("trainer", 200),
        ("admin", 200),
        ("registrar", 404),
        ("trainee", 404),
        ("other_organiser", 404),
    ],
)
def test_who_sees_the_page_of_the_course(ready: Any, client_as: Any, role: str, status: int) -> None:
    assert client_as(role).get(COURSE).status_code == status


@pytest.mark.parametrize(
    ("role", "status"),
    [("registrar", 200), ("admin", 200), ("organiser", 404), ("trainee", 404), ("other_registrar", 404)],
)
def test_who_sees_the_registry_of_a_course(
    ready: Any, issued: list[Any], client_as: Any, role: str, status: int
) -> None:
    client = client_as(role)
    serial = issued[0].serial
    for path in (
        REGISTRY,
        f"/registry/proposals/{proposals()[0]}",
        f"/registry/certificates/{serial}",
        f"/registry/certificates/{serial}.pdf",
        "/registry/universities/UNI/certificates",
        "/registry/universities/UNI/profile",
        "/registry/universities/UNI/preview.pdf",
    ):
        assert client.get(path).status_code == status, path


def test_trainers_see_and_do_not_propose(ready: Any, client_as: Any) -> None:
    assert client_as("trainer").post(COURSE, data={"kind": "accreditation"}).status_code == 403
    assert proposals() == []


def test_the_registrars_pages_of_certificates(ready: Any, issued: list[Any], client_as: Any) -> None:
    registrar, serial = client_as("registrar"), issued[0].serial
    page = ok(registrar.get("/registry"))
    assert "Curs de prova" in page
    assert "Núria" not in page
    assert serial in ok(registrar.get("/registry/universities/UNI/certificates"))
    found = ok(registrar.get(f"/registry/universities/UNI/certificates?serial={serial.lower()}"))
    assert serial in found
    assert issued[1].serial not in found
    by_name = ok(registrar.get("/registry/universities/UNI/certificates?serial=Peñafiel"))
    assert f"/registry/certificates/{serial}" not in by_name
    here = f"/registry/certificates/{serial}"
    assert "Peñafiel" in ok(registrar.get(here))
    ok(registrar.post(f"{here}/revoke", data={"note": "x"}), 422)
    assert registrar.post(f"{here}/revoke", data={"reason": "misconduct", "note": "Nota"}).status_code == 303
    assert "Nota" in ok(registrar.get(here))
    history = registrar.get(f"{here}.csv").text
    assert "Revoked,Misconduct" in history
    assert "Nota" not in history
    listed = registrar.get(f"/registry/universities/UNI/certificates.csv?serial={serial.lower()}").text
    assert f"{serial},Núria" in listed
    assert issued[1].serial not in listed
    assert registrar.post(f"{here}/reinstate").status_code == 303
    services.flag_for_review(SYSTEM, issued[0].enrolment_id)
    assert "Something was corrected" in ok(registrar.get(here))
    assert registrar.post(f"{here}/review").status_code == 303
    assert registrar.post(f"{here}/reissue").status_code == 303
    assert "Replaced by" in ok(registrar.get(here))
    assert registrar.post(f"{here}/reissue").status_code == 303
    assert "was replaced already" in ok(registrar.get(here))


def test_the_university_keeps_its_profile(ready: Any, client_as: Any) -> None:
    registrar, here = client_as("registrar"), "/registry/universities/UNI/profile"
    ok(registrar.get(here))
    data: dict[str, Any] = {
        "accent": "#7a1f3d",
        "city": "Vic",
        "name_ca": "Universitat de la Plana",
        "signatory_1": "Montserrat Puig",
        "position_1_ca": "Rectora",
        "closing_ca": "Formació permanent.",
    }
    good = {**data, "logo": (io.BytesIO(picture("PNG")), "logo.png")}
    assert registrar.post(here, data=good, content_type="multipart/form-data").status_code == 303
    page = ok(registrar.get(here))
    for words in ("Universitat de la Plana", "Montserrat Puig", "Rectora", "#7a1f3d", "/logo"):
        assert words in page
    assert registrar.get("/registry/universities/UNI/logo").mimetype == "image/png"
    assert registrar.get("/registry/universities/UNI/preview.pdf?language=es").data.startswith(b"%PDF")
    bad = {**data, "logo": (io.BytesIO(b"<svg/>"), "logo.svg")}
    page = ok(registrar.post(here, data=bad, content_type="multipart/form-data"), 422)
    assert "no PNG or JPEG" in page
    ok(registrar.post(here, data={**data, "accent": "red"}, content_type="multipart/form-data"), 422)
    removed = {**data, "remove_logo": "y"}
    assert registrar.post(here, data=removed, content_type="multipart/form-data").status_code == 303
    assert registrar.get("/registry/universities/UNI/logo").status_code == 404


def test_the_holders_page(ready: Any, issued: list[Any], client_as: Any, client: Any) -> None:
    holder = client_as("trainee")
    row = next(one for one in issued if one.person_id == ready.trainees[0].person_id)
    page = ok(holder.get("/me/certificates"))
    assert row.serial in page
    assert holder.get(f"/me/certificates/{row.serial}.pdf").data.startswith(b"%PDF")
    assert client_as("other_trainee").get(f"/me/certificates/{row.serial}.pdf").status_code == 404
    assert client_as("organiser").get(f"/me/certificates/{row.serial}.pdf").status_code == 404
    hide = f"/me/certificates/{row.serial}/visibility"
    assert client_as("registrar").post(hide).status_code == 404
    assert holder.post(hide).status_code == 303
    told = client.get(f"/verify/{row.code}", headers=JSON).get_json()
    assert (told["status"], told.get("name")) == ("valid", None)
    assert holder.post(hide, data={"show": "1"}).status_code == 303
    assert client.get(f"/verify/{row.code}", headers=JSON).get_json()["name"] == row.certificate_name


def test_confirming_the_name_is_asked_and_never_blocks(ready: Any, client_as: Any) -> None:
    holder = client_as("trainee")
    assert "Confirming helps us" in ok(holder.get("/me/certificates"))
    page = ok(holder.post("/me/certificates", data={"certificate_name": "བོད", "confirmed": "y"}), 422)
    assert "བ" in page
    good = {"certificate_name": "Núria Peñafiel i Puig", "confirmed": "y"}
    assert holder.post("/me/certificates", data=good).status_code == 303
    assert "You confirmed it on" in ok(holder.get("/me/certificates"))
    client_as("organiser").post(COURSE, data={"kind": "accreditation"})
    page = ok(client_as("registrar").get(REGISTRY))
    assert "confirmed on" in page
    assert "not confirmed by the person yet" in page


def test_nobody_without_a_certificate_is_told_off(world: Any, client_as: Any) -> None:
    assert "No certificate yet" in ok(client_as("trainee").get("/me/certificates"))
    assert client_as("visitor").get("/me/certificates").status_code in {302, 303}


def test_anybody_verifies_by_code(ready: Any, issued: list[Any], client: Any) -> None:
    code = issued[0].code
    ok(client.get("/verify"))
    moved = client.get("/verify", query_string={"code": f" {dashed(code).lower()} "})
    assert moved.status_code == 303
    response = client.get(moved.location)
    page = ok(response)
    assert "This certificate is valid." in page
    assert issued[0].certificate_name in page
    assert "noindex" in response.headers["X-Robots-Tag"]
    assert 'name="robots"' in page
    told = client.get(f"/verify/{dashed(code)}", headers=JSON)
    assert told.mimetype == "application/json"
    assert told.get_json()["status"] == "valid"
    services.revoke(ready.actor("registrar"), code, "issued_in_error", "Secret")
    page = ok(client.get(f"/verify/{code}"))
    assert "Issued in error" in page
    assert "Secret" not in page


@pytest.mark.parametrize("language", ["ca", "es", "en"])
def test_verification_speaks_the_visitors_language(issued: list[Any], client: Any, language: str) -> None:
    response = client.get(f"/verify/{issued[0].code}", headers={"Accept-Language": language})
    assert f'<html lang="{language}"' in ok(response)


def test_every_unknown_code_gets_the_same_page(issued: list[Any], client: Any, count_queries: Any) -> None:
    pages, counts = set(), set()
    for typed in (
        "x",
        "0" * 26,
        "0000-0000-0000-0000-0000-0000-00",
        "a/b",
        issued[0].code[:-1],
        "Ñ",
        "document",
    ):
        client.get(f"/verify/{typed}")
        with count_queries() as seen:
            response = client.get(f"/verify/{typed}")
        pages.add(ok(response, 404))
        counts.add(seen.count)
        assert client.get(f"/verify/{typed}", headers=JSON).get_json() == {"status": "unknown"}
    # The form that changes the language holds a token with the time, and comes back to the address that was
    # asked for; nothing else tells the pages apart.
    assert len({re.sub(r'<input type="hidden"[^>]*>', "", page) for page in pages}) == 1
    assert len(counts) == 1


def test_verification_is_rate_limited(database_url: str, tmp_path: Any) -> None:
    app = build_app(tmp_path, database_url, RATELIMIT_ENABLED=True)
    client = app.test_client()
    answers = [client.get("/verify/0000", headers=JSON).status_code for _ in range(62)]
    assert answers[0] == 404
    assert answers[-1] == 429


@pytest.mark.parametrize(
    ("role", "path"),
    [
        ("organiser", "/courses/{code}/accreditation"),
        ("registrar", "/registry/courses/{code}"),
        ("registrar", "/registry"),
        ("registrar", "/registry/universities/UNI/certificates"),
    ],
)
def test_lists_ask_the_same_for_any_number(
    ctx: Any, sign_in: Any, count_queries: Any, role: str, path: str
) -> None:
    counts = []
    for number in (1, 3, 30):
        world = make_world(trainees=number, code=f"C{number}")
        waive_all(world)
        if number == 30:
            services.propose(world.actor("organiser"), world.course)
        else:
            issue_all(world)
        client = sign_in(world.person_id(role))
        client.get(path.format(code=world.course.code))
        with count_queries() as seen:
            ok(client.get(path.format(code=world.course.code)))
            client.get(f"{path.format(code=world.course.code)}.csv")
        counts.append(seen.count)
    assert counts[0] == counts[1] == counts[2]
