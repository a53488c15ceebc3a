"""A certificate as an Open Badges 3.0 AchievementCredential (1EdTech, Final Release v3.0, 2024), before it is signed.

It says what the sheet says, in the sheet's language, and nothing more about the person than the sheet does, but for
the salted hash of the e-mail address, by which a wallet knows its owner's credentials.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from trainer.accreditation.documents.credential.contexts import CREDENTIALS, EXTENSIONS, OPEN_BADGES
from trainer.accreditation.documents.sheet import Sheet

SCHEMA = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_EQF = "https://europass.europa.eu/en/description-eight-eqf-levels"
# A certificate of the programme is a "Certificate"; what else comes out of the course (attendance, say) is the course.
_TYPES = {"accreditation": "Certificate", "completion": "CertificateOfCompletion"}


@dataclass(frozen=True)
class Place:
    """Where a credential stands: the instance's address and DID, the university's code, and the index of the
    certificate in the status list of its university and year."""

    base_url: str
    did: str
    university_code: str
    status_list: int
    index: int


def moment(at: datetime) -> str:
    """A moment as XSD dateTime, in UTC and whole seconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def achievement_id(place: Place, frozen: Mapping[str, Any], language: str) -> str:
    """The address of what was achieved: the same for everybody who got it, in one language."""
    programme = frozen["programme"]
    parts = [place.university_code, programme["code"], programme["version"], frozen["kind"], language]
    parts += ["specimen"] if frozen.get("specimen") else []
    return f"{place.base_url}/achievements/" + "/".join(quote(str(part), safe="") for part in parts)


def badge(
    place: Place,
    sheet: Sheet,
    frozen: Mapping[str, Any],
    *,
    code: str,
    issued_at: datetime,
    issued_on: date,
    expires_on: date | None,
    email: str | None,
    common: Sequence[tuple[str, str]],
    own: Sequence[tuple[str, str]] = (),
) -> dict[str, Any]:
    """The credential of one certificate, unsigned. `code` has its dashes; `frozen` is what is frozen beside the
    sheet (services/drafts.py), with its `kind`. `common`: the facts of the sheet that hold for everybody who has
    such a certificate, label and value; `own`: those that are about this person (the time attended)."""
    spec = frozen["credential"]
    issuer = {"id": place.did, "type": ["Profile"], "name": _text(sheet.university), "url": place.base_url}
    address = {"type": ["Address"], "addressCountryCode": spec["country"]}
    status = f"{place.base_url}/status/{place.status_list}"
    until = {} if expires_on is None else {"validUntil": f"{expires_on.isoformat()}T23:59:59Z"}
    return {
        "@context": [CREDENTIALS, OPEN_BADGES, EXTENSIONS],
        "id": f"{place.base_url}/credentials/{code}",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": _title(sheet, frozen),
        "issuer": {**issuer, "address": address},
        "validFrom": moment(issued_at),
        **until,
        "awardedDate": _awarded(issued_at, issued_on),
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": _identifiers(sheet.name, code, email),
            **({"narrative": _facts(own)} if own else {}),
            "achievement": _achievement(place, issuer, sheet, frozen, common),
        },
        "credentialSchema": [{"id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}],
        "credentialStatus": {
            "id": f"{status}#{place.index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(place.index),
            "statusListCredential": status,
        },
    }


def _awarded(issued_at: datetime, issued_on: date) -> str:
    """The moment of issue; where the course's date is another one than that of UTC, the beginning of it."""
    same = issued_at.astimezone(UTC).date() == issued_on
    return moment(issued_at) if same else f"{issued_on.isoformat()}T00:00:00Z"


def _identifiers(name: str, code: str, email: str | None) -> list[dict[str, Any]]:
    """Whose it is: the name in plain, as on the document, and the e-mail address hashed.

    A wallet takes a badge in when the hash is that of one of its owner's addresses. The salt stands beside the
    hash, so this hides the address from a glance, not from somebody who already guesses it; it is
    another one for each credential, so that two of them cannot be told to be one person's by it.
    """
    found: list[dict[str, Any]] = [
        {"type": "IdentityObject", "hashed": False, "identityHash": _text(name), "identityType": "name"}
    ]
    if email:
        # From the code, which is random: whoever makes the credential again makes the same one.
        salt = hashlib.sha256(f"salt {code}".encode()).hexdigest()[:32]
        found.append(
            {
                "type": "IdentityObject",
                "hashed": True,
                "identityHash": "sha256$" + hashlib.sha256((email + salt).encode()).hexdigest(),
                "identityType": "emailAddress",
                "salt": salt,
            }
        )
    return found


def _achievement(
    place: Place,
    issuer: Mapping[str, Any],
    sheet: Sheet,
    frozen: Mapping[str, Any],
    common: Sequence[tuple[str, str]],
) -> dict[str, Any]:
    """What was achieved, without anything about a person or a date: the elements of the EU recommendation on
    micro-credentials, as terms where Open Badges has one, else as the words of the sheet."""
    spec, programme = frozen["credential"], frozen["programme"]
    address = achievement_id(place, frozen, sheet.language)
    credits = _credits(spec.get("ects"))
    level = _level(spec.get("eqf_level"))
    return {
        "id": address,
        "type": ["Achievement"],
        "achievementType": _TYPES.get(frozen["kind"], "Course"),
        "name": _title(sheet, frozen),
        "description": _lines(f"{sheet.title}. {sheet.university}.", *frozen.get("outcomes", ())),
        "criteria": {
            "id": f"{address}#criteria",
            "narrative": _facts(common),
        },
        "humanCode": _text(programme["code"]),
        "version": _text(programme["version"]),
        "inLanguage": sheet.language,
        **({} if credits is None else {"creditsAvailable": credits}),
        **({} if level is None else {"alignment": [level]}),
        "creator": dict(issuer),
    }


def _title(sheet: Sheet, frozen: Mapping[str, Any]) -> str:
    """The title; a sample says that it is one wherever a wallet shows a name."""
    return _text(
        f"{sheet.labels.specimen or 'SPECIMEN'}: {sheet.title}" if frozen.get("specimen") else sheet.title
    )


def _credits(ects: Any) -> int | float | None:
    """ECTS credits as a number; a whole one without a point, which every implementation writes alike."""
    if not ects:
        return None
    exact = Decimal(str(ects))
    return int(exact) if exact == exact.to_integral_value() else float(exact)


def _level(level: int | None) -> dict[str, Any] | None:
    if not level:
        return None
    framework = "European Qualifications Framework"
    return {
        "type": ["Alignment"],
        "targetCode": str(level),
        "targetFramework": framework,
        "targetName": f"{framework}, level {level}",
        "targetType": "ext:QualificationLevel",
        "targetUrl": _EQF,
    }


def _facts(facts: Sequence[tuple[str, str]]) -> str:
    return _lines(*(f"{label}: {value}" for label, value in facts))


def _lines(*texts: str) -> str:
    """Paragraphs (Markdown keeps them apart)."""
    return "\n\n".join(line for line in map(_text, texts) if line)


def _text(words: Any) -> str:
    """A text without control characters: implementations disagree on how they are written in canonical form."""
    return _CONTROL.sub(" ", str(words)).strip()
