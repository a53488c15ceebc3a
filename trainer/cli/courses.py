"""course create, list, show."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import click

from trainer.cli.common import actor_option, emit, format_option, print_table, with_app
from trainer.cohorts import policy, queries, services
from trainer.cohorts.models import Course
from trainer.core.access import Actor
from trainer.core.database import transaction
from trainer.core.errors import Invalid, Missing
from trainer.core.tables import parse_date, parse_time
from trainer.core.text import msg
from trainer.curriculum.queries import programme_of
from trainer.scheduling.queries import session_document, sessions_of
from trainer.scheduling.services import plan


@click.group()
def course() -> None:
    """Courses and their sessions."""


def find_course(code: str, actor: Actor) -> Course:
    """The course, when there is one and the actor may see it. Raises Missing otherwise, alike for both."""
    found = queries.course_by_code(code)
    if found is None or not policy.can_see(actor, found):
        raise Missing(msg("There is no course %(code)s.", code=code))
    return found


def day(value: str) -> date:
    """A date of the command line. Raises Invalid for anything but YYYY-MM-DD or DD/MM/YYYY."""
    try:
        return parse_date(value)
    except ValueError:
        raise Invalid(msg("%(value)s is not a date (YYYY-MM-DD).", value=value)) from None


def hour(value: str) -> time:
    """A time of day of the command line. Raises Invalid for anything but HH:MM."""
    try:
        return parse_time(value)
    except ValueError:
        raise Invalid(msg("%(value)s is not a time (HH:MM).", value=value)) from None


@course.command("create")
@click.argument("code")
@click.option("--programme", required=True, help="Code of the programme (`trainer curriculum list`).")
@click.option("--org", "organisation", required=True, help="Code of the provider.")
@click.option("--university", required=True, help="Code of the university that certifies.")
@click.option("--title", required=True)
@click.option("--start", "starts_on", required=True, metavar="YYYY-MM-DD", help="Day of the first session.")
@click.option("--time", "at", required=True, metavar="HH:MM", help="When sessions begin.")
@click.option(
    "--venue",
    *(f"--venue{number}" for number in range(2, 10)),
    "venues",
    metavar="NAME",
    required=True,
    multiple=True,
    help="Where the sessions meet; several take turns, in the order given.",
)
@click.option("--timezone", default="Europe/Madrid", show_default=True, metavar="TZ")
@click.option("--language", type=click.Choice(["ca", "es", "en"]), default="ca", show_default=True)
@with_app
@actor_option
def create(
    code: str,
    programme: str,
    organisation: str,
    university: str,
    title: str,
    starts_on: str,
    at: str,
    venues: tuple[str, ...],
    timezone: str,
    language: str,
    actor: Actor,
) -> None:
    """Creates a course and plans its weekly sessions, public holidays left out."""
    first, begins = day(starts_on), hour(at)
    # Course and sessions come together or not at all: a plan that cannot be laid leaves no empty course.
    with transaction():
        made = services.create_course(
            actor, code, programme, organisation, university, title, first, timezone, language=language
        )
        planned = plan(actor, made, first, begins, list(venues))
        services.update_course(actor, made, ends_on=max(one.starts_local for one in planned).date())
    click.echo(f"{made.code}: {len(planned)} sessions")


@course.command("list")
@format_option("table", "json")
@with_app
@actor_option
def list_courses(output_format: str, actor: Actor) -> None:
    """Lists the courses that the actor can see."""
    rows = queries.courses_for(actor)
    if output_format == "json":
        emit(
            [
                {
                    "code": row.code,
                    "title": row.title,
                    "organisation": row.provider,
                    "university": row.university,
                    "status": row.status,
                    "starts_on": row.starts_on.isoformat(),
                    "people": row.people,
                }
                for row in rows
            ]
        )
        return
    print_table(
        ["code", "title", "provider", "starts on", "status", "people"],
        [[row.code, row.title, row.provider, row.starts_on, row.status, row.people] for row in rows],
    )


@course.command("show")
@click.argument("code")
@format_option("table", "json")
@with_app
@actor_option
def show(code: str, output_format: str, actor: Actor) -> None:
    """Shows a course and its sessions."""
    found = find_course(code, actor)
    programme = programme_of(found.programme_version_id)
    sessions = [session_document(row) for row in sessions_of(found.id)]
    if output_format == "json":
        document: dict[str, Any] = {
            "code": found.code,
            "title": found.title,
            "programme": {"code": programme.code, "version": programme.version, "hash": programme.hash},
            "organisation": found.organisation.code,
            "university": found.university.code,
            "timezone": found.timezone,
            "starts_on": found.starts_on.isoformat(),
            "ends_on": found.ends_on.isoformat() if found.ends_on else None,
            "status": found.status,
            "people": queries.counts(found.id),
            "sessions": sessions,
        }
        emit(document)
        return
    click.echo(f"{found.code}  {found.title}  ({programme.code} {programme.version}, {found.status})")
    keys = ["number", "module", "start", "minutes", "venue", "status"]
    said = [one | {"status": f"{one['status']}, repeat"} if one.get("extra") else one for one in sessions]
    print_table(keys, [[one[key] for key in keys] for one in said])


COMMANDS = [course]
