"""The one clock. Everything that asks the time asks here, so that tests and the demo can stand at any moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_frozen: ContextVar[datetime | None] = ContextVar("frozen clock", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _frozen.get() or datetime.now(UTC)


def today(zone: str = "Europe/Madrid") -> date:
    """The present date in `zone` (IANA name): a course's day ends at its own midnight."""
    return now().astimezone(ZoneInfo(zone)).date()


def wall_time(moment: datetime | None, zone: str = "Europe/Madrid") -> datetime | None:
    """A moment as the clock on a wall in `zone` (IANA name) showed it, to the minute, naive: for a cell of a spreadsheet,
    which knows no zones. None stays None."""
    if moment is None:
        return None
    return moment.astimezone(ZoneInfo(zone)).replace(second=0, microsecond=0, tzinfo=None)


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Holds the clock at `at` (aware) inside the block."""
    if at.tzinfo is None:
        raise ValueError("an aware datetime is needed")
    token = _frozen.set(at.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)
