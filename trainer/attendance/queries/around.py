"""What lies around people's marks: pauses, make-ups, notices, in one statement for all three."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Date, Integer, String, cast, literal, null, select, union_all

from trainer.attendance.models import AbsenceNotice, MakeUp
from trainer.attendance.rules import MakeUpFact, NoticeFact
from trainer.cohorts.models import Pause
from trainer.cohorts.rules import PauseSpan
from trainer.core.database import session


@dataclass(frozen=True)
class Around:
    """By enrolment; make-ups and notices then by session id. Only what stands: nothing declined or withdrawn."""

    pauses: dict[int, list[PauseSpan]] = field(default_factory=dict)
    make_ups: dict[int, dict[int, MakeUpFact]] = field(default_factory=dict)
    notices: dict[int, dict[int, NoticeFact]] = field(default_factory=dict)


def around_marks(enrolment_ids: Sequence[int]) -> Around:
    """Pauses, make-ups and notices of these people. One statement: every page of progress needs them, and few have any."""
    pauses = select(
        literal("pause").label("what"),
        Pause.enrolment_id.label("enrolment_id"),
        cast(null(), Integer).label("session_id"),
        Pause.id.label("id"),
        Pause.starts_on.label("first"),
        Pause.ends_on.label("last"),
        cast(null(), Integer).label("minutes"),
        cast(null(), String).label("a"),
        cast(null(), String).label("b"),
        cast(null(), String).label("c"),
    ).where(Pause.enrolment_id.in_(enrolment_ids))
    make_ups = select(
        literal("make_up"),
        MakeUp.enrolment_id,
        MakeUp.session_id,
        MakeUp.id,
        cast(null(), Date),
        MakeUp.until,
        MakeUp.minutes,
        MakeUp.status,
        MakeUp.way,
        cast(null(), String),
    ).where(MakeUp.enrolment_id.in_(enrolment_ids), MakeUp.status.in_(("asked", "agreed", "done")))
    notices = select(
        literal("notice"),
        AbsenceNotice.enrolment_id,
        AbsenceNotice.session_id,
        AbsenceNotice.id,
        cast(null(), Date),
        cast(null(), Date),
        cast(null(), Integer),
        AbsenceNotice.kind,
        AbsenceNotice.reason_code,
        AbsenceNotice.decided,
    ).where(AbsenceNotice.enrolment_id.in_(enrolment_ids), AbsenceNotice.withdrawn_at.is_(None))
    found = Around()
    rows: Any = session.execute(union_all(pauses, make_ups, notices))
    for what, enrolment_id, session_id, key, first, last, minutes, a, b, c in rows:
        if what == "pause":
            found.pauses.setdefault(enrolment_id, []).append(PauseSpan(first, last))
        elif what == "make_up":
            fact = MakeUpFact(session_id, minutes, a, last, b, key)
            found.make_ups.setdefault(enrolment_id, {})[session_id] = fact
        else:
            notice = NoticeFact(session_id, a, b, c, key)
            found.notices.setdefault(enrolment_id, {})[session_id] = notice
    return found
