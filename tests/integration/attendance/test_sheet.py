"""The sheet of a course: shown, typed, saved session by session, with and without a script."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories.world import make_world
from trainer.attendance.queries import grid, history_of, saved_marks
from trainer.attendance.queries.sheet import sheet_of
from trainer.attendance.rules import MarkInput, MarkKind
from trainer.attendance.services import save_register
from trainer.core import clock
from trainer.scheduling.queries import session_of
from trainer.scheduling.services import cancel

HERE = "/courses/TEST-1/sheet"


@pytest.fixture
def ids(world):
    return [enrolment.id for enrolment in world.trainees]


@pytest.fixture
def later(world):
    """Five weeks on: five sessions have been due."""
    with clock.frozen(session_of("TEST-1", 5).row.starts_at + timedelta(hours=5)):
        yield


def at(number):
    return session_of("TEST-1", number)


def cells(**typed):
    """`s1={id: "p"}` as the page sends it, all at version 0."""
    return {
        "cells": {
            at(int(name[1:])).id: {key: {"text": text, "version": 0} for key, text in people.items()}
            for name, people in typed.items()
        }
    }


def kinds(number):
    return {key: mark.kind.value for key, mark in saved_marks(at(number).id).items()}


def test_what_has_come_can_be_typed_and_the_rest_is_shown(client_as, world, ids, later):
    cancel(world.actor("organiser"), at(3), "the room is closed")
    save_register(world.actor("trainer"), at(1), {ids[0]: MarkInput(MarkKind.LATE, 45)})
    page = client_as("trainer").get(HERE)
    assert page.status_code == 200
    assert page.text.count(f'name="c-{at(1).id}-') == len(ids)
    assert f'name="c-{at(1).id}-{ids[0]}" value="l45"' in page.text
    assert f'name="c-{at(5).id}-' in page.text
    assert f'name="c-{at(3).id}-' not in page.text
    assert f'name="c-{at(6).id}-' not in page.text
    read_only = client_as("assessor").get(HERE)
    assert read_only.status_code == 200
    assert "l45" in read_only.text
    assert 'name="c-' not in read_only.text


def test_letters_follow_the_language(client_as, ids, later):
    client = client_as("trainer")
    client.post("/language", data={"language": "ca"})
    answer = client.post(HERE, json=cells(s1={ids[0]: "T45", ids[1]: "j", ids[2]: "l 30"})).json
    saved = answer["sessions"][str(at(1).id)]["saved"]
    assert [saved[str(key)]["text"] for key in ids] == ["t45", "j", "t30"]
    assert kinds(1) == {ids[0]: "late", ids[1]: "excused", ids[2]: "late"}


def test_a_session_is_saved_whole_or_not_at_all(client_as, world, ids, later):
    save_register(world.actor("organiser"), at(2), {ids[0]: MarkInput(MarkKind.ABSENT)})
    sent = cells(s1={ids[0]: "p", ids[1]: "q"}, s2={ids[0]: "p", ids[1]: "p"}, s4={ids[0]: "p"})
    answer = client_as("trainer").post(HERE, json=sent).json
    assert [(one["session"], one["person"]) for one in answer["problems"]] == [(at(1).id, ids[1])]
    two = answer["sessions"][str(at(2).id)]
    assert (two["saved"], set(two["conflicts"])) == ({}, {str(ids[0])})
    assert "Organiser Prova" in two["conflicts"][str(ids[0])]["said"]
    assert kinds(1) == {}
    assert kinds(2) == {ids[0]: "absent", ids[1]: "unmarked", ids[2]: "unmarked"}
    assert kinds(4)[ids[0]] == "present"


def test_a_late_correction_needs_its_reason(client_as, world, ids, later):
    with clock.frozen(at(1).row.starts_at + timedelta(hours=5)):
        save_register(world.actor("trainer"), at(1), {ids[0]: MarkInput(MarkKind.ABSENT)})
    sent = {"cells": {at(1).id: {ids[0]: {"text": "p", "version": 1}, ids[1]: {"text": "p", "version": 0}}}}
    client = client_as("trainer")
    one = client.post(HERE, json=sent).json["sessions"][str(at(1).id)]
    assert (one["needs_reason"], one["saved"]) == ([ids[0]], {})
    one = client.post(HERE, json={**sent, "reason": "the list on paper"}).json["sessions"][str(at(1).id)]
    assert set(one["saved"]) == {str(ids[0]), str(ids[1])}
    assert history_of(at(1).id, ids[0])[0].reason == "the list on paper"


def test_the_form_without_a_script(client_as, ids, later):
    client = client_as("trainer")
    seen = " ".join(f"{key}.0." for key in ids)
    first = at(1).id
    data = {
        f"seen-{first}": seen,
        f"c-{first}-{ids[0]}": "p",
        f"c-{first}-{ids[1]}": "",
        f"c-{first}-{ids[2]}": "l",
    }
    wrong = client.post(HERE, data=data)
    assert wrong.status_code == 422
    assert "Add the minutes attended" in wrong.text
    assert f'name="c-{first}-{ids[2]}" value="l"' in wrong.text
    assert kinds(1) == {}
    saved = client.post(HERE, data={**data, f"c-{first}-{ids[2]}": "l10"}, follow_redirects=True)
    assert "2 marks saved." in saved.text
    assert kinds(1) == {ids[0]: "present", ids[1]: "unmarked", ids[2]: "late"}
    assert "Nothing was changed." in client.post(HERE, data={}, follow_redirects=True).text


@pytest.mark.parametrize(
    "body",
    [
        [],
        {"cells": []},
        {"cells": {"x": {}}},
        {"cells": {"1": {"1": {"text": 5, "version": 0}}}},
        {"cells": {"1": {"1": {"text": "p"}}}},
        {"cells": {"1": {"1": {"text": "p" * 50, "version": 0}}}},
        {"cells": {"999999": {"1": {"text": "p", "version": 0}}}},
        {"cells": {}, "reason": 5},
    ],
)
def test_what_the_page_never_sends_is_refused(client_as, body):
    assert client_as("trainer").post(HERE, json=body).status_code == 422


def test_somebody_of_another_course_is_refused(client_as, world, ids, later):
    other = make_world(trainees=1, code="OTHER-1")
    sent = cells(s1={other.trainees[0].id: "p"})
    assert client_as("trainer").post(HERE, json=sent).status_code == 422
    foreign = {"cells": {session_of("OTHER-1", 1).id: {ids[0]: {"text": "p", "version": 0}}}}
    assert client_as("trainer").post(HERE, json=foreign).status_code == 422
    assert grid(other.course.id) == {}


def test_as_many_statements_for_twelve_people_as_for_one(ctx, count_queries):
    counts = []
    for number, code in ((1, "SMALL"), (12, "LARGE")):
        world = make_world(trainees=number, code=code)
        for held in (1, 2, 3)[: 1 if number == 1 else 3]:
            marks = {one.id: MarkInput(MarkKind.PRESENT) for one in world.trainees}
            save_register(world.actor("trainer"), session_of(code, held), marks)
        course_id, day = world.course.id, world.course.starts_on
        with count_queries() as seen:
            found = sheet_of(course_id, day)
        assert len(found.people) == number
        counts.append(seen.count)
    assert counts == [4, 4]
