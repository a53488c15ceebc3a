"""Roles, names, addresses and national ids: what is valid, and how much of an id may be shown. Pure."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

from trainer.core.text import Text, msg

NAME_LENGTH = 200
EMAIL_LENGTH = 254
PASSWORD_MIN, PASSWORD_MAX = 10, 128
INVITATION_DAYS = 14
_CHECK_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
_EMAIL = re.compile(
    r"[^@\s\"(),:;<>\[\\\]\x00-\x1f\x7f]{1,64}@(?:[\w](?:[\w-]{0,61}[\w])?\.)+[^\W\d_][\w-]{0,61}[\w]"
)
_CODE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,18}[A-Za-z0-9])?")
_LANGUAGES = {
    "ca": ("ca", "cat", "catala", "catalan"),
    "es": ("es", "esp", "spa", "espanol", "castellano", "castella", "spanish"),
    "en": ("en", "eng", "english", "angles", "ingles"),
}


class Role(StrEnum):
    """What a person does in an organisation; an administrator does it for the whole instance."""

    ORGANISER = "organiser"
    TRAINER = "trainer"
    ASSESSOR = "assessor"
    REGISTRAR = "registrar"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


class OrganisationKind(StrEnum):
    """What an organisation is to a course."""

    PROVIDER = "provider"
    UNIVERSITY = "university"
    HOST = "host"
    ENTITY = "entity"


# A university may run its own courses, and a provider may host a placement.
PLACES: dict[Role, frozenset[OrganisationKind]] = {
    Role.ORGANISER: frozenset({OrganisationKind.PROVIDER, OrganisationKind.UNIVERSITY}),
    Role.TRAINER: frozenset({OrganisationKind.PROVIDER, OrganisationKind.UNIVERSITY}),
    Role.ASSESSOR: frozenset({OrganisationKind.PROVIDER, OrganisationKind.UNIVERSITY}),
    Role.REGISTRAR: frozenset({OrganisationKind.UNIVERSITY}),
    Role.SUPERVISOR: frozenset(OrganisationKind),
    Role.ADMIN: frozenset(),
}


def role_text(role: str) -> Text:
    """A role in the words of the field."""
    return {
        Role.ORGANISER: msg("Organiser"),
        Role.TRAINER: msg("Trainer"),
        Role.ASSESSOR: msg("Assessor"),
        Role.REGISTRAR: msg("Registrar"),
        Role.SUPERVISOR: msg("Reference professional"),
        Role.ADMIN: msg("Administrator"),
    }[Role(role)]


def kind_text(kind: str) -> Text:
    """A kind of organisation in words."""
    return {
        OrganisationKind.PROVIDER: msg("Provider of courses"),
        OrganisationKind.UNIVERSITY: msg("University"),
        OrganisationKind.HOST: msg("Host of placements"),
        OrganisationKind.ENTITY: msg("Entity that sends trainees"),
    }[OrganisationKind(kind)]


def place_problem(role: str, kind: str | None) -> Text | None:
    """Why a role cannot be held in an organisation of this kind (None: in none); None when it can."""
    if role == Role.ADMIN:
        return None if kind is None else msg("An administrator belongs to no organisation.")
    if kind is None:
        return msg("This role is held in an organisation: name it.")
    if OrganisationKind(kind) in PLACES[Role(role)]:
        return None
    return msg(
        "The role %(role)s cannot be held in an organisation of this kind: %(kind)s.",
        role=role_text(role),
        kind=kind_text(kind),
    )


def home_for(roles: frozenset[tuple[str, int | None]]) -> str:
    """The address where a person starts; without any role they are on a course themself."""
    held = {role for role, _ in roles}
    if held & {Role.ORGANISER, Role.TRAINER, Role.ASSESSOR, Role.ADMIN}:
        return "/courses"
    if Role.REGISTRAR in held:
        return "/registry"
    if Role.SUPERVISOR in held:
        return "/placements"
    return "/me"


def local_target(target: str | None) -> str:
    """An address of this site to go back to; "/" for anything that could lead elsewhere."""
    if not target or not target.startswith("/") or target[:2] in {"//", "/\\"} or "\\" in target:
        return "/"
    return target if target.isprintable() else "/"


def valid_organisation_code(code: str) -> bool:
    """True for letters, digits and inner hyphens, at most 20: the code stands in serials and addresses."""
    return _CODE.fullmatch(code) is not None


def tidy_name(value: str) -> str:
    """A name as it is kept: composed, with single spaces."""
    return " ".join(unicodedata.normalize("NFC", value).split())


def name_problem(value: str) -> Text | None:
    """Why a (tidied) name cannot be kept; None for any name of printable characters, in any script."""
    if len(value) > NAME_LENGTH:
        return msg("is longer than %(limit)s characters", limit=str(NAME_LENGTH))
    for character in value:
        category = unicodedata.category(character)
        # Joiners (ZWJ, ZWNJ) are part of names in several scripts; direction overrides could disguise one.
        if (
            category in {"Cc", "Cs", "Co"}
            or "\u202a" <= character <= "\u202e"
            or "\u2066" <= character <= "\u2069"
        ):
            return msg("holds characters that cannot be printed")
    return None


def tidy_email(value: str) -> str:
    """An address as it is kept and compared."""
    return unicodedata.normalize("NFC", value.strip()).lower()


def valid_email(value: str) -> bool:
    """True for something that can be an address of mail; whether it arrives only mail can tell."""
    return len(value) <= EMAIL_LENGTH and ".." not in value and _EMAIL.fullmatch(value) is not None


def language_code(value: str) -> str | None:
    """The code "ca", "es" or "en" for the code or the name of a language; None for any other."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", value.casefold()) if not unicodedata.combining(c))
    for code, names in _LANGUAGES.items():
        if bare.strip() in names:
            return code
    return None


