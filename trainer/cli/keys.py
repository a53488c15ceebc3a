"""keys create|import|list|rotate|retire: what a university signs its documents and credentials with."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click

from trainer.accreditation.queries import University, university_by_code
from trainer.accreditation.queries.keys import CREDENTIAL, KeyRow, key_row, keys_of
from trainer.accreditation.services import keys as service
from trainer.cli.common import actor_option, emit, format_option, print_table, with_app
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.errors import Invalid, Missing
from trainer.core.text import msg

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_PLACE = click.IntRange(1, service.MOST_PLACES)


@click.group()
def keys() -> None:
    """Keys that universities sign with; their private halves are sealed with the instance's sealing key."""


def _university(code: str) -> University:
    found = university_by_code(code)
    if found is None:
        raise Missing(msg("There is no university %(code)s.", code=code))
    return found


@keys.command()
@click.argument("university")
@format_option("text", "json")
@with_app
@actor_option
def create(university: str, output_format: str, actor: Actor) -> None:
    """Makes a test authority and a key for each signatory. It proves nothing to anybody outside."""
    made = service.create_test_authority(actor, _university(university))
    _tell(made, output_format)
    if output_format == "text":
        click.echo("These are keys for trying things out: they prove nothing to anybody outside.", err=True)


@keys.command("import")
@click.argument("university")
@click.argument("file", type=_FILE)
@click.option("--place", required=True, type=_PLACE, help="Whose: 1 certifies, the others approve.")
@click.option("--passphrase-stdin", is_flag=True, help="The passphrase of FILE is on standard input.")
@format_option("text", "json")
@with_app
@actor_option
def import_key(
    university: str, file: Path, place: int, passphrase_stdin: bool, output_format: str, actor: Actor
) -> None:
    """Takes in the key of a FILE: PKCS#12 (.p12, .pfx), or PEM with key, certificate and chain."""
    made = service.import_key(
        actor, _university(university), place, _read(file), _passphrase(passphrase_stdin)
    )
    _tell([made], output_format)


@keys.command("list")
@click.argument("university", required=False)
@format_option("table", "json")
@with_app
def list_keys(university: str | None, output_format: str) -> None:
    """The keys in use, then the retired ones; never their private halves."""
    rows = keys_of(_university(university).id if university else None)
    if output_format == "json":
        emit([_document(row) for row in rows])
        return
    print_table(
        ["university", "place", "whose", "algorithm", "until", "state", "fingerprint"],
        [
            [
                row.university,
                "credential" if row.purpose == CREDENTIAL else row.place,
                row.label,
                row.algorithm,
                row.not_after.date() if row.not_after else "",
                _state(row),
                row.fingerprint[:16],
            ]
            for row in rows
        ],
    )


@keys.command()
@click.argument("university")
@click.option("--place", type=_PLACE, help="The place whose key is replaced.")
@click.option("--file", "file", type=_FILE, help="The new key; a test key makes its own successor.")
@click.option("--passphrase-stdin", is_flag=True, help="The passphrase of the file is on standard input.")
@click.option("--credential", is_flag=True, help="Replaces the key of the Open Badges credentials.")
@format_option("text", "json")
@with_app
@actor_option
def rotate(
    university: str,
    place: int | None,
    file: Path | None,
    passphrase_stdin: bool,
    credential: bool,
    output_format: str,
    actor: Actor,
) -> None:
    """Puts a new key in the place of one in use, which is retired; what it signed stays valid."""
    if credential == (place is not None):
        raise click.UsageError("say which key: --place N, or --credential")
    found = _university(university)
    if credential:
        if file is not None:
            raise click.UsageError("the key of the credentials is made here: --file does not go with it")
        from trainer.accreditation.services.credentials import rotate_key

        rotate_key(actor, found.id)
        made = next(row.id for row in keys_of(found.id) if row.purpose == CREDENTIAL)
    else:
        assert place is not None
        data = _read(file) if file else None
        made = service.rotate(actor, found, place, data, _passphrase(passphrase_stdin))
    _tell([made], output_format)


@keys.command()
@click.argument("university")
@click.option("--place", required=True, type=_PLACE, help="The place whose key signs no more.")
@with_app
@actor_option
def retire(university: str, place: int, actor: Actor) -> None:
    """Takes a key out of use; what it signed stays valid."""
    service.retire(actor, _university(university), place)
    click.echo(f"{university}: no key signs at place {place} any more")


def _read(file: Path) -> bytes:
    with file.open("rb") as source:
        return source.read(service.LARGEST_FILE + 1)


def _passphrase(from_stdin: bool) -> str | None:
    if not from_stdin:
        return None
    value = sys.stdin.readline().rstrip("\r\n")
    if not value:
        raise Invalid(msg("No passphrase came from standard input."))
    return value


def _tell(made: list[int], output_format: str) -> None:
    rows = [row for row in map(key_row, made) if row is not None]
    if output_format == "json":
        emit([_document(row) for row in rows])
        return
    for row in rows:
        place = "credential" if row.purpose == CREDENTIAL else f"place {row.place}"
        until = f", until {row.not_after.date()}" if row.not_after else ""
        click.echo(f"{row.university} {place}: {row.label}, {row.algorithm}{until}, {row.fingerprint[:16]}")


def _state(row: KeyRow) -> str:
    if row.retired_at is not None:
        return "retired"
    left = row.days_left(clock.now())
    if left is not None and left < 0:
        return "ended"
    if left is not None and left < service.WARN_DAYS:
        return f"ends in {left} days"
    return "test" if row.test else "in use"


def _document(row: KeyRow) -> dict[str, object]:
    return {
        "university": row.university,
        "purpose": row.purpose,
        "place": row.place or None,
        "label": row.label,
        "algorithm": row.algorithm,
        "fingerprint": row.fingerprint,
        "test": row.test,
        "from": _iso(row.not_before),
        "until": _iso(row.not_after),
        "added": _iso(row.added_at),
        "retired": _iso(row.retired_at),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


COMMANDS = [keys]
