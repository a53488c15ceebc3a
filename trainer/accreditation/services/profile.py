"""How a university appears on its documents: kept by its registrars, and looked at before anything is
issued."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from trainer.accreditation import queries
from trainer.accreditation.documents import Logo
from trainer.accreditation.documents.logos import read_logo
from trainer.accreditation.documents.names import tidy_name
from trainer.accreditation.models import UniversityProfile
from trainer.accreditation.policy import can_keep
from trainer.accreditation.queries import University
from trainer.accreditation.services.eligibility import require
from trainer.accreditation.services.looks import PLAIN, Problems
from trainer.audit.services import record
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.database import lock, transaction
from trainer.core.errors import Invalid
from trainer.core.text import msg
from trainer.people.models import Organisation


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
    changes = profile_values(
        display_names=display_names, accent=accent, city=city, signatories=signatories, wording=wording
    )
    if picture is not None:
        changes["logo"], changes["logo_type"] = picture.data, picture.mimetype
    elif remove_logo:
        changes["logo"], changes["logo_type"] = None, None
    with transaction() as session:
        lock(Organisation, university.id)  # its first profile is made once
        profile = session.get(UniversityProfile, university.id)
        if profile is None:
            profile = UniversityProfile(organisation_id=university.id, **blank_profile())
            session.add(profile)
        for name, value in changes.items():
            setattr(profile, name, value)
        profile.updated_at = clock.now()
        record(actor, "university_profile.saved", f"organisation:{university.id}", fields=sorted(changes))


def blank_profile() -> dict[str, Any]:
    """What a profile says before anything is typed into it."""
    return {"display_names": {}, "accent": PLAIN, "signatories": [], "city": "", "wording": {}}


def profile_values(
    *,
    display_names: Mapping[str, str] | None = None,
    accent: str | None = None,
    city: str | None = None,
    signatories: Sequence[Mapping[str, Any]] | None = None,
    wording: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """What is given, as the profile keeps it. Raises Invalid with every problem, unprintable letters among them."""
    problems = Problems()
    values: dict[str, Any] = {}
    if display_names is not None:
        values["display_names"] = problems.by_language(display_names, msg("Name of the university"))
    if wording is not None:
        values["wording"] = problems.by_language(wording, msg("Closing line"))
    if city is not None:
        values["city"] = problems.printable(msg("City"), tidy_name(city)[:80])
    if accent is not None:
        values["accent"] = problems.colour(accent)
    if signatories is not None:
        values["signatories"] = problems.signatories(signatories)
    if problems:
        raise Invalid(msg("This cannot be printed yet."), problems)
    return values


def logo_of(university_id: int) -> Logo | None:
    """The university's picture; None when there is none."""
    profile = queries.profile_of(university_id, logo=True)
    if profile is None or not profile.logo:
        return None
    return Logo(profile.logo, profile.logo_type or "image/png")
