"""`trainer joining …`: what candidates wrote is erased when the day to keep it is over."""

from __future__ import annotations

import click

from trainer.cli.common import actor_option, emit, format_option, with_app
from trainer.cohorts.queries import course_by_code
from trainer.core.access import Actor
from trainer.core.errors import Missing
from trainer.core.text import msg
from trainer.joining.services import erase_due


@click.group()
def joining() -> None:
    """Candidates of courses."""


@joining.command("erase")
@click.argument("course_code", metavar="[COURSE]", required=False)
@format_option("text", "json")
@with_app
@actor_option
def erase(course_code: str | None, output_format: str, actor: Actor) -> None:
    """Erases what candidates wrote where the day to keep it is over: on every course, or on one. Safe to repeat."""
    course_id = None
    if course_code is not None:
        course = course_by_code(course_code)
        if course is None:
            raise Missing(msg("There is no course %(code)s.", code=course_code))
        course_id = course.id
    done = erase_due(actor, course_id)
    if output_format == "json":
        emit({"erased": done})
        return
    for code, number in done.items():
        click.echo(f"{code}: what {number} people wrote was erased")
    if not done:
        click.echo("nothing is due")


COMMANDS = [joining]
