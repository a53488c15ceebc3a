"""What a verification looked at, check by check in words, and what follows from it. Pure.

The order of trust: a file is the one issued when all its bytes are (the register holds their SHA-256). The signatures
and the credential in it say the same without the register; where one of them contradicts it, the file is not called
genuine. What the certificate is worth today, the register alone says.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from trainer.accreditation.rules.statuses import REASONS, Answer, Verification
from trainer.core.text import Text, msg, nmsg


class Result(StrEnum):
    YES = "yes"
    NO = "no"
    NOT_CHECKED = "not_checked"


class Topic(StrEnum):
    """What a check is about."""

    DOCUMENT = "document"  # the bytes of the file
    SIGNATURE = "signature"
    KEYS = "keys"  # what the keys of the signatures are worth
    CREDENTIAL = "credential"
    REGISTER = "register"


@dataclass(frozen=True)
class Check:
    """One thing that was looked at, and what was found."""

    check: Topic
    result: Result
    words: Text

    def document(self, say: Callable[[Text], str] = str) -> dict[str, Any]:
        """As JSON; `say` puts the words into a language."""
        return {"check": str(self.check), "result": str(self.result), "words": say(self.words)}


@dataclass(frozen=True)
class Signed:
    """A signature as it was found in a file. `name` is that of its key, `position` what the document says beside it
    ("" when the key is not known to the university); `at` the time stamp's moment, else what the signer says."""

    name: str
    position: str
    at: datetime | None
    stamped: bool
    intact: bool  # what was signed is there unchanged, and the signature fits
    trusted: bool  # by a key that is or was the university's
    whole: bool  # nothing was added since but what the signature allows
    test: bool = False


# Whatever of these a file fails, it is not called genuine.
_OF_THE_FILE = frozenset({Topic.DOCUMENT, Topic.SIGNATURE, Topic.CREDENTIAL})


def decide(standing: Answer, checks: Sequence[Check]) -> Answer:
    """What a file answers whose certificate answers `standing` by its code: that, unless a check of the file came
    out no."""
    broken = any(one.result is Result.NO and one.check in _OF_THE_FILE for one in checks)
    return Answer.ALTERED if broken else standing


def register_check(found: Verification) -> Check:
    """What the register says of a certificate today."""
    said = {
        Answer.VALID: msg("The register says: valid today."),
        Answer.EXPIRED: msg("The register says: valid until %(day)s, not any more.", day=found.expires_on),
        Answer.SUPERSEDED: msg("The register says: replaced by a newer certificate."),
        Answer.REVOKED: msg(
            "The register says: revoked on %(day)s. Reason: %(reason)s.",
            day=found.revoked_on,
            reason=REASONS[found.reason or "other"],
        ),
    }.get(found.answer, msg("The register knows no such certificate."))
    return Check(Topic.REGISTER, Result.YES if found.answer is Answer.VALID else Result.NO, said)


def by_code(found: Verification) -> tuple[Check, ...]:
    """The checks of a code alone: the document was not seen."""
    unseen = msg(
        "The document itself was not looked at, only its code. Check the file too, or compare what stands here "
        "with what stands on paper."
    )
    return (register_check(found), Check(Topic.DOCUMENT, Result.NOT_CHECKED, unseen))


SAME_BYTES = Check(
    Topic.DOCUMENT,
    Result.YES,
    msg("The file is, byte for byte, the one that the university issued (SHA-256)."),
)

OTHER_BYTES: dict[str, Text] = {
    "added": msg("The file is not the one that the university issued: something was added at its end."),
    "cut": msg(
        "The file is not the one that the university issued: its end is missing. It may not have been downloaded "
        "or sent whole."
    ),
    "pages": msg("The file is not the one that the university issued: its pages are not as they were."),
    "elsewhere": msg(
        "The file is not the one that the university issued: some of its bytes were changed, though nothing on its "
        "pages."
    ),
    "saved_anew": msg(
        "The file is not the one that the university issued, though its pages look the same: another program saved "
        "it anew. Ask for the file as it was sent."
    ),
    "unreadable": msg(
        "The file is not the one that the university issued. It is too damaged, or too unusual, to say where it differs."
    ),
}


def other_bytes(difference: str, pages: Sequence[int]) -> Check:
    """A file that carries a code of ours and is not the one issued; `pages` are those that differ."""
    words = OTHER_BYTES[difference]
    if difference == "pages" and pages:
        words = nmsg(
            "The file is not the one that the university issued: page %(pages)s is not as it was.",
            "The file is not the one that the university issued: pages %(pages)s are not as they were.",
            len(pages),
            pages=", ".join(str(page) for page in pages),
        )
    return Check(Topic.DOCUMENT, Result.NO, words)


