"""From the proposal to a code that answers, with the exit codes of each step."""

from __future__ import annotations

import json
import re
import sqlite3
from typing import Any

import pytest

from tests.integration.cli.harness import Trainer
from tests.integration.cli.story import assess, attend, competencies, create, mail, progress, roster

CODE = re.compile(r"[0-9A-HJKMNP-TV-Z-]+")
AS_ORGANISER = ("--as", mail("organiser"))
AS_REGISTRAR = ("--as", mail("registrar"))


@pytest.fixture(scope="module")
def course(trainer: Trainer) -> str:
    """CER: ana and bet meet everything, cai lacks the competencies, dan the attendance."""
    create(trainer, "CER", "2026-01-13", venues=["Solsona"]).ok()
    roster(trainer, "CER", "ana", "bet", "cai", "dan")
    whole = "P P P P P P P P A A"
    attend(trainer, "CER", {"ana": whole, "bet": whole, "cai": whole, "dan": "P P P P P P P L239 A A"})
    assess(trainer, "CER", "ana", "bet", "dan")
    return "CER"


def listed(trainer: Trainer, course: str) -> list[dict[str, Any]]:
    return trainer("certificates", "list", course, "--format", "json").ok().json  # type: ignore[no-any-return]


def verify(trainer: Trainer, what: object, code: int) -> dict[str, Any]:
    told = trainer("certificates", "verify", str(what), "--format", "json")
    assert told.code == code, told
    assert "Traceback" not in told.err
    return told.json  # type: ignore[no-any-return]


def test_the_gates_agree(trainer: Trainer, course: str) -> None:
    people = progress(trainer, course)
    assert {name: one["gates"]["accreditation"]["status"] for name, one in people.items()} == {
        "ana": "met",
        "bet": "met",
        "cai": "not_yet",
        "dan": "unreachable",
    }
    [_, skills] = people["ana"]["gates"]["accreditation"]["requirements"]
    total = str(len(competencies(trainer)))
    assert (skills["kind"], skills["have"], skills["need"]) == ("competencies", total, total)


def test_nobody_is_eligible(trainer: Trainer) -> None:
    create(trainer, "EMPTY", "2026-01-14", venues=["Ponts"]).ok()
    roster(trainer, "EMPTY", "ana")
    for step, who in (("propose", AS_ORGANISER), ("approve", AS_REGISTRAR), ("issue", AS_REGISTRAR)):
        trainer("certificates", step, "EMPTY", *who).no()
        trainer("certificates", step, "EMPTY", *who, "--person", "ana@example.org").no()
    assert listed(trainer, "EMPTY") == []


@pytest.fixture(scope="module")
def issued(trainer: Trainer, course: str) -> dict[str, dict[str, Any]]:
    """The whole way from nothing to the two certificates of CER, each step looked at."""
    steps = ("certificates",)
    trainer(*steps, "issue", course, *AS_REGISTRAR).no()
    for who in ("trainer", "assessor", "supervisor", "registrar"):
        if who != "registrar":
            trainer(*steps, "propose", course, "--as", mail(who)).refused()
    for who in ("organiser", "trainer", "assessor", "supervisor"):
        trainer(*steps, "approve", course, "--as", mail(who)).refused()
        trainer(*steps, "issue", course, "--as", mail(who)).refused()
    trainer(*steps, "propose", course, *AS_ORGANISER, "--person", "cai@example.org").no()
    trainer(*steps, "propose", course, *AS_ORGANISER, "--person", "ana@example.org").ok()
    trainer(*steps, "propose", course, *AS_ORGANISER).ok()
    trainer(*steps, "approve", course, *AS_REGISTRAR).ok()
    assert listed(trainer, course) == []
    told = trainer(*steps, "issue", course, *AS_REGISTRAR).ok()
    rows = listed(trainer, course)
    assert [list(one) for one in rows] == [["serial", "code", "email", "kind", "status"]] * 2
    assert {one["email"] for one in rows} == {"ana@example.org", "bet@example.org"}
    assert {(one["kind"], one["status"]) for one in rows} == {("accreditation", "valid")}
    serials = [one["serial"] for one in rows]
    assert all(re.fullmatch(r"UNI-\d{4}-\d{6}", one) for one in serials)
    assert [one[-6:] for one in serials] == ["000001", "000002"]
    for one in rows:
        bare = one["code"].replace("-", "")
        assert len(bare) == 26
        assert CODE.fullmatch(one["code"])
        assert one["serial"] in told.out
        assert one["code"] in told.out
    again = trainer(*steps, "issue", course, *AS_REGISTRAR)
    assert again.code in {0, 1}
    assert listed(trainer, course) == rows
    trainer(*steps, "propose", course, *AS_ORGANISER)
    trainer(*steps, "approve", course, *AS_REGISTRAR)
    trainer(*steps, "issue", course, *AS_REGISTRAR)
    assert listed(trainer, course) == rows
    assert trainer(*steps, "list", course).ok().out
    return {one["email"].partition("@")[0]: one for one in rows}


