"""The lives of a proposal and of a certificate, and what the public is told of the second."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from trainer.accreditation.rules.codes import dashed
from trainer.core.text import Text, msg

if TYPE_CHECKING:
    from trainer.accreditation.rules.checks import Check


class ProposalStatus(StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    ISSUED = "issued"
    WITHDRAWN = "withdrawn"


OPEN = frozenset({ProposalStatus.PROPOSED, ProposalStatus.APPROVED})


class CertificateStatus(StrEnum):
    VALID = "valid"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"


class Answer(StrEnum):
    """What a verification answers."""

    VALID = "valid"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"
    ALTERED = "altered"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    """Why a certificate was revoked: public, so it is a code; what lies behind it stays in the
    private note."""

    ISSUED_IN_ERROR = "issued_in_error"
    DATA_ERROR = "data_error"
    MISCONDUCT = "misconduct"
    HOLDER_REQUEST = "holder_request"
    OTHER = "other"


REASONS: Mapping[str, Text] = {
    Reason.ISSUED_IN_ERROR: msg("Issued in error"),
    Reason.DATA_ERROR: msg("Wrong data on the document"),
    Reason.MISCONDUCT: msg("Misconduct"),
    Reason.HOLDER_REQUEST: msg("At the request of the holder"),
    Reason.OTHER: msg("Another reason"),
}

ANSWERS: Mapping[str, Text] = {
    Answer.VALID: msg("This certificate is valid."),
    Answer.EXPIRED: msg("This certificate was valid until %(day)s."),
    Answer.SUPERSEDED: msg(
        "This certificate was replaced by a newer one. Ask its holder for the newer document."
    ),
    Answer.REVOKED: msg("This certificate was revoked."),
    Answer.ALTERED: msg("This file is not the document that was issued: something in it was changed."),
    Answer.UNKNOWN: msg("No certificate was found."),
}


def standing_of(status: str, reinstated_from: date | None, today: date) -> CertificateStatus:
    """The status that holds on a day: a revocation that ends with a day is over from that day on, whether
    anybody has written so into the register yet or not."""
    if status == CertificateStatus.REVOKED and reinstated_from is not None and today >= reinstated_from:
        return CertificateStatus.VALID
    return CertificateStatus(status)


def answer_of(
    status: str, expires_on: date | None, today: date, reinstated_from: date | None = None
) -> Answer:
    """What a certificate answers on a day. It is good for the whole of the day on which it expires, and
    again from the day from which it was reinstated."""
    standing = standing_of(status, reinstated_from, today)
    if standing is CertificateStatus.REVOKED:
        return Answer.REVOKED
    if standing is CertificateStatus.SUPERSEDED:
        return Answer.SUPERSEDED
    return Answer.EXPIRED if expires_on is not None and today > expires_on else Answer.VALID


@dataclass(frozen=True)
class Verification:
    """What the public learns of one certificate. Texts are in the certificate's own language."""

    answer: Answer
    code: str | None = None  # with dashes
    serial: str | None = None
    name: str | None = None
    title: str | None = None
    university: str | None = None
    language: str | None = None
    issued_on: date | None = None
    expires_on: date | None = None
    revoked_on: date | None = None
    reason: str | None = None
    valid_again_from: date | None = None  # it is revoked now, and will not be from that day on
    was_revoked: tuple[date, date] | None = None  # since when it was, and since when it is valid again
    facts: Sequence[tuple[str, str]] = ()
    outcomes: Sequence[str] = ()
    specimen: bool = False
    withheld: bool = False  # the holder does not show name and title
    sha256: str | None = None
    checks: Sequence["Check"] = ()  # what was looked at, and what was found

    def document(self, say: Callable[[Text], str] = str) -> dict[str, Any]:
        """The JSON of the verification page and of `certificates verify`; what is not told is left out. `say`
        puts the words of the checks into a language."""
        told: dict[str, Any] = {"status": str(self.answer)}
        for key in ("code", "serial", "name", "title", "university", "language", "reason", "sha256"):
            value = getattr(self, key)
            if value is not None:
                told[key] = value
        for key in ("issued_on", "expires_on", "revoked_on", "valid_again_from"):
            value = getattr(self, key)
            if value is not None:
                told[key] = value.isoformat()
        if self.was_revoked:
            since, until = self.was_revoked
            told["was_revoked"] = {"from": since.isoformat(), "until": until.isoformat()}
        if self.outcomes:
            told["outcomes"] = list(self.outcomes)
        if self.specimen:
            told["specimen"] = True
        if self.withheld:
            told["withheld"] = True
        if self.checks:
            told["checks"] = [one.document(say) for one in self.checks]
        return told


