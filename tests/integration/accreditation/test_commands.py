"""The commands of the contract: what they print, what they write, how they exit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from trainer import cli
from trainer.accreditation import queries, services
from trainer.cli import common
from trainer.core.database import transaction
from trainer.people.models import Person

AS_ORGANISER = ("--as", "organiser@example.org")
AS_REGISTRAR = ("--as", "registrar@example.org")


@pytest.fixture
def run(ready: Any, app: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """`run("list", …)` gives exit code, standard output, standard error."""
    monkeypatch.setattr(common, "application", lambda: app)
    capsys.readouterr()

    def call(*arguments: str) -> tuple[int, str, str]:
        code = cli.run(["certificates", *arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def through(run: Any) -> list[dict[str, str]]:
    assert run("propose", "TEST-1", *AS_ORGANISER)[0] == 0
    assert run("approve", "TEST-1", *AS_REGISTRAR)[0] == 0
    assert run("issue", "TEST-1", *AS_REGISTRAR)[0] == 0
    code, out, _err = run("list", "TEST-1", "--format", "json")
    assert code == 0
    rows: list[dict[str, str]] = json.loads(out)
    return rows


def test_the_whole_way(run: Any, tmp_path: Path) -> None:
    rows = through(run)
    assert len(rows) == 3
    assert set(rows[0]) == {"serial", "code", "email", "kind", "status"}
    assert rows[0]["status"] == "valid"
    code, out, _err = run("issue", "TEST-1", *AS_REGISTRAR)
    assert code == 0
    assert all(row["serial"] in out and row["code"] in out for row in rows)
    assert len(json.loads(run("list", "TEST-1", "--format", "json")[1])) == 3

    target = tmp_path / "certificate.pdf"
    assert run("export", rows[0]["code"], "--to", str(target))[0] == 0
    assert target.read_bytes().startswith(b"%PDF")
    for asked in (rows[0]["code"], rows[0]["code"].replace("-", "").lower(), str(target)):
        code, out, _err = run("verify", asked, "--format", "json")
        assert (code, json.loads(out)["status"]) == (0, "valid")
    target.write_bytes(target.read_bytes() + b" ")
    code, out, _err = run("verify", str(target), "--format", "json")
    assert (code, json.loads(out)["status"]) == (1, "altered")


def test_revoke_reinstate_reissue(run: Any) -> None:
    code = through(run)[0]["code"]
    assert run("revoke", code, *AS_REGISTRAR, "--reason", "whim")[0] == 2
    assert run("revoke", code, *AS_ORGANISER, "--reason", "other")[0] == 2
    assert run("revoke", code, *AS_REGISTRAR, "--reason", "other", "--note", "privat")[0] == 0
    exit_code, out, _err = run("verify", code, "--format", "json")
    assert (exit_code, json.loads(out)["reason"]) == (1, "other")
    assert run("reinstate", code, *AS_REGISTRAR)[0] == 0
    assert run("verify", code)[0] == 0
    exit_code, out, _err = run("reissue", code, *AS_REGISTRAR)
    assert exit_code == 0
    assert "-000004" in out
    assert json.loads(run("verify", code, "--format", "json")[1])["status"] == "superseded"
    statuses = [row["status"] for row in json.loads(run("list", "TEST-1", "--format", "json")[1])]
    assert statuses == ["superseded", "valid", "valid", "valid"]


def test_named_people_and_the_answer_no(run: Any, ready: Any) -> None:
    one = str(ready.trainees[0].person.email)
    assert run("approve", "TEST-1", *AS_REGISTRAR)[0] == 1
    assert run("propose", "TEST-1", *AS_ORGANISER, "--person", "nobody@example.org")[0] == 2
    code, out, _err = run("propose", "TEST-1", *AS_ORGANISER, "--person", one, "--format", "json")
    assert code == 0
    assert [told["email"] for told in json.loads(out)["done"]] == [one]
    code, _out, err = run("propose", "TEST-1", *AS_ORGANISER, "--kind", "completion")
    assert (code, err != "") == (1, True)
    assert run("propose", "TEST-1", *AS_ORGANISER, "--kind", "diploma")[0] == 2
    assert run("propose", "NOWHERE", *AS_ORGANISER)[0] == 2
    assert run("propose", "TEST-1", "--as", "registrar@example.org")[0] == 2


def test_a_name_that_cannot_be_printed_is_named(run: Any, ready: Any) -> None:
    with transaction() as current:
        person = current.get_one(Person, ready.trainees[0].person_id)
        person.certificate_name = "བོད"
        email = str(person.email)
    code, _out, err = run("propose", "TEST-1", *AS_ORGANISER, "--person", email)
    assert code == 1
    assert "བ" in err
    code, _out, err = run("propose", "TEST-1", *AS_ORGANISER)
    assert code == 0
    assert "U+0F56" in err


@pytest.mark.parametrize("asked", ["x", "0000-0000-0000-0000-0000-0000-00", "Ñ" * 5000])
def test_unknown(run: Any, asked: str) -> None:
    code, out, _err = run("verify", asked, "--format", "json")
    assert (code, json.loads(out)) == (1, {"status": "unknown"})


def test_a_file_that_is_not_there(run: Any, tmp_path: Path) -> None:
    assert run("verify", str(tmp_path / "none.pdf"))[0] == 2
    assert run("export", "nonsense", "--to", str(tmp_path / "x.pdf"))[0] == 2
    assert not (tmp_path / "x.pdf").exists()


def test_the_registry_book_as_its_file_says(run: Any, tmp_path: Path) -> None:
    row = through(run)[0]
    year = row["serial"].split("-")[1]
    table, paper = tmp_path / "book.csv", tmp_path / "book.pdf"
    for target in (table, paper):
        assert run("book", "UNI", year, "--to", str(target), *AS_REGISTRAR)[0] == 0
    assert row["serial"] in table.read_text(encoding="utf-8-sig")
    assert paper.read_bytes().startswith(b"%PDF")
    assert run("book", "UNI", year, "--to", str(table), *AS_ORGANISER)[0] == 2
    assert run("book", "UNI", "1999", "--to", str(table), *AS_REGISTRAR)[0] == 2
    assert run("book", "UNI", year, "--to", str(tmp_path / "book.txt"), *AS_REGISTRAR)[0] == 2


def test_two_people_hold_for_commands_too(run: Any, world: Any) -> None:
    university = queries.university_by_code("UNI")
    assert university is not None
    services.save_rules(world.actor("registrar"), university, two_people=True, national_id=False)
    assert run("propose", "TEST-1", *AS_ORGANISER)[0] == 0
    assert run("approve", "TEST-1", *AS_REGISTRAR)[0] == 0
    for who in (AS_REGISTRAR, ()):
        code, out, err = run("issue", "TEST-1", *who)
        assert code != 0
        assert "another registrar does" in err or "--as" in err
        assert "UNI-" not in out
