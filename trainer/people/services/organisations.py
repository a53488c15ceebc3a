"""Commands on organisations."""

from __future__ import annotations

from sqlalchemy import select

from trainer.audit.services import record
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.database import lock, session, transaction
from trainer.core.errors import Invalid, Refused
from trainer.core.text import Text, msg
from trainer.people import rules
from trainer.people.models import Membership, Organisation
from trainer.people.policy import can_administer
from trainer.people.queries import in_force, organisation_by_code
from trainer.people.services.checks import only_administrators


def add_organisation(
    actor: Actor, code: str, name: str, kind: str, region: str = "ES-CT", *, entity_for_import: bool = False
) -> Organisation:
    """A new organisation. `entity_for_import`: a roster names an entity that is not known yet.

    Raises Invalid for a code that is taken or cannot stand in an address, Refused for who may not.
    """
    code, name = code.strip(), rules.tidy_name(name)
    problems: list[Text] = []
    if not rules.valid_organisation_code(code):
        problems.append(msg("A code has letters, digits and hyphens, at most 20."))
    if not name or rules.name_problem(name):
        problems.append(msg("The name of the organisation cannot be used."))
    if kind not in set(rules.OrganisationKind):
        problems.append(msg("A kind is provider, university, host or entity."))
    if not _region(region):
        problems.append(msg("A region is an ISO 3166-2 code, such as ES-CT."))
    if problems:
        raise Invalid(msg("The organisation was not added."), problems)
    if not can_administer(actor) and not (
        entity_for_import and kind == "entity" and actor.holds("organiser")
    ):
        raise Refused(msg("Only an administrator adds organisations."))
    with transaction() as current:
        if organisation_by_code(code) is not None:
            raise Invalid(msg("The code %(code)s is taken.", code=code))
        organisation = Organisation(code=code, name=name, kind=kind, region=region)
        current.add(organisation)
        current.flush()
        record(actor, "organisation.added", f"organisation:{organisation.id}", code=code, kind=kind)
    return organisation


def update_organisation(
    actor: Actor, organisation: Organisation, name: str, kind: str, region: str
) -> Organisation:
    """New name, kind and region; the code stays: serials carry it."""
    only_administrators(actor)
    name = rules.tidy_name(name)
    if not name or rules.name_problem(name) or kind not in set(rules.OrganisationKind) or not _region(region):
        raise Invalid(msg("The organisation was not changed."), [msg("Name, kind or region cannot be used.")])
    with transaction():
        row = lock(Organisation, organisation.id)
        held = [
            role
            for role in session.scalars(
                select(Membership.role).where(Membership.organisation_id == row.id, in_force(clock.today()))
            )
            if rules.place_problem(role, kind)
        ]
        if held:
            raise Invalid(msg("People hold roles here that an organisation of that kind does not have."))
        if (row.name, row.kind, row.region) != (name, kind, region):
            row.name, row.kind, row.region = name, kind, region
            record(actor, "organisation.changed", f"organisation:{row.id}", code=row.code, kind=kind)
    return row


def _region(region: str) -> bool:
    head, _, tail = region.partition("-")
    return (
        len(head) == 2
        and head.isalpha()
        and head.isupper()
        and (not tail or tail.isalnum())
        and len(region) <= 10
    )
