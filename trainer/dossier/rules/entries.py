"""One step in the life of a thing of the dossier, and which of them stand. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from urllib.parse import urlsplit

LONGEST_WORDS = 2000
LONGEST_URL = 500


class Thing(StrEnum):
    """What an entry is about."""

    DOCUMENT = "document"
    PORTFOLIO = "portfolio"
    TEST = "test"
    DECISION = "decision"


class State(StrEnum):
    """What happened. Documents and parts of a portfolio are handed in, then accepted or returned."""

    HANDED_IN = "handed_in"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    TAKEN = "taken"
    YES = "yes"
    NOT_YET = "not_yet"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, in the order of `id`. What requirements are decided on leaves out the words, links, files and names."""

    id: int
    kind: str
    code: str
    state: str
    on: date
    points: int | None = None
    out_of: int | None = None
    valid_until: date | None = None
    voids_id: int | None = None
    words: str = ""
    url: str | None = None
    file_id: int | None = None
    file_name: str | None = None
    by: str | None = None
    by_id: int | None = None
    at: datetime | None = None


def live(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries that stand, in the order in which they were recorded."""
    found = sorted(entries, key=lambda entry: entry.id)
    taken_back = {entry.voids_id for entry in found if entry.state == State.VOID}
    return tuple(entry for entry in found if entry.state != State.VOID and entry.id not in taken_back)


def of_thing(entries: Iterable[Entry], kind: str, code: str) -> tuple[Entry, ...]:
    """The standing entries of one thing, in the order in which they were recorded."""
    return live(entry for entry in entries if entry.kind == kind and entry.code == code)


def tidy_url(text: str | None) -> str | None:
    """A web address as it is kept; None for no text. Raises ValueError for what is no address of the web."""
    address = (text or "").strip()
    if not address:
        return None
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or len(address) > LONGEST_URL:
        raise ValueError("not an address of the web")
    if any(sign.isspace() or not sign.isprintable() for sign in address):
        raise ValueError("not an address of the web")
    return address
