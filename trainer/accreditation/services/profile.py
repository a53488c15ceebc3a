"""How a university appears on its documents: kept by its registrars, and looked at before anything is
issued."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from trainer.accreditation import queries
from trainer.accreditation.documents import Logo, Unprintable
from trainer.accreditation.documents.faces import SERIF
from trainer.accreditation.documents.logos import read_logo
from trainer.accreditation.documents.names import character_problem, tidy_name
from trainer.accreditation.documents.typeset import runs
from trainer.accreditation.documents.wording import Facts, compose
from trainer.accreditation.models import UniversityProfile
from trainer.accreditation.policy import can_keep
from trainer.accreditation.queries import University
from trainer.accreditation.rules.codes import dashed
from trainer.accreditation.rules.serials import serial
from trainer.accreditation.services.drafts import address_of, issuer_of, print_sheet
from trainer.accreditation.services.eligibility import KIND, require
from trainer.audit.services import record
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.database import session as current
from trainer.core.database import transaction
from trainer.core.errors import Invalid, Missing
from trainer.core.i18n import LANGUAGES, in_language
from trainer.core.i18n import gettext as _
from trainer.core.text import msg
from trainer.curriculum.queries import catalogue, programme_of
from trainer.curriculum.rules import Programme
from trainer.people.models import Organisation

_COLOUR = re.compile(r"#[0-9a-f]{6}", re.ASCII)
MOST_SIGNATORIES = 4
LONGEST = 400


def save_profile(
    actor: Actor,
    university: University,
    *,
    display_names: Mapping[str, str] | None = None,
    accent: str | None = None,
    city: str | None = None,
    signatories: Sequence[Mapping[str, Any]] | None = None,
    wording: Mapping[str, str] | None = None,
    logo: bytes | None = None,
    remove_logo: bool = False,
) -> None:
    """Changes what is given and leaves the rest. `signatories` are {"name", "position": {language:
    words}}; `wording` is a closing line per language; `logo` the bytes of a PNG or JPEG file.

    What was issued before keeps the face that it was issued with. Raises Refused, and Invalid with every
    problem.
    """
    require(can_keep(actor, university), msg("Only registrars of the university keep its profile."))
    picture = read_logo(logo) if logo else None
    changes: dict[str, Any] = {}
    if display_names is not None:
        changes["display_names"] = _by_language(display_names)
    if wording is not None:
        changes["wording"] = _by_language(wording)
    if city is not None:
        changes["city"] = tidy_name(city)[:80]
    if accent is not None:
        changes["accent"] = accent.strip().lower()
        if not _COLOUR.fullmatch(changes["accent"]):
            raise Invalid(msg("A colour reads like #14555a."))
    if signatories is not None:
        changes["signatories"] = _signatories(signatories)
    _printable(changes)
    if picture is not None:
        changes["logo"], changes["logo_type"] = picture.data, picture.mimetype
    elif remove_logo:
        changes["logo"], changes["logo_type"] = None, None
    with transaction() as session:
        profile = session.get(UniversityProfile, university.id)
        if profile is None:
            profile = UniversityProfile(
                organisation_id=university.id,
                display_names={},
                accent="#14555a",
                signatories=[],
                city="",
                wording={},
            )
            session.add(profile)
        for name, value in changes.items():
            setattr(profile, name, value)
        profile.updated_at = clock.now()
        record(actor, "university_profile.saved", f"organisation:{university.id}", fields=sorted(changes))


def _by_language(words: Mapping[str, str]) -> dict[str, str]:
    return {code: tidy_name(words[code])[:LONGEST] for code in LANGUAGES if words.get(code, "").strip()}


def _signatories(given: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    kept = []
    for one in given:
        name = tidy_name(str(one.get("name", "")))[:120]
        position = one.get("position", {})
        if isinstance(position, str):
            position = dict.fromkeys(LANGUAGES, position)
        if name:
            kept.append({"name": name, "position": _by_language(position)})
    if len(kept) > MOST_SIGNATORIES:
        raise Invalid(msg("A certificate has room for %(most)d signatures.", most=MOST_SIGNATORIES))
    return kept


def _printable(value: Any) -> None:
    """Raises Invalid for a text that no typeface can print, before anything is issued with it."""
    if isinstance(value, str):
        try:
            runs(value, SERIF)
        except Unprintable as error:
            raise Invalid(character_problem(error.character)) from None
    elif isinstance(value, Mapping):
        for inner in value.values():
            _printable(inner)
    elif isinstance(value, Sequence):
        for inner in value:
            _printable(inner)


def logo_of(university_id: int) -> Logo | None:
    """The university's picture; None when there is none."""
    profile = queries.profile_of(university_id, logo=True)
    if profile is None or not profile.logo:
        return None
    return Logo(profile.logo, profile.logo_type or "image/png")


def preview(university: University, language: str) -> bytes:
    """A specimen with the university's face, for its registrars to look at; it has no serial that was
    given out.

    Raises Missing when there is no programme to show it with, Invalid for a text that cannot be printed.
    """
    organisation = current.get_one(Organisation, university.id)
    issuer, logo = issuer_of(organisation, queries.profile_of(university.id, logo=True))
    programme = _some_programme(university.id)
    language = programme.language_for(language)
    today = clock.today()
    code = "0" * 26
    kind = KIND if KIND in programme.certificates else next(iter(programme.certificates))
    with in_language(language):
        facts = Facts(
            kind=kind,
            name=_("Given name and family name"),
            course=programme.title[language],
            provider=_("The provider of the course"),
            starts_on=today,
            ends_on=today,
            issued_on=today,
            serial=serial(university.code, today.year, 1).removesuffix("1") + "0",
            code=dashed(code),
            address=address_of(code),
            specimen=True,
        )
    return print_sheet(compose(programme, issuer, facts, language), logo)


def _some_programme(university_id: int) -> Programme:
    """The programme of the university's newest course, else one of the catalogue."""
    for counts in queries.course_counts([university_id]):
        return programme_of(counts.course.programme_version_id)
    for programme in catalogue():
        if programme.certificates:
            return programme
    raise Missing(msg("There is no programme with a certificate yet."))
