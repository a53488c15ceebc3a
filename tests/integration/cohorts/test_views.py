"""Pages of courses, as each kind of user meets them."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.factories.world import World, make_world

Clients = Callable[[str], FlaskClient]
STAFF_PAGES = ["", "/people", "/people.csv", "/people.xlsx", "/people/{id}"]
MANAGER_PAGES = ["/settings", "/people/add", "/people/import"]


def page(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code, answer.text[:500])
    return answer.text if answer.mimetype == "text/html" else ""


@pytest.mark.parametrize(
    ("role", "staff", "manager"),
    [
        ("admin", 200, 200),
        ("organiser", 200, 200),
        ("trainer", 200, 403),
        ("assessor", 200, 403),
        ("registrar", 404, 404),
        ("reference", 404, 404),
        ("other_organiser", 404, 404),
        ("trainee", 404, 404),
        ("visitor", 302, 302),
    ],
)
def test_who_sees_what(world: World, client_as: Clients, role: str, staff: int, manager: int) -> None:
    client = client_as(role)
    base = f"/courses/{world.course.code}"
    for path in STAFF_PAGES:
        page(client, base + path.format(id=world.trainees[0].id), staff)
    for path in MANAGER_PAGES:
        page(client, base + path, manager)


def test_the_list_shows_each_their_own(world: World, client_as: Clients) -> None:
    assert "Curs de prova" in page(client_as("trainer"), "/courses")
    assert "Curs de prova" not in page(client_as("other_organiser"), "/courses")
    page(client_as("trainee"), "/courses", 404)
    page(client_as("registrar"), "/courses", 404)


@pytest.mark.parametrize("path", ["/courses", "/courses/{code}", "/courses/{code}/people"])
def test_same_queries_for_any_number(ctx: Any, sign_in: Any, count_queries: Any, path: str) -> None:
    seen = set()
    for number in (1, 3, 30):
        world = make_world(number, code=f"Q-{number}")
        client = sign_in(world.person_id("organiser"))
        address = path.format(code=world.course.code)
        client.get(address)
        with count_queries() as counted:
            page(client, address)
        seen.add(counted.count)
    assert len(seen) == 1


def test_a_course_is_shown_before_it_is_made(world: World, client_as: Clients) -> None:
    client = client_as("organiser")
    form = {
        "programme": "peer-support-worker",
        "organisation": "PROV",
        "university": "UNI",
        "title": "Segona edició",
        "code": "ED-2",
        "language": "ca",
        "starts_on": "2027-01-11",
        "at": "16:00",
        "timezone": "Europe/Madrid",
        "venues": "Manresa\r\n\r\nVic",
    }
    shown = client.post("/courses/new", data={**form, "do": "preview"})
    assert shown.status_code == 200
    assert shown.text.count("16:00 (4 h)") == 10
    assert "Easter Monday" in shown.text or "public holiday" in shown.text
    page(client, "/courses/ED-2", 404)
    made = client.post("/courses/new", data={**form, "do": "create"})
    assert made.status_code == 303
    assert "Segona edició" in page(client, "/courses/ED-2")
    again = client.post("/courses/new", data={**form, "do": "create"})
    assert again.status_code == 422
    assert "is taken" in again.text
    wrong = client.post(
        "/courses/new", data={**form, "code": "ED-3", "timezone": "Mars/Base", "do": "create"}
    )
    assert wrong.status_code == 422
    page(client, "/courses/ED-3", 404)


def test_a_course_of_another_provider_is_not_offered(world: World, client_as: Clients) -> None:
    form = {
        "programme": "peer-support-worker",
        "organisation": "PROV",
        "university": "UNI",
        "title": "X",
        "code": "X-1",
        "language": "ca",
        "starts_on": "2027-01-11",
        "at": "16:00",
        "timezone": "Europe/Madrid",
        "venues": "Vic",
        "do": "create",
    }
    assert client_as("other_organiser").post("/courses/new", data=form).status_code == 422
    page(client_as("trainer"), "/courses/new", 404)


def test_somebody_by_hand(world: World, client_as: Clients) -> None:
    client = client_as("organiser")
    base = f"/courses/{world.course.code}/people"
    form = {
        "given_name": "Laia",
        "family_name": "Col·lell",
        "email": "Laia@Example.org",
        "status": "invited",
        "mail": "y",
    }
    assert client.post(f"{base}/add", data=form).status_code == 303
    text = page(client, base)
    assert "Laia Col·lell" in text
    assert "laia@example.org" in text
    twice = client.post(f"{base}/add", data=form)
    assert twice.status_code == 422
    assert "on the course already" in twice.text
    assert client.post(f"{base}/add", data={**form, "email": "no"}).status_code == 422
    assert client_as("trainer").post(f"{base}/add", data=form).status_code == 403


def test_status_from_the_page(world: World, client_as: Clients) -> None:
    client = client_as("organiser")
    base = f"/courses/{world.course.code}/people/{world.trainees[0].id}"
    client.post(f"{base}/status", data={"to": "paused", "effective_on": "2026-10-01"})
    assert "still paused" in page(client, base)
    client.post(f"{base}/status", data={"to": "enrolled", "effective_on": "2026-10-15"})
    answer = client.post(f"{base}/status", data={"to": "invited"}, follow_redirects=True)
    assert "cannot become" in answer.text
    answer = client.post(
        f"{base}/status", data={"to": "withdrawn", "effective_on": "x"}, follow_redirects=True
    )
    assert "not a date" in answer.text
    client.post(
        f"{base}/status", data={"to": "withdrawn", "effective_on": "2026-11-02", "note_code": "work_or_study"}
    )
    text = page(client, base)
    assert "Left the course" in text
    assert "Work or studies" in text
    client.post(f"{base}/details", data={"joined_on": "2026-09-15", "entity": "HOST"})
    assert "Servei de Prova" in page(client, base)
    assert client_as("trainer").post(f"{base}/status", data={"to": "enrolled"}).status_code == 403


def test_an_enrolment_of_another_course_is_not_here(world: World, client_as: Clients) -> None:
    other = make_world(1, code="TEST-2")
    page(client_as("organiser"), f"/courses/{world.course.code}/people/{other.trainees[0].id}", 404)


def test_import_page(world: World, client_as: Clients) -> None:
    client = client_as("organiser")
    base = f"/courses/{world.course.code}/people"
    data = "Nom;Cognoms;Correu\r\nÍngrid;Muñoz;ingrid@example.org\r\n".encode("cp1252")

    def upload(content: bytes, **more: str) -> Any:
        return client.post(f"{base}/import", data={"file": (io.BytesIO(content), "roster.csv"), **more})

    assert "nothing was written yet" in upload(data, dry_run="1").text
    assert "Ingrid" not in page(client, base)
    assert "1 added" in upload(data).text
    assert "Íngrid Muñoz" in page(client, base)
    wrong = upload(b"Nom;Cognoms;Correu\nA;B;nowhere\n")
    assert wrong.status_code == 422
    assert "row 2, column Correu" in wrong.text
    assert client.post(f"{base}/import").status_code == 422


def test_consent_and_leaving_are_the_persons_own(world: World, client_as: Clients) -> None:
    base = f"/me/courses/{world.course.code}"
    client = client_as("trainee")
    assert "Yes, I agree" in page(client, f"{base}/consent")
    assert client.post(f"{base}/consent", data={"do": "give"}).status_code == 303
    assert "You said yes on" in page(client, f"{base}/consent")
    client.post(f"{base}/leave", data={"do": "leave"})
    assert "Your organiser will be in touch" in page(client, f"{base}/consent")
    organiser = client_as("organiser")
    assert "wants to leave the course" in page(organiser, f"/courses/{world.course.code}")
    assert "Wants to leave" in page(organiser, f"/courses/{world.course.code}/people")
    client.post(f"{base}/leave", data={"do": "stay"})
    client.post(f"{base}/consent", data={"do": "withdraw"})
    assert "taken back on" in page(client, f"{base}/consent")
    assert "Curs de prova" in page(client, "/me/courses")
    for role in ("organiser", "admin"):
        page(client_as(role), f"{base}/consent", 404)
        assert client_as(role).post(f"{base}/leave").status_code == 404


@pytest.mark.parametrize(
    "path", ["/courses/%00", "/courses/x%2Fy", "/courses/" + "x" * 500, "/courses/TEST-1/people/" + "9" * 30]
)
def test_odd_addresses_are_nowhere(world: World, client_as: Clients, path: str) -> None:
    page(client_as("organiser"), path, 404)