def test_the_whole_way(trainer: Trainer, course: str, issued: dict[str, dict[str, Any]]) -> None:
    assert set(issued) == {"ana", "bet"}
    assert all(one["serial"] in trainer("certificates", "list", course).ok().out for one in issued.values())


def test_verify_by_code(trainer: Trainer, issued: dict[str, dict[str, Any]]) -> None:
    code = issued["ana"]["code"]
    for spelling in (code, code.lower(), code.replace("-", ""), code.lower().replace("-", ""), f" {code} "):
        found = verify(trainer, spelling, 0)
        assert found["status"] == "valid"
        assert issued["ana"]["serial"] in json.dumps(found)
    assert trainer("certificates", "verify", code).ok().out.startswith("valid")
    for nonsense in (
        "",
        "x",
        "0" * 26,
        "ZZZZ",
        code[:-1],
        code + "0",
        "../../etc",
        "a" * 5000,
        "ñ",
        "1; drop table",
    ):
        if "/" not in nonsense:
            assert verify(trainer, nonsense, 1) == {"status": "unknown"}, nonsense
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    assert verify(trainer, wrong, 1)["status"] == "unknown"
    catalan = trainer("--lang", "ca", "certificates", "verify", code, "--format", "json").ok().json
    assert catalan["status"] == "valid"


def test_verify_by_file(trainer: Trainer, issued: dict[str, dict[str, Any]]) -> None:
    code = issued["ana"]["code"]
    target = trainer.folder / "ana.pdf"
    trainer("certificates", "export", code, "--to", target).ok()
    data = target.read_bytes()
    assert data.startswith(b"%PDF-")
    assert verify(trainer, target, 0)["status"] == "valid"
    trainer(
        "certificates", "export", code.lower().replace("-", ""), "--to", trainer.folder / "twice.pdf"
    ).ok()
    assert (trainer.folder / "twice.pdf").read_bytes() == data
    # A change anywhere: inside, at the end, a byte less.
    middle = len(data) // 2
    for name, changed in {
        "inside.pdf": data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :],
        "longer.pdf": data + b"\n",
        "shorter.pdf": data[:-1],
    }.items():
        assert verify(trainer, trainer.file(name, changed), 1)["status"] == "altered", name
    for name, other in {
        "empty.pdf": b"",
        "junk.pdf": bytes(range(256)) * 20,
        "other.pdf": b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n",
        "plain.txt": b"words",
    }.items():
        assert verify(trainer, trainer.file(name, other), 1)["status"] == "unknown", name
    trainer("certificates", "verify", trainer.folder / "missing.pdf", "--format", "json").refused()
    for bad in (trainer.folder, trainer.folder / "no" / "folder.pdf"):
        trainer("certificates", "export", code, "--to", bad).refused()
    for unknown in ("nonsense", "0" * 26, ""):
        trainer("certificates", "export", unknown, "--to", trainer.folder / "x.pdf").refused()
    assert not (trainer.folder / "x.pdf").exists()


def test_revoke_reinstate_reissue(trainer: Trainer, course: str, issued: dict[str, dict[str, Any]]) -> None:
    code = issued["bet"]["code"]
    act = ("certificates",)
    trainer(*act, "revoke", code, "--reason", "issued_in_error", *AS_ORGANISER).refused()
    trainer(*act, "revoke", code, "--reason", "bad_weather", *AS_REGISTRAR).refused("bad_weather")
    trainer(*act, "revoke", code, *AS_REGISTRAR).refused("--reason")
    trainer(*act, "reinstate", code, *AS_REGISTRAR).refused()
    for reason in ("data_error", "misconduct", "holder_request", "other", "issued_in_error"):
        trainer(
            *act, "revoke", code.lower(), "--reason", reason, "--note", "Private: O'Hara", *AS_REGISTRAR
        ).ok()
        found = verify(trainer, code, 1)
        assert found["status"] == "revoked"
        assert "O'Hara" not in json.dumps(found)
        trainer(*act, "reinstate", code, *AS_REGISTRAR).ok()
        assert verify(trainer, code, 0)["status"] == "valid"
    trainer(*act, "reissue", code, *AS_ORGANISER).refused()
    told = trainer(*act, "reissue", code, *AS_REGISTRAR).ok()
    rows = {one["serial"]: one for one in listed(trainer, course)}
    [serial] = set(rows) - {one["serial"] for one in issued.values()}
    assert re.fullmatch(r"UNI-\d{4}-00000[34]", serial)  # the completion of another course takes one of them
    assert rows[issued["bet"]["serial"]]["status"] == "superseded"
    newest = rows[serial]
    assert newest["code"] in told.out
    assert verify(trainer, newest["code"], 0)["status"] == "valid"
    old = verify(trainer, code, 1)
    assert old["status"] == "superseded"
    assert "Bet" not in json.dumps(old)
    trainer(*act, "reissue", code, *AS_REGISTRAR).refused()
    trainer(*act, "revoke", code, "--reason", "other", *AS_REGISTRAR).refused()
    for verb in (["revoke", "--reason", "other"], ["reinstate"], ["reissue"]):
        for unknown in ("nonsense", "0" * 26, "", "x" * 3000):
            trainer(*act, *verb, unknown, *AS_REGISTRAR).refused()
        trainer(*act, *verb, newest["code"], "--as", "nobody@example.org").refused()


