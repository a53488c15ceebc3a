"""`org`, `user`, `course` and `import` from the command line: what they print, and their exit codes."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.factories.world import World
from trainer.cli import run
from trainer.cohorts import queries
from trainer.people.queries import account_states, organisation_by_code, person_by_email

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    monkeypatch.setattr("trainer.cli.common.application", lambda: app)

    def call(*arguments: str) -> tuple[int, str, str]:
        code = run(list(arguments))
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def test_organisations(command: Command) -> None:
    assert command("org", "add", "NEW", "--name", "Nova", "--kind", "provider") == (
        0,
        "NEW: Nova (provider)\n",
        "",
    )
    code, out, err = command("org", "add", "new", "--name", "Nova", "--kind", "provider")
    assert (code, out) == (2, "")
    assert "taken" in err
    assert command("org", "add", "X", "--name", "X", "--kind", "club")[0] == 2
    assert organisation_by_code("X") is None


def test_users(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (
        command("user", "add", "a@example.org", "--name", "A B", "--role", "trainer", "--org", "PROV")[0] == 0
    )
    monkeypatch.setattr("sys.stdin", io.StringIO("quatre gats i un gos\n"))
    done = command(
        "user",
        "add",
        "b@example.org",
        "--name",
        "B C",
        "--role",
        "registrar",
        "--org",
        "UNI",
        "--password-stdin",
    )
    assert done[:2] == (0, "b@example.org: registrar\n")
    people = [person_by_email("a@example.org"), person_by_email("b@example.org")]
    assert [account_states([p.id])[p.id] for p in people if p] == ["invited", "active"]
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    for wrong in (
        ("c@example.org", "--name", "C", "--role", "registrar", "--org", "PROV"),
        ("c@example.org", "--name", "C", "--role", "trainer", "--org", "NONE"),
        ("c", "--name", "C", "--role", "admin"),
        ("c@example.org", "--name", "C", "--role", "admin", "--password-stdin"),
        ("c@example.org", "--name", "C", "--role", "admin", "--as", "organiser@example.org"),
        ("c@example.org", "--name", "C", "--role", "admin", "--as", "nobody@example.org"),
    ):
        code, out, err = command("user", "add", *wrong)
        assert (code, out) == (2, "")
        assert err
    assert person_by_email("c@example.org") is None


def test_courses(command: Command) -> None:
    made = [
        "course",
        "create",
        "C-9",
        "--programme",
        "peer-support-worker",
        "--org",
        "PROV",
        "--university",
        "UNI",
        "--title",
        "Curs",
        "--start",
        "2026-09-08",
        "--time",
        "10:00",
        "--venue",
        "Manresa",
        "--venue",
        "Vic",
    ]
    assert command(*made, "--as", "organiser@example.org") == (0, "C-9: 10 sessions\n", "")
    assert command(*made)[0] == 2
    for index, wrong in ((9, "NONE"), (3, "C/9"), (11, "8 Sept")):
        bad = [*made]
        bad[2], bad[index] = "C-10", wrong
        assert command(*bad)[0] == 2
    assert command(*made, "--timezone", "Nowhere")[0] == 2
    assert queries.course_by_code("C-10") is None
    course = queries.course_by_code("C-9")
    assert course is not None
    code, out, err = command("course", "show", "C-9", "--format", "json")
    assert (code, err) == (0, "")
    shown: dict[str, Any] = json.loads(out)
    assert shown["ends_on"] == shown["sessions"][-1]["start"][:10]
    assert [one["venue"] for one in shown["sessions"][:3]] == ["Manresa", "Vic", "Manresa"]
    assert shown["sessions"][0]["start"] == "2026-09-08T10:00:00+02:00"
    assert set(shown["sessions"][0]) >= {
        "number",
        "module",
        "start",
        "minutes",
        "venue",
        "status",
        "uid",
        "sequence",
    }
    assert "C-9" in command("course", "list", "--as", "trainer@example.org")[1]
    assert "C-9" not in command("course", "list", "--as", "other_organiser@example.org")[1]
    assert command("course", "show", "C-9", "--as", "registrar@example.org")[0] == 2
    assert command("course", "show", "NONE")[0] == 2


def test_an_unplannable_course_leaves_nothing(command: Command) -> None:
    code, _, err = command(
        "course",
        "create",
        "C-9",
        "--programme",
        "peer-support-worker",
        "--org",
        "PROV",
        "--university",
        "UNI",
        "--title",
        "Curs",
        "--start",
        "2026-09-08",
        "--time",
        "10:00",
        "--venue",
        "  ",
    )
    assert code == 2
    assert err
    assert queries.course_by_code("C-9") is None


def test_imports(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "llista.csv"
    file.write_bytes("Nom;Cognoms;Correu;Coses\r\nÍngrid;Muñoz;i@example.org;1\r\n".encode("cp1252"))
    code, out, err = command("import", "roster", "TEST-1", str(file), "--dry-run")
    assert (code, out) == (0, "1 added, 0 changed, 0 unchanged (nothing written)\n")
    assert "Coses" in err
    assert command("import", "roster", "TEST-1", str(file))[1] == "1 added, 0 changed, 0 unchanged\n"
    assert command("import", "roster", "TEST-1", str(file), "--as", "organiser@example.org")[1].startswith(
        "0 added"
    )
    assert command("import", "roster", "TEST-1", str(file), "--as", "trainer@example.org")[0] == 2
    file.write_bytes(b"given_name,family_name,email\nA,B,x\nC,D,\n")
    code, out, err = command("import", "roster", "TEST-1", str(file))
    assert (code, out) == (2, "")
    assert "row 2, column email: x is not" in err
    assert "row 3, column email: is empty" in err
    file.write_bytes(b"\x00\x01")
    assert command("import", "roster", "TEST-1", str(file))[0] == 2
    assert command("import", "roster", "NONE", str(file))[0] == 2
    assert command("import", "roster", "TEST-1", str(tmp_path / "none.csv"))[0] == 2
    assert command("import", "people", "TEST-1", str(file))[0] == 2
