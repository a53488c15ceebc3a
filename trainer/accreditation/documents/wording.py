"""The words of a certificate: from the programme's wording and the facts of one person to a Sheet in a
language."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.units import format_unit

from trainer.accreditation.documents.sheet import Labels, Part, Sheet, Signatory
from trainer.core.i18n import decimal_sign, in_language, say
from trainer.core.i18n import gettext as _
from trainer.core.text import minutes_text
from trainer.curriculum.rules import CertificateWording, Programme, fill
from trainer.curriculum.rules.certificates import ATTENDED

SPECIMEN = "SPECIMEN"  # the same in every language: anybody has to understand it
_NAME = "{name}"


@dataclass(frozen=True)
class Issuer:
    """The university as it appears on its documents."""

    name: str
    display_names: dict[str, str]
    accent: str
    city: str
    signatories: tuple[dict[str, Any], ...]
    closing: dict[str, str]


@dataclass(frozen=True)
class Facts:
    """What one certificate is about; dates in the course's zone."""

    kind: str
    name: str
    course: str
    provider: str
    starts_on: date
    ends_on: date
    issued_on: date
    serial: str
    code: str  # with dashes
    address: str
    specimen: bool
    national_id: str = ""  # masked; empty where the university does not ask for it
    attended_minutes: int | None = None  # whole, where attendance is attested
    expires_on: date | None = None  # the last day on which it is good


def long_date(day: date, language: str) -> str:
    """A date in full, day first in every language."""
    return format_date(day, "long", locale={"en": "en_GB"}.get(language, language))


def compose(
    programme: Programme,
    issuer: Issuer,
    facts: Facts,
    language: str,
    *,
    wording: CertificateWording | None = None,
) -> Sheet:
    """The sheet of one certificate. `language` is one of the product's and of the programme's. `wording`: what
    the university's documents say; None for the programme's own words.

    Raises KeyError when the programme has no wording for the kind.
    """
    wording = wording or programme.certificates[facts.kind]
    spec = wording.credential
    with in_language(language):
        university = issuer.display_names.get(language) or issuer.name
        places = {
            "name": facts.name,
            "course": facts.course,
            "hours": str(spec.hours),
            "from": long_date(facts.starts_on, language),
            "to": long_date(facts.ends_on, language),
            "provider": facts.provider,
            "university": university,
            "programme": programme.title[language],
        }
        if facts.attended_minutes is not None:
            places[ATTENDED] = attended_words(facts.attended_minutes, language)
        lead, body = _around_the_name(wording, language, places)
        if facts.national_id:
            body = (_("with identity document %(number)s", number=facts.national_id), *body)
        dated = long_date(facts.issued_on, language)
        return Sheet(
            language=language,
            title=wording.title[language],
            lead=lead,
            name=facts.name,
            body=body,
            university=university,
            accent=issuer.accent,
            place_and_date=f"{issuer.city}, {dated}" if issuer.city else dated,
            serial=facts.serial,
            code=facts.code,
            address=facts.address,
            labels=Labels(
                serial=_("Serial number"),
                code=_("Verification code"),
                verify=_("Check this document: scan the symbol, or type the code at"),
                page=_("Page %(page)d of %(pages)d"),  # filled in when the pages are known
                specimen=SPECIMEN if facts.specimen else "",
                specimen_note=_("A sample, without any validity") if facts.specimen else "",
                # Filled in where they are used, like the page.
                logo=_("Logo of %(university)s"),
                symbol=_("Symbol to scan; it leads to %(address)s"),
                link=_("Check this document at %(address)s"),
                signature=_("Signature of %(name)s, %(position)s"),
            ),
            signatories=tuple(
                Signatory(str(one.get("name", "")), _localised(one.get("position"), language))
                for one in issuer.signatories
            ),
            facts=_facts(wording, facts, university, language),
            closing=issuer.closing.get(language, ""),
            supplement_title="" if wording.attests_attendance else _("What this certificate stands for"),
            supplement_facts=(
                (_("Programme"), f"{programme.title[language]} ({programme.code} {programme.version})"),
                (_("Fingerprint of the programme's contents"), programme.hash),
            ),
            # Attendance shows no learning outcomes, and so has no second page.
            parts=() if wording.attests_attendance else _parts(programme, wording, language),
        )


def attended_words(minutes: int, language: str) -> str:
    """Whole minutes written out: "31 hours and 30 minutes". Nothing is rounded."""
    hours, rest = divmod(minutes, 60)
    parts = [(hours, "duration-hour")] * bool(hours) + [(rest, "duration-minute")] * bool(rest or not hours)
    return format_list(
        [format_unit(*part, length="long", locale=language) for part in parts], locale=language
    )


def _around_the_name(
    wording: CertificateWording, language: str, places: dict[str, str]
) -> tuple[str, tuple[str, ...]]:
    """The lines above the name, as one text, and those below; a wording without a line for it has all
    below."""
    lines = [line[language].strip() for line in wording.lines]
    at = lines.index(_NAME) if _NAME in lines else 0
    rest = lines[at + 1 :] if _NAME in lines else lines
    lead = " ".join(fill(line, places) for line in lines[:at])
    return lead, tuple(fill(line, places) for line in rest if line)


def _facts(
    wording: CertificateWording, facts: Facts, university: str, language: str
) -> tuple[tuple[str, str], ...]:
    """The elements of the recommendation on micro-credentials (2022/C 243/02, annex I) beside the
    running text."""
    spec = wording.credential
    hours = say(minutes_text(spec.hours * 60))
    credits = f"{spec.ects.replace('.', decimal_sign())} ECTS" if spec.ects else ""
    country = Locale.parse(language).territories.get(spec.country, spec.country)
    found = [
        (_("Time attended"), attended_words(facts.attended_minutes, language))
        if facts.attended_minutes is not None
        else (_("Workload"), " · ".join(part for part in (hours, credits) if part)),
        (_("Level"), _("European Qualifications Framework, level %(level)d", level=spec.eqf_level or 0))
        if spec.eqf_level
        else ("", ""),
        (_("Participation"), _localised(spec.participation, language)),
        (_("Assessment"), _localised(spec.assessment, language)),
        (_("Quality assurance"), _localised(spec.quality_assurance, language)),
        (_("Awarding body and country"), f"{university}, {country}"),
        (_("Valid until"), long_date(facts.expires_on, language)) if facts.expires_on else ("", ""),
    ]
    return tuple((label, value) for label, value in found if value)


def _parts(programme: Programme, wording: CertificateWording, language: str) -> tuple[Part, ...]:
    overall = tuple(_localised(one, language) for one in wording.outcomes)
    parts = [Part(_("Learning outcomes"), "", overall)] if overall else []
    for module in programme.modules:
        parts.append(
            Part(
                f"{module.number}. {module.title[language]}",
                say(minutes_text(module.minutes)),
                tuple(outcome[language] for outcome in module.outcomes),
            )
        )
    return tuple(parts)


def _localised(words: Any, language: str) -> str:
    if isinstance(words, dict):
        return str(words.get(language) or words.get("en") or next(iter(words.values()), ""))
    return str(words or "")
