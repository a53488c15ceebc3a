"""The pages of absences: a trainee's phone, the staff's lists, a guest on a register, a transfer."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.factories.registers import ABSENT, hold
from tests.factories.world import make_world
from trainer.attendance.queries.make_ups import course_make_ups, possible_sessions
from trainer.attendance.queries.make_ups import policy_of as policy
from trainer.attendance.queries.notices import announced_for
from trainer.attendance.services.make_ups import agree, ask
from trainer.attendance.services.notices import announce
from trainer.audit.models import AccessLog
from trainer.cohorts.models import Course
from trainer.core import clock
from trainer.core.database import session, transaction
from trainer.curriculum.queries import programme_of
from trainer.scheduling.models import Session
from trainer.scheduling.queries import sessions_of
from trainer.scheduling.services import cancel

ME = "/me/courses/TEST-1"
STAFF = "/courses/TEST-1"


@pytest.fixture
def rows(world, monkeypatch):
    """The day after session 2, which the first person missed."""
    attendance = programme_of(world.course.programme_version_id).attendance
    monkeypatch.setitem(attendance, "make_ups", {"ways": ["other_course", "task"], "within": {"weeks": 6}})
    found = sessions_of(world.course.id)
    with clock.frozen(found[1].starts_at + timedelta(hours=1)):
        hold(world, [1, 2], {(0, 2): ABSENT})
    with clock.frozen(found[1].starts_at + timedelta(days=1)):
        yield found


def test_two_taps_and_a_make_up_at_once(world, rows, client_as):
    client = client_as("trainee")
    with transaction():
        session.get(Course, world.course.id).support_contact_id = world.staff["assessor"].id
    page = client.get(f"{ME}/sessions/3/absence").get_data(as_text=True)
    assert "A few words to Assessor Prova" in page
    answer = client.post(
        f"{ME}/sessions/3/absence", data={"kind": "absent", "note": "The cat is ill."}, follow_redirects=True
    )
    said = answer.get_data(as_text=True)
    assert "You said: I cannot come" in said
    assert "up to 80.0" in said  # sessions 2 and 3 of ten are gone
    assert "The cat" not in said
    client.post(f"{ME}/sessions/3/absence/make-up", data={"way": "task", "task": "A diary"})
    make_up = course_make_ups(world.course.id)[0]
    assert (make_up.status, make_up.number) == ("asked", 3)
    agree(world.actor("trainer"), make_up.id)
    mended = client.get(f"{ME}/sessions/3/absence").get_data(as_text=True)
    assert "up to 80.0" not in mended
    # Back again: the words go, the make-up is called off.
    client.post(f"{ME}/sessions/3/absence/withdraw")
    assert announced_for(rows[2].id) == {}
    assert course_make_ups(world.course.id)[0].status == "called_off"


def test_words_are_read_by_one_reader_and_that_is_noted(world, rows, client_as):
    with transaction():
        session.get(Course, world.course.id).support_contact_id = world.staff["assessor"].id
    notice = announce(
        world.actor("trainee"), world.trainees[0].id, rows[2].id, "late", note="The cat is ill."
    )
    where = f"/me/absence-notes/{notice.id}"
    for role in ("admin", "organiser", "trainer", "other_trainee"):
        assert client_as(role).get(where).status_code == 404
        assert "The cat" not in client_as(role).get("/me/absence-notes").get_data(as_text=True)
    reader = client_as("assessor")
    assert "The cat is ill." in reader.get(where).get_data(as_text=True)
    log = session.query(AccessLog).filter_by(endpoint="attendance.note").one()
    assert (log.person_id, log.arguments) == (world.staff["assessor"].id, {"notice_id": notice.id})
    assert client_as("trainee").post(where).status_code == 303
    assert "The cat" not in reader.get(where).get_data(as_text=True)


def test_no_reader_no_field_for_words(world, rows, client_as):
    page = client_as("trainee").get(f"{ME}/sessions/3/absence").get_data(as_text=True)
    assert "textarea" not in page
    assert "named nobody" in page


def test_the_lists_do_not_grow_in_statements(world, rows, client_as, count_queries):
    client = client_as("organiser")
    pages = (f"{STAFF}/absences", f"{STAFF}/absences/make-ups", f"{STAFF}/absences/make-ups.csv")

    def counted():
        for page in pages:
            client.get(page)
        with count_queries() as seen:
            for page in pages:
                assert client.get(page).status_code == 200
        return seen.count

    announce(world.actor("trainee"), world.trainees[0].id, rows[2].id, "absent")
    ask(world.actor("trainee"), world.trainees[0].id, rows[2].id, "task")
    before = counted()
    for trainee in world.trainees[1:]:
        for row in rows[3:5]:
            announce(world.actor("trainer"), trainee.id, row.id, "absent")
            ask(world.actor("trainer"), trainee.id, row.id, "task")
    assert counted() == before
    assert client.get(f"{STAFF}/absences/make-ups.xlsx").data[:2] == b"PK"


def test_staff_agree_and_a_guest_is_ticked_off(world, rows, client_as):
    make_world(code="TEST-2", trainees=1, starts_on=date(2026, 9, 17))
    trainee, trainer = world.trainees[0], client_as("trainer")
    one = possible_sessions(
        world.course, rows[1].id, rows[1].module_code, policy(world.course), rows[1].starts_local.date()
    )[0]
    page = f"{STAFF}/people/{trainee.id}/absences"
    assert "TEST-2" in trainer.get(f"{page}?session=2").get_data(as_text=True)
    made = trainer.post(page, data={"session": rows[1].id, "choice": f"{one.way}:{one.session_id}"})
    assert made.status_code == 303
    assert trainer.post(made.location, data={"do": "agree", "minutes": "999"}).status_code == 422
    assert trainer.post(made.location, data={"do": "agree", "minutes": "x"}).status_code == 422
    assert trainer.post(made.location, data={"do": "agree", "minutes": "200"}).status_code == 303
    register = f"/courses/TEST-2/sessions/{one.number}/register"
    key = course_make_ups(world.course.id)[0].id
    with clock.frozen(rows[4].starts_at):
        assert "Here to make up" in trainer.get(register).get_data(as_text=True)
        trainer.post(f"{register}/guests", data={"make_up": key, "minutes": "180"})
        trainer.post(
            f"{STAFF}/sessions/1/register/guests", data={"make_up": key, "minutes": "240"}
        )  # not there
    done = course_make_ups(world.course.id)[0]
    assert (done.status, done.minutes) == ("done", 180)


def test_a_transfer_is_shown_before_it_is_done(world, rows, client_as):
    make_world(code="TEST-2", trainees=1, starts_on=date(2026, 9, 1))
    client, where = client_as("organiser"), f"{STAFF}/people/{world.trainees[0].id}/transfer"
    sent = {"course": "TEST-2", "joined_on": "2026-09-16"}
    shown = client.post(where, data={**sent, "do": "preview"}).get_data(as_text=True)
    assert "Credited in TEST-2: 4 h" in shown
    assert client.post(where, data={**sent, "joined_on": "soon"}).status_code == 422
    answer = client.post(where, data={**sent, "do": "transfer"})
    assert answer.status_code == 303
    assert answer.location.startswith("/courses/TEST-2/people/")


def test_a_course_that_is_over_is_not_offered(world, rows, client_as):
    make_world(code="OVER", trainees=0, starts_on=date(2026, 5, 5))
    make_world(code="TEST-2", trainees=0, starts_on=date(2026, 9, 1))
    client, where = client_as("organiser"), f"{STAFF}/people/{world.trainees[0].id}/transfer"
    page = client.get(where).get_data(as_text=True)
    assert "TEST-2" in page
    assert "OVER" not in page
    late = client.post(where, data={"course": "TEST-2", "joined_on": "2027-09-16", "do": "preview"})
    assert "no session left" in late.get_data(as_text=True)


def test_staff_agree_on_another_way_than_the_one_asked_for(world, rows, client_as):
    make_world(code="TEST-2", trainees=1, starts_on=date(2026, 9, 17))
    trainee, trainer = world.trainees[0], client_as("trainer")
    one = possible_sessions(
        world.course, rows[1].id, rows[1].module_code, policy(world.course), rows[1].starts_local.date()
    )[0]
    made = ask(world.actor("trainee"), trainee.id, rows[1].id, "other_course", one.session_id).id
    cancel(world.actor("organiser"), session.get_one(Session, one.session_id), "snow")
    where = f"{STAFF}/absences/make-ups/{made}"
    page = trainer.get(where).get_data(as_text=True)
    assert "The session that was to serve was cancelled." in page
    assert "Choose another way" in page
    assert trainer.post(where, data={"do": "agree", "choice": ""}).status_code == 422
    assert trainer.post(where, data={"do": "agree", "choice": "task:"}).status_code == 303
    assert (course_make_ups(world.course.id)[0].way, course_make_ups(world.course.id)[0].status) == (
        "task",
        "agreed",
    )
