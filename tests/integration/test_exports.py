"""Lists that are taken away as spreadsheets say what their pages show; nothing in them runs, and nothing private is in them."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from tests.factories.absences import absence_of
from trainer.audit.models import AccessLog
from trainer.core.database import session, transaction
from trainer.curriculum.queries import programme_of
from trainer.gates.services import waive
from trainer.people.models import Person
from trainer.scheduling.queries import sessions_of


@pytest.mark.parametrize(
    ("role", "path", "first", "cell"),
    [
        ("organiser", "/courses", "Code", "TEST-1"),
        ("admin", "/admin/audit", "Number", "course.created"),
        ("admin", "/admin/people", "Name", "Organiser Prova"),
        ("admin", "/admin/organisations", "Name", "UNI"),
        ("trainer", "/venues", "Name", "Manresa"),
        ("registrar", "/registry", "University", "TEST-1"),
        ("assessor", "/courses/TEST-1/accreditation", "Name", "Núria00 Peñafiel i Puig"),
    ],
)
def test_a_list_as_csv_and_as_a_workbook(world, client_as, role, path, first, cell):
    with transaction():
        world.course.title = "=1+1"
    client = client_as(role)
    text = client.get(f"{path}.csv").data.decode("utf-8-sig")
    assert text.startswith(first) and cell in text and ",=1" not in text
    sheet = load_workbook(BytesIO(client.get(f"{path}.xlsx").data)).active
    values = [one.value for row in sheet.iter_rows() for one in row]
    assert values[0] == first and any(cell == one for one in values)
    assert all(one.data_type != "f" for row in sheet.iter_rows() for one in row)
    assert f"{path}.csv" in client.get(path).text
    assert client.get(f"{path}.pdf").status_code == 404


def test_everybody_is_in_the_file_and_a_search_is_kept(world, client_as, count_queries):
    client = client_as("admin")
    with count_queries() as few:
        client.get("/admin/people.csv")
    with transaction() as current:
        for number in range(60):  # more than a page holds
            name = f"Zoe{number:02d}"
            person = Person(given_name=name, family_name="@Zed", display_name=name, certificate_name=name)
            current.add(person)
    with count_queries() as many:
        lines = client.get("/admin/people.csv").data.decode("utf-8-sig").splitlines()
    assert sum("Zoe" in line for line in lines) == 60
    assert many.count == few.count
    found = client.get("/admin/people.csv?q=zoe0").data.decode("utf-8-sig").splitlines()
    assert len(found) == 11
    assert "/admin/people.csv?q=zoe0" in client.get("/admin/people?q=zoe0").text


def test_absences_without_reasons_and_waivers_in_the_readers_language(world, client_as):
    trainee = world.trainees[0]
    with transaction():
        world.staff["trainer"].language = "ca"
    absence_of(world, trainee, sessions_of(world.course.id)[0])
    name, gate = next(iter(programme_of(world.course.programme_version_id).gates.items()))
    waive(world.actor("organiser"), trainee, name, None, "=Decidit per escrit", None)
    client = client_as("trainer")
    text = client.get("/courses/TEST-1/absences.csv").data.decode("utf-8-sig")
    assert "Núria00" in text
    assert "transport" not in text.lower() and "one reader" not in text
    page = f"/courses/TEST-1/people/{trainee.id}/waivers"
    text = client.get(f"{page}.csv").data.decode("utf-8-sig")
    assert "'=Decidit per escrit" in text and gate.title["ca"] in text
    assert f"{page}.csv" in client.get(page).text


def test_whoever_takes_a_file_is_in_the_access_log(world, client_as):
    client_as("reference").get("/placements.csv")
    client_as("admin").get("/admin/people.xlsx")
    seen = session.execute(select(AccessLog.endpoint, AccessLog.person_id)).all()
    assert ("placement.placements_file", world.person_id("reference")) in seen
    assert ("people.people_file", world.person_id("admin")) in seen


def test_what_is_supposed_goes_into_the_file(world, client_as):
    client = client_as("organiser")
    page = client.get("/courses/TEST-1/what-if?person=all&session=1&mark=absent&code=x&form=y").text
    assert 'href="/courses/TEST-1/what-if.csv?c=mark-1-all-absent"' in page
    answer = client.get("/courses/TEST-1/what-if.csv?c=mark-1-all-absent")
    assert answer.data.decode("utf-8-sig").count("Peñafiel") == len(world.trainees)
    assert client.get("/courses/TEST-1/what-if.csv?mark=never").status_code == 422


def test_the_name_for_certificates_is_in_the_file_where_it_is_on_the_page(world, client_as):
    with transaction():
        world.trainees[0].person.certificate_name = "Another Name"
    client, page = client_as("trainer"), "/courses/TEST-1/accreditation"
    for eligible in (False, True):
        if eligible:
            waive(world.actor("organiser"), world.trainees[0], "accreditation", None, "seen otherwise")
        assert ("Another Name" in client.get(page).text) is eligible
        assert ("Another Name" in client.get(f"{page}.csv").data.decode("utf-8-sig")) is eligible
