"""A person's own pages: one thing to do, what comes next, the way, what is still possible; nothing of others."""

from __future__ import annotations

import re
from datetime import date, timedelta

import html5lib
import pytest

from tests.factories.registers import ABSENT, hold
from tests.factories.world import SYSTEM, make_world
from trainer.attendance.services import make_ups
from trainer.attendance.services.notices import announce
from trainer.cohorts.models import Enrolment
from trainer.cohorts.services import enrol, pause, withdraw
from trainer.core import clock
from trainer.core.database import session, transaction
from trainer.gates.services import waive
from trainer.people.models import Person
from trainer.progress.services import ContactInput, note_contact
from trainer.scheduling.queries import sessions_of


def page(client, path):
    response = client.get(path)
    assert response.status_code == 200, response.text
    html5lib.HTMLParser(strict=True).parse(response.text)
    assert "style=" not in response.text and "%(" not in response.text
    return re.sub(r"\s%", "%", response.text)


def now_world(code="NOW-1", trainees=2):
    """A course that began nineteen days ago: three sessions are behind, the fourth is in two days."""
    return make_world(
        trainees=trainees, code=code, starts_on=clock.today("Europe/Madrid") - timedelta(days=19)
    )


@pytest.fixture
def now(ctx):
    return now_world()


@pytest.fixture
def mine(now, sign_in):
    return sign_in(now.trainees[0].person_id)


def row(world, number):
    return next(one for one in sessions_of(world.course.id) if one.number == number)


def test_one_thing_to_do_and_what_comes_next_with_a_way_out(now, mine):
    hold(now, range(1, 4))
    me = page(mine, "/me")
    assert "You have 12 h of the 12 h held so far." in me and "Hello, Núria00" in me
    assert "Keep coming: 8 h may still be missed." in me
    assert 'href="/me/courses/NOW-1/sessions/4/absence"' in me
    course = page(mine, "/me/courses/NOW-1")
    assert course.count('aria-current="step"') == 1 and course.count("<details open>") == 1
    assert "3 of 10 sessions are behind you." in course
    for words in ("Certain already", "30.0%", "100.0%", "May still be missed"):
        assert words in course


def test_no_data_is_no_warning(now, mine):
    for path in ("/me", "/me/courses/NOW-1"):
        found = page(mine, path)
        assert "Nothing counts yet" in found
        assert "out of reach" not in found.lower() and "Talk with us" not in found
    hold(now, range(1, 4), {(0, 2): None})
    found = page(mine, "/me/courses/NOW-1")
    assert "It counts neither for nor against you." in found and "Not recorded yet" in found


def test_what_was_announced_and_made_up_changes_the_figures(now, mine):
    hold(now, range(1, 4))
    actor, organiser = now.actor("trainee"), now.actor("organiser")
    key, fourth = now.trainees[0].id, row(now, 4).id
    announce(actor, key, fourth, "absent")
    found = page(mine, "/me/courses/NOW-1")
    assert "With what you announced" in found and "90.0%" in found and "I cannot come" in found
    asked = make_ups.ask(actor, key, fourth, "task", None, "Read and talk it over")
    make_ups.agree(organiser, asked.id, 240, None)
    found = page(mine, "/me/courses/NOW-1")
    assert "90.0%" not in found and "Agreed to make up" in found and "Read and talk it over" in found


def test_out_of_reach_says_what_brings_it_back(now, mine):
    hold(now, range(1, 4), {(0, number): ABSENT for number in range(1, 4)})
    found = page(mine, "/me/courses/NOW-1")
    assert "All that is left makes 28 h; making up 4 h brings the rest." in found
    assert "Talk with us" in found and "Out of reach" not in found
    assert found.count("/sessions/1/absence") == 2  # under what can be made up, and on the way


def test_a_waiver_is_said_with_who_why_and_until(now, mine):
    hold(now, range(1, 4), {(0, number): ABSENT for number in range(1, 4)})
    until = clock.today("Europe/Madrid") + timedelta(days=40)
    waive(now.actor("organiser"), now.trainees[0], "placement", "attendance", "Agreed together.", until)
    found = page(mine, "/me/courses/NOW-1")
    assert "Waived by Organiser Prova" in found and "Agreed together." in found
    assert found.count("It holds until") == 2  # under what is to do, and at its gate


@pytest.mark.parametrize("starts_in", [7, -19])
def test_nobody_is_sent_to_be_assessed_in_what_is_not_taught_yet(ctx, sign_in, starts_in):
    world = make_world(1, "A-1", clock.today("Europe/Madrid") + timedelta(days=starts_in))
    if starts_in < 0:
        hold(world, range(1, 4))
    found = page(sign_in(world.trainees[0].person_id), "/me/courses/A-1")
    assert ("Ask the training team for an assessment" in found) is (starts_in < 0)
    assert ("They come with the sessions ahead." in found) is (starts_in > 0)


def test_a_pause_asks_for_nothing(now, mine):
    hold(now, range(1, 4))
    pause(SYSTEM, now.trainees[0])
    for path in ("/me", "/me/courses/NOW-1"):
        found = page(mine, path)
        assert "One thing to do" not in found and "What comes next" not in found
        assert "one thing at a time" not in found and "I cannot come, or" not in found


def test_who_left_reads_what_they_did_and_no_verdict(now, mine):
    hold(now, range(1, 4), {(0, 2): ABSENT})
    withdraw(SYSTEM, now.trainees[0], clock.today("Europe/Madrid") - timedelta(days=1))
    found = page(mine, "/me/courses/NOW-1")
    assert "you were there for 8 h." in found and "What you did here" in found
    for words in (
        "Talk with us",
        "gate-placement",
        "out of reach",
        "What comes next",
        "One thing to do",
        "held so far",
    ):
        assert words not in found, words


def test_nothing_of_others_and_what_the_team_noted_of_oneself(now, mine):
    hold(now, range(1, 4))
    organiser = now.actor("organiser")
    other = session.get_one(Person, now.trainees[1].person_id).display_name
    today = clock.today("Europe/Madrid")
    for enrolment, agreed in zip(now.trainees, ("Comes by train.", "Somebody else's."), strict=True):
        note_contact(organiser, enrolment, ContactInput(today, "call", "agreed", agreed))
    found = page(mine, "/me/courses/NOW-1")
    assert "Comes by train." in found
    assert other not in found and "Somebody else's." not in found


@pytest.mark.parametrize("path", ["/me", "/me/courses/{code}"])
def test_the_same_number_of_statements_whoever_else_is_there(ctx, sign_in, count_queries, path):
    counts = []
    for people in (1, 3):
        world = now_world(f"N-{people}", people)
        hold(world, range(1, 4))
        client, address = sign_in(world.trainees[0].person_id), path.format(code=world.course.code)
        client.get(address)
        session.remove()
        with count_queries() as seen:
            assert client.get(address).status_code == 200
        counts.append(seen.count)
    assert counts[0] == counts[1] <= 26, counts


def test_courses_that_are_over_cost_no_statement(now, sign_in, count_queries):
    key = now.trainees[0].person_id
    client = sign_in(key)
    counts = []
    for number in (0, 2):
        for extra in range(number):
            old = make_world(trainees=0, code=f"OLD-{extra}", starts_on=date(2025, 1, 7))
            enrolment = enrol(SYSTEM, old.course, session.get_one(Person, key))
            with transaction():
                session.get_one(Enrolment, enrolment.id).status = "completed"
        client.get("/me")
        session.remove()
        with count_queries() as seen:
            assert client.get("/me").text.count("own-course") == number + 1
        counts.append(seen.count)
    assert counts[0] == counts[1], counts
