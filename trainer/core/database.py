"""Connections and transactions.

SQLite: WAL, foreign keys on, busy timeout, durable commits. A write transaction begins as such (BEGIN IMMEDIATE):
a deferred one that turns into a writer fails at once when another wrote in between, and no timeout helps.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Engine, event, select
from sqlalchemy.orm import Session, scoped_session

from trainer.core.errors import Missing
from trainer.core.text import msg
from trainer.extensions import db

T = TypeVar("T")
session = cast("scoped_session[Session]", db.session)
BUSY_TIMEOUT_MS = 5000
WRITE = "trainer_write"


def prepare_engine(engine: Engine, synchronous: str = "FULL") -> None:
    """Puts the pragmas and the begin rule on a SQLite engine; PostgreSQL needs nothing.

    FULL makes a commit outlive a power cut; tests, which owe that to nobody, turn it off.
    """
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def connect(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # the driver's own BEGIN is off: ours, below, is the only one
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout = {BUSY_TIMEOUT_MS}",
            "journal_mode = WAL",
            f"synchronous = {synchronous}",
            "foreign_keys = ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get(WRITE)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def guard_session() -> None:
    """A flush outside `transaction()` is a bug (a GET that writes, a service without a boundary): it raises."""

    @event.listens_for(Session, "before_flush")
    def before_flush(current: Session, context: Any, instances: Any) -> None:
        if not current.info.get("writing") and not current.info.get("unguarded"):
            raise RuntimeError("writes go through trainer.core.database.transaction()")


@contextmanager
def transaction() -> Iterator[Session]:
    """One write transaction: commits at the end, rolls back on any error; nested use joins the outer one.

    Objects loaded before are expired, so that what is decided inside is decided on what is read inside.
    """
    current = session()
    if current.info.get("writing"):
        yield current
        return
    if current.new or current.dirty or current.deleted:
        raise RuntimeError("changes were made outside a transaction")
    current.rollback()
    current.connection(execution_options={WRITE: True})
    current.info["writing"] = True
    try:
        yield current
        current.commit()
    except BaseException:
        current.rollback()
        raise
    finally:
        current.info.pop("writing", None)


def lock(model: type[T], key: Any) -> T:
    """The row of `model` with primary key `key`, locked until the transaction ends (SQLite: the write lock holds it).

    Rows that refer to it can be written meanwhile: only its key is of use to them, and no key ever changes. The order in which
    rows are locked is that of docs/decisions/locks.md. Raises Missing when there is none.
    """
    current = session()
    column = cast(Any, model).__mapper__.primary_key[0]
    row = current.execute(
        select(model)
        .where(column == key)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if row is None:
        raise Missing(msg("This is not here (any more)."))
    return row


def lock_all(model: type[T], keys: Iterable[int]) -> list[T]:
    """The rows of `model` with these primary keys, locked as by `lock`, by rising key. One statement; those that are gone
    are left out."""
    current = session()
    column = cast(Any, model).__mapper__.primary_key[0]
    rows = current.scalars(
        select(model)
        .where(column.in_(sorted(keys)))
        .order_by(column)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return list(rows)
