"""One file holds everything, and comes back as it was, on SQLite and on PostgreSQL."""

from __future__ import annotations

import shutil
import sqlite3
import stat
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, make_url, text

from tests.integration.cli.harness import Trainer
from tests.integration.cli.story import assess, attend, create, furnish, mail, roster
from trainer.core.backup import read_backup

PASSPHRASE = "a quince orchard in April"
EVENTS = "tables/placement_log_event.jsonl"
ASKED = (
    ("progress", "BAK", "--format", "json"),
    ("certificates", "list", "BAK", "--format", "json"),
    ("course", "show", "BAK", "--format", "json"),
    ("course", "list", "--format", "json"),
    ("calendar", "BAK"),
    ("audit", "verify", "--format", "json"),
)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Trainer:
    """An instance with a certificate, a placement, a sealed number and texts with odd characters."""
    trainer = Trainer(tmp_path_factory.mktemp("source"))
    trainer("init").ok()
    furnish(trainer)
    create(trainer, "BAK", "2026-01-15", venues=["L'Espluga · 1"]).ok()
    ids = "given_name,family_name,email,national_id"
    trainer(
        "import", "roster", "BAK", trainer.table("ids.csv", ids, ["Núria,’l Ñ,ana@example.org,12345678Z"])
    ).ok()
    roster(trainer, "BAK", "bet")
    attend(trainer, "BAK", {"ana": "P P P P P P P P P P", "bet": "P X L10 ."})
    assess(trainer, "BAK", "ana")
    trainer(
        "placement", "open", "BAK", "--person", "ana@example.org", "--host", "HOST", "--start", "2026-05-01",
        "--end", "2026-10-31", "--weekly-hours", "7.5",
    ).ok()  # fmt: skip
    hours = [f"ana@example.org,2026-05-0{day},90,direct" for day in (4, 5)]
    trainer("import", "placement-log", "BAK", trainer.table("log.csv", "email,date,minutes,kind", hours)).ok()
    for step, who in (("propose", "organiser"), ("approve", "registrar"), ("issue", "registrar")):
        trainer("certificates", step, "BAK", "--as", mail(who)).ok()
    act, registrar = ("certificates",), ("--as", mail("registrar"))
    # Characters that end a line for some, and not for others.
    note = "a\u2028b\x85c\nd\x0be\u2029f"
    trainer(*act, "revoke", code(trainer), "--reason", "other", "--note", note, *registrar).ok()
    trainer(*act, "reinstate", code(trainer), *registrar).ok()
    return trainer


def answers(trainer: Trainer) -> list[str]:
    return [trainer(*words).ok().out for words in ASKED]


def code(trainer: Trainer) -> str:
    return str(trainer("certificates", "list", "BAK", "--format", "json").json[0]["code"])


def target(folder: Path, source: Trainer, **environ: str) -> Trainer:
    """A new instance that has the sealing key, and nothing else."""
    made = Trainer(folder, **environ)
    shutil.copyfile(source.folder / "seal.key", folder / "seal.key")
    return made


def test_round_trip(source: Trainer, tmp_path: Path) -> None:
    file = tmp_path / "all.backup"
    source("backup", file).ok()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert b"12345678Z" not in file.read_bytes()
    assert (source.folder / "seal.key").read_bytes().strip() not in file.read_bytes()
    restored = target(tmp_path / "new", source)
    restored("restore", file).ok()
    assert answers(restored) == answers(source)
    for one in (source, restored):
        one("certificates", "verify", code(source)).ok()
        one("certificates", "export", code(source), "--to", one.folder / "x.pdf").ok()
    assert (restored.folder / "x.pdf").read_bytes() == (source.folder / "x.pdf").read_bytes()
    restored("restore", file).refused()
    source("restore", file).refused()
    assert answers(restored) == answers(source)
    # It goes on: the next serial, the next entry of the chain.
    restored("certificates", "reissue", code(source), "--as", mail("registrar")).ok()
    restored("audit", "verify").ok()
    restored("init").ok()


def test_an_instance_with_one_organisation_is_not_empty(source: Trainer, tmp_path: Path) -> None:
    file = tmp_path / "all.backup"
    source("backup", file).ok()
    other = target(tmp_path / "other", source)
    other("init").ok()
    other("org", "add", "KEPT", "--name", "Kept", "--kind", "host").ok()
    other("restore", file).refused()
    other("org", "add", "KEPT", "--name", "Kept", "--kind", "host").refused("KEPT")


def test_an_initialised_instance_without_data_is_empty(source: Trainer, tmp_path: Path) -> None:
    file = tmp_path / "all.backup"
    source("backup", file).ok()
    other = target(tmp_path / "other", source)
    other("init").ok()
    other("restore", file).ok()
    assert answers(other) == answers(source)
    assert (other.instance / "secret.key").read_bytes() == (source.instance / "secret.key").read_bytes()
    other("restore", file).refused()


