"""trainer curriculum …: outputs and exit codes. None of it needs an instance."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from tests.factories.programme import spoil, write_programme
from trainer.cli import run


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TRAINER_CURRICULA", str(tmp_path / "more"))
    monkeypatch.setenv("TRAINER_INSTANCE", str(tmp_path / "no-instance"))
    monkeypatch.chdir(tmp_path)
    return write_programme(tmp_path / "more" / "small")


def test_list(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["curriculum", "list"]) == 0
    assert "small" in capsys.readouterr().out
    assert run(["curriculum", "list", "--format", "json"]) == 0
    assert {"small", "peer-support-worker"} <= {one["code"] for one in json.loads(capsys.readouterr().out)}


def test_a_broken_programme_does_not_hide_the_others(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    small.write_text("code: [")
    assert run(["curriculum", "list"]) == 0
    said = capsys.readouterr()
    assert "peer-support-worker" in said.out
    assert "more/small/programme.yaml does not load" in said.err


def test_check(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["curriculum", "check"]) == 0
    capsys.readouterr()
    spoil(small.parent / "modules" / "2.yaml", "minutes: 20", "minutes: 15")
    assert run(["curriculum", "check"]) == 1
    said = capsys.readouterr()
    assert "more/small/modules/2.yaml:25: plan: the activities add up to 55 minutes" in said.out
    assert "Traceback" not in said.err


def test_check_of_named_files(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spoil(small.parent / "modules" / "2.yaml", "minutes: 20", "minutes: 15")
    assert run(["curriculum", "check", str(small)]) == 1
    assert run(["curriculum", "check", "more/small"]) == 1
    assert run(["curriculum", "check", "more/small/modules/2.yaml"]) == 1
    assert run(["curriculum", "check", "more/small/modules/1.yaml"]) == 0
    assert run(["curriculum", "check", "nowhere.yaml"]) == 2
    assert "nowhere.yaml" in capsys.readouterr().err


def test_schema_is_a_schema_that_the_shipped_files_fit(
    small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import yaml

    assert run(["curriculum", "schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    Draft7Validator.check_schema(schema)
    assert list(Draft7Validator(schema).iter_errors(yaml.safe_load(small.read_text()))) == []
    assert run(["curriculum", "schema", "--module"]) == 0
    module = yaml.safe_load((small.parent / "modules" / "1.yaml").read_text())
    schema = json.loads(capsys.readouterr().out)
    assert list(Draft7Validator(schema).iter_errors(module)) == []
    assert list(Draft7Validator(schema).iter_errors({**module, "outcomes": []}))


def test_show(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["curriculum", "show", "small", "--format", "json"]) == 0
    said = capsys.readouterr()
    document = json.loads(said.out)
    assert said.err == ""
    assert list(document) == ["code", "version", "hash", "title", "scale", "modules", "gates"]
    assert document["title"] == "Small"
    assert list(document["gates"]) == ["start", "accreditation"]
    assert run(["curriculum", "show", "small"]) == 0
    assert "Reach the level “Achieved” in every competency." in capsys.readouterr().out


def test_show_of_nothing(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["curriculum", "show", "nothing", "--format", "json"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "small" in said.err
