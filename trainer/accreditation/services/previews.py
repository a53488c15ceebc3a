"""Specimens for registrars to look at while they type. Nothing here is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from trainer.accreditation import queries
from trainer.accreditation.documents import tidy_name
from trainer.accreditation.documents.logos import read_logo
from trainer.accreditation.documents.pictures import page_picture
from trainer.accreditation.documents.wording import Facts, compose
from trainer.accreditation.models import ProgrammeFace, UniversityProfile
from trainer.accreditation.queries import University
from trainer.accreditation.rules.codes import dashed
from trainer.accreditation.rules.serials import serial
from trainer.accreditation.rules.validity import expires_on
from trainer.accreditation.services.drafts import address_of, print_sheet
from trainer.accreditation.services.eligibility import KIND
from trainer.accreditation.services.faces import face_values, issuer_of, wording_of
from trainer.accreditation.services.profile import blank_profile, profile_values
from trainer.core import clock
from trainer.core.errors import Missing
from trainer.core.i18n import gettext as _
from trainer.core.i18n import in_language
from trainer.core.text import msg
from trainer.curriculum.queries import catalogue, programme_by_code, programme_of
from trainer.curriculum.rules import Programme
from trainer.people.models import Organisation
from trainer.people.rules import mask_national_id

LONG_NAME = "Maria de la Concepció Puigdellívol-Vilafranca i Montserrat de Sant Llorenç d’Hortons"
SAMPLE_MINUTES = 31 * 60 + 30
_OWN = ("display_names", "accent", "signatories", "city", "wording", "logo", "logo_type", "national_id")


@dataclass(frozen=True)
class Sample:
    """What is shown: which document, in which language, which page of it, and whether with a long name."""

    language: str
    kind: str = ""
    page: int = 1
    long_name: bool = False


def programme_for(university_id: int, code: str) -> Programme | None:
    """The programme as the university's courses follow it now; else as the catalogue has it; None for neither."""
    for one in queries.accredited_programmes(university_id):
        if one.code == code:
            return programme_of(one.version_id)
    return programme_by_code(code)


@dataclass(frozen=True)
class ProgrammeLine:
    """A programme as a university's page lists it; `courses` of it that the university accredits; `own`: its
    documents look or say something of their own."""

    code: str
    title: dict[str, str]
    courses: int
    own: bool


def programmes_of(university_id: int) -> list[ProgrammeLine]:
    """The programmes that the university accredits, then the others of the catalogue: it may come to."""
    own = queries.own_faces(university_id)
    found = [
        ProgrammeLine(one.code, one.title, one.courses, one.code in own)
        for one in queries.accredited_programmes(university_id)
    ]
    listed = {one.code for one in found}
    return found + [
        ProgrammeLine(one.code, one.title, 0, one.code in own)
        for one in catalogue()
        if one.code not in listed and one.certificates
    ]


def some_programme(university_id: int) -> Programme:
    """The programme of the university's newest course, else one of the catalogue. Raises Missing without either."""
    for counts in queries.course_counts([university_id]):
        return programme_of(counts.course.programme_version_id)
    for programme in catalogue():
        if programme.certificates:
            return programme
    raise Missing(msg("There is no programme with a certificate yet."))


def preview(university: University, language: str) -> bytes:
    """A specimen as PDF with what is kept. Raises Missing when there is no programme to show it with, Invalid for
    a text that cannot be printed."""
    return specimen(university, Sample(language))


def preview_picture(
    university: University,
    sample: Sample,
    programme: Programme | None = None,
    *,
    profile: Mapping[str, Any] | None = None,
    face: Mapping[str, Any] | None = None,
    logo: bytes | None = None,
    remove_logo: bool = False,
) -> bytes:
    """A page of a specimen as PNG, with what is typed: `profile` as `save_profile` takes it, or `face` as
    `save_face` takes it, instead of what is kept. Raises Invalid with every problem."""
    kept = queries.profile_of(university.id, logo=True)
    picture = read_logo(logo) if logo else None
    typed: dict[str, Any] = {}
    if picture is not None:
        typed = {"logo": picture.data, "logo_type": picture.mimetype}
    elif remove_logo:
        typed = {"logo": None, "logo_type": None}
    shown: ProgrammeFace | None = None
    if face is not None and programme is not None:
        own = queries.face_of(university.id, programme.code, logo=True)
        values = face_values(university, programme, kept, **face)
        there = {"logo": own.logo, "logo_type": own.logo_type} if own else {}
        shown = ProgrammeFace(**{**there, **values, **typed})
    elif profile is not None:
        kept = UniversityProfile(**{**_values(kept), **profile_values(**profile), **typed})
    elif programme is not None:
        shown = queries.face_of(university.id, programme.code, logo=True)
    return page_picture(_specimen(university, sample, programme, kept, shown), sample.page)


def specimen(university: University, sample: Sample, programme: Programme | None = None) -> bytes:
    """A specimen as PDF, with what is kept of the university and of the programme."""
    kept = queries.profile_of(university.id, logo=True)
    face = queries.face_of(university.id, programme.code, logo=True) if programme else None
    return _specimen(university, sample, programme, kept, face)


def _values(kept: UniversityProfile | None) -> dict[str, Any]:
    return blank_profile() if kept is None else {name: getattr(kept, name) for name in _OWN}


def _specimen(
    university: University,
    sample: Sample,
    programme: Programme | None,
    profile: UniversityProfile | None,
    face: ProgrammeFace | None,
) -> bytes:
    programme = programme or some_programme(university.id)
    issuer, logo = issuer_of(Organisation(name=university.name), profile, face)
    language = programme.language_for(sample.language)
    kind = sample.kind if sample.kind in programme.certificates else first_kind(programme)
    wording = wording_of(programme, kind, face)
    today = clock.today()
    code = "0" * 26
    with in_language(language):
        facts = Facts(
            kind=kind,
            name=tidy_name(LONG_NAME if sample.long_name else _("Given name and family name")),
            course=programme.title[language],
            provider=_("The provider of the course"),
            starts_on=today - timedelta(days=70),
            ends_on=today,
            issued_on=today,
            serial=serial(university.code, today.year, 1).removesuffix("1") + "0",
            code=dashed(code),
            address=address_of(code),
            specimen=True,
            # The example of the Spanish authority: it is nobody's.
            national_id=mask_national_id("12345678X") if profile is not None and profile.national_id else "",
            attended_minutes=SAMPLE_MINUTES if wording.attests_attendance else None,
            expires_on=expires_on(today, wording.valid_for),
        )
    return print_sheet(compose(programme, issuer, facts, language, wording=wording), logo)


def first_kind(programme: Programme) -> str:
    """The kind of document that is shown first."""
    return KIND if KIND in programme.certificates else next(iter(programme.certificates))
