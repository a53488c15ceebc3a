"""The register's pages: by form, by script, on paper; who may open them."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest

from tests.factories.world import make_world
from trainer.attendance.queries import saved_marks
from trainer.attendance.rules import MarkInput, MarkKind
from trainer.attendance.services import save_register
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.tables import write_xlsx
from trainer.scheduling.queries import session_of
from trainer.scheduling.services import cancel

HERE = "/courses/TEST-1/sessions/1/register"
SYSTEM = Actor(system=True)


@pytest.fixture
def ids(world):
    return [enrolment.id for enrolment in world.trainees]


def kinds():
    return {key: mark.kind.value for key, mark in saved_marks(session_of("TEST-1", 1).id).items()}


def sheet(ids, **marks):
    """A form as the page makes it: everyone unmarked, but for `m0`, `m1` …"""
    data = {}
    for position, key in enumerate(ids):
        kind, _, minutes = marks.get(f"m{position}", "unmarked").partition(":")
        data |= {
            f"mark-{key}": kind,
            f"minutes-{key}": minutes,
            f"code-{key}": "",
            f"was-{key}": "unmarked::",
            f"version-{key}": "0",
        }
    return data


def test_the_page_shows_everyone_and_takes_marks_without_a_script(client_as, ids):
    client = client_as("trainer")
    page = client.get(HERE)
    assert page.status_code == 200
    assert page.text.count('class="person"') == 3
    assert "3 unmarked" in page.text
    answer = client.post(HERE, data=sheet(ids, m0="present", m1="late:200"), follow_redirects=True)
    assert answer.status_code == 200
    assert "2 marks saved. 1 person is still unmarked." in answer.text
    assert kinds() == {ids[0]: "present", ids[1]: "late", ids[2]: "unmarked"}
    nothing = client.post(HERE, data=sheet(ids), follow_redirects=True)
    assert "Nothing was changed." in nothing.text


def test_the_rest_are_present_in_one_press(client_as, ids):
    client = client_as("trainer")
    client.post(HERE, data={**sheet(ids, m2="absent"), "do": "all_present"})
    assert kinds() == {ids[0]: "present", ids[1]: "present", ids[2]: "absent"}


def test_missing_minutes_are_asked_for_and_nothing_is_lost(client_as, ids):
    client = client_as("trainer")
    answer = client.post(HERE, data=sheet(ids, m0="present", m1="late:"))
    assert answer.status_code == 422
    assert "how many minutes" in answer.text
    assert f'name="mark-{ids[0]}" value="present" checked' in answer.text
    assert kinds() == {}
    assert client.post(HERE, data=sheet(ids, m1="late:241")).status_code == 422


def test_two_people_and_no_script(client_as, ids):
    save_register(SYSTEM, session_of("TEST-1", 1), {ids[0]: MarkInput(MarkKind.ABSENT)})
    answer = client_as("trainer").post(
        HERE, data=sheet(ids, m0="present", m1="present"), follow_redirects=True
    )
    assert "“Absent” was recorded at" in answer.text
    assert kinds() == {ids[0]: "absent", ids[1]: "present", ids[2]: "unmarked"}


def test_a_late_correction_asks_why(client_as, ids):
    session = session_of("TEST-1", 1)
    with clock.frozen(session.row.starts_at + timedelta(hours=5)):
        save_register(SYSTEM, session, {ids[0]: MarkInput(MarkKind.ABSENT)})
    client = client_as("trainer")
    data = {**sheet(ids, m0="present"), f"was-{ids[0]}": "absent::", f"version-{ids[0]}": "1"}
    answer = client.post(HERE, data=data)
    assert answer.status_code == 422
    assert 'name="reason"' in answer.text
    assert client.post(HERE, data={**data, "reason": "the list on paper"}).status_code == 303
    assert kinds()[ids[0]] == "present"
    history = client.get(f"{HERE}/{ids[0]}")
    assert "the list on paper" in history.text
    assert "1 correction" in client.get(HERE).text


def test_the_script_saves_mark_by_mark(client_as, ids):
    client = client_as("trainer")
    first, second, third = (str(key) for key in ids)
    answer = client.post(
        HERE,
        json={"marks": {first: {"kind": "excused", "code": "work"}}, "versions": {first: 0}},
    )
    assert answer.json["saved"][first] == {"kind": "excused", "minutes": None, "code": "work", "version": 1}
    assert (answer.json["unmarked"], answer.json["conflicts"]) == (2, {})
    answer = client.post(
        HERE,
        json={
            "marks": {first: {"kind": "present"}, second: {"kind": "late", "minutes": 30}},
            "versions": {first: 0, second: 0},
        },
    )
    assert set(answer.json["saved"]) == {second}
    assert "Trainer Prova recorded “Excused”" in answer.json["conflicts"][first]["text"]
    session = session_of("TEST-1", 1)
    with clock.frozen(session.row.starts_at):
        save_register(SYSTEM, session, {ids[2]: MarkInput(MarkKind.PRESENT)})
    ask = client.post(HERE, json={"marks": {third: {"kind": "absent"}}, "versions": {third: 1}})
    assert ask.json["needs_reason"] == [ids[2]]
    done = client.post(
        HERE, json={"marks": {third: {"kind": "absent"}}, "versions": {third: 1}, "reason": "mixed up"}
    )
    assert done.json["saved"][third]["version"] == 2


@pytest.mark.parametrize(
    "body",
    [
        [],
        {"marks": {"1": "present"}},
        {"marks": {"x": {"kind": "present"}}},
        {"marks": {"1": {"kind": "here"}}},
        {"marks": {"1": {"kind": "late"}}},
        {"marks": {"1": {"kind": "late", "minutes": "3"}}},
        {"marks": {"99999": {"kind": "present"}}},
        {"marks": {}, "reason": 3},
    ],
)
def test_what_the_script_never_sends_is_refused(client_as, ids, body):
    answer = client_as("trainer").post(HERE, json=body)
    assert answer.status_code == 422
    assert answer.json["error"]
    assert kinds() == {}


def test_who_may(client_as, ids):
    assert client_as("visitor").get(HERE).status_code in (302, 401)
    for role in ("registrar", "reference", "other_organiser", "trainee"):
        client = client_as(role)
        assert client.get(HERE).status_code == 404
        assert client.post(HERE, data=sheet(ids, m0="present")).status_code == 404
    assessor = client_as("assessor")
    page = assessor.get(HERE)
    assert page.status_code == 200
    assert "<form method" not in page.text.split("<main")[1].split("</main>")[0]
    assert assessor.post(HERE, data=sheet(ids, m0="present")).status_code == 403
    assert assessor.get("/courses/TEST-1/attendance/import").status_code == 403
    assert kinds() == {}


def test_the_history_belongs_to_its_course(client_as, world, ids):
    other = make_world(trainees=1, code="TEST-2")
    client = client_as("organiser")
    assert client.get(f"{HERE}/{ids[0]}").status_code == 200
    assert client.get(f"{HERE}/{other.trainees[0].id}").status_code == 404


def test_paper_withdrawal_and_cancelled(client_as, world, ids):
    client = client_as("organiser")
    assert "Peñafiel" in client.get(f"{HERE}/print").text
    client.post(HERE, data=sheet(ids, m0="present"))
    assert client.post(f"{HERE}/withdraw", data={"reason": ""}).status_code == 422
    assert client.post(f"{HERE}/withdraw", data={"reason": "wrong day"}).status_code == 303
    assert set(kinds().values()) == {"unmarked"}
    cancel(world.actor("organiser"), session_of("TEST-1", 2), "snow")
    page = client.get("/courses/TEST-1/sessions/2/register")
    assert "no register" in page.text
    assert (
        client.post("/courses/TEST-1/sessions/2/register", data=sheet(ids, m0="present")).status_code == 403
    )


def test_a_spreadsheet_through_the_page(client_as, world, ids):
    client = client_as("trainer")
    where = "/courses/TEST-1/attendance/import"
    email = world.trainees[0].person.email
    assert client.get(where).status_code == 200
    assert client.post(where, data={}).status_code == 422

    def send(rows, **extra):
        data = write_xlsx("A", ["session", "email", "mark"], rows)
        return client.post(where, data={"file": (BytesIO(data), "a.xlsx"), **extra})

    assert "row 2, column mark" in send([[1, email, "here"]]).text
    assert "nothing was written" in send([[1, email, "present"]], dry_run="1").text
    assert kinds() == {}
    assert "1 added" in send([[1, email, "present"]]).text
    assert kinds()[ids[0]] == "present"


def test_as_many_statements_for_thirty_people_as_for_one(ctx, sign_in, count_queries):
    counts = []
    for size, code in ((1, "SIZE-1"), (3, "SIZE-3"), (30, "SIZE-30")):
        world = make_world(trainees=size, code=code)
        marks = {enrolment.id: MarkInput(MarkKind.PRESENT) for enrolment in world.trainees}
        save_register(SYSTEM, session_of(code, 1), marks)
        client = sign_in(world.person_id("trainer"))
        client.get(f"/courses/{code}/sessions/1/register")
        with count_queries() as seen:
            page = client.get(f"/courses/{code}/sessions/1/register")
        assert page.text.count('class="person"') == size
        counts.append(seen.count)
    assert len(set(counts)) == 1


def test_what_only_a_script_can_send_is_no_error(world, client_as):
    client, first = client_as("trainer"), str(world.trainees[0].id)
    sent = {"marks": {first: {"kind": "present"}}, "versions": {first: 0}}
    assert client.post(HERE, json={**sent, "reason": "half \ud800"}).status_code == 422
    assert client.post(HERE, json={**sent, "reason": "nothing\x00"}).status_code == 200
    long = {"pick": "9" * 5000, f"mark-{first}": "absent", f"version-{first}": "9" * 5000}
    assert client.post(HERE, data=long).status_code in (303, 422)
