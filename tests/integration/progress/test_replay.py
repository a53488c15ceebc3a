"""Any past day, replayed: the page, its exports and the command say what was on record then."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.factories.registers import ABSENT, hold
from tests.factories.world import make_world
from trainer.cli import run
from trainer.cohorts.services import pause
from trainer.core import clock
from trainer.core.errors import Invalid
from trainer.gates.services import waive
from trainer.progress.documents import progress_document
from trainer.progress.queries import changes_since, end_of_day, progress

START = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def lived(ctx):
    """A course made on 2 March, two sessions held on the 10th and the 17th, a pause and a waiver on the 18th."""
    with clock.frozen(START):
        world = make_world(trainees=2, code="REPLAY", starts_on=START.date())
    seen = {START.date(): _document(world, START)}
    for day, number in ((8, 1), (15, 2)):
        at = START + timedelta(days=day)
        with clock.frozen(at):
            hold(world, [number], {(0, number): ABSENT})
            seen[at.date()] = _document(world, at)
    with clock.frozen(START + timedelta(days=16)):
        pause(world.actor("organiser"), world.trainees[1])
        waive(world.actor("organiser"), world.trainees[0], "placement", None, "Agreed.")
    return world, seen


def _document(world, at):
    return json.loads(json.dumps(progress_document(progress(world.course))))


def test_every_day_is_replayed_as_it_was_and_says_what_came_since(lived):
    world, seen = lived
    for day, was in seen.items():
        found = progress(world.course, as_of=end_of_day(world.course, day))
        document = json.loads(json.dumps(progress_document(found)))
        assert document.pop("as_of").startswith(day.isoformat())
        assert document == was, day
    day = list(seen)[1]
    at = end_of_day(world.course, day)
    said = [str(one.text) for one in changes_since(world.course, world.trainees[0], at)]
    assert any("Session 2: Absent (before: Unmarked)" in one for one in said)
    assert any("Session 2 was held" in one for one in said)
    assert any("waiver" in one for one in said) and not any("Session 1" in one for one in said)
    assert changes_since(world.course, world.trainees[0], clock.now()) == []


def test_the_page_and_the_command_say_that_it_is_the_past(lived, sign_in, app, monkeypatch, capsys):
    world, seen = lived
    day = list(seen)[1].isoformat()
    organiser = sign_in(world.person_id("organiser"))
    person = f"/courses/REPLAY/people/{world.trainees[0].id}/progress"
    page = organiser.get(f"{person}?as_of={day}").text
    assert "As it was on" in page and "What was recorded since" in page and "Session 2: Absent" in page
    assert "As it was on" not in organiser.get(person).text.split("<main")[1].split("as-of")[0]
    grid = organiser.get(f"/courses/REPLAY/progress?as_of={day}").text
    assert "Back to today" in grid and "Who needs a call" not in grid
    csv = organiser.get(f"/courses/REPLAY/progress.csv?as_of={day}")
    assert day in csv.headers["Content-Disposition"]
    assert organiser.get(f"{person}?as_of=2001-01-01").status_code == 404
    for wrong in ("2999-01-01", "yesterday"):
        assert organiser.get(f"{person}?as_of={wrong}").status_code == 422
    course = world.course
    assert end_of_day(course, clock.today()) is None
    with pytest.raises(Invalid):
        end_of_day(course, clock.today() + timedelta(days=1))
    monkeypatch.setattr("trainer.cli.common.application", lambda: app)
    day = list(seen)[1].isoformat()
    assert run(["progress", "REPLAY", "--as-of", day, "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["people"][0]["attendance"]["held_minutes"] == 240
    assert run(["progress", "REPLAY", "--as-of", "2999-01-01"]) == 2
