"""The log in sums: what the requirement and every list build on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func, select

from trainer.cohorts.models import Enrolment
from trainer.core.database import session
from trainer.placement.models import Placement, PlacementLog
from trainer.placement.rules import Done, Facts, PlacementSpan, PlacementStatus, Tally, log_state


def tallies_by_placement(
    enrolment_ids: Sequence[int], course_id: int | None = None
) -> list[tuple[int, int, Tally]]:
    """(placement id, enrolment id, sum) of these people, on one course or on any; one statement."""
    signed = PlacementLog.signed_off_at.is_not(None).label("signed")
    disputed = PlacementLog.disputed_at.is_not(None).label("disputed")
    statement = (
        select(
            PlacementLog.placement_id,
            Placement.enrolment_id,
            PlacementLog.kind,
            signed,
            disputed,
            func.sum(PlacementLog.minutes),
        )
        .join(Placement, Placement.id == PlacementLog.placement_id)
        .where(Placement.enrolment_id.in_(enrolment_ids))
        .group_by(PlacementLog.placement_id, Placement.enrolment_id, PlacementLog.kind, signed, disputed)
    )
    if course_id is not None:
        statement = statement.join(Enrolment, Enrolment.id == Placement.enrolment_id).where(
            Enrolment.course_id == course_id
        )
    return [
        (placement_id, enrolment_id, Tally(kind, log_state(bool(one), bool(two)), int(minutes)))
        for placement_id, enrolment_id, kind, one, two, minutes in session.execute(statement)
    ]


def facts(course_id: int, enrolment_ids: Sequence[int], as_of: datetime | None = None) -> dict[int, Facts]:
    """What requirements need, by enrolment, for people with a placement; one statement.

    With `as_of`, what was on record at that moment: entries, signatures and disputes made up to then, placements agreed by
    then. (A dispute that was withdrawn since leaves no trace.)
    """
    logged = PlacementLog.placement_id == Placement.id
    if as_of is not None:
        logged &= PlacementLog.recorded_at <= as_of
    rows = (
        select(
            Placement.enrolment_id,
            Placement.id,
            Placement.starts_on,
            Placement.ends_on,
            Placement.status,
            PlacementLog.on,
            PlacementLog.kind,
            PlacementLog.signed_off_at,
            PlacementLog.disputed_at,
            PlacementLog.minutes,
        )
        .outerjoin(PlacementLog, logged)
        .where(Placement.enrolment_id.in_(enrolment_ids))
        .order_by(Placement.starts_on, Placement.id, PlacementLog.id)
    )
    if as_of is not None:
        rows = rows.where(Placement.created_at <= as_of)
    agreements: dict[int, tuple[int, date, date, str]] = {}
    done: dict[int, list[Done]] = {}
    for (
        key,
        placement_id,
        starts_on,
        ends_on,
        status,
        on,
        kind,
        signed_at,
        disputed_at,
        minutes,
    ) in session.execute(rows):
        agreements[placement_id] = (key, starts_on, ends_on, status)
        if on is None:
            continue
        signed = signed_at is not None and (as_of is None or signed_at <= as_of)
        disputed = disputed_at is not None and (as_of is None or disputed_at <= as_of)
        done.setdefault(placement_id, []).append(Done(on, kind, log_state(signed, disputed), minutes))
    spans: dict[int, list[PlacementSpan]] = {}
    for placement_id, (key, starts_on, ends_on, status) in agreements.items():
        # Closing a placement makes the day of it the last one, so that it can be told for a moment before.
        going = status != PlacementStatus.CLOSED or (as_of is not None and ends_on >= as_of.date())
        spans.setdefault(key, []).append(
            PlacementSpan(placement_id, starts_on, ends_on, going, tuple(done.get(placement_id, ())))
        )
    return {
        enrolment_id: Facts(
            tuple(Tally(one.kind, one.state, one.minutes) for span in found for one in span.done),
            True,
            any(span.open for span in found),
            tuple(found),
        )
        for enrolment_id, found in spans.items()
    }
