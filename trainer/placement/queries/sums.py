"""The log in sums: what the requirement and every list build on."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from trainer.cohorts.models import Enrolment
from trainer.core.database import session
from trainer.placement.models import Placement, PlacementLog
from trainer.placement.rules import Facts, PlacementStatus, Tally, log_state


def tallies(course_id: int, enrolment_ids: Sequence[int]) -> dict[int, list[Tally]]:
    """The log of these people in sums, by enrolment; one statement."""
    found: dict[int, list[Tally]] = {}
    for _placement_id, enrolment_id, tally in tallies_by_placement(enrolment_ids, course_id):
        found.setdefault(enrolment_id, []).append(tally)
    return found


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


def facts(course_id: int, enrolment_ids: Sequence[int]) -> dict[int, Facts]:
    """What the requirement needs, by enrolment, for people with a placement; two statements."""
    sums = tallies(course_id, enrolment_ids)
    open_: dict[int, bool] = {}
    for enrolment_id, status in session.execute(
        select(Placement.enrolment_id, Placement.status).where(Placement.enrolment_id.in_(enrolment_ids))
    ):
        open_[enrolment_id] = open_.get(enrolment_id, False) or status != PlacementStatus.CLOSED
    return {
        enrolment_id: Facts(tuple(sums.get(enrolment_id, ())), True, is_open)
        for enrolment_id, is_open in open_.items()
    }
