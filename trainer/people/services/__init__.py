"""Commands on persons, accounts, organisations and invitations. Every one is audited."""

from trainer.people.services.accounts import (
    accept_invitation,
    add_membership,
    add_user,
    end_membership,
    invite,
    set_active,
)
from trainer.people.services.organisations import add_organisation, update_organisation
from trainer.people.services.persons import (
    add_person,
    person_problems,
    rename,
    set_language,
    set_own_names,
    update_person,
)

__all__ = [
    "accept_invitation",
    "add_membership",
    "add_organisation",
    "add_person",
    "add_user",
    "end_membership",
    "invite",
    "person_problems",
    "rename",
    "set_active",
    "set_language",
    "set_own_names",
    "update_organisation",
    "update_person",
]
