"""curriculum list, check, schema and show, without an instance; languages; and calls that make no sense."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.integration.cli.harness import Trainer
from trainer.config import resource_dir


@pytest.fixture(scope="module")
def nowhere(tmp_path_factory: pytest.TempPathFactory) -> Trainer:
    return Trainer(tmp_path_factory.mktemp("nowhere"))


def test_show(nowhere: Trainer) -> None:
    document = nowhere("curriculum", "show", "peer-support-worker", "--format", "json").ok().json
    assert {"code", "version", "hash", "title", "scale", "modules", "gates"} <= set(document)
    assert document["code"] == "peer-support-worker"
    assert isinstance(document["version"], str)
    assert document["hash"].startswith("sha256:")
    assert isinstance(document["title"], str)
    levels = document["scale"]["levels"]
    assert [list(one) for one in levels] == [["code", "title", "passing"]] * len(levels)
    assert [one["passing"] for one in levels] == sorted(one["passing"] for one in levels)
    assert len(document["modules"]) == 10
    for number, one in enumerate(document["modules"], 1):
        assert {"number", "code", "title", "minutes", "competencies"} <= set(one)
        assert (one["number"], one["minutes"]) == (number, 240)
        assert isinstance(one["title"], str)
        assert one["competencies"]
        assert all(list(skill) == ["code", "title"] for skill in one["competencies"])
    assert list(document["gates"]) == ["placement", "accreditation", "completion"]
    assert all(isinstance(gate, list) and gate for gate in document["gates"].values())
    assert [one["kind"] for one in document["gates"]["accreditation"]] == ["gate", "competencies"]

    def named(value: object, name: str) -> int:
        if isinstance(value, dict):
            return sum(
                (key == name and isinstance(one, list)) + named(one, name) for key, one in value.items()
            )
        return sum(named(one, name) for one in value) if isinstance(value, list) else 0

    assert named(document, "levels") == 1
    assert named(document, "competencies") == 10
    assert not nowhere.instance.exists()


def test_list_and_schema(nowhere: Trainer) -> None:
    listed = nowhere("curriculum", "list", "--format", "json").ok().json
    assert "peer-support-worker" in [one["code"] for one in listed]
    assert "peer-support-worker" in nowhere("curriculum", "list").ok().out
    schema = nowhere("curriculum", "schema").ok().json
    assert "json-schema.org" in schema["$schema"]


def test_check(nowhere: Trainer, tmp_path: Path) -> None:
    nowhere("curriculum", "check").ok()
    folder = tmp_path / "mine"
    shutil.copytree(resource_dir("curriculum") / "peer-support-worker", folder)
    nowhere("curriculum", "check", folder / "programme.yaml").ok()
    main = folder / "programme.yaml"
    lines = main.read_text(encoding="utf-8").splitlines()
    [line] = [number for number, one in enumerate(lines) if one.startswith("unit_minutes:")]
    lines[line] = "unit_minutes: many"
    main.write_text("\n".join(lines) + "\n", encoding="utf-8")
    told = nowhere("curriculum", "check", main).no()
    assert f"{main}:{line + 1}: unit_minutes: " in told.out + told.err
    for name, content in {
        "empty.yaml": b"",
        "list.yaml": b"- a\n- b\n",
        "broken.yaml": b"a: [1, 2\nb: }\n",
        "binary.yaml": bytes(range(256)),
        "bomb.yaml": b"a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n",
        "tag.yaml": b"!!python/object/apply:os.system ['true']\n",
        "tab.yaml": b"code:\tx\n\tversion: 1\n",
        "twice.yaml": b"code: a\ncode: b\n",
    }.items():
        file = nowhere.file(name, content)
        told = nowhere("curriculum", "check", file).no()
        assert f"{file}:" in told.out + told.err
    nowhere("curriculum", "check", tmp_path / "missing.yaml").refused()
    nowhere("curriculum", "check", tmp_path).refused()
    nowhere("curriculum", "show", "no-such", "--format", "json").refused("no-such")
    nowhere("curriculum", "show", "../../etc/passwd", "--format", "json").refused()


NONSENSE = [
    [],
    ["bake"],
    ["--lang"],
    ["--lang", "kl", "course", "list"],
    ["course"],
    ["course", "show"],
    ["course", "show", "NONE", "--format", "json"],
    ["course", "show", "NONE", "--format", "xml"],
    ["course", "show", "\udcff\udcfe", "--format", "json"],
    ["course", "list", "--as", "\udcff@example.org"],
    ["org", "add", "\udcff", "--name", "X", "--kind", "host"],
    ["org", "add", "OK", "--name", "\udcff", "--kind", "host"],
    ["user", "add", "\udcff@example.org", "--name", "X", "--role", "admin"],
    ["certificates", "list", "\udcff", "--format", "json"],
    ["certificates", "export", "\udcff", "--to", "/nowhere/x.pdf"],
    ["progress", "\udcff", "--format", "json"],
    ["progress"],
    ["session", "move", "\udcff", "1", "--start", "2026-01-01 10:00"],
    ["import", "roster", "NONE", "/dev/null"],
    ["import", "roster", "NONE", "\udcff"],
    ["calendar", "\udcff"],
    ["audit"],
    ["audit", "mend"],
    ["audit", "verify", "--format", "xml"],
    ["serve", "--port", "0"],
    ["serve", "--workers", "none"],
    ["restore", "\udcff"],
    ["curriculum", "show", "\udcff", "--format", "json"],
    ["curriculum", "check", "\udcff"],
]


@pytest.mark.parametrize("arguments", NONSENSE, ids=lambda words: ascii(" ".join(words)))
def test_nonsense(fresh: Trainer, arguments: list[str]) -> None:
    fresh(*arguments).refused()


def test_an_undecodable_code_is_unknown(fresh: Trainer) -> None:
    told = fresh("certificates", "verify", "\udcff", "--format", "json").no()
    assert told.json == {"status": "unknown"}


def test_languages(fresh: Trainer) -> None:
    said = {
        language: fresh(*(["--lang", language] if language else []), "course", "show", "NONE")
        .refused("NONE")
        .err
        for language in ("", "en", "ca", "es")
    }
    assert said[""] == said["en"]
    assert len(set(said.values())) == 3
    assert fresh("--lang=ca", "course", "show", "NONE").refused().err == said["ca"]
    assert fresh("--lang", "ca", "restore", fresh.file("junk", b"x")).refused()


def test_help_and_version(nowhere: Trainer) -> None:
    for words in (
        ["--help"],
        ["--version"],
        ["course", "create", "--help"],
        ["--lang", "ca", "import", "-h"],
    ):
        assert nowhere(*words).ok().out
