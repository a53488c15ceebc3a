"""backup, restore."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from trainer.cli.common import application, with_app
from trainer.cli.instance import prepare
from trainer.config import instance_folder, read_settings
from trainer.core import backup as backups
from trainer.core.errors import Refused
from trainer.core.text import msg

DATABASE = "trainer.sqlite3"


def _passphrase(wanted: bool) -> str | None:
    if not wanted:
        return None
    value = sys.stdin.readline().rstrip("\r\n")
    if len(value) < 8:
        raise click.UsageError("the passphrase needs at least 8 characters")
    return value


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--passphrase-stdin", is_flag=True, help="Seal the file with the passphrase on standard input.")
@with_app
def backup(file: Path, passphrase_stdin: bool) -> None:
    """Writes everything into one FILE (mode 0600), but for the sealing key."""
    rows = backups.write_backup(file, read_settings().instance, _passphrase(passphrase_stdin))
    click.echo(f"{rows} rows written to {file}")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--passphrase-stdin", is_flag=True, help="The passphrase is on standard input.")
def restore(file: Path, passphrase_stdin: bool) -> None:
    """Restores FILE into a new instance, or one that was initialised and holds nothing yet."""
    members = backups.read_backup(file, _passphrase(passphrase_stdin))
    folder = instance_folder()
    new = not (folder / "secret.key").exists()
    if new and (folder / DATABASE).exists():
        raise Refused(msg("This instance is not empty: restore into a new one."))
    if not new:
        with application().app_context():
            if backups.holds_rows():
                raise Refused(msg("This instance is not empty: restore into a new one."))
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    before = {name: _content(folder / name) for name in backups.INSTANCE_FILES}
    try:
        for name in backups.INSTANCE_FILES:
            data = members.get(f"instance/{name}")
            # Settings that are there already are this place's own: its database, its address.
            if data is not None and not (name == "trainer.toml" and before[name] is not None):
                _write(folder / name, data)
        prepare()
        with application().app_context():
            rows = backups.restore_rows(members)
    except BaseException:
        # What was refused leaves the place as it was, for another try.
        for name, content in before.items():
            if content is None:
                (folder / name).unlink(missing_ok=True)
            else:
                _write(folder / name, content)
        if new:
            for ending in ("", "-wal", "-shm"):
                (folder / f"{DATABASE}{ending}").unlink(missing_ok=True)
        raise
    click.echo(f"{rows} rows restored into {folder}")


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _write(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as target:
        target.write(data)


COMMANDS = [backup, restore]