def split_name(name: str) -> tuple[str, str]:
    """A whole name as (given, family): the first word and the rest, which the person can mend."""
    given, _, family = tidy_name(name).partition(" ")
    return given, family


def tidy_national_id(value: str) -> str:
    """A DNI, NIE or passport number as it is kept: capitals and digits; a short DNI is filled with zeros."""
    bare = re.sub(r"[\s.\-/·]", "", unicodedata.normalize("NFKC", value)).upper()
    if re.fullmatch(r"\d{6,7}[A-Z]", bare) and _letter(bare[:-1]) == bare[-1]:
        return bare.zfill(9)
    return bare


def national_id_problem(value: str) -> Text | None:
    """Why a (tidied) national id is not valid; None when it is.

    DNI and NIE carry a check letter: the number modulo 23 (Real Decreto 1553/2005, and Orden INT/2058/2008).
    """
    if re.fullmatch(r"\d{8}", value):
        return msg("has no letter at the end")
    numbered = re.fullmatch(r"(\d{8}|[XYZKLM]\d{7})([A-Z])", value)
    if numbered:
        if _letter(numbered[1]) != numbered[2]:
            return msg("has a letter that does not fit the number")
        return None
    if re.fullmatch(r"(?=.*\d)[A-Z0-9]{5,20}", value):
        return None
    return msg("is no DNI, NIE or passport number")


def mask_national_id(value: str) -> str:
    """The id with the Spanish authority's fixed positions shown (AEPD guidance on Ley Orgánica 3/2018, DA 7).

    From seven digits on, the fourth to the seventh digit; with fewer, the last four characters.
    """
    digits = [index for index, character in enumerate(value) if character.isdigit()]
    shown = set(digits[3:7]) if len(digits) >= 7 else set(range(len(value) - 4, len(value)))
    return "".join(character if index in shown else "*" for index, character in enumerate(value))


def password_problem(password: str) -> Text | None:
    """Why a password cannot be used; None when it can. Length is what counts (NIST SP 800-63B)."""
    if len(password) < PASSWORD_MIN:
        return msg("A password has at least %(limit)s characters.", limit=str(PASSWORD_MIN))
    if len(password) > PASSWORD_MAX:
        return msg("A password has at most %(limit)s characters.", limit=str(PASSWORD_MAX))
    if len(set(password)) < 4:
        return msg("This password repeats itself too much.")
    return None


def _letter(number: str) -> str:
    # K, L and M ids count their seven digits alone; X, Y and Z stand for 0, 1 and 2.
    digits = number.translate(str.maketrans("XYZKLM", "012000"))
    return _CHECK_LETTERS[int(digits) % 23]
