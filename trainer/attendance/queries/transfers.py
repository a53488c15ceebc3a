"""Who went on in another course, and what stands there of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import aliased

from trainer.attendance.models import MakeUp, Transfer
from trainer.attendance.rules.make_ups import LIVE, Way
from trainer.cohorts.models import Enrolment
from trainer.core.database import session


@dataclass(frozen=True, slots=True)
class Moved:
    """A transfer, with the courses of both enrolments."""

    from_id: int
    to_id: int
    old_course_id: int
    new_course_id: int
    effective_on: date
    by: int | None
    at: datetime


def moved_from(enrolment_ids: Collection[int]) -> list[Moved]:
    """The transfers out of these enrolments. One statement."""
    return _moved(Transfer.from_enrolment_id.in_(list(enrolment_ids)))


def moved_around(enrolment_id: int) -> list[Moved]:
    """The transfers out of an enrolment and into it. One statement."""
    return _moved(
        or_(Transfer.from_enrolment_id == enrolment_id, Transfer.to_enrolment_id == enrolment_id),
    )


def moved_about(course_id: int) -> list[Moved]:
    """The transfers out of a course and into it. One statement."""
    here = select(Enrolment.id).where(Enrolment.course_id == course_id)
    return _moved(or_(Transfer.from_enrolment_id.in_(here), Transfer.to_enrolment_id.in_(here)))


def _moved(condition: ColumnElement[bool]) -> list[Moved]:
    old, new = aliased(Enrolment), aliased(Enrolment)
    rows: Any = session.execute(
        select(
            Transfer.from_enrolment_id,
            Transfer.to_enrolment_id,
            old.course_id,
            new.course_id,
            Transfer.effective_on,
            Transfer.by,
            Transfer.at,
        )
        .join(old, old.id == Transfer.from_enrolment_id)
        .join(new, new.id == Transfer.to_enrolment_id)
        .where(condition)
        .order_by(Transfer.id)
    )
    return [Moved(*row) for row in rows]


def standing_for(enrolment_ids: Collection[int]) -> dict[int, list[MakeUp]]:
    """By enrolment, the make-ups that stand and all that were ever credited by a transfer, as objects for services. One
    statement."""
    found: dict[int, list[MakeUp]] = {}
    for one in session.scalars(
        select(MakeUp)
        .where(
            MakeUp.enrolment_id.in_(list(enrolment_ids)),
            or_(MakeUp.status.in_(list(LIVE)), MakeUp.way == Way.TRANSFER.value),
        )
        .order_by(MakeUp.id)
    ):
        found.setdefault(one.enrolment_id, []).append(one)
    return found