def signature_checks(found: Sequence[Signed] | None, expected: int, university: str) -> tuple[Check, ...]:
    """The checks of a file's signatures. `expected` is how many the document was issued with; `found` is None when
    they were not looked at."""
    if found is None:
        words = msg("Signatures: the file is too damaged, or too unusual, to look at them.")
        return (Check(Topic.SIGNATURE, Result.NOT_CHECKED, words),)
    checks = [_signature(one, university) for one in found]
    if len(found) < expected:
        words = nmsg(
            "The document was issued with a digital signature; not all of it is in this file.",
            "The document was issued with %(num)d digital signatures; not all of them are in this file.",
            expected,
        )
        checks.append(Check(Topic.SIGNATURE, Result.NO, words))
    if not checks:
        words = msg("The document was issued without digital signatures: the register alone vouches for it.")
        checks.append(Check(Topic.SIGNATURE, Result.NOT_CHECKED, words))
    if any(one.test and one.trusted for one in found):
        words = msg(
            "The signatures were made with test keys, for trying things out. To anybody else they prove nothing."
        )
        checks.append(Check(Topic.KEYS, Result.NOT_CHECKED, words))
    return tuple(checks)


def _signature(one: Signed, university: str) -> Check:
    who = f"{one.name}, {one.position}" if one.position else one.name
    if not one.intact:
        words = msg("The signature of %(who)s does not fit: what was signed was changed afterwards.", who=who)
        return Check(Topic.SIGNATURE, Result.NO, words)
    if not one.trusted:
        words = msg(
            "A signature in the name of %(who)s was not made with a key of %(university)s.",
            who=who,
            university=university,
        )
        return Check(Topic.SIGNATURE, Result.NO, words)
    if not one.whole:
        words = msg("After %(who)s had signed, something was added to the file.", who=who)
        return Check(Topic.SIGNATURE, Result.NO, words)
    if one.at is None:
        words = msg("Signed by %(who)s: intact.", who=who)
    elif one.stamped:
        words = msg("Signed by %(who)s, on %(moment)s by a time stamp: intact.", who=who, moment=one.at)
    else:
        words = msg("Signed by %(who)s, on %(moment)s: intact.", who=who, moment=one.at)
    return Check(Topic.SIGNATURE, Result.YES, words)


class Inside(StrEnum):
    """What became of the credential inside a file."""

    SAME = "same"  # as in the register, and its own signature holds
    OTHER = "other"  # not as in the register
    BROKEN = "broken"  # its signature does not hold
    MISSING = "missing"
    NEVER = "never"  # issued without one
    UNSEEN = "unseen"  # the file could not be looked into


def credential_check(inside: Inside, university: str) -> Check:
    """The check of the credential that a document carries for machines and wallets."""
    result, words = {
        Inside.SAME: (
            Result.YES,
            msg(
                "The digital credential inside is signed by %(university)s and says the same as the register.",
                university=university,
            ),
        ),
        Inside.OTHER: (Result.NO, msg("The digital credential inside is not the one that was issued.")),
        Inside.BROKEN: (Result.NO, msg("The signature of the digital credential inside does not hold.")),
        Inside.MISSING: (Result.NO, msg("The digital credential that belongs inside is not there.")),
        Inside.NEVER: (
            Result.NOT_CHECKED,
            msg("The document was issued without a digital credential inside."),
        ),
        Inside.UNSEEN: (
            Result.NOT_CHECKED,
            msg("Digital credential: the file is too damaged, or too unusual, to look inside."),
        ),
    }[inside]
    return Check(Topic.CREDENTIAL, result, words)


KNOWN_CODE = Check(
    Topic.REGISTER,
    Result.NOT_CHECKED,
    msg(
        "The code in the file is in the register; but the code can be copied, and this file is not the document."
    ),
)
KNOWN_SERIAL = Check(
    Topic.REGISTER,
    Result.NOT_CHECKED,
    msg(
        "The serial number in the file is in the register; but a number can be copied, and this file is not the document."
    ),
)
UNKNOWN_FILE = Check(
    Topic.REGISTER,
    Result.NO,
    msg("Neither the file nor any code in it is in the register."),
)
LOCKED_FILE = Check(
    Topic.DOCUMENT,
    Result.NOT_CHECKED,
    msg(
        "The file is locked, with a password or against copying, so it cannot be looked into. Our documents are not: "
        "ask for the file as it was sent, or type the code that stands on it."
    ),
)
