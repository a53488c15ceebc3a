"""Placements and their logs as they were on record at an earlier moment. Three statements, however many there are.

What an entry was lies in its events, what was agreed lies in the audit chain: both are only ever appended.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from trainer.audit.queries import entries_about
from trainer.core.database import session
from trainer.placement.models import Placement, PlacementLogEvent
from trainer.placement.rules import Done, PlacementSpan, PlacementStatus

OPENED = "placement.opened"
ACTIONS = (OPENED, "placement.changed", "placement.closed", "placement.reopened")


@dataclass(slots=True)
class _Agreed:
    """The dates of a placement and whether it goes on, from one act to the next."""

    enrolment_id: int
    starts_on: date
    ends_on: date
    going: bool

    def take(self, action: str, details: dict[str, Any]) -> None:
        """One entry of the audit: it names what was changed, and nothing else."""
        if action == "placement.closed":
            self.ends_on, self.going = date.fromisoformat(details["on"]), False
            return
        if "starts_on" in details:
            self.starts_on = date.fromisoformat(details["starts_on"])
        if "ends_on" in details:
            self.ends_on = date.fromisoformat(details["ends_on"])
        if action != "placement.changed":
            self.going = True


def spans_as_of(enrolment_ids: Sequence[int], as_of: datetime) -> list[tuple[int, PlacementSpan]]:
    """(enrolment id, placement) of all that was agreed by that moment, with its log as it was then, by first day."""
    agreed = _agreed(enrolment_ids, as_of)
    done: dict[int, list[Done]] = {}
    for placement_id, one in _done(list(agreed), as_of):
        done.setdefault(placement_id, []).append(one)
    in_order = sorted(agreed.items(), key=lambda found: (found[1].starts_on, found[0]))
    return [
        (
            one.enrolment_id,
            PlacementSpan(key, one.starts_on, one.ends_on, one.going, tuple(done.get(key, ()))),
        )
        for key, one in in_order
    ]


def _agreed(enrolment_ids: Sequence[int], as_of: datetime) -> dict[int, _Agreed]:
    """Every placement with the dates that it had. Where the audit says nothing of it, today's are the best there is."""
    found = {
        key: _Agreed(
            enrolment_id,
            starts_on,
            ends_on,
            # Closing a placement makes the day of it the last one, so that it can be told for a moment before.
            status != PlacementStatus.CLOSED or ends_on >= as_of.date(),
        )
        for key, enrolment_id, starts_on, ends_on, status in session.execute(
            select(
                Placement.id, Placement.enrolment_id, Placement.starts_on, Placement.ends_on, Placement.status
            ).where(Placement.enrolment_id.in_(enrolment_ids), Placement.created_at <= as_of)
        )
    }
    for entry in entries_about([f"placement:{key}" for key in found], ACTIONS):
        # The audit writes of an opening a moment after the row has its time: it belongs to it whenever that is.
        if entry.at <= as_of or entry.action == OPENED:
            found[int(entry.subject.partition(":")[2])].take(entry.action, entry.details)
    return found


def _done(placement_ids: Sequence[int], as_of: datetime) -> list[tuple[int, Done]]:
    """The entries of these logs by their newest event of that moment; those taken out by then are left out.

    An id of an entry may come again in another log once it is free: what counts is the newest event in its own log.
    """
    newest = (
        select(
            PlacementLogEvent.placement_id,
            PlacementLogEvent.log_id,
            PlacementLogEvent.on,
            PlacementLogEvent.kind,
            PlacementLogEvent.state,
            PlacementLogEvent.minutes,
            func.row_number()
            .over(
                partition_by=(PlacementLogEvent.placement_id, PlacementLogEvent.log_id),
                order_by=(PlacementLogEvent.at.desc(), PlacementLogEvent.id.desc()),
            )
            .label("back"),
        )
        .where(PlacementLogEvent.placement_id.in_(placement_ids), PlacementLogEvent.at <= as_of)
        .subquery()
    )
    rows = session.execute(
        select(newest.c.placement_id, newest.c.on, newest.c.kind, newest.c.state, newest.c.minutes)
        .where(newest.c.back == 1, newest.c.state != "removed")
        .order_by(newest.c.log_id)
    )
    return [(row[0], Done(*row[1:])) for row in rows]
