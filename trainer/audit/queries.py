"""Reading the chain back."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import chain

from sqlalchemy import func, select, true

from trainer.audit.models import AuditEntry, AuditHead
from trainer.audit.rules import START, ChainCheck, Entry, check_chain
from trainer.core.database import session

PAGE = 50


def _entry(row: AuditEntry) -> Entry:
    return Entry(
        row.id,
        row.at,
        row.actor_id,
        row.os_user,
        row.action,
        row.subject,
        row.details,
        row.previous_hash,
        row.hash,
    )


def entries() -> Iterator[Entry]:
    """Every entry in order, streamed."""
    statement = select(AuditEntry).order_by(AuditEntry.id).execution_options(yield_per=1000)
    for row in session.scalars(statement):
        yield _entry(row)


def verify() -> ChainCheck:
    """Checks the whole chain; `broken_at` names the first entry that does not fit.

    One statement reads its end and the entries: between two, somebody may add one, and the end would not be theirs.
    """
    head = select(AuditHead.entry_id, AuditHead.hash).where(AuditHead.id == 1)
    end = select(
        head.with_only_columns(AuditHead.entry_id).scalar_subquery().label("entry_id"),
        head.with_only_columns(AuditHead.hash).scalar_subquery().label("hash"),
    ).subquery()  # a row of its own even where there is nothing yet
    rows = session.execute(
        select(AuditEntry, end.c.entry_id, end.c.hash)
        .select_from(end)
        .outerjoin(AuditEntry, true())
        .order_by(AuditEntry.id)
        .execution_options(yield_per=1000)
    )
    first = next(rows)
    found = (_entry(row) for row, *_end in chain((first,), rows) if row is not None)
    return check_chain(found, first[1] or 0, first[2] or START)


def latest(page: int = 1) -> tuple[list[Entry], int]:
    """One page of entries, newest first, and how many there are in all."""
    total = session.scalar(select(func.count()).select_from(AuditEntry)) or 0
    statement = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(PAGE).offset((page - 1) * PAGE)
    return [_entry(row) for row in session.scalars(statement)], total


def newest(most: int) -> list[Entry]:
    """At most so many entries, newest first. One statement."""
    return [
        _entry(row) for row in session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(most))
    ]


def entries_about(subjects: Collection[str], actions: Collection[str]) -> list[Entry]:
    """What was recorded of these kinds about these subjects, oldest first: the history of what keeps none itself.

    One statement.
    """
    statement = (
        select(AuditEntry)
        .where(AuditEntry.subject.in_(subjects), AuditEntry.action.in_(actions))
        .order_by(AuditEntry.id)
    )
    return [_entry(row) for row in session.scalars(statement)]
