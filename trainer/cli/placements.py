"""`trainer placement open`: an agreement signed on paper."""

from __future__ import annotations

from datetime import date, datetime

import click

from trainer.cli.common import actor_option, with_app
from trainer.cohorts.queries import course_by_code, enrolment_by_email
from trainer.core.access import Actor
from trainer.core.errors import Invalid, Missing
from trainer.core.text import msg
from trainer.people.queries import organisation_by_code, person_by_email
from trainer.placement.rules import parse_weekly_hours
from trainer.placement.services import Agreement, open_placement

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group()
def placement() -> None:
    """Work practice in a host team."""


@placement.command("open")
@click.argument("course_code", metavar="COURSE")
@click.option("--person", "person_email", metavar="EMAIL", required=True, help="Whose placement it is.")
@click.option(
    "--host", "host_code", metavar="ORG", required=True, help="Code of the organisation that hosts."
)
@click.option("--start", "starts", type=DAY, required=True, help="First day, YYYY-MM-DD.")
@click.option("--end", "ends", type=DAY, required=True, help="Last day, YYYY-MM-DD.")
@click.option("--weekly-hours", metavar="N", required=True, help="Average hours a week: 10, or 7.5.")
@click.option(
    "--reference", "reference_email", metavar="EMAIL", help="The reference professional (supervisor)."
)
@with_app
@actor_option
def open_(
    course_code: str,
    person_email: str,
    host_code: str,
    starts: datetime,
    ends: datetime,
    weekly_hours: str,
    reference_email: str | None,
    actor: Actor,
) -> None:
    """Records an agreement signed on paper. The gate before placements must be met or waived."""
    course = course_by_code(course_code)
    if course is None:
        raise Missing(msg("There is no course %(code)s.", code=course_code))
    enrolment = enrolment_by_email(course.id, person_email)
    if enrolment is None:
        raise Missing(msg("%(email)s is not on this course.", email=person_email))
    host = organisation_by_code(host_code)
    if host is None:
        raise Missing(msg("There is no organisation with the code %(code)s.", code=host_code))
    reference = person_by_email(reference_email) if reference_email else None
    if reference_email and reference is None:
        raise Missing(msg("Nobody here has the address %(email)s.", email=reference_email))
    minutes = parse_weekly_hours(weekly_hours)
    if minutes is None:
        raise Invalid(msg("%(value)s is no number of weekly hours: write 10 or 7.5.", value=weekly_hours))
    host_name, first, last = host.name, _day(starts), _day(ends)
    opened = open_placement(
        actor,
        enrolment,
        Agreement(
            host_id=host.id,
            starts_on=first,
            ends_on=last,
            weekly_minutes=minutes,
            reference_id=reference.id if reference else None,
        ),
    )
    by_waiver = ", by a waiver" if opened.opened_by_waiver_id else ""
    click.echo(
        f"placement {opened.id} opened for {person_email} at {host_name}, {first} to {last}{by_waiver}"
    )


def _day(value: datetime) -> date:
    return value.date()


COMMANDS = [placement]
