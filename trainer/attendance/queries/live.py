"""What the page of a register asks for every few seconds."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from trainer.attendance.models import Mark
from trainer.attendance.rules import MarkKind, SavedMark
from trainer.core.database import session
from trainer.people.models import Person


@dataclass(frozen=True, slots=True)
class LiveMark:
    """A mark that somebody saved, and who; `by` is empty for the command line."""

    enrolment_id: int
    saved: SavedMark
    by: str


def live_marks(session_id: int) -> list[LiveMark]:
    """Everything that was ever recorded at a session, as it stands, by enrolment. One statement."""
    rows = session.execute(
        select(
            Mark.enrolment_id,
            Mark.kind,
            Mark.minutes,
            Mark.reason_code,
            Mark.version,
            Mark.recorded_by,
            Mark.recorded_at,
            Person.display_name,
        )
        .outerjoin(Person, Person.id == Mark.recorded_by)
        .where(Mark.session_id == session_id, Mark.version > 0)
        .order_by(Mark.enrolment_id)
    )
    return [
        LiveMark(key, SavedMark(MarkKind(kind), minutes, code, version, by, at), name or "")
        for key, kind, minutes, code, version, by, at, name in rows
    ]
