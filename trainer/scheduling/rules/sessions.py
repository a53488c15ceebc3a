"""What may be done with a session, and what a change does to its place in people's calendars."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from trainer.core.text import Text, msg

LONGEST_MINUTES = 24 * 60
"""The longest single session that is believed, in minutes."""


class SessionStatus(StrEnum):
    """Planned until a register is saved, then held; cancelled stays cancelled."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


def why_not_change(status: SessionStatus, number: int) -> Text | None:
    """Why a session may not be moved or cancelled, or None if it may."""
    if status is SessionStatus.HELD:
        return msg(
            "Session %(number)s has been held. Withdraw its register first, then change the session.",
            number=number,
        )
    if status is SessionStatus.CANCELLED:
        return msg(
            "Session %(number)s is cancelled and stays so. Add another session instead.", number=number
        )
    return None


def next_stamp(previous: datetime | None, now: datetime) -> datetime:
    """When a change counts as made: now, but always at least a second after the change before it.

    Calendars keep whole seconds (RFC 5545, 3.3.5) and take LAST-MODIFIED to rise with every change.
    """
    whole = now.replace(microsecond=0)
    if previous is None or whole > previous:
        return whole
    return previous.replace(microsecond=0) + timedelta(seconds=1)
