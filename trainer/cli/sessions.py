"""`trainer session`: changes that calendars follow."""

from __future__ import annotations

from datetime import datetime

import click

from trainer.cli.common import actor_option, with_app
from trainer.core.access import Actor
from trainer.core.errors import Invalid, Missing
from trainer.core.i18n import say
from trainer.core.text import msg
from trainer.scheduling import services
from trainer.scheduling.models import Session
from trainer.scheduling.queries import CourseSession, session_of


@click.group("session")
def session_group() -> None:
    """Moves and cancels sessions."""


@session_group.command("move")
@click.argument("course")
@click.argument("number", type=int)
@click.option(
    "--start", required=True, metavar='"YYYY-MM-DD HH:MM"', help="The new time, by the course's clock."
)
@click.option("--venue", metavar="NAME", help="The new place; an unknown name makes a venue.")
@with_app
@actor_option
def move(course: str, number: int, start: str, venue: str | None, actor: Actor) -> None:
    """Moves session NUMBER of COURSE to another time, and to another venue if one is named."""
    found = _session(course, number)
    moved = services.move(actor, found, _when(start), venue)
    click.echo(say(msg("Session %(number)s of %(course)s: %(when)s.", **_values(course, moved))))
    for warning in services.warnings_of(found.course, [moved.id]):
        click.echo(say(warning), err=True)


@session_group.command("cancel")
@click.argument("course")
@click.argument("number", type=int)
@click.option("--reason", required=True, help="Why; staff read it. Name no person.")
@with_app
@actor_option
def cancel(course: str, number: int, reason: str, actor: Actor) -> None:
    """Cancels session NUMBER of COURSE; it stays cancelled."""
    done = services.cancel(actor, _session(course, number), reason)
    click.echo(say(msg("Session %(number)s of %(course)s is cancelled.", number=done.number, course=course)))


def _session(course: str, number: int) -> CourseSession:
    found = session_of(course, number)
    if found is None:
        raise Missing(msg("There is no session %(number)s of %(course)s.", number=number, course=course))
    return found


def _when(text: str) -> datetime:
    for form in ("%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"):
        try:
            return datetime.strptime(text.strip(), form)  # noqa: DTZ007 - wall time: the course has the zone
        except ValueError:
            continue
    raise Invalid(msg("%(value)s is not a time such as 2026-09-08 10:00.", value=text[:60]))


def _values(course: str, one: Session) -> dict[str, object]:
    return {"number": one.number, "course": course, "when": f"{one.starts_local:%Y-%m-%d %H:%M}"}


COMMANDS = [session_group]
