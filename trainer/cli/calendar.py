"""`trainer calendar`: a course as iCalendar."""

from __future__ import annotations

from pathlib import Path

import click

from trainer.cli.common import actor_option, with_app
from trainer.cohorts.policy import can_see
from trainer.cohorts.queries import course_by_code
from trainer.core.access import Actor
from trainer.core.errors import Missing, Refused
from trainer.core.text import msg
from trainer.scheduling.documents import calendar_document
from trainer.scheduling.queries import course_events


@click.command("calendar")
@click.argument("course")
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="A file instead of standard output."
)
@with_app
@actor_option
def calendar(course: str, output: Path | None, actor: Actor) -> None:
    """Writes the sessions of COURSE as iCalendar."""
    found = course_by_code(course)
    if found is None:
        raise Missing(msg("There is no course %(course)s.", course=course))
    if not can_see(actor, found):
        raise Refused(msg("Only staff of the course's provider may follow its calendar."))
    document = calendar_document(found.code, course_events(found.id, found.code))
    if output is None:
        click.echo(document, nl=False)
    else:
        output.write_bytes(document)


COMMANDS = [calendar]
