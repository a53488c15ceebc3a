"""What the registry book says of each certificate, and what it counts. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Protocol

from trainer.accreditation.rules.statuses import Answer, answer_of

FINGERPRINT = 16  # of the 64 digits of the SHA-256: enough to tell any two documents apart on paper


class Entry(Protocol):
    """What the book needs of a certificate."""

    @property
    def number(self) -> int: ...
    @property
    def serial(self) -> str: ...
    @property
    def issued_on(self) -> date: ...
    @property
    def status(self) -> str: ...
    @property
    def expires_on(self) -> date | None: ...
    @property
    def revoked_on(self) -> date | None: ...
    @property
    def reinstated_from(self) -> date | None: ...
    @property
    def superseded_at(self) -> datetime | None: ...
    @property
    def signatures(self) -> Sequence[dict[str, Any]]: ...


def standing(entry: Entry, today: date) -> tuple[Answer, date | None]:
    """What a certificate answers on a day, and since when; for a valid one that never was anything else, None."""
    answer = answer_of(entry.status, entry.expires_on, today, entry.reinstated_from)
    since = {
        Answer.REVOKED: entry.revoked_on,
        Answer.SUPERSEDED: entry.superseded_at.date() if entry.superseded_at else None,
        Answer.EXPIRED: entry.expires_on,
        Answer.VALID: entry.reinstated_from
        if entry.reinstated_from and entry.reinstated_from <= today
        else None,
    }
    return answer, since.get(answer)


def signed_by(entry: Entry) -> str:
    """Who signed the document digitally, in the order of their places; empty for nobody."""
    signatures = sorted(entry.signatures, key=lambda one: int(one.get("place", 0)))
    return "; ".join(str(one["label"]) for one in signatures if one.get("label"))


def counts(entries: Sequence[Entry], today: date) -> Counter[Answer]:
    """How many certificates give each answer today."""
    return Counter(standing(entry, today)[0] for entry in entries)
