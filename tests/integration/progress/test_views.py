"""The pages of progress as each kind of person sees them."""

from __future__ import annotations

from io import BytesIO

import html5lib
import pytest
from openpyxl import load_workbook

from tests.factories.registers import ABSENT, hold, late
from tests.factories.world import SYSTEM, make_world
from trainer.cohorts.services import pause, withdraw
from trainer.core.database import session, transaction
from trainer.gates.services import waive
from trainer.people.models import Person
from trainer.scheduling.queries import sessions_of


def ok(response, status=200):
    assert response.status_code == status, response.text
    html5lib.HTMLParser(strict=True).parse(response.text)
    assert "style=" not in response.text
    assert "%(" not in response.text
    return response.text


def staff_pages(world):
    first = world.trainees[0].id
    return (
        "/courses/TEST-1/progress",
        "/courses/TEST-1/progress.csv",
        "/courses/TEST-1/progress.xlsx",
        f"/courses/TEST-1/people/{first}/progress",
    )


def test_staff_read_and_nobody_else(world, client_as):
    for path in staff_pages(world):
        assert client_as("visitor").get(path).status_code == 302
        for role in ("organiser", "trainer", "assessor", "admin"):
            assert client_as(role).get(path).status_code == 200, (role, path)
        for role in ("registrar", "reference", "trainee", "other_organiser", "other_registrar"):
            assert client_as(role).get(path).status_code == 404, (role, path)


def test_ones_own_page_is_for_oneself(world, client_as):
    path = "/me/courses/TEST-1"
    assert client_as("visitor").get(path).status_code == 302
    assert client_as("visitor").get("/me").status_code == 302
    ok(client_as("trainee").get(path))
    for role in ("organiser", "trainer", "registrar", "admin"):
        assert client_as(role).get(path).status_code == 404, role


def test_nobody_sees_another_trainee(world, client_as):
    hold(world, [1])
    other = session.get_one(Person, world.trainees[1].person_id).display_name
    for path in ("/me", "/me/courses/TEST-1"):
        assert other not in ok(client_as("trainee").get(path))


def test_a_person_of_another_course_is_not_found(world, client_as):
    elsewhere = make_world(trainees=1, code="TEST-2")
    organiser = client_as("organiser")
    assert organiser.get(f"/courses/TEST-1/people/{elsewhere.trainees[0].id}/progress").status_code == 404
    assert organiser.get("/courses/NO-SUCH/progress").status_code == 404
    assert organiser.get("/courses/TEST-1/people/99999999999999999999/progress").status_code == 404


def test_the_grid(world, client_as):
    hold(world, range(1, 4), {(0, 2): ABSENT, (1, 1): late(200), (2, 3): None})
    page = ok(client_as("organiser").get("/courses/TEST-1/progress"))
    for word in (
        "Absent",
        "Late: attended 200 min",
        "Unmarked",
        "Present",
        "Session 3: 1 person without a mark",
    ):
        assert word in page
    assert page.count("<tr") == 4
    assert 'aria-current="page">Progress' in page


def test_who_needs_a_call_and_why(world, client_as):
    hold(world, range(1, 4), {(0, number): ABSENT for number in range(1, 4)})
    organiser = client_as("organiser")
    page = ok(organiser.get("/courses/TEST-1/progress"))
    assert "is out of reach as things stand" in page
    person = ok(organiser.get(f"/courses/TEST-1/people/{world.trainees[0].id}/progress"))
    assert "Needs a call this week" in person and "Best possible" in person
    waive(world.actor("organiser"), world.trainees[0], "placement", None, "Agreed with the university.")
    page = ok(organiser.get("/courses/TEST-1/progress"))
    assert "is out of reach as things stand" not in page
    person = ok(organiser.get(f"/courses/TEST-1/people/{world.trainees[0].id}/progress"))
    assert "Agreed with the university." in person and "Waived by" in person


