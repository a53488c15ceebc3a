"""`trainer progress`: its formats and exit codes."""

from __future__ import annotations

import csv
import io
import json

import pytest

from tests.factories.registers import ABSENT, hold
from trainer.cli import run


@pytest.fixture
def command(app, world, monkeypatch, capsys):
    monkeypatch.setattr("trainer.cli.common.application", lambda: app)

    def call(*arguments, name="progress"):
        code = run([name, *arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def test_json(command, world):
    hold(world, range(1, 11), {(0, 3): ABSENT, (0, 7): ABSENT})
    code, out, err = command("TEST-1", "--format", "json")
    assert (code, err) == (0, "")
    people = json.loads(out)["people"]
    assert people[0]["attendance"]["percent_so_far"] == "80.0"
    assert people[0]["gates"]["placement"]["requirements"][0]["explanation"]


def test_csv_and_table(command):
    code, out, _ = command("TEST-1", "--format", "csv")
    rows = list(csv.reader(io.StringIO(out.lstrip("\ufeff"))))
    assert code == 0 and len(rows) == 4 and rows[0][0] == "Name"
    code, out, _ = command("TEST-1")
    assert code == 0 and "0/2400 min" in out and "PLACEMENT" in out


def test_who_may(command):
    assert command("TEST-1", "--as", "trainer@example.org")[0] == 0
    code, out, err = command("TEST-1", "--as", "registrar@example.org", "--format", "json")
    assert (code, out) == (2, "") and err
    code, out, err = command("NOPE")
    assert (code, out) == (2, "") and "NOPE" in err
    assert command("TEST-1", "--as", "nobody@example.org")[0] == 2


def test_everybody_who_passed(command, world):
    assert command("placement", name="passed")[0] == 1
    hold(world, range(1, 9), {(2, 1): ABSENT})
    code, out, _ = command("placement", "--format", "json", name="passed")
    people = [world.trainees[0].person, world.trainees[1].person]
    assert (code, json.loads(out)) == (
        0,
        [{"course": "TEST-1", "email": one.email, "name": one.display_name} for one in people],
    )
    assert command("placement", "--as", "trainer@example.org", name="passed")[0] == 0
    assert command("placement", "--as", "registrar@example.org", name="passed")[:2] == (1, "")
    assert command("no such gate", name="passed")[0] == 1
