"""Counters of the rate limits, in the database: every worker counts together, with no further server to run."""

from __future__ import annotations

import time
from typing import Any

from limits.storage import Storage
from sqlalchemy import Float, String, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from trainer.core.crypto import fingerprint
from trainer.core.database import WRITE
from trainer.core.models import Model
from trainer.extensions import db


class RateCounter(Model):
    """How often a key was used in its current window. Keys are digests: an address is personal data."""

    __tablename__ = "rate_counter"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int]
    expires_at: Mapped[float] = mapped_column(Float, index=True)


class DatabaseStorage(Storage):
    """Fixed windows for Flask-Limiter, on a connection of their own: a count stays when the request is rolled back."""

    STORAGE_SCHEME = ["trainer-database"]

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **options: Any) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions)

    @property
    def base_exceptions(self) -> type[Exception]:
        from sqlalchemy.exc import SQLAlchemyError

        return SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Adds `amount`, opening a window of `expiry` seconds when none is open; gives the count."""
        moment = time.time()
        table = RateCounter.__table__
        with db.engine.connect().execution_options(**{WRITE: True}) as connection, connection.begin():
            connection.execute(delete(RateCounter).where(RateCounter.expires_at <= moment))
            make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
            statement = (
                make(RateCounter)
                .values(key=fingerprint(key, "rate"), count=amount, expires_at=moment + expiry)
                .on_conflict_do_update(index_elements=["key"], set_={"count": table.c.count + amount})
                .returning(RateCounter.count)
            )
            return int(connection.execute(statement).scalar_one())

    def get(self, key: str) -> int:
        return int(self._read(key, RateCounter.count) or 0)

    def get_expiry(self, key: str) -> float:
        return float(self._read(key, RateCounter.expires_at) or time.time())

    def _read(self, key: str, column: Any) -> Any:
        with db.engine.connect() as connection:
            return connection.execute(
                select(column).where(
                    RateCounter.key == fingerprint(key, "rate"), RateCounter.expires_at > time.time()
                )
            ).scalar_one_or_none()

    def check(self) -> bool:
        with db.engine.connect() as connection:
            connection.execute(select(RateCounter.key).limit(1))
        return True

    def reset(self) -> int | None:
        with db.engine.connect().execution_options(**{WRITE: True}) as connection, connection.begin():
            return int(connection.execute(delete(RateCounter)).rowcount)

    def clear(self, key: str) -> None:
        with db.engine.connect().execution_options(**{WRITE: True}) as connection, connection.begin():
            connection.execute(delete(RateCounter).where(RateCounter.key == fingerprint(key, "rate")))
