"""`trainer joining erase`: what is due goes, and the answer says how much."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask

from tests.factories.candidates import applicant, open_course
from trainer.cli import common, root
from trainer.core import clock


def test_it_erases_what_is_due_and_nothing_twice(
    app: Flask, world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_course(world)
    applicant(world, "Ana")
    monkeypatch.setattr(common, "application", lambda: app)
    runner = CliRunner()
    assert "nothing is due" in runner.invoke(root, ["joining", "erase"]).output
    with clock.frozen(clock.now() + timedelta(days=92)):
        done = runner.invoke(root, ["joining", "erase", "TEST-1", "--format", "json"])
        assert json.loads(done.output) == {"erased": {"TEST-1": 1}}
        assert "nothing is due" in runner.invoke(root, ["joining", "erase"]).output
