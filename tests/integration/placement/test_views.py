"""The pages: who gets in, what each party sees, and that the taps end in the log."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.factories.world import make_world
from tests.integration.placement.conftest import START, TODAY, Placed, place
from trainer.core.database import session
from trainer.core.tables import read_table, write_csv
from trainer.gates.services import waive
from trainer.placement import queries, services
from trainer.placement.services import LogInput

DAY = date(2026, 10, 6)
Clients = Callable[[str], FlaskClient]


class Strict(HTMLParser):
    """Every element that opens closes again, and no id is there twice."""

    VOID = {"meta", "link", "input", "br", "img", "hr", "rect", "circle", "path"}

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [str(value) for name, value in attrs if name == "id"]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [str(value) for name, value in attrs if name == "id"]

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open[-1:] == [tag], (tag, self.open[-5:])
            self.open.pop()


def page(client: FlaskClient, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code)
    text = answer.get_data(as_text=True)
    parser = Strict()
    parser.feed(text)
    assert parser.open == []
    assert len(parser.ids) == len(set(parser.ids)), [one for one in parser.ids if parser.ids.count(one) > 1]
    return text


def addresses(placed: Placed, log_id: int) -> dict[str, str]:
    base = f"/placements/{placed.placement.id}"
    course = f"/courses/{placed.world.course.code}"
    enrolment = placed.world.trainees[0].id
    return {
        "one": base,
        "agreement": f"{base}/agreement",
        "log_csv": f"{base}/log.csv",
        "log_xlsx": f"{base}/log.xlsx",
        "new": f"{base}/log/new",
        "entry": f"{base}/log/{log_id}",
        "dispute": f"{base}/log/{log_id}/dispute",
        "change": f"{base}/change",
        "course": f"{course}/placements",
        "course_csv": f"{course}/placements.csv",
        "course_xlsx": f"{course}/placements.xlsx",
        "open": f"{course}/placements/open",
        "import": f"{course}/placements/import",
        "person": f"{course}/people/{enrolment}/placement",
    }


@pytest.fixture
def entry_id(placed: Placed) -> int:
    services.record_follow_up(placed.reference, placed.placement, DAY, True, note="Nota privada")
    return services.add_log(
        placed.worker, placed.placement, LogInput(DAY, 90, "direct", "Grup del dimarts")
    ).id


OPEN = {"one", "agreement", "log_csv", "log_xlsx", "new", "entry", "dispute"}
EXPECTED = {
    # role: (200, 403 or 302); everything else is 404
    "organiser": (
        OPEN - {"dispute"} | {"change", "course", "course_csv", "course_xlsx", "open", "import"},
        {"dispute", "person"},
    ),
    "admin": (
        OPEN - {"dispute"} | {"change", "course", "course_csv", "course_xlsx", "open", "import"},
        {"dispute", "person"},
    ),
    "reference": ({"one", "agreement", "log_csv", "log_xlsx", "dispute"}, {"new", "entry", "change"}),
    "trainee": (OPEN - {"one"}, {"one", "change"}),
    "trainer": ({"course", "course_csv", "course_xlsx", "person"}, {"open", "import"}),
    "assessor": ({"course", "course_csv", "course_xlsx", "person"}, {"open", "import"}),
    "registrar": (set(), set()),
    "other_trainee": (set(), set()),
    "other_organiser": (set(), set()),
    "other_registrar": (set(), set()),
}


@pytest.mark.parametrize("role", EXPECTED)
def test_who_gets_in(placed: Placed, entry_id: int, client_as: Clients, role: str) -> None:
    client, (seen, held) = client_as(role), EXPECTED[role]
    for name, address in addresses(placed, entry_id).items():
        status = client.get(address).status_code
        wanted = {200} if name in seen else {302, 403} if name in held else {404}
        assert status in wanted, (role, name, status)


def test_a_visitor_is_sent_to_sign_in(placed: Placed, entry_id: int, client: FlaskClient) -> None:
    for address in [*addresses(placed, entry_id).values(), "/placements", "/me/placement"]:
        answer = client.get(address)
        assert (answer.status_code, "/login" in answer.headers.get("Location", "")) == (302, True), address


def test_the_notes_are_for_the_two(placed: Placed, entry_id: int, client_as: Clients) -> None:
    one = f"/placements/{placed.placement.id}"
    assert "Nota privada" in page(client_as("reference"), one)
    assert "Nota privada" in page(client_as("trainee"), "/me/placement")
    for role in ("organiser", "admin"):
        text = page(client_as(role), one)
        assert "Nota privada" not in text
        assert 'name="note"' not in text
    for role in ("reference", "organiser"):
        text = page(client_as(role), f"{one}/follow-ups.csv")
        assert text.count("\n") == 2
        assert "Nota privada" not in text
    trainer = page(client_as("trainer"), f"/courses/{placed.world.course.code}/placements")
    assert "Grup del dimarts" not in trainer
    assert f'href="{one}"' not in trainer


def test_three_taps_on_the_phone(placed: Placed, client_as: Clients) -> None:
    client = client_as("trainee")
    text = page(client, "/me/placement")
    assert f'value="{TODAY.isoformat()}"' in text
    assert re.search(
        r'name="kind"[^>]*value="direct"[^>]*checked|checked[^>]*name="kind"[^>]*value="direct"', text
    )
    answer = client.post("/me/placement", data={"on": TODAY.isoformat(), "length": "120", "kind": "direct"})
    assert answer.status_code == 302
    client.post(
        "/me/placement",
        data={"on": DAY.isoformat(), "length": "other", "hours": "1", "minutes": "15", "kind": "team"},
    )
    text = page(client, "/me/placement")
    assert "1 h 15 min" in text
    assert "3 h 15 min wait for a signature" in text
    answer = client.post("/me/placement", data={"on": "2027-01-01", "length": "other", "kind": "team"})
    assert answer.status_code == 422
    answer = client.post("/me/placement", data={"on": TODAY.isoformat(), "length": "120", "kind": "direct"})
    assert answer.status_code == 422
    assert "logged already" in answer.get_data(as_text=True)


def test_signing_off_several_at_once(placed: Placed, client_as: Clients) -> None:
    ids = [
        services.add_log(
            placed.worker, placed.placement, LogInput(START + timedelta(days=n), 60, "direct")
        ).id
        for n in range(3)
    ]
    client, one = client_as("reference"), f"/placements/{placed.placement.id}"
    text = page(client, one)
    assert text.count('type="checkbox"') == 3
    assert "Waiting for your signature" in page(client, "/placements")
    assert client.post(f"{one}/sign-off", data={}).status_code == 302
    assert queries.line_of(placed.placement.id).own.counted == 0
    client.post(
        f"{one}/sign-off", data={"entry": [str(ids[0]), str(ids[2])], "shown": [str(key) for key in ids]}
    )
    assert queries.line_of(placed.placement.id).own.counted == 120
    assert page(client, f"{one}?show=waiting").count('type="checkbox"') == 1
    session.rollback()
    client.post(f"{one}/sign-off", data={"shown": [str(ids[1])], "all": "1"})
    assert queries.line_of(placed.placement.id).own.counted == 180
    assert client_as("organiser").post(f"{one}/sign-off", data={"entry": str(ids[0])}).status_code == 403
    assert client_as("trainee").post(f"{one}/sign-off", data={"entry": str(ids[0])}).status_code == 403


def test_disputing_and_taking_it_back(placed: Placed, entry_id: int, client_as: Clients) -> None:
    client, base = client_as("trainee"), f"/placements/{placed.placement.id}/log/{entry_id}"
    assert client.post(f"{base}/dispute", data={"note": " "}).status_code == 422
    assert client.post(f"{base}/dispute", data={"note": "Van ser dues hores"}).status_code == 302
    assert "Van ser dues hores" in page(
        client_as("reference"), f"/placements/{placed.placement.id}?show=disputed"
    )
    assert client_as("reference").post(f"{base}/dispute/withdraw").status_code == 403
    assert client.post(f"{base}/dispute/withdraw").status_code == 302
    page(client, base)
    assert (
        client.post(base, data={"on": DAY.isoformat(), "length": "180", "kind": "direct"}).status_code == 302
    )
    assert client.post(f"{base}/remove").status_code == 302
    assert client.post(f"{base}/remove").status_code == 404


def test_recording_a_follow_up(placed: Placed, client_as: Clients) -> None:
    address = f"/placements/{placed.placement.id}/follow-ups"
    reference = client_as("reference")
    assert "earlier weeks are not recorded" in page(reference, "/placements")
    data = {"week": TODAY.isoformat(), "held": "yes", "held_minutes": "45", "note": "Primera"}
    assert reference.post(address, data=data).status_code == 302
    assert reference.post(address, data={"week": "", "held": "yes"}).status_code == 422
    assert (
        client_as("organiser").post(address, data={"week": DAY.isoformat(), "held": "no"}).status_code == 302
    )
    rows = queries.follow_ups_of(placed.placement.id, notes=True)
    assert [(row.held, row.note) for row in rows] == [(True, "Primera"), (False, None)]
    assert client_as("trainee").post(address, data={"week": "", "held": ""}).status_code == 302


def test_the_organiser_opens_for_who_may(placed: Placed, client_as: Clients) -> None:
    client, base = client_as("organiser"), f"/courses/{placed.world.course.code}/placements"
    second = placed.world.trainees[1]
    text = page(client, base)
    assert "Opened by a waiver" in text
    assert "Start of the work practice" in text
    assert text.count("Not yet") >= 2
    data = {
        "host": str(placed.world.host.id),
        "starts_on": "2026-11-23",
        "ends_on": "2027-05-23",
        "weekly_hours": "7,5",
        "reference": str(placed.world.reference.id),
        "functions_in": "Acompanyar\n\nEscoltar",
        "functions_out": "",
    }
    assert client.post(f"{base}/open", data={**data, "person": str(second.id)}).status_code == 422
    waive(placed.organiser, second, "placement", None, "Formació prèvia")
    form = page(client, f"{base}/open?enrolment={second.id}")
    assert f'selected value="{second.id}"' in form
    assert (
        client.post(
            f"{base}/open", data={**data, "person": str(second.id), "weekly_hours": "much"}
        ).status_code
        == 422
    )
    answer = client.post(f"{base}/open", data={**data, "person": str(second.id)})
    assert answer.status_code == 302
    found = queries.lines_of_enrolment(second.id)[0]
    assert (found.row.weekly_minutes, found.row.waiver_id is not None) == (450, True)
    one = queries.placement_by_id(found.row.id)
    assert one is not None
    assert (one.functions_in, one.functions_out) == (["Acompanyar", "Escoltar"], [])
    changed = {**data, "weekly_hours": "10", "signed_worker_on": TODAY.isoformat()}
    page(client, f"/placements/{one.id}/change")
    assert client.post(f"/placements/{one.id}/change", data=changed).status_code == 302
    assert client.post(f"/placements/{one.id}/pause", data={"on": "yesterday"}).status_code == 302
    page(client, f"/placements/{one.id}/agreement")


def test_pausing_and_closing_by_the_page(placed: Placed, client_as: Clients) -> None:
    client, one = client_as("organiser"), f"/placements/{placed.placement.id}"
    for step, status in (("pause", "paused"), ("resume", "open"), ("close", "closed")):
        assert client.post(f"{one}/{step}", data={"on": TODAY.isoformat()}).status_code == 302
        session.rollback()
        assert queries.line_of(placed.placement.id).row.status == status
        page(client, one)
    assert client_as("reference").post(f"{one}/resume").status_code == 403
    page(client_as("trainee"), "/me/placement")


def test_import_page(placed: Placed, client_as: Clients) -> None:
    client, address = client_as("organiser"), f"/courses/{placed.world.course.code}/placements/import"
    email = placed.world.trainees[0].person.email
    page(client, address)
    data = write_csv(["email", "date", "minutes", "kind"], [[email, "2026-10-06", 60, "direct"]])
    for dry_run, counted in (("1", 0), ("", 60)):
        answer = client.post(address, data={"file": (io.BytesIO(data), "hores.csv"), "dry_run": dry_run})
        assert answer.status_code == 200
        session.rollback()
        assert queries.line_of(placed.placement.id).own.counted == counted
    assert client.post(address, data={"file": (io.BytesIO(b"email\nx"), "hores.csv")}).status_code == 422
    assert client.post(address, data={}).status_code == 422


def test_exports_hold_what_the_lists_show(placed: Placed, entry_id: int, client_as: Clients) -> None:
    log = client_as("reference").get(f"/placements/{placed.placement.id}/log.csv").data
    row = read_table("log.csv", log).rows[0]
    assert (row["minutes"], row["tasks"], row["kind"]) == ("90", "Grup del dimarts", "direct")
    everyone = client_as("trainer").get(f"/courses/{placed.world.course.code}/placements.xlsx").data
    table = read_table("placements.xlsx", everyone)
    assert len(table.rows) == 3
    assert "Grup del dimarts" not in str([one.values for one in table.rows])
    mine = read_table("p.csv", client_as("reference").get("/placements.csv").data)
    assert [one["Minutes waiting for a signature"] for one in mine.rows] == ["90"]
    assert read_table("p.csv", client_as("registrar").get("/placements.csv").data).rows == []


def test_somebody_without_a_placement(placed: Placed, client_as: Clients) -> None:
    assert "No placement yet" in page(client_as("other_trainee"), "/me/placement")
    assert "No placement yet" in page(client_as("trainee"), "/me/placement?id=999")
    assert "No placement names you yet" in page(client_as("registrar"), "/placements")
    person = placed.world.trainees[1].id
    page(client_as("organiser"), f"/courses/{placed.world.course.code}/people/{person}/placement")


@pytest.mark.usefixtures("ctx")
def test_pages_take_as_many_statements_for_thirty(
    count_queries: Callable[[], Any], sign_in: Callable[[int | None], FlaskClient]
) -> None:
    seen: dict[str, set[int]] = {}
    for trainees in (1, 3, 30):
        world = make_world(trainees=trainees, code=f"V-{trainees}")
        for number in range(trainees):
            services.add_log(world.actor("organiser"), place(world, number), LogInput(DAY, 60, "direct"))
        for address, role in (
            (f"/courses/{world.course.code}/placements", "organiser"),
            ("/placements", "reference"),
        ):
            client = sign_in(world.person_id(role))
            page(client, address)
            with count_queries() as counted:
                page(client, address)
            seen.setdefault(role, set()).add(counted.count)
    assert all(len(counts) == 1 for counts in seen.values()), seen