UNKNOWN = Verification(Answer.UNKNOWN)


class Issued(Protocol):
    """What `verification` needs of a certificate."""

    @property
    def code(self) -> str: ...
    @property
    def serial(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def frozen(self) -> Mapping[str, Any]: ...
    @property
    def issued_on(self) -> date: ...
    @property
    def expires_on(self) -> date | None: ...
    @property
    def revoked_on(self) -> date | None: ...
    @property
    def reinstated_from(self) -> date | None: ...
    @property
    def reason_code(self) -> str | None: ...
    @property
    def withheld(self) -> bool: ...
    @property
    def sha256(self) -> str: ...


def verification(certificate: Issued, today: date) -> Verification:
    """What the public is told of a certificate on a day.

    The status always shows. Name and title, and with them what the course was, show unless the holder
    withdrew them; a revocation that the holder asked for withdraws them too. A superseded certificate never
    shows its name: it may be one that the holder no longer goes by. One that is good again after a
    revocation tells from when to when it was not, and no longer why. (domain page, Accreditation 6 and 8)
    """
    answer = answer_of(certificate.status, certificate.expires_on, today, certificate.reinstated_from)
    revoked = answer is Answer.REVOKED
    asked_for = revoked and certificate.reason_code == Reason.HOLDER_REQUEST
    withheld = certificate.withheld or asked_for
    open_to_all = not withheld
    sheet = certificate.frozen.get("sheet", {})
    told_in_full = open_to_all and answer in {Answer.VALID, Answer.EXPIRED}
    return Verification(
        answer=answer,
        code=dashed(certificate.code),
        serial=certificate.serial,
        name=certificate.name if open_to_all and answer is not Answer.SUPERSEDED else None,
        title=sheet.get("title") if open_to_all else None,
        university=sheet.get("university"),
        language=certificate.language,
        issued_on=certificate.issued_on,
        expires_on=certificate.expires_on,
        revoked_on=certificate.revoked_on if revoked else None,
        reason=certificate.reason_code if revoked else None,
        valid_again_from=certificate.reinstated_from if revoked else None,
        was_revoked=_was_revoked(certificate) if answer in {Answer.VALID, Answer.EXPIRED} else None,
        facts=tuple((label, value) for label, value in sheet.get("facts", ())) if told_in_full else (),
        outcomes=tuple(certificate.frozen.get("outcomes", ())) if told_in_full else (),
        specimen=bool(certificate.frozen.get("specimen")),
        withheld=withheld,
        sha256=certificate.sha256,
    )


def _was_revoked(certificate: Issued) -> tuple[date, date] | None:
    """The span of a revocation that is over; None when there was none, and when it was taken back from the
    very day on which it was made: then there is no day on which the certificate was not good."""
    since, until = certificate.revoked_on, certificate.reinstated_from
    return (since, until) if since is not None and until is not None and since < until else None


def span_words(found: Verification) -> Text | None:
    """What is said of a revocation beside the answer: until when it lasts, or when it was; None for neither."""
    if found.valid_again_from is not None:
        return msg("It will be valid again from %(day)s on.", day=found.valid_again_from)
    if found.was_revoked is not None:
        since, until = found.was_revoked
        return msg(
            "It was revoked from %(since)s until %(until)s, and has been valid again since.",
            since=since,
            until=until,
        )
    return None
