"""The hash chain: what an entry's hash covers, and how a chain is checked. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

START = "0" * 64


@dataclass(frozen=True)
class Entry:
    """An entry as it is hashed; `at` is aware UTC."""

    id: int
    at: datetime
    actor_id: int | None
    os_user: str | None
    action: str
    subject: str
    details: dict[str, Any]
    previous_hash: str
    hash: str = ""


def entry_hash(entry: Entry) -> str:
    """SHA-256 over the canonical JSON of everything but the hash itself."""
    document = {
        "id": entry.id,
        "at": entry.at.isoformat(timespec="microseconds"),
        "actor_id": entry.actor_id,
        "os_user": entry.os_user,
        "action": entry.action,
        "subject": entry.subject,
        "details": entry.details,
        "previous_hash": entry.previous_hash,
    }
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class ChainCheck:
    """What checking found: `broken_at` is the id of the first entry that does not fit, None when all do."""

    entries: int
    broken_at: int | None = None
    reason: str = ""


def check_chain(entries: Iterable[Entry], head_id: int, head_hash: str) -> ChainCheck:
    """Walks the entries by id: no gap, each hash right and tied to the one before, and the head is the last."""
    expected_id, previous, count = 1, START, 0
    for entry in entries:
        if entry.id != expected_id:
            return ChainCheck(count, expected_id, "missing")
        if entry.previous_hash != previous:
            return ChainCheck(count, entry.id, "not tied to the entry before")
        if entry_hash(entry) != entry.hash:
            return ChainCheck(count, entry.id, "changed after it was written")
        previous, expected_id, count = entry.hash, expected_id + 1, count + 1
    if head_id != count or (count and head_hash != previous):
        return ChainCheck(count, count + 1, "entries at the end are missing")
    return ChainCheck(count)
