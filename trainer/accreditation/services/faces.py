"""What a university says and shows otherwise on the documents of one programme, and how it all comes together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from trainer.accreditation import queries
from trainer.accreditation.documents import Logo, tidy_name
from trainer.accreditation.documents.logos import read_logo
from trainer.accreditation.documents.wording import Issuer
from trainer.accreditation.models import ProgrammeFace, UniversityProfile
from trainer.accreditation.policy import can_keep
from trainer.accreditation.queries import University
from trainer.accreditation.rules import faces as rules
from trainer.accreditation.services.eligibility import require
from trainer.accreditation.services.looks import PLAIN, Problems, in_the_language
from trainer.audit.services import record
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.database import lock, transaction
from trainer.core.errors import Invalid
from trainer.core.text import Text, msg
from trainer.curriculum.rules import CertificateWording, Programme
from trainer.people.models import Organisation, Person
from trainer.people.queries import national_id
from trainer.people.rules import mask_national_id

FIELDS: dict[str, Text] = {
    "title": msg("Title of the document"),
    "lines": msg("Text"),
    "assessment": msg("Type of assessment"),
    "participation": msg("Form of participation"),
    "quality_assurance": msg("Type of quality assurance"),
}


def issuer_of(
    university: Organisation, profile: UniversityProfile | None, face: ProgrammeFace | None = None
) -> tuple[Issuer, Logo | None]:
    """How a university appears on the documents of a programme: what `face` leaves empty is as in the
    profile; without either, by its name alone."""
    issuer, logo = _of_profile(university.name, profile)
    if face is None:
        return issuer, logo
    own = _logo(face)
    return (
        Issuer(
            name=issuer.name,
            display_names=issuer.display_names,
            accent=face.accent or issuer.accent,
            city=issuer.city,
            signatories=tuple(face.signatories) or issuer.signatories,
            closing={**issuer.closing, **face.closing},
        ),
        own or logo,
    )


def look_of(university: University, face: ProgrammeFace | None = None) -> Issuer:
    """How the university appears now: in all, or on the documents that `face` is about."""
    return issuer_of(Organisation(name=university.name), queries.profile_of(university.id, logo=True), face)[
        0
    ]


def _of_profile(name: str, profile: UniversityProfile | None) -> tuple[Issuer, Logo | None]:
    if profile is None:
        return Issuer(name, {}, PLAIN, "", (), {}), None
    issuer = Issuer(
        name=name,
        display_names=dict(profile.display_names),
        accent=profile.accent,
        city=profile.city,
        signatories=tuple(profile.signatories),
        closing=dict(profile.wording),
    )
    return issuer, _logo(profile)


def _logo(kept: UniversityProfile | ProgrammeFace) -> Logo | None:
    return Logo(kept.logo, kept.logo_type or "image/png") if kept.logo else None


def wording_of(programme: Programme, kind: str, face: ProgrammeFace | None = None) -> CertificateWording:
    """What the university's document of this kind says: the programme's words, with the university's own over
    them. Raises KeyError when the programme has no such kind."""
    wording = programme.certificates[kind]
    own = face.kinds.get(kind) if face is not None else None
    return rules.laid_over(wording, own) if own else wording


def masked_id(person: Person, profile: UniversityProfile | None) -> str:
    """The person's national id as it is printed: masked, and only where the university asks for it. Empty when
    it does not, or when none is known."""
    if profile is None or not profile.national_id:
        return ""
    number = national_id(person)
    return mask_national_id(number) if number else ""


def face_values(
    university: University,
    programme: Programme,
    profile: UniversityProfile | None,
    *,
    accent: str = "",
    signatories: Sequence[Mapping[str, Any]] = (),
    closing: Mapping[str, str] | None = None,
    kinds: Mapping[str, Mapping[str, Any]] | None = None,
) -> dict[str, Any]:
    """What of the given differs from the profile and the programme: that alone is kept, so that the rest
    follows them when they change.

    `kinds`: see rules/faces.py. Raises Invalid with every problem.
    """
    problems = Problems()
    base, _logo = _of_profile(university.name, profile)
    languages = programme.languages
    colour = problems.colour(accent) if accent.strip() else ""
    people = problems.signatories(signatories)
    words = problems.by_language(closing or {}, msg("Closing line"), languages)
    values: dict[str, Any] = {
        "accent": colour if colour != base.accent else "",
        "signatories": people if people != list(base.signatories) else [],
        "closing": {code: line for code, line in words.items() if line != base.closing.get(code)},
    }
    differing = {
        kind: rules.differing(wording, _tidied(wording, (kinds or {}).get(kind) or {}, problems))
        for kind, wording in programme.certificates.items()
    }
    values["kinds"] = {kind: own for kind, own in differing.items() if own}
    if problems:
        raise Invalid(msg("This cannot be printed yet."), problems)
    return values


def _tidied(wording: CertificateWording, given: Mapping[str, Any], problems: Problems) -> dict[str, Any]:
    """What was typed about one kind of document, checked."""
    languages = tuple(wording.title)
    tidy: dict[str, Any] = {
        name: problems.by_language(given.get(name) or {}, _called(wording, FIELDS[name]), languages)
        for name in rules.WORDS
    }
    lines = {code: text for code, text in (given.get("lines") or {}).items() if code in languages}
    tidy["lines"] = {
        code: "\n".join(tidy_name(line) for line in rules.typed_lines(text)) for code, text in lines.items()
    }
    field = _called(wording, FIELDS["lines"])
    for code, text in tidy["lines"].items():
        problems.printable(in_the_language(field, code), text.replace("\n", " "))
    for code, words in rules.line_problems(wording, tidy["lines"]):
        problems.append(msg("%(field)s: %(problem)s", field=in_the_language(field, code), problem=words))
    tidy["ects"] = rules.tidy_ects(str(given.get("ects") or ""))
    if tidy["ects"] is None:
        problems.append(
            msg("%(field)s: credits are a number such as 1.6.", field=_called(wording, msg("ECTS credits")))
        )
    level = given.get("eqf_level")
    if level is not None and level not in rules.EQF_LEVELS:
        problems.append(msg("The European Qualifications Framework has the levels 1 to 8."))
    tidy["eqf_level"] = level
    return tidy


def _called(wording: CertificateWording, field: Text) -> Text:
    return msg("%(document)s, %(field)s", document=wording.title, field=field)


def save_face(
    actor: Actor,
    university: University,
    programme: Programme,
    *,
    logo: bytes | None = None,
    remove_logo: bool = False,
    **given: Any,
) -> None:
    """Keeps what the university says and shows otherwise on this programme's documents; what was issued before
    stays as it is. `given`: see `face_values`.

    Raises Refused, and Invalid with every problem.
    """
    require(can_keep(actor, university), msg("Only registrars of the university keep its profile."))
    picture = read_logo(logo) if logo else None
    values = face_values(university, programme, queries.profile_of(university.id), **given)
    with transaction() as session:
        lock(Organisation, university.id)  # the first face of a programme is made once
        face = session.scalar(
            select(ProgrammeFace).where(
                ProgrammeFace.organisation_id == university.id,
                ProgrammeFace.programme_code == programme.code,
            )
        )
        if face is None:
            face = ProgrammeFace(organisation_id=university.id, programme_code=programme.code)
            session.add(face)
        face.accent = values["accent"] or None
        face.signatories, face.closing, face.kinds = values["signatories"], values["closing"], values["kinds"]
        if picture is not None:
            face.logo, face.logo_type = picture.data, picture.mimetype
        elif remove_logo:
            face.logo, face.logo_type = None, None
        face.updated_at = clock.now()
        record(
            actor,
            "programme_face.saved",
            f"organisation:{university.id}",
            programme=programme.code,
            fields=sorted(name for name, value in values.items() if value),
        )
