"""init, org add, user add, course create, list and show, and the command itself."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from tests.integration.cli.harness import Trainer
from tests.integration.cli.story import create, furnish, mail


def test_init_is_safe_to_repeat(tmp_path: Path) -> None:
    trainer = Trainer(tmp_path)
    trainer("init").ok()
    kept = [trainer.instance / "secret.key", tmp_path / "seal.key"]
    before = [one.read_bytes() for one in kept]
    trainer("org", "add", "PROV", "--name", "Provider", "--kind", "provider").ok()
    trainer("init").ok()
    assert [one.read_bytes() for one in kept] == before
    for one in (*kept, trainer.database):
        assert stat.S_IMODE(one.stat().st_mode) == 0o600
    trainer("org", "add", "PROV", "--name", "Provider", "--kind", "provider").refused("PROV")
    assert not (trainer.instance / "seal.key").exists()


@pytest.mark.parametrize(
    "command",
    [
        ["course", "list", "--format", "json"],
        ["progress", "C1", "--format", "json"],
        ["audit", "verify"],
        ["backup", "x.backup"],
        ["certificates", "verify", "ABC", "--format", "json"],
        ["serve"],
    ],
)
def test_without_an_instance_the_command_says_what_to_do(tmp_path: Path, command: list[str]) -> None:
    Trainer(tmp_path)(*command).refused("trainer init")
    assert not (tmp_path / "instance").exists()


def test_a_schema_that_is_missing_is_said(tmp_path: Path) -> None:
    trainer = Trainer(tmp_path)
    trainer("init").ok()
    trainer.database.unlink()
    trainer("course", "list", "--format", "json").refused("trainer init")
    trainer.database.write_bytes(b"this is no database at all, only words" * 100)
    trainer("course", "list", "--format", "json").refused()


def test_the_entry_point_runs(tmp_path: Path) -> None:
    command = Path(sys.executable).parent / "trainer"
    environ = {**os.environ, "TRAINER_INSTANCE": str(tmp_path / "none")}
    done = subprocess.run(
        [command, "course", "list"], capture_output=True, text=True, env=environ, timeout=60, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "trainer init" in done.stderr


def test_org_add(fresh: Trainer) -> None:
    for code, kind in (("A-UNI", "university"), ("A-PROV", "provider"), ("A-HOST", "host")):
        fresh("org", "add", code, "--name", "Fundació L'Ós · «Ñ»", "--kind", kind).ok()
    add = ("org", "add")
    fresh(*add, "A-UNI", "--name", "Again", "--kind", "university").refused("A-UNI")
    fresh(*add, "a-uni", "--name", "Again", "--kind", "university").refused()
    fresh(*add, "B", "--name", "B", "--kind", "bakery").refused("bakery")
    fresh(*add, "B", "--kind", "host").refused("--name")
    fresh(*add, "B", "--name", "", "--kind", "host").refused()
    fresh(*add, "", "--name", "B", "--kind", "host").refused()
    fresh(*add, "has space", "--name", "B", "--kind", "host").refused()
    fresh(*add, "X" * 500, "--name", "B", "--kind", "host").refused()
    fresh(*add, "B", "--name", "B" * 5000, "--kind", "host").refused()
    fresh(*add, "B", "--name", "B", "--kind", "host", "--as", "nobody@example.org").refused(
        "nobody@example.org"
    )


def test_user_add(fresh: Trainer) -> None:
    fresh("org", "add", "U-PROV", "--name", "Provider", "--kind", "provider").ok()
    fresh("org", "add", "U-HOST", "--name", "Host", "--kind", "host").ok()
    fresh("org", "add", "U-UNI", "--name", "University", "--kind", "university").ok()
    add = ("user", "add")
    secret = "quince-orchard-in-april"
    fresh(
        *add, "root@example.org", "--name", "Ada", "--role", "admin", "--password-stdin", stdin=secret + "\n"
    ).ok()
    for role, organisation in {
        "organiser": "U-PROV",
        "trainer": "U-PROV",
        "assessor": "U-PROV",
        "registrar": "U-UNI",
        "supervisor": "U-HOST",
    }.items():
        told = fresh(
            *add, f"{role}1@example.org", "--name", "A Name", "--role", role, "--org", organisation
        ).ok()
        assert secret not in told.out
    fresh(*add, "organiser1@example.org", "--name", "B", "--role", "organiser", "--org", "U-PROV").refused()
    fresh(*add, "Organiser1@Example.org", "--name", "B", "--role", "organiser", "--org", "U-PROV").refused()
    fresh(*add, "root@example.org", "--name", "B", "--role", "admin").refused()
    fresh(*add, "x@example.org", "--name", "B", "--role", "baker", "--org", "U-PROV").refused("baker")
    fresh(*add, "x@example.org", "--name", "B", "--role", "organiser", "--org", "NONE").refused("NONE")
    fresh(*add, "x@example.org", "--name", "B", "--role", "organiser").refused()
    fresh(*add, "not an address", "--name", "B", "--role", "admin").refused()
    fresh(*add, "", "--name", "B", "--role", "admin").refused()
    fresh(*add, "x@example.org", "--name", "", "--role", "admin").refused()
    fresh(*add, "x@example.org", "--name", "B", "--role", "admin", "--password-stdin", stdin="").refused()
    fresh(*add, "x@example.org", "--name", "B", "--role", "admin", "--password-stdin", stdin="a\n").refused()
    organiser = ("--as", "organiser1@example.org")
    fresh(*add, "x@example.org", "--name", "B", "--role", "admin", *organiser).refused()
    # None of those wrote anything: the address is still free.
    fresh(*add, "x@example.org", "--name", "B", "--role", "admin").ok()


def test_course_show_fields(trainer: Trainer) -> None:
    shown = trainer("course", "show", "C1", "--format", "json").ok().json
    assert (shown["code"], shown["title"]) == ("C1", "Course C1")
    assert shown["programme"]["code"] == "peer-support-worker"
    assert shown["programme"]["hash"].startswith("sha256:")
    sessions = shown["sessions"]
    modules = trainer("curriculum", "show", "peer-support-worker", "--format", "json").json["modules"]
    assert [one["module"] for one in sessions] == [one["code"] for one in modules]
    assert [one["number"] for one in sessions] == list(range(1, 11))
    for index, one in enumerate(sessions):
        assert list(one) == ["number", "module", "start", "minutes", "venue", "status", "uid", "sequence"]
        day = date(2026, 3, 3) + timedelta(weeks=index)
        offset = "+01:00" if day < date(2026, 3, 29) else "+02:00"
        assert one["start"] == f"{day}T10:00:00{offset}"
        assert (one["minutes"], one["status"], one["sequence"]) == (240, "planned", 0)
        assert one["venue"] == ("Manresa", "Vic")[index % 2]
    assert len({one["uid"] for one in sessions}) == 10
    assert trainer("course", "show", "C1").ok().out
    assert trainer("--lang", "ca", "course", "show", "C1").ok().out
    listed = trainer("course", "list", "--format", "json").ok().json
    assert [one["code"] for one in listed if one["code"] == "C1"] == ["C1"]
    assert "C1" in trainer("course", "list").ok().out


def test_public_holidays_are_skipped(trainer: Trainer) -> None:
    """8 December 2026 and 6 January 2026 are Tuesdays and public holidays in Catalonia."""
    create(trainer, "HOL", "2026-11-24", venues=["Manresa", "Vic", "Berga"]).ok()
    sessions = trainer("course", "show", "HOL", "--format", "json").json["sessions"]
    days = [datetime.fromisoformat(one["start"]).date().isoformat() for one in sessions]
    assert days[:4] == ["2026-11-24", "2026-12-01", "2026-12-15", "2026-12-22"]
    assert len(days) == 10
    assert [one["venue"] for one in sessions[:4]] == ["Manresa", "Vic", "Berga", "Manresa"]
    create(trainer, "PAST", "2019-01-08", venues=["Olot"]).ok()
    past = trainer("course", "show", "PAST", "--format", "json").json["sessions"]
    assert past[0]["start"] == "2019-01-08T10:00:00+01:00"
    assert {one["status"] for one in past} == {"planned"}
    create(trainer, "EPIPHANY", "2025-12-30", venues=["Ripoll"]).ok()
    epiphany = trainer("course", "show", "EPIPHANY", "--format", "json").json["sessions"]
    assert [one["start"][:10] for one in epiphany[:2]] == ["2025-12-30", "2026-01-13"]


def test_a_course_elsewhere_keeps_its_own_clock(trainer: Trainer) -> None:
    create(trainer, "CANARY", "2026-03-04", "--timezone", "Atlantic/Canary", venues=["Las Palmas"]).ok()
    sessions = trainer("course", "show", "CANARY", "--format", "json").json["sessions"]
    assert sessions[0]["start"] == "2026-03-04T10:00:00+00:00"
    assert sessions[-1]["start"].endswith("T10:00:00+01:00")


@pytest.mark.parametrize(
    "change",
    [
        {"--programme": "no-such"},
        {"--org": "NONE"},
        {"--university": "NONE"},
        {"--start": "2026-02-30"},
        {"--start": "tomorrow"},
        {"--start": "9999-12-30"},
        {"--start": "0001-01-01"},
        {"--start": ""},
        {"--time": "25:00"},
        {"--time": "noon"},
        {"--timezone": "Mars/Olympus"},
        {"--timezone": "../../etc/passwd"},
        {"--timezone": ""},
        {"--venue": ""},
        {"--venue": "V" * 3000},
        {"--title": ""},
        {"--title": "T" * 3000},
        {"--as": "nobody@example.org"},
        {"--as": mail("trainer")},
        {"--as": mail("registrar")},
        {"code": "C1"},
        {"code": ""},
        {"code": "a/b"},
        {"code": "C" * 300},
    ],
    ids=lambda change: "".join(f"{key}={value[:20]}" for key, value in change.items()),
)
def test_course_create_refuses(trainer: Trainer, change: dict[str, str]) -> None:
    words = {
        "code": "BAD",
        "--programme": "peer-support-worker",
        "--org": "PROV",
        "--university": "UNI",
        "--title": "Bad",
        "--start": "2026-03-05",
        "--time": "10:00",
        "--venue": "Nowhere",
        **change,
    }
    code = words.pop("code")
    trainer("course", "create", *[word for pair in words.items() for word in pair], code).refused()


def test_refused_courses_left_nothing(trainer: Trainer) -> None:
    trainer("course", "show", "BAD", "--format", "json").refused("BAD")


def test_the_organiser_may(trainer: Trainer) -> None:
    create(trainer, "OWN", "2026-02-05", "--as", mail("organiser"), venues=["Sort"]).ok()
    assert {
        one["code"] for one in trainer("course", "list", "--format", "json", "--as", mail("organiser")).json
    } >= {
        "C1",
        "OWN",
    }


def test_furnishing_again_is_refused(trainer: Trainer) -> None:
    with pytest.raises(AssertionError):
        furnish(trainer)
    create(trainer, "C1", "2026-03-03").refused("C1")
