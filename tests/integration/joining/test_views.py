"""The pages of joining over HTTP: what strangers see, what the candidate's link opens, what organisers take away."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import html5lib
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from tests.conftest import build_app
from tests.factories.candidates import applicant, candidate, info_session, mails, open_course, page_of
from trainer.core import clock
from trainer.core.database import session
from trainer.extensions import db
from trainer.joining import services
from trainer.joining.models import Candidate, CandidateReference

INTEREST = {"given_name": "Ona", "family_name": "Puig", "email": "ona@example.net", "language": "ca"}


def page(client: FlaskClient, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    html5lib.HTMLParser(strict=True).parse(answer.get_data())
    return answer.get_data(as_text=True)


def test_the_public_page_answers_and_tells_nothing_of_anybody(
    client: FlaskClient, client_as: Callable[[str], FlaskClient], world: Any
) -> None:
    page(client, "/join/TEST-1", 404)
    today = clock.today()
    open_course(world, opens_on=today + timedelta(days=2))
    page(client, "/join/TEST-1", 404)  # not open yet: strangers find nothing, organisers look before
    assert "Only organisers" in page(client_as("organiser"), "/join/TEST-1")
    page(client_as("trainer"), "/join/TEST-1", 404)
    open_course(world)
    info = info_session(world, capacity=3, url="https://meet.example.net/secret")
    one = candidate(world)
    services.choose_session(one, info.id)
    text = page(client, "/join/TEST-1")
    assert "It costs nothing." in text
    assert (
        'lang="ca">Benvinguda.' in text
    )  # the welcome has no English words: the course's own, marked as such
    assert "2 seats left" in text
    assert "What happens to my benefits" in text
    for secret in ("Iolanda", "meet.example.net", "Núria", one.email):
        assert secret not in text


def test_the_answer_is_the_same_for_a_known_address_and_for_a_new_one(
    client: FlaskClient, world: Any
) -> None:
    open_course(world)
    answers = [client.post("/join/TEST-1", data=INTEREST) for _ in range(2)]
    assert {(one.status_code, one.location) for one in answers} == {(303, "/join/TEST-1/thanks")}
    assert "/mine/" not in page(client, "/join/TEST-1/thanks")
    wrong = client.post("/join/TEST-1", data={**INTEREST, "email": "none"})
    assert wrong.status_code == 422
    assert session.scalars(select(Candidate.email)).all() == ["ona@example.net"]


def test_the_form_of_interest_wants_its_token(app: Flask, world: Any) -> None:
    open_course(world)
    app.config["WTF_CSRF_ENABLED"] = True
    assert app.test_client().post("/join/TEST-1", data=INTEREST).status_code == 400


def test_a_candidate_goes_all_the_way_by_their_own_link(
    client: FlaskClient, client_as: Callable[[str], FlaskClient], world: Any
) -> None:
    open_course(world, references_asked=1)
    info = info_session(world, url="https://meet.example.net/x")
    one = candidate(world)
    mine = page_of(world, one)
    answer = client.get(mine)
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "La meva sol·licitud" in page(client, mine)
    assert client.get(mine[:-1] + ("0" if mine[-1] != "0" else "1")).status_code == 404
    client.post(f"{mine}/session", data={"info": info.id})
    assert "meet.example.net" in page(client, mine)
    applying = {
        "motivation": "Vull <b>acompanyar</b>",
        "adjustments": "Pauses",
        "language": "en",
        "consent": "y",
    }
    assert client.post(f"{mine}/apply", data=applying).status_code == 422  # no reference named
    applying |= {"reference_0_name": "Berta", "reference_0_email": "berta@example.net"}
    assert client.post(f"{mine}/apply", data=applying).status_code == 303
    link = next(line for line in mails("berta@example.net")[0][1].splitlines() if "/references/" in line)
    link = link.removeprefix("http://localhost")
    assert "Iolanda" in page(client, link)
    assert client.post(link, data={"recommends": "yes", "words": "Good"}).status_code == 200
    page(client, link, 404)
    organiser = client_as("organiser")
    where = f"/courses/TEST-1/joining/candidates/{one.id}"
    text = page(organiser, where)
    assert "Vull &lt;b&gt;" in text
    assert "Pauses" in text
    organiser.post(f"{where}/decide", data={"outcome": "offered"})
    assert "Yes, I join the course" in page(client, mine)
    assert client.post(f"{mine}/accept").status_code == 303
    session.expire_all()
    assert one.status == "offered"  # without the consent nothing happens
    client.post(f"{mine}/accept", data={"consent": "yes"})
    session.expire_all()
    assert one.status == "accepted"
    assert session.scalars(select(CandidateReference.recommends)).all() == [True]
    page(client, mine)


def test_withdrawing_and_erasing_need_no_reason(client: FlaskClient, world: Any) -> None:
    open_course(world)
    one = applicant(world, "Ana")
    mine = page_of(world, one)
    client.post(f"{mine}/withdraw")
    page(client, mine)
    assert client.post(f"{mine}/erase").status_code == 200
    page(client, mine, 404)
    assert session.scalars(select(Candidate.email)).all() == [None]


def test_a_professional_proposes_and_sees_no_more_than_the_yes(
    client_as: Callable[[str], FlaskClient], world: Any
) -> None:
    open_course(world)
    reference = client_as("reference")
    form = {**INTEREST, "course": "TEST-1", "entity": str(world.host.id), "confirmed": "y"}
    assert reference.post("/candidates/propose", data=form).status_code == 422  # not spoken with the person
    text = page(reference, "/candidates/propose")
    assert "<textarea" not in text  # no place to write about health
    assert reference.post("/candidates/propose", data={**form, "agreed": "y"}).status_code == 303
    one = session.scalars(select(Candidate)).one()
    services.say_yes(one)
    services.apply(one, services.Application("Words of mine", "", "ca", consent=True))
    services.decide(world.actor("organiser"), one, "not_this_time")
    text = page(reference, "/candidates")
    assert "Said yes" in text
    assert "Words of mine" not in text
    assert "Not this time" not in text


def test_organisers_run_the_round_and_take_the_list_away(
    client_as: Callable[[str], FlaskClient], count_queries: Callable[[], Any], world: Any
) -> None:
    organiser = client_as("organiser")
    page(organiser, "/courses/TEST-1/joining")
    assert "Open the course" in page(organiser, "/courses/TEST-1/joining/opening")
    today = clock.today()
    form = {
        "opens_on": today.isoformat(),
        "closes_on": (today + timedelta(days=9)).isoformat(),
        "keep_until": (today + timedelta(days=60)).isoformat(),
        "places": "9",
        "references_asked": "0",
        f"kept_{world.host.id}": "2",
        "pay_ca": "Sense cost.",
    }
    assert organiser.post("/courses/TEST-1/joining/opening", data=form).status_code == 303
    assert "Sense cost." in page(organiser, "/courses/TEST-1/joining/opening")
    wrong = {**form, f"kept_{world.host.id}": "20"}
    assert organiser.post("/courses/TEST-1/joining/opening", data=wrong).status_code == 422
    page(organiser, "/courses/TEST-1/joining/close")
    info = info_session(world)
    ana = applicant(world, "=Ana")
    services.choose_session(ana, info.id)
    ticks = {"shown": ana.id, "came": ana.id}
    organiser.post(f"/courses/TEST-1/joining/sessions/{info.id}/came", data=ticks)
    page(organiser, f"/courses/TEST-1/joining/sessions/{info.id}")
    counts = []
    for names in ((), ("Bel", "Cas")):
        for name in names:
            services.decide(world.actor("organiser"), applicant(world, name), "waiting")
        with count_queries() as seen:
            assert "Ana" in page(organiser, "/courses/TEST-1/joining")
        counts.append(seen.count)
    assert counts[0] == counts[1]
    csv = organiser.get("/courses/TEST-1/joining.csv").get_data(as_text=True)
    assert "'=Ana" in csv
    assert "Pauses" not in csv
    book = load_workbook(io.BytesIO(organiser.get("/courses/TEST-1/joining.xlsx").get_data()))
    assert book.active.max_row == 4
    assert organiser.post("/courses/TEST-1/joining/close").status_code == 422
    answers = {f"answer_{ana.id}": "not_this_time"}
    assert organiser.post("/courses/TEST-1/joining/close", data=answers).status_code == 303
    page(organiser, "/join/TEST-1")
    page(client_as("visitor"), "/join/TEST-1", 404)


def test_nobody_fills_mailboxes_through_the_form(world: Any, database_url: str, tmp_path: Path) -> None:
    open_course(world)
    session.rollback()
    worker = build_app(tmp_path, database_url, RATELIMIT_ENABLED=True)
    client = worker.test_client()
    answers = [client.post("/join/TEST-1", data={"email": "x"}).status_code for _ in range(22)]
    assert answers[:20] == [422] * 20
    assert answers[20:] == [429, 429]
    assert client.get("/join/TEST-1").status_code == 200
    with worker.app_context():
        db.engine.dispose()
