"""Commands on persons: their names, addresses and language."""

from __future__ import annotations

from sqlalchemy import select

from trainer.audit.services import fingerprint, record
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.crypto import seal
from trainer.core.database import lock, session, transaction
from trainer.core.errors import Invalid
from trainer.core.text import Text, msg
from trainer.people import rules
from trainer.people.models import Account, Person
from trainer.people.queries import SEALED_FOR, person_by_email
from trainer.people.services.checks import only_administrators, own_id


def add_person(
    actor: Actor,
    given_name: str,
    family_name: str,
    email: str | None,
    *,
    display_name: str | None = None,
    certificate_name: str | None = None,
    language: str | None = None,
    national_id: str | None = None,
) -> Person:
    """A new person, without an account. Display and certificate name default to given and family name.

    Raises Invalid for names that cannot be printed, an address that is none or taken, an invalid national id.
    """
    given, family = rules.tidy_name(given_name), rules.tidy_name(family_name)
    whole = f"{given} {family}".strip()
    address = rules.tidy_email(email) if email else None
    number = rules.tidy_national_id(national_id) if national_id else None
    problems = person_problems(given, family, address, language, certificate_name or "", number or "")
    if not whole:
        problems.append(msg("A name is needed."))
    if problems:
        raise Invalid(msg("The person was not added."), problems)
    with transaction() as current:
        if address and person_by_email(address) is not None:
            raise Invalid(msg("Somebody here already has the address %(email)s.", email=address))
        person = Person(
            given_name=given,
            family_name=family,
            display_name=rules.tidy_name(display_name or "") or whole,
            certificate_name=rules.tidy_name(certificate_name or "") or whole,
            email=address,
            language=language,
            national_id_encrypted=seal(number, SEALED_FOR) if number else None,
        )
        current.add(person)
        current.flush()
        record(actor, "person.added", f"person:{person.id}", email=fingerprint(address) if address else None)
    return person


def person_problems(
    given: str, family: str, email: str | None, language: str | None, certificate_name: str, national_id: str
) -> list[Text]:
    """What is wrong with the (tidied) values of a person; an empty list when nothing is."""
    problems: list[Text] = []
    if what := rules.name_problem(given):
        problems.append(msg("The given name %(what)s.", what=what))
    if what := rules.name_problem(family):
        problems.append(msg("The family name %(what)s.", what=what))
    if what := rules.name_problem(certificate_name):
        problems.append(msg("The certificate name %(what)s.", what=what))
    if email and not rules.valid_email(email):
        problems.append(msg("%(email)s is not an address of mail.", email=email))
    if language is not None and language not in {"ca", "es", "en"}:
        problems.append(msg("A language is ca, es or en."))
    if national_id and (what := rules.national_id_problem(national_id)):
        problems.append(msg("The national id %(what)s.", what=what))
    return problems


def update_person(
    actor: Actor,
    person: Person,
    *,
    given_name: str,
    family_name: str,
    email: str | None,
    language: str | None,
) -> Person:
    """New names, address and language, by an administrator."""
    only_administrators(actor)
    given, family = rules.tidy_name(given_name), rules.tidy_name(family_name)
    address = rules.tidy_email(email) if email else None
    problems = person_problems(given, family, address, language, "", "")
    if not f"{given}{family}":
        problems.append(msg("A name is needed."))
    if problems:
        raise Invalid(msg("Nothing was changed."), problems)
    with transaction():
        row = lock(Person, person.id)
        other = person_by_email(address) if address else None
        if other is not None and other.id != row.id:
            raise Invalid(msg("Somebody here already has the address %(email)s.", email=address))
        account = session.scalar(select(Account).where(Account.person_id == row.id))
        if account is not None and address is None:
            raise Invalid(msg("Somebody with an account needs an address."))
        changed = rename(row, given, family)
        if (row.email, row.language) != (address, language):
            row.email, row.language = address, language
            if account is not None and address is not None:
                account.email = address
            changed.append("contact")
        if changed:
            record(actor, "person.changed", f"person:{row.id}", what=changed)
    return row


def rename(person: Person, given: str, family: str) -> list[str]:
    """Sets the (tidied) names; names made from the old ones follow, those chosen by the person stay."""
    if (person.given_name, person.family_name) == (given, family):
        return []
    before, after = f"{person.given_name} {person.family_name}".strip(), f"{given} {family}".strip()
    person.given_name, person.family_name = given, family
    if person.display_name == before:
        person.display_name = after
    if person.certificate_name == before and person.certificate_name_confirmed_at is None:
        person.certificate_name = after
    return ["name"]


def set_own_names(actor: Actor, display_name: str, certificate_name: str, *, confirmed: bool) -> Person:
    """How the actor is called on pages, and how the name will be written on a certificate."""
    display, certificate = rules.tidy_name(display_name), rules.tidy_name(certificate_name)
    problems = [
        msg("The name %(what)s.", what=what)
        for value in (display, certificate)
        if (what := rules.name_problem(value))
    ]
    if not display or not certificate:
        problems.append(msg("A name is needed."))
    if problems:
        raise Invalid(msg("Nothing was changed."), problems)
    with transaction():
        row = lock(Person, own_id(actor))
        if row.display_name != display:
            row.display_name = display
            record(actor, "person.display_name_changed", f"person:{row.id}")
        if row.certificate_name != certificate:
            row.certificate_name = certificate
            row.certificate_name_confirmed_at = None
            record(actor, "person.certificate_name_changed", f"person:{row.id}")
        if confirmed and row.certificate_name_confirmed_at is None:
            row.certificate_name_confirmed_at = clock.now()
            record(actor, "person.certificate_name_confirmed", f"person:{row.id}")
    return row


def set_language(actor: Actor, language: str) -> None:
    """The language in which the product speaks and writes to the actor."""
    if language not in {"ca", "es", "en"}:
        raise Invalid(msg("A language is ca, es or en."))
    with transaction():
        row = lock(Person, own_id(actor))
        if row.language != language:
            row.language = language
            record(actor, "person.language_changed", f"person:{row.id}", language=language)