def test_sealed(source: Trainer, tmp_path: Path) -> None:
    file = tmp_path / "sealed.backup"
    source("backup", file, "--passphrase-stdin", stdin=PASSPHRASE + "\n").ok()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    data = file.read_bytes()
    assert b"organisation" not in data
    new = target(tmp_path / "new", source)
    new("restore", file).refused("passphrase")
    new("restore", file, "--passphrase-stdin", stdin="another passphrase\n").refused()
    new("restore", file, "--passphrase-stdin", stdin="").refused()
    file.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    new("restore", file, "--passphrase-stdin", stdin=PASSPHRASE + "\n").refused()
    assert not new.database.exists()
    file.write_bytes(data)
    new("restore", file, "--passphrase-stdin", stdin=PASSPHRASE + "\n").ok()
    assert answers(new) == answers(source)
    source("backup", tmp_path / "x", "--passphrase-stdin", stdin="\n").refused()
    source("backup", tmp_path / "x", "--passphrase-stdin", stdin="short\n").refused()
    assert not (tmp_path / "x").exists()


def test_nonsense(source: Trainer, tmp_path: Path) -> None:
    whole = tmp_path / "whole.backup"
    source("backup", whole).ok()
    data = whole.read_bytes()
    new = target(tmp_path / "new", source)
    for name, content in {
        "empty": b"",
        "junk": bytes(range(256)) * 9,
        "half": data[: len(data) // 2],
        "bent": data[:400] + bytes([data[400] ^ 255]) + data[401:],
        "head": data[:17],
        "sealed": b"TRAINER-SEALED-1\n" + b"x" * 5,
    }.items():
        new("restore", new.file(name, content)).refused()
        new("restore", new.file(name, content), "--passphrase-stdin", stdin=PASSPHRASE + "\n").refused()
    new("restore", tmp_path / "missing").refused()
    new("restore", tmp_path).refused()
    new("restore").refused()
    assert not new.database.exists()
    source("backup", tmp_path).refused()
    source("backup", tmp_path / "no" / "folder" / "x").refused()
    source("backup").refused()
    # What was refused left the place empty.
    new("restore", whole).ok()


def test_existing_file_is_replaced_whole(source: Trainer, tmp_path: Path) -> None:
    file = tmp_path / "again.backup"
    file.write_bytes(b"old")
    file.chmod(0o644)
    source("backup", file).ok()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir() if one.is_file()] == ["again.backup"]


@pytest.mark.slow
def test_to_postgresql_and_back(source: Trainer, tmp_path: Path, postgres: str) -> None:
    name = f"cli_{uuid4().hex[:10]}"
    server = create_engine(postgres, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f'create database "{name}"'))
    try:
        address = make_url(postgres).set(database=name).render_as_string(hide_password=False)
        file = tmp_path / "all.backup"
        source("backup", file).ok()
        moved = target(tmp_path / "pg", source, DATABASE_URL=address)
        moved("restore", file).ok()
        assert answers(moved) == answers(source)
        moved("certificates", "verify", code(source)).ok()
        create(moved, "NEXT", "2026-09-17", venues=["Elsewhere"]).ok()
        moved("certificates", "reissue", code(source), "--as", mail("registrar")).ok()
        events = read_backup(file, None)[EVENTS]
        moved("restore", file).refused()
        moved("session", "move", "NEXT", "9" * 30, "--start", "2026-10-01 10:00").refused()
        moved("course", "show", "a\x00b".replace("\x00", "\x01"), "--format", "json").refused()
        moved("backup", file).ok()
        # What every entry of the log was and when: nothing was lost, and writing the rows again added none.
        assert read_backup(file, None)[EVENTS] == events and events.count(b"\n") == 1
        home = target(tmp_path / "home", source)
        home("restore", file).ok()
        assert answers(home) == answers(moved)
    finally:
        server.dispose()
        with server.connect() as connection:
            connection.execute(text(f'drop database "{name}" with (force)'))
        server.dispose()


def test_wal_is_in_the_backup(source: Trainer, tmp_path: Path) -> None:
    """What another process has just committed is in it."""
    with sqlite3.connect(source.database) as connection:
        [[rows]] = connection.execute("select count(*) from audit_entry").fetchall()
    source("org", "add", "LAST", "--name", "Last", "--kind", "host").ok()
    source("backup", tmp_path / "b").ok()
    new = target(tmp_path / "n", source)
    new("restore", tmp_path / "b").ok()
    assert new("audit", "verify", "--format", "json").json["entries"] == rows + 1
