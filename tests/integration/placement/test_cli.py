"""`trainer placement open`: exit codes, and nothing written when the answer is no."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from trainer.cli import run
from trainer.core.database import session
from trainer.gates.services import waive
from trainer.placement import queries


@pytest.fixture
def command(ctx: Flask, world: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr("trainer.cli.common.application", lambda: ctx)

    def make(**values: str) -> int:
        given = {
            "--person": str(world.trainees[0].person.email),
            "--host": "HOST",
            "--start": "2026-10-05",
            "--end": "2027-04-04",
            "--weekly-hours": "7.5",
            "--reference": "reference@example.org",
            **{f"--{name.replace('_', '-')}": value for name, value in values.items()},
        }
        return run(
            ["placement", "open", world.course.code, *(part for pair in given.items() for part in pair)]
        )

    return make


def test_opens_with_the_gate_or_a_waiver(
    world: Any, command: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command() == 2
    assert "not passed yet" in capsys.readouterr().err
    waive(world.actor("organiser"), world.trainees[0], "placement", None, "Formació prèvia")
    for wrong in (
        {"host": "NOPE"},
        {"person": "nobody@example.org"},
        {"reference": "nobody@example.org"},
        {"start": "2026-10-32"},
        {"end": "2026-10-04"},
        {"weekly_hours": "ten"},
        {"as": "trainer@example.org"},
        {"as": "nobody@example.org"},
    ):
        assert command(**wrong) == 2
        said = capsys.readouterr()
        assert said.err
        assert "Traceback" not in said.err
    assert queries.lines_of_enrolment(world.trainees[0].id) == []
    assert command(**{"as": "organiser@example.org"}) == 0
    assert "by a waiver" in capsys.readouterr().out
    session.rollback()
    line = queries.lines_of_enrolment(world.trainees[0].id)[0]
    assert (line.row.weekly_minutes, line.row.reference) == (450, "Reference Prova")
