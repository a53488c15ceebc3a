"""Writing the chain. Called by the services of every feature, inside their transaction."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import event, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, SessionTransaction

from trainer.audit.models import AccessLog, AuditEntry, AuditHead
from trainer.audit.rules import START, Entry, entry_hash
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.crypto import fingerprint
from trainer.core.database import WRITE, session
from trainer.extensions import db

__all__ = ["fingerprint", "log_access", "record"]

_WAITING = "audit entries"


@dataclass
class _Waiting:
    """What a transaction recorded so far; of another transaction, rolled back since, nothing is taken over."""

    whole: SessionTransaction
    entries: list[Entry] = field(default_factory=list)


def record(actor: Actor, action: str, subject: str, **details: Any) -> None:
    """Adds one entry to the chain, in the caller's transaction.

    `action` reads "register.saved", `subject` "session:12". `details` hold ids, codes, counts and dates; personal
    values only as `fingerprint(value)`: the chain outlives an erasure (domain page, Privacy).
    Raises RuntimeError outside a transaction: an entry without its change, or a change without its entry, is worthless. So it
    does inside a savepoint, which may be rolled back alone: the entry waits for the whole transaction.
    """
    current = session()
    whole = current.get_transaction()
    if whole is None or not current.info.get("writing"):
        raise RuntimeError("audit entries are written inside transaction()")
    if current.in_nested_transaction():
        raise RuntimeError("audit entries are not written inside a savepoint")
    current.flush()
    kept = current.info.get(_WAITING)
    if kept is None or kept.whole is not whole:
        kept = current.info[_WAITING] = _Waiting(whole)
    kept.entries.append(
        Entry(
            id=0,
            at=clock.now(),
            actor_id=actor.person_id,
            os_user=actor.os_user,
            action=action,
            subject=subject,
            details={key: _plain(value) for key, value in details.items() if value is not None},
            previous_hash="",
        )
    )


@event.listens_for(Session, "before_commit")
def _append(current: Session) -> None:
    """Ties what a transaction recorded to the chain, as the last thing it does: everybody who writes comes by its head, and
    who held it while waiting for another row would keep all of them waiting (docs/decisions/locks.md)."""
    kept = current.info.get(_WAITING)
    if kept is None or current.in_nested_transaction():
        return
    del current.info[_WAITING]
    if kept.whole is not current.get_transaction() or not kept.entries:
        return
    writing = current.info.get("writing")
    current.info["writing"] = True
    try:
        _tie(current, kept.entries)
    finally:
        current.info["writing"] = writing


def _tie(current: Session, entries: list[Entry]) -> None:
    head = current.get(AuditHead, 1, with_for_update=True, populate_existing=True)
    if head is None:
        try:
            with current.begin_nested():
                head = AuditHead(id=1, entry_id=0, hash=START)
                current.add(head)
        except IntegrityError:  # another process began the chain in the same moment
            head = current.get_one(AuditHead, 1, with_for_update=True, populate_existing=True)
    rows = []
    for waiting in entries:
        entry = replace(waiting, id=head.entry_id + 1, previous_hash=head.hash)
        digest = entry_hash(entry)
        rows.append(
            {
                "id": entry.id,
                "at": entry.at,
                "actor_id": entry.actor_id,
                "os_user": entry.os_user,
                "action": entry.action,
                "subject": entry.subject,
                "details": entry.details,
                "previous_hash": entry.previous_hash,
                "hash": digest,
            }
        )
        head.entry_id, head.hash = entry.id, digest
    current.execute(insert(AuditEntry), rows)
    current.flush()


def _plain(value: Any) -> Any:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if value is None or isinstance(value, (bool, int, str)):
        return value
    return str(value)


def log_access(actor: Actor, endpoint: str, arguments: dict[str, Any]) -> None:
    """Notes that `actor` looked at a page about people; on its own connection, so that the page's read goes on."""
    with db.engine.connect().execution_options(**{WRITE: True}) as connection, connection.begin():
        connection.execute(
            insert(AccessLog).values(
                at=clock.now(), person_id=actor.person_id, endpoint=endpoint, arguments=_plain(arguments)
            )
        )
