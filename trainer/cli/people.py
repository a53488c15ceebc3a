"""org add, user add."""

from __future__ import annotations

import sys

import click

from trainer.cli.common import actor_option, with_app
from trainer.core.access import Actor
from trainer.core.errors import Invalid
from trainer.core.text import msg
from trainer.people import queries, services
from trainer.people.rules import OrganisationKind, Role


@click.group()
def org() -> None:
    """Providers, universities, hosts of placements, entities."""


@org.command("add")
@click.argument("code")
@click.option("--name", required=True, help="The organisation's whole name.")
@click.option("--kind", required=True, type=click.Choice([kind.value for kind in OrganisationKind]))
@click.option("--region", default="ES-CT", show_default=True, help="ISO 3166-2, for public holidays.")
@with_app
@actor_option
def add_organisation(code: str, name: str, kind: str, region: str, actor: Actor) -> None:
    """Adds an organisation; CODE stands in its serial numbers and stays for good."""
    made = services.add_organisation(actor, code, name, kind, region)
    click.echo(f"{made.code}: {made.name} ({made.kind})")


@click.group()
def user() -> None:
    """People with an account and a role."""


@user.command("add")
@click.argument("email")
@click.option("--name", required=True, help="The person's whole name.")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--org", "organisation", help="Code of the organisation; an admin has none.")
@click.option("--password-stdin", is_flag=True, help="Reads the password from standard input.")
@click.option("--lived-experience", is_flag=True, help="The person has lived experience and says so.")
@with_app
@actor_option
def add_user(
    email: str,
    name: str,
    role: str,
    organisation: str | None,
    password_stdin: bool,
    lived_experience: bool,
    actor: Actor,
) -> None:
    """Adds somebody with a role; without a password a link to set one goes out by mail."""
    password = None
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
        if not password:
            raise Invalid(msg("No password came from standard input."))
    person = services.add_user(
        actor, email, name, role, organisation, password, lived_experience=lived_experience
    )
    state = queries.account_states([person.id]).get(person.id)
    click.echo(f"{person.email}: {role}" + (" (invited by mail)" if state == "invited" else ""))


COMMANDS = [org, user]
