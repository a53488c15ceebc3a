"""The audit chain keeps what happened and nothing else, and says that it is whole while others write."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import IntegrityError

from tests.factories.world import SYSTEM
from trainer.audit.models import AuditEntry
from trainer.audit.queries import verify
from trainer.audit.services import record
from trainer.core.database import session, transaction
from trainer.extensions import db
from trainer.people.models import Organisation


def kept() -> list[str]:
    session.rollback()
    return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_what_was_rolled_back_leaves_no_entry(ctx):
    def tried() -> None:
        with transaction() as current:
            record(SYSTEM, "tried", "thing:1")
            current.add(Organisation(kind="none"))  # refused at the commit, not before

    for _time in range(2):
        with pytest.raises(IntegrityError):
            tried()
    with transaction() as current:
        record(SYSTEM, "first", "thing:1")
        # A savepoint can be undone while the transaction goes on: its entry would tell what never was.
        with pytest.raises(RuntimeError, match="savepoint"), current.begin_nested():
            record(SYSTEM, "undone", "thing:2")
        record(SYSTEM, "second", "thing:1")
    assert kept() == ["first", "second"]
    assert verify().entries == 2 and verify().broken_at is None


@pytest.mark.parametrize("before", [0, 1])
def test_the_chain_is_whole_while_somebody_writes(app, ctx, before):
    def write() -> None:
        with app.app_context(), transaction():
            record(SYSTEM, "meanwhile", "thing:1")

    for _time in range(before):
        write()
    met = []

    def meanwhile(*_statement: object) -> None:
        if not met:
            met.append(True)
            with ThreadPoolExecutor(1) as pool:
                pool.submit(write).result(10)

    event.listen(db.engine, "after_cursor_execute", meanwhile)
    assert verify().broken_at is None
    event.remove(db.engine, "after_cursor_execute", meanwhile)
    assert len(kept()) == before + 1
