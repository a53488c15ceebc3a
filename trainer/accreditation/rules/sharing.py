"""What a share link shows: what the holder chose, as far as the certificate's state allows it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from trainer.accreditation.rules.statuses import Answer, Issued, Reason, answer_of
from trainer.core.text import Text, msg


class Shows(StrEnum):
    """What can be chosen. The status always shows."""

    NAME = "name"
    DETAILS = "details"  # title, university, days, serial and what the first page says of the course
    OUTCOMES = "outcomes"
    DOCUMENT = "document"


WORDS: Mapping[str, Text] = {
    Shows.NAME: msg("My name"),
    Shows.DETAILS: msg("What it is: title, university, dates, hours"),
    Shows.OUTCOMES: msg("What I learned to do"),
    Shows.DOCUMENT: msg("The document itself, as a PDF"),
}


@dataclass(frozen=True)
class Shared:
    """What whoever opens a link is told; None and empty for what is not shown. Texts are in the certificate's
    language."""

    answer: Answer
    specimen: bool
    language: str
    ended_on: date | None = None  # when it expired or was revoked
    reason: str | None = None
    name: str | None = None
    title: str | None = None
    university: str | None = None
    serial: str | None = None
    issued_on: date | None = None
    expires_on: date | None = None
    facts: Sequence[tuple[str, str]] = ()
    outcomes: Sequence[str] = ()
    document: bool = False


def shared(certificate: Issued, shows: Collection[str], today: date) -> Shared:
    """What a link with these choices shows of a certificate on a day.

    Whether the holder hides name and title from the public code does not matter here: by the link the holder chose to
    show them. A replaced certificate shows its status and nothing personal, because the name may be one that the holder
    no longer goes by; so does one that was revoked at the holder's request. A revoked one shows what it was and
    whose, and is not handed out any more. (docs/decisions/sharing.md)
    """
    answer = answer_of(certificate.status, certificate.expires_on, today, certificate.reinstated_from)
    revoked = answer is Answer.REVOKED
    ended_on = {Answer.REVOKED: certificate.revoked_on, Answer.EXPIRED: certificate.expires_on}.get(answer)
    bare = Shared(
        answer=answer,
        specimen=bool(certificate.frozen.get("specimen")),
        language=certificate.language,
        ended_on=ended_on,
        reason=certificate.reason_code if revoked else None,
    )
    if answer is Answer.SUPERSEDED or (revoked and certificate.reason_code == Reason.HOLDER_REQUEST):
        return bare
    sheet = certificate.frozen.get("sheet", {})
    in_full = answer in {Answer.VALID, Answer.EXPIRED}
    details = Shows.DETAILS in shows
    facts = tuple((label, value) for label, value in sheet.get("facts", ()))
    return Shared(
        answer=answer,
        specimen=bare.specimen,
        language=bare.language,
        ended_on=ended_on,
        reason=bare.reason,
        name=certificate.name if Shows.NAME in shows else None,
        title=sheet.get("title") if details else None,
        university=sheet.get("university") if details else None,
        serial=certificate.serial if details or (Shows.DOCUMENT in shows and in_full) else None,
        issued_on=certificate.issued_on if details else None,
        expires_on=certificate.expires_on if details else None,
        facts=facts if details and in_full else (),
        outcomes=tuple(certificate.frozen.get("outcomes", ())) if Shows.OUTCOMES in shows and in_full else (),
        document=Shows.DOCUMENT in shows and in_full,
    )
