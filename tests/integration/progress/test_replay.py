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
from trainer.placement.services import (
    Agreement,
    LogInput,
    add_log,
    change_agreement,
    close_placement,
    dispute,
    open_placement,
    remove_log,
    sign_off,
)
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


def test_what_was_recorded_of_a_placement_since(lived):
    world, _ = lived
    organiser, enrolment = world.actor("organiser"), world.trainees[0]
    at = START + timedelta(days=20)

    def agreed(**values):
        days = {"starts_on": at.date(), "ends_on": at.date() + timedelta(days=90), "weekly_minutes": 600}
        return Agreement(world.host.id, reference_id=world.reference.id, **{**days, **values})

    def since(hours):
        return [str(one.text) for one in changes_since(world.course, enrolment, at + timedelta(hours=hours))]

    with clock.frozen(at + timedelta(hours=1)):
        placement = open_placement(organiser, enrolment, agreed())
        keys = [
            add_log(organiser, placement, LogInput(at.date(), 60, kind)).id
            for kind in ("direct", "team", "training")
        ]
        change_agreement(organiser, placement, agreed(service="Elsewhere"))
    with clock.frozen(at + timedelta(hours=2)):
        sign_off(world.actor("reference"), placement, keys[:2])
        dispute(world.actor("reference"), placement, keys[2], "Another day.")
        change_agreement(organiser, placement, agreed(ends_on=at.date() + timedelta(days=60)))
    with clock.frozen(at + timedelta(hours=3)):
        remove_log(organiser, placement, keys[2])
        close_placement(organiser, placement)
        assert sorted(since(2)) == ["A placement was closed", "Placement hours were taken out: 1 h"]
        assert {"Placement hours were signed off: 2 h", "Placement hours were disputed: 1 h"} < set(since(1))
        assert "The dates of a placement were changed" in since(1) and "A placement was agreed" not in since(
            1
        )
        assert {"A placement was agreed", "Placement hours were logged: 3 h"} < set(since(0))
        assert since(0).count("The dates of a placement were changed") == 1


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
