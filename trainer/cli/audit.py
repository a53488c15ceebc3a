"""audit verify."""

from __future__ import annotations

import click

from trainer.audit import queries
from trainer.cli.common import AnswerNo, emit, format_option, with_app


@click.group()
def audit() -> None:
    """The record of who changed what."""


@audit.command()
@format_option("text", "json")
@with_app
def verify(output_format: str) -> None:
    """Checks the chain; exit 1 names the first entry that does not fit."""
    found = queries.verify()
    if output_format == "json":
        emit(
            {
                "status": "ok" if found.broken_at is None else "broken",
                "entries": found.entries,
                "first_broken": found.broken_at,
                "reason": found.reason or None,
            }
        )
    elif found.broken_at is None:
        click.echo(f"{found.entries} entries, the chain is whole")
    if found.broken_at is not None:
        raise AnswerNo(f"entry {found.broken_at}: {found.reason}")


COMMANDS = [audit]
