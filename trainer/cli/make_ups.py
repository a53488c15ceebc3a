"""`trainer make-ups …`: reminders of agreed make-ups."""

from __future__ import annotations

import click

from trainer.attendance.services.reminders import remind as send_reminders
from trainer.cli.common import emit, format_option, with_app


@click.group("make-ups")
def make_ups() -> None:
    """Missed sessions that are made up."""


@make_ups.command()
@format_option("text", "json")
@with_app
def remind(output_format: str) -> None:
    """Mails people before the day of an agreed make-up, and organisers when it has gone by, each once; the server does it by
    itself once a day."""
    told = send_reminders()
    if output_format == "json":
        emit({"people": told.people, "past": told.past})
    else:
        click.echo(f"{told.people} reminded, {told.past} past their day")


COMMANDS = [make_ups]
