"""The log in sums: what the requirement and every list build on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func, select

from trainer.cohorts.models import Enrolment
from trainer.core.database import session
from trainer.placement.models import Placement, PlacementLog
from trainer.placement.queries.replay import spans_as_of
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

    With `as_of`, what was on record at that moment, exactly: see replay, which takes three.
    """
    found = _spans(enrolment_ids) if as_of is None else spans_as_of(enrolment_ids, as_of)
    spans: dict[int, list[PlacementSpan]] = {}
    for enrolment_id, span in found:
        spans.setdefault(enrolment_id, []).append(span)
    return {
        enrolment_id: Facts(
            tuple(Tally(one.kind, one.state, one.minutes) for span in mine for one in span.done),
            True,
            any(span.open for span in mine),
            tuple(mine),
        )
        for enrolment_id, mine in spans.items()
    }


def _spans(enrolment_ids: Sequence[int]) -> list[tuple[int, PlacementSpan]]:
    """(enrolment id, placement) with its log, by first day."""
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
        .outerjoin(PlacementLog, PlacementLog.placement_id == Placement.id)
        .where(Placement.enrolment_id.in_(enrolment_ids))
        .order_by(Placement.starts_on, Placement.id, PlacementLog.id)
    )
    agreed: dict[int, tuple[int, date, date, bool]] = {}
    done: dict[int, list[Done]] = {}
    for (
        enrolment_id,
        key,
        starts_on,
        ends_on,
        status,
        on,
        kind,
        signed_at,
        disputed_at,
        minutes,
    ) in session.execute(rows):
        agreed[key] = (enrolment_id, starts_on, ends_on, status != PlacementStatus.CLOSED)
        if on is not None:
            state = log_state(signed_at is not None, disputed_at is not None)
            done.setdefault(key, []).append(Done(on, kind, state, minutes))
    return [
        (enrolment_id, PlacementSpan(key, starts_on, ends_on, going, tuple(done.get(key, ()))))
        for key, (enrolment_id, starts_on, ends_on, going) in agreed.items()
    ]
