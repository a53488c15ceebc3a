"""The progress of a course and its JSON, from a real database."""

from __future__ import annotations

import json

import pytest

from tests.factories.registers import ABSENT, EXCUSED, hold, late
from tests.factories.world import SYSTEM, make_world
from trainer.cohorts.services import pause, withdraw
from trainer.progress.documents import progress_document, progress_table
from trainer.progress.queries import contacts, marks_of, needs_call, own_enrolments, progress


def document(course):
    return json.loads(json.dumps(progress_document(progress(course))))


def test_the_document_before_anything_is_held(world):
    found = document(world.course)
    assert found["course"] == "TEST-1"
    assert found["programme"]["code"] == "peer-support-worker"
    assert found["programme"]["hash"].startswith("sha256:")
    person = found["people"][0]
    assert set(person) == {"email", "name", "status", "attendance", "gates"}
    assert person["email"] == "trainee00.test-1@example.org"
    assert person["attendance"] == {
        "credited_minutes": 0,
        "held_minutes": 0,
        "base_minutes": 2400,
        "percent_so_far": None,
        "can_still_miss_minutes": 480,
        "forecast": "no_data",
        "unmarked_sessions": [],
    }
    assert list(person["gates"]) == ["placement", "accreditation", "completion"]
    assert person["gates"]["placement"]["status"] == "not_yet"
    (requirement,) = person["gates"]["placement"]["requirements"]
    assert set(requirement) == {"kind", "status", "have", "need", "explanation"}
    assert (requirement["kind"], requirement["have"], requirement["need"]) == ("attendance", "0", "1920")


def test_exactly_eighty_percent_opens_the_gate_and_a_minute_less_does_not(world):
    hold(
        world,
        range(1, 11),
        {(0, 3): ABSENT, (0, 7): EXCUSED, (1, 3): ABSENT, (1, 7): ABSENT, (1, 8): late(239)},
    )
    people = {one["name"][:7]: one for one in document(world.course)["people"]}
    met, not_met = people["Núria00"], people["Núria01"]
    assert met["attendance"]["credited_minutes"] == 1920
    assert met["attendance"]["percent_so_far"] == "80.0"
    assert (met["attendance"]["forecast"], met["gates"]["placement"]["status"]) == ("met", "met")
    assert not_met["attendance"]["credited_minutes"] == 1919
    assert not_met["attendance"]["percent_so_far"] == "79.9"
    assert not_met["attendance"]["forecast"] == "unreachable"
    assert not_met["gates"]["accreditation"]["status"] == "unreachable"
    assert met["gates"]["accreditation"]["requirements"][0]["status"] == "met"


def test_an_unmarked_session_counts_neither_way(world):
    hold(world, range(1, 4), {(0, 2): None})
    person = document(world.course)["people"][0]
    assert person["attendance"]["unmarked_sessions"] == [2]
    assert person["attendance"]["held_minutes"] == 480
    assert person["attendance"]["percent_so_far"] == "100.0"
    assert person["attendance"]["can_still_miss_minutes"] == 480


def test_who_is_listed_and_who_is_called(world):
    hold(world, range(1, 4), {(index, number): ABSENT for index in range(3) for number in range(1, 4)})
    pause(SYSTEM, world.trainees[1])
    withdraw(SYSTEM, world.trainees[2])
    found = progress(world.course)
    assert [one.status for one in found.people] == ["enrolled", "paused", "withdrawn"]
    assert [call.person.enrolment_id for call in needs_call(found)] == [world.trainees[0].id]


def test_some_of_them(world):
    wanted = world.trainees[1].id
    found = progress(world.course, [wanted])
    assert [one.enrolment_id for one in found.people] == [wanted]
    assert progress(world.course, []).people == ()
    assert progress(world.course, [10**9]).people == ()


def test_the_table_says_what_the_page_shows(world):
    hold(world, [1], {(0, 1): late(200), (1, 1): None})
    header, rows = progress_table(progress(world.course))
    assert header[:3] == ["Name", "Email", "Status"]
    assert len({len(row) for row in rows} | {len(header)}) == 1
    assert rows[0][-10] == "Late: attended 200 min"
    assert rows[1][-10] == "Unmarked"
    assert rows[0][-9] == ""
    short, _ = progress_table(progress(world.course), by_session=False)
    assert len(short) == len(header) - 10


def test_whom_to_ask(world):
    found = contacts(world.course)
    assert found.support is None
    assert [one.email for one in found.organisers] == ["organiser@example.org"]
    assert found.provider == "Associació de Prova"
    assert [one.course_id for one in own_enrolments(world.trainees[0].person_id)] == [world.course.id]
    assert own_enrolments(None) == []


@pytest.mark.parametrize("held", [0, 4])
def test_the_same_number_of_statements_for_one_three_and_thirty(ctx, count_queries, held):
    counts = []
    for people in (1, 3, 30):
        world = make_world(trainees=people, code=f"N-{people}")
        hold(world, range(1, held + 1))
        course = world.course
        progress(course)  # the programme is kept after the first reading
        with count_queries() as seen:
            progress(course)
            marks_of(course.id)
        counts.append(seen.count)
    assert counts[0] == counts[1] == counts[2] <= 25, counts