def test_completion(trainer: Trainer, issued: dict[str, dict[str, Any]]) -> None:
    """The second document: 260 hours of practice, to the minute."""
    create(trainer, "COM", "2026-01-15", venues=["Tona"]).ok()
    roster(trainer, "COM", "eva", "fon")
    attend(trainer, "COM", {"eva": "P P P P P P P P A A", "fon": "P P P P P P P P A A"})
    assess(trainer, "COM", "eva", "fon")
    for person in ("eva", "fon"):
        trainer(
            "placement", "open", "COM", "--person", f"{person}@example.org", "--host", "HOST",
            "--start", "2026-04-01", "--end", "2026-09-30", "--weekly-hours", "10",
        ).ok()  # fmt: skip
    rows = [
        f"{who}@example.org,2026-04-{day:02},600,direct," for who in ("eva", "fon") for day in range(1, 26)
    ]
    rows += ["eva@example.org,2026-04-26,600,supervision,", "fon@example.org,2026-04-26,599,supervision,"]
    log = trainer.table("com.csv", "email,date,minutes,kind,tasks", rows)
    trainer("import", "placement-log", "COM", log).ok()
    people = progress(trainer, "COM")
    assert {name: one["gates"]["completion"]["status"] for name, one in people.items()} == {
        "eva": "met",
        "fon": "not_yet",
    }
    kind = ("--kind", "completion")
    for step, who in (("propose", AS_ORGANISER), ("approve", AS_REGISTRAR), ("issue", AS_REGISTRAR)):
        trainer("certificates", step, "COM", *who, *kind).ok()
        trainer("certificates", step, "COM", *who, *kind, "--person", "fon@example.org").no()
    [row] = listed(trainer, "COM")
    assert (row["email"], row["kind"], row["status"]) == ("eva@example.org", "completion", "valid")
    verify(trainer, row["code"], 0)


def test_bad_calls(trainer: Trainer, course: str) -> None:
    act = ("certificates",)
    for step in ("propose", "approve", "issue"):
        trainer(*act, step, "NONE", *AS_REGISTRAR).refused("NONE")
        trainer(*act, step, course, *AS_ORGANISER, "--kind", "knighthood").refused()
        trainer(*act, step, course, "--as", "nobody@example.org", "--format", "json").refused()
        trainer(*act, step, course, *AS_REGISTRAR, "--person", "nobody@example.org").refused(
            "nobody@example.org"
        )
    trainer(*act, "list", "NONE", "--format", "json").refused()
    trainer(*act, "verify", "--format", "json").refused()


def test_audit(trainer: Trainer, issued: dict[str, dict[str, Any]]) -> None:
    told = trainer("audit", "verify", "--format", "json").ok().json
    assert told["status"] == "ok"
    assert trainer("audit", "verify").ok().out
    with sqlite3.connect(trainer.database) as connection:
        [[number, before]] = connection.execute(
            "select id, subject from audit_entry order by id limit 1 offset 5"
        ).fetchall()
        connection.execute("update audit_entry set subject = 'person:999' where id = ?", (number,))
        assert all(user for (user,) in connection.execute("select os_user from audit_entry"))
    broken = trainer("audit", "verify").no()
    assert str(number) in broken.err
    assert broken.out == ""
    assert trainer("audit", "verify", "--format", "json").no().json["first_broken"] == number
    with sqlite3.connect(trainer.database) as connection:
        connection.execute("update audit_entry set subject = ? where id = ?", (before, number))
    trainer("audit", "verify").ok()
    with sqlite3.connect(trainer.database) as connection:
        [row] = connection.execute("select * from audit_entry where id = ?", (number,)).fetchall()
        connection.execute("delete from audit_entry where id = ?", (number,))
    assert str(number) in trainer("audit", "verify").no().err
    with sqlite3.connect(trainer.database) as connection:
        connection.execute(f"insert into audit_entry values ({','.join('?' * len(row))})", row)
        last = connection.execute("select * from audit_entry order by id desc limit 1").fetchall()[0]
        connection.execute("delete from audit_entry where id = ?", (last[0],))
    assert str(last[0]) in trainer("audit", "verify").no().err
    with sqlite3.connect(trainer.database) as connection:
        connection.execute(f"insert into audit_entry values ({','.join('?' * len(row))})", last)
    trainer("audit", "verify").ok()
