"""Pages and feeds of scheduling, as browsers and calendar programs see them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import html5lib
import pytest
from icalendar import Calendar

from tests.factories.world import SYSTEM, make_world
from trainer.core.database import session, transaction
from trainer.scheduling import queries, services
from trainer.scheduling.models import Session

PAGES = (
    "/courses/TEST-1/sessions",
    "/courses/TEST-1/sessions/1",
    "/courses/TEST-1/sessions/plan",
    "/courses/TEST-1/sessions/new",
    "/courses/TEST-1/sessions/import",
    "/courses/TEST-1/sessions/1/move",
    "/courses/TEST-1/sessions/1/cancel",
    "/courses/TEST-1/sessions/1/edit",
    "/courses/TEST-1/sessions/1/trainers",
    "/venues",
    "/venues/new",
    "/venues/1",
    "/me/calendar",
)


def ok(response, status=200):
    assert response.status_code == status, response.text
    html5lib.HTMLParser(strict=True).parse(response.text)
    assert "style=" not in response.text
    return response.text


def row(world, number):
    session.rollback()  # commands have a session of their own
    return queries.sessions_of(world.course.id)[number - 1]


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_well_formed(client_as, path):
    ok(client_as("organiser").get(path))


@pytest.mark.parametrize("path", [path for path in PAGES if "/me/" not in path])
def test_who_may_open_them(client_as, path):
    assert client_as("visitor").get(path).status_code == 302
    for role in ("trainee", "other_organiser", "registrar", "reference"):
        expected = 200 if path.startswith("/venues") and role == "other_organiser" else 404
        assert client_as(role).get(path).status_code == expected, role
    reading = path in ("/courses/TEST-1/sessions", "/courses/TEST-1/sessions/1", "/venues")
    trains = path.endswith("/trainers")
    assert client_as("trainer").get(path).status_code == (200 if reading or trains else 403)
    assert client_as("assessor").get(path).status_code == (200 if reading else 403)


def test_there_is_no_session_of_an_absurd_number(client_as):
    organiser = client_as("organiser")
    assert organiser.get("/courses/TEST-1/sessions/99").status_code == 404
    assert organiser.get("/courses/TEST-1/sessions/99999999999999999999").status_code == 404
    assert organiser.get("/venues/99999999999999999999").status_code == 404


def test_the_list_costs_the_same_for_one_three_and_thirty_sessions(world, client_as, count_queries):
    client = client_as("organiser")
    from trainer.cohorts.services import create_course

    seen = {}
    for count in (1, 3, 30):
        course = create_course(
            SYSTEM, code=f"N{count}", programme="peer-support-worker", organisation="PROV", university="UNI",
            title="N", starts_on=date(2027, 1, 12), timezone="Europe/Madrid",
        )  # fmt: skip
        modules = (["recovery", "resilience", "introduction"] * 10)[:count]
        services.plan(SYSTEM, course, date(2027, 1, 12), time(10), ["Vic", "Manresa"], modules=modules)
        pages = [f"/courses/N{count}/sessions", f"/courses/N{count}/sessions/1", "/venues", "/me/calendar"]
        client.get(pages[0])
        for number, page in enumerate(pages):
            with count_queries() as counted:
                ok(client.get(page))
            seen.setdefault(number, set()).add(counted.count)
    assert all(len(counts) == 1 for counts in seen.values()), seen


def test_planning_shows_first_and_then_plans(world, client_as):
    from trainer.cohorts.services import create_course

    course = create_course(
        SYSTEM, code="NEW", programme="peer-support-worker", organisation="PROV", university="UNI",
        title="New", starts_on=date(2026, 3, 27), timezone="Europe/Madrid",
    )  # fmt: skip
    client = client_as("organiser")
    assert "No sessions yet" in ok(client.get("/courses/NEW/sessions"))
    codes = list(queries.module_titles(course))
    form = {
        "first": "2026-03-27", "time": "10:00", "venue_1": "Manresa", "venue_2": "Vic", "modules": codes,
        "closures-0-first": "2026-05-08", "closures-0-reason": "Fira",
    }  # fmt: skip
    text = ok(client.post("/courses/NEW/sessions/plan", data={**form, "do": "preview"}))
    assert "Good Friday is a public holiday in Vic" in text
    assert "closed (Fira)" in text
    assert queries.sessions_of(course.id) == []
    response = client.post("/courses/NEW/sessions/plan", data={**form, "do": "plan"}, follow_redirects=True)
    assert "10 sessions planned." in ok(response)
    assert len(queries.sessions_of(course.id)) == 10
    again = client.post("/courses/NEW/sessions/plan", data={**form, "do": "plan"})
    assert "meets then already" in ok(again, 422)


def test_what_is_wrong_is_named_in_a_summary(client_as):
    client = client_as("organiser")
    for path in ("plan", "new", "1/move", "1/cancel", "1/edit"):
        text = ok(client.post(f"/courses/TEST-1/sessions/{path}", data={"day": "x"}), 422)
        assert 'class="error-summary"' in text
    assert 'class="error-summary"' in ok(client.post("/venues/new", data={"name": ""}), 422)
    assert 'class="error-summary"' in ok(client.post("/courses/TEST-1/sessions/import"), 422)
    bad = {"title": "Slides", "url": "javascript:alert(1)"}
    assert "https://" in ok(client.post("/courses/TEST-1/sessions/1/handouts", data=bad), 422)
    closed = {"first": "2027-01-12", "time": "10:00", "venue_1": "Vic", "modules": ["recovery"],
              "closures-1-last": "2027-01-12"}  # fmt: skip
    assert "Name the first day too" in ok(client.post("/courses/TEST-1/sessions/plan", data=closed), 422)


def test_an_organiser_moves_edits_and_cancels(world, client_as):
    client = client_as("organiser")
    base = "/courses/TEST-1/sessions/2"
    moved = client.post(f"{base}/move", data={"day": "2026-09-16", "time": "09:30", "venue": "Osona"})
    assert moved.status_code == 303
    assert row(world, 2).starts_at.isoformat() == "2026-09-16T09:30:00+02:00"
    edited = {"module": "resilience", "minutes": "180", "title": "Guest", "note": "Key at the desk"}
    assert client.post(f"{base}/edit", data=edited).status_code == 303
    people = {"people": [world.trainer.id]}
    assert client.post(f"{base}/trainers", data=people).status_code == 303
    sheet = {"title": "Slides", "url": "https://example.org/s"}
    assert client.post(f"{base}/handouts", data=sheet).status_code == 303
    text = ok(client.get(base))
    for words in ("Guest", "Key at the desk", "Trainer Prova", "https://example.org/s", "Osona", "3 h"):
        assert words in text
    handout = queries.handouts_of(row(world, 2).id)[0].id
    assert client.post(f"{base}/handouts/remove", data={"handout": handout}).status_code == 303
    assert client.post(f"{base}/handouts/remove", data={"handout": handout}).status_code == 404
    assert client.post(f"{base}/handouts/remove", data={"handout": "x"}).status_code == 404
    assert client.post(f"{base}/cancel", data={"reason": "snow"}).status_code == 303
    text = ok(client.get(base))
    assert "This session was cancelled" in text
    assert "snow" in text
    refused = client.post(f"{base}/cancel", data={"reason": "snow"})
    assert "stays so" in ok(refused, 422)


def test_a_held_session_takes_its_length_and_nothing_else(world, client_as):
    with transaction():
        services.mark_held(session.get(Session, row(world, 1).id))
    trainer = client_as("trainer")
    base = "/courses/TEST-1/sessions/1"
    assert trainer.post(f"{base}/length", data={"minutes": "225"}).status_code == 303
    assert row(world, 1).length == 225
    assert "3 h 45 min" in ok(trainer.get(base))
    assert trainer.post(f"{base}/move", data={}).status_code == 403
    data = {"day": "2026-09-09", "time": "10:00", "venue": "Vic"}
    refused = client_as("organiser").post(f"{base}/move", data=data)
    assert "Withdraw its register first" in ok(refused, 422)


def test_import_and_export_go_round(client_as):
    import io

    client = client_as("organiser")
    for kind in ("csv", "xlsx"):
        data = client.get(f"/courses/TEST-1/sessions.{kind}").data
        response = client.post(
            "/courses/TEST-1/sessions/import", data={"file": (io.BytesIO(data), f"s.{kind}")}
        )
        assert "0 added, 0 changed, 10 as they were" in ok(response)


def test_venues_are_added_and_changed(world, client_as):
    client = client_as("organiser")
    new = {"name": "Can Jorba", "address": "", "region": "es-ct", "timezone": "Europe/Madrid"}
    assert client.post("/venues/new", data=new).status_code == 303
    assert "already" in ok(client.post("/venues/new", data=new), 422)
    made = queries.venue_by_name("Can Jorba")
    change = {**new, "address": "Carrer Major 1", "capacity": "20"}
    assert client.post(f"/venues/{made.id}", data=change).status_code == 303
    assert "Carrer Major 1" in ok(client.get("/venues"))


class TestFeed:
    def address(self, world, role="trainee", course=None):
        return f"/calendar/{services.create_feed(world.actor(role), course).token}.ics"

    def test_a_trainee_makes_subscribes_and_revokes(self, world, client_as):
        client = client_as("trainee")
        assert "Make my calendar address" in ok(client.get("/me/calendar"))
        assert client.post("/me/calendar", data={"do": "create"}).status_code == 303
        token = queries.feeds_of(world.trainees[0].person_id)[None].token
        text = ok(client.get("/me/calendar"))
        assert f"webcal://localhost/calendar/{token}.ics" in text
        assert f"http://localhost/calendar/{token}.ics" in text
        assert "iPhone" in text
        assert "Android" in text
        assert client.get(f"/calendar/{token}.ics").status_code == 200
        client.post("/me/calendar", data={"do": "renew"})
        assert client.get(f"/calendar/{token}.ics").status_code == 404
        client.post("/me/calendar", data={"do": "revoke"})
        assert queries.feeds_of(world.trainees[0].person_id) == {}

    def test_what_a_calendar_program_gets(self, world, client):
        response = client.get(self.address(world))
        assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
        assert response.headers["Cache-Control"] == "private, no-cache"
        assert "noindex" in response.headers["X-Robots-Tag"]
        assert response.headers["Last-Modified"]
        calendar = Calendar.from_ical(response.data)
        assert [str(event["SUMMARY"]) for event in calendar.events] == [f"TEST-1 · {n}" for n in range(1, 11)]
        assert calendar.events[0]["DTSTART"].dt.isoformat() == "2026-09-08T10:00:00+02:00"
        for words in ("Curs de prova", "recovery", "Introducció", "Peer", "DESCRIPTION", "RDATE"):
            assert words not in response.text

    def test_nothing_is_sent_twice(self, world, client):
        path = self.address(world)
        first = client.get(path)
        etag = first.headers["ETag"]
        again = client.get(path, headers={"If-None-Match": etag})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", etag)
        head = client.head(path)
        assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", etag)
        assert client.head(path, headers={"If-None-Match": etag}).status_code == 304
        services.move(SYSTEM, row(world, 1), datetime(2026, 9, 9, 10))
        services.cancel(SYSTEM, row(world, 2), "snow")
        changed = client.get(path, headers={"If-None-Match": etag})
        assert changed.status_code == 200
        events = {str(event["SUMMARY"]): event for event in Calendar.from_ical(changed.data).events}
        assert events["TEST-1 · 1"]["SEQUENCE"] == 1
        assert events["TEST-1 · 2"]["STATUS"] == "CANCELLED"
        assert len(events) == 10

    def test_titles_only_when_chosen_and_only_in_the_own_feed(self, world, client, client_as):
        path = self.address(world)
        etag = client.get(path).headers["ETag"]
        client_as("trainee").post("/me/calendar/titles", data={"titles": "y"})
        response = client.get(path, headers={"If-None-Match": etag})
        first = Calendar.from_ical(response.data).events[0]
        assert str(first["SUMMARY"]).startswith("TEST-1 · 1 · ")
        client_as("trainee").post("/me/calendar/titles", data={})
        assert str(Calendar.from_ical(client.get(path).data).events[0]["SUMMARY"]) == "TEST-1 · 1"

    def test_every_wrong_address_gets_the_same_answer(self, world, client):
        path = self.address(world)
        services.revoke_feed(world.actor("trainee"))
        answers = {
            (response.status_code, response.data, tuple(sorted(response.headers.items())))
            for response in (
                client.get(path),
                client.get("/calendar/nothing.ics"),
                client.get("/calendar/ç.ics"),
            )
        }
        assert len(answers) == 1
        assert next(iter(answers))[0] == 404

    def test_a_trainer_gets_the_sessions_they_train_at_and_who_left_those_before(self, world, client):
        from trainer.cohorts.services import change_status

        services.set_trainers(SYSTEM, row(world, 3), [world.trainer.id])
        events = Calendar.from_ical(client.get(self.address(world, "trainer")).data).events
        assert [str(event["SUMMARY"]) for event in events] == ["TEST-1 · 3"]
        path = self.address(world)
        change_status(SYSTEM, world.trainees[0], "withdrawn", date(2026, 9, 20))
        assert len(Calendar.from_ical(client.get(path).data).events) == 2

    def test_staff_follow_a_course(self, world, client, client_as):
        trainer = client_as("trainer")
        assert "Make an address for TEST-1" in ok(trainer.get("/me/calendar"))
        assert trainer.post("/me/calendar", data={"do": "create", "course": "TEST-1"}).status_code == 303
        feed = queries.feeds_of(world.trainer.id)[world.course.id]
        assert len(Calendar.from_ical(client.get(f"/calendar/{feed.token}.ics").data).events) == 10
        ok(trainer.get("/me/calendar"))
        trainee = client_as("trainee")
        assert trainee.post("/me/calendar", data={"do": "create", "course": "TEST-1"}).status_code == 404
        file = trainer.get("/courses/TEST-1/calendar.ics")
        assert len(Calendar.from_ical(file.data).events) == 10
        assert trainee.get("/courses/TEST-1/calendar.ics").status_code == 404

    def test_a_feed_costs_the_same_whatever_it_holds(self, world, client, count_queries):
        path = self.address(world)
        client.get(path)
        with count_queries() as one:
            client.get(path)
        other = make_world(trainees=0, code="TEST-2", starts_on=date(2027, 1, 12))
        from trainer.cohorts.services import enrol

        enrol(SYSTEM, other.course, world.trainees[0].person)
        client.get(path)
        with count_queries() as two:
            response = client.get(path)
        assert len(Calendar.from_ical(response.data).events) == 20
        assert one.count == two.count <= 3


def test_clashes_are_shown_on_the_list(world, client_as):
    make_world(trainees=0, code="TEST-2", starts_on=date(2026, 9, 8))
    text = ok(client_as("organiser").get("/courses/TEST-1/sessions"))
    assert "TEST-1 · 1 and TEST-2 · 1 are both at Manresa at the same time" in text


def test_commands(world, app, tmp_path, monkeypatch, capsys):
    from trainer.cli import common, run

    monkeypatch.setattr(common, "application", lambda: app)
    assert run(["session", "move", "TEST-1", "2", "--start", "2026-09-16 09:30", "--venue", "Osona"]) == 0
    assert row(world, 2).starts_at.isoformat() == "2026-09-16T09:30:00+02:00"
    assert run(["session", "cancel", "TEST-1", "3", "--reason", "snow"]) == 0
    assert row(world, 3).status == "cancelled"
    capsys.readouterr()
    for wrong in (
        ["session", "move", "TEST-1", "2", "--start", "tomorrow"],
        ["session", "move", "TEST-1", "99", "--start", "2026-09-16 09:30"],
        ["session", "move", "NONE", "2", "--start", "2026-09-16 09:30"],
        ["session", "move", "TEST-1", "3", "--start", "2026-09-16 09:30"],
        ["session", "move", "TEST-1", "2", "--start", "2026-09-17 09:30", "--as", "trainer@example.org"],
        ["session", "cancel", "TEST-1", "3", "--reason", "again"],
        ["session", "cancel", "TEST-1", "4", "--reason", ""],
        ["session", "cancel", "TEST-1", "4"],
        ["calendar", "NONE"],
        ["calendar", "TEST-1", "--as", "other_organiser@example.org"],
    ):
        assert run(wrong) == 2, wrong
        assert capsys.readouterr().err
    file = tmp_path / "c.ics"
    assert run(["calendar", "TEST-1", "--output", str(file)]) == 0
    assert len(Calendar.from_ical(file.read_bytes()).events) == 10
    assert run(["calendar", "TEST-1"]) == 0
    assert capsys.readouterr().out.startswith("BEGIN:VCALENDAR")


def test_the_json_of_a_session(world):
    document = queries.session_document(row(world, 1))
    assert document == {
        "number": 1,
        "module": "introduction",
        "start": "2026-09-08T10:00:00+02:00",
        "minutes": 240,
        "venue": "Manresa",
        "status": "planned",
        "uid": row(world, 1).uid,
        "sequence": 0,
    }
    winter = queries.session_document(row(world, 10))["start"]
    assert datetime.fromisoformat(winter).utcoffset() == timedelta(hours=1)
