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
    """Restores FILE into a new, empty instance."""
    members = backups.read_backup(file, _passphrase(passphrase_stdin))
    folder = instance_folder()
    if (folder / "secret.key").exists() or (folder / "trainer.sqlite3").exists():
        raise Refused(msg("This instance is not empty: restore into a new one."))
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name in backups.INSTANCE_FILES:
        if (data := members.get(f"instance/{name}")) is not None:
            handle = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "wb") as target:
                target.write(data)
    prepare()
    with application().app_context():
        rows = backups.restore_rows(members)
    click.echo(f"{rows} rows restored into {folder}")


COMMANDS = [backup, restore]
