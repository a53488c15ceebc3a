"""The demo: what it prints, that it keeps what was done, and whose instance it leaves alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.cli.harness import Result, Trainer


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Trainer, Result]:
    trainer = Trainer(tmp_path_factory.mktemp("demo"))
    return trainer, trainer("demo", "--format", "json").ok()


def test_sign_ins(made: tuple[Trainer, Result]) -> None:
    _, first = made
    assert list(first.json) == ["sign_ins"]
    for one in first.json["sign_ins"]:
        assert list(one) == ["role", "email", "password"]
        assert all(isinstance(value, str) and value for value in one.values())
    roles = {one["role"] for one in first.json["sign_ins"]}
    assert roles >= {"admin", "organiser", "trainer", "assessor", "registrar", "supervisor", "trainee"}
    passwords = [one["password"] for one in first.json["sign_ins"]]
    assert len(set(passwords)) == len(passwords)


def test_again_after_use(made: tuple[Trainer, Result]) -> None:
    trainer, first = made
    courses = trainer("course", "list", "--format", "json").ok().json
    code = courses[0]["code"]
    trainer("org", "add", "MINE", "--name", "Mine", "--kind", "host").ok()
    before = trainer("progress", code, "--format", "json").ok().out
    second = trainer("demo", "--format", "json").ok()
    trainer("init").ok()
    assert trainer("course", "list", "--format", "json").json == courses
    assert trainer("progress", code, "--format", "json").out == before
    trainer("org", "add", "MINE", "--name", "Mine", "--kind", "host").refused()
    key = [(one["role"], one["email"]) for one in first.json["sign_ins"]]
    assert [(one["role"], one["email"]) for one in second.json["sign_ins"]] == key
    old, new = ({one["password"] for one in told.json["sign_ins"]} for told in (first, second))
    assert not old & new
    trainer("audit", "verify").ok()


def test_everything_answers(made: tuple[Trainer, Result]) -> None:
    trainer, _ = made
    courses = trainer("course", "list", "--format", "json").json
    for course in courses:
        for command in (["progress"], ["certificates", "list"], ["course", "show"]):
            assert trainer(*command, course["code"], "--format", "json").ok().json is not None
        for one in trainer("certificates", "list", course["code"], "--format", "json").json:
            told = trainer("certificates", "verify", one["code"], "--format", "json")
            assert told.json["status"] == one["status"]
            assert told.code == (0 if one["status"] == "valid" else 1)


def test_another_instance_is_left_alone(tmp_path: Path) -> None:
    trainer = Trainer(tmp_path)
    trainer("init").ok()
    before = {one.name: one.stat().st_size for one in trainer.instance.iterdir()}
    trainer("demo", "--format", "json").refused()
    trainer("demo").refused()
    assert {one.name: one.stat().st_size for one in trainer.instance.iterdir()} == before
    assert trainer("course", "list", "--format", "json").ok().json == []