def test_who_left_is_told_so_and_counted_in_no_warning(world, client_as):
    """Neutrally, with what they had then: in the grid, on their page, in files, in the filter and in "what if"."""
    hold(world, range(1, 4), {(0, number): ABSENT for number in range(1, 4)})
    organiser, gone = client_as("organiser"), world.trainees[0]
    withdraw(SYSTEM, gone, sessions_of(world.course.id)[2].starts_local.date())
    page = ok(organiser.get("/courses/TEST-1/progress"))
    assert "Left the course on" in page and "0 min of 12 h" in page
    assert "g-unreachable" not in page and "out of reach as things stand" not in page
    assert "Nobody fits" in ok(organiser.get("/courses/TEST-1/progress?status=unreachable"))
    person = ok(organiser.get(f"/courses/TEST-1/people/{gone.id}/progress"))
    assert "Left the course on" in person and "ut of reach" not in person and "Credited until then" in person
    text = organiser.get("/courses/TEST-1/progress.csv").data.decode("utf-8-sig")
    assert "Left the course on" in text and "Out of reach" not in text
    supposed = ok(organiser.get("/courses/TEST-1/what-if?at_least=95"))
    name = session.get_one(Person, gone.person_id).display_name
    assert name not in supposed
    assert "Nobody, by what is recorded" in ok(organiser.get("/courses/TEST-1/care"))


def test_the_trainees_page_in_words_and_in_their_language(world, client_as):
    hold(world, range(1, 4), {(0, 2): late(200)})
    trainee = client_as("trainee")
    page = ok(trainee.get("/me/courses/TEST-1"))
    for words in (
        "11 h 20 min of the 12 h held so far",
        "You may still miss 7 h 20 min",
        "Late: attended 200 min",
    ):
        assert words in page
    with transaction():
        session.get_one(Person, world.trainees[0].person_id).language = "ca"
    for path in ("/me", "/me/courses/TEST-1"):
        assert 'lang="ca"' in ok(trainee.get(path))
    assert "El concepte de recuperació" in trainee.get("/me/courses/TEST-1").text


def test_a_pause_is_said_calmly(world, client_as):
    pause(SYSTEM, world.trainees[0])
    assert "Your place is kept" in ok(client_as("trainee").get("/me"))


def test_who_is_on_no_course(world, client_as):
    assert "You are not on a course as a trainee" in ok(client_as("organiser").get("/me"))


def test_an_empty_course(ctx, sign_in):
    world = make_world(trainees=0)
    assert "Nobody is on the course yet" in ok(
        sign_in(world.person_id("organiser")).get("/courses/TEST-1/progress")
    )


def test_a_name_cannot_run_in_an_export(world, client_as):
    hold(world, [1])
    with transaction():
        session.get_one(Person, world.trainees[0].person_id).display_name = "=HYPERLINK(1)"
    organiser = client_as("organiser")
    data = organiser.get("/courses/TEST-1/progress.csv")
    assert data.mimetype == "text/csv"
    assert "\n=HYPERLINK" not in data.data.decode("utf-8-sig")
    sheet = load_workbook(BytesIO(organiser.get("/courses/TEST-1/progress.xlsx").data)).active
    assert sheet.max_row == 4
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert sheet.cell(1, 1).value == "Name"


@pytest.mark.parametrize("path", ["/courses/{code}/progress", "/courses/{code}/progress.csv"])
def test_the_same_number_of_statements_for_one_three_and_thirty(ctx, sign_in, count_queries, path):
    counts = []
    for people in (1, 3, 30):
        world = make_world(trainees=people, code=f"N-{people}")
        hold(world, range(1, 4))
        client = sign_in(world.person_id("organiser"))
        address = path.format(code=world.course.code)
        client.get(address)
        session.remove()
        with count_queries() as seen:
            assert client.get(address).status_code == 200
        counts.append(seen.count)
    assert counts[0] == counts[1] == counts[2], counts


def test_reading_writes_nothing_but_the_access_log(world, client_as, count_queries):
    with count_queries() as seen:
        client_as("organiser").get("/courses/TEST-1/progress")
    writes = [one for one in seen.statements if one.split()[0].upper() in ("INSERT", "UPDATE", "DELETE")]
    assert all("access_log" in one or "account" in one for one in writes), writes
