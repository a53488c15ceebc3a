"""Saving, correcting and withdrawing registers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import Table, insert
from sqlalchemy.dialects import postgresql, sqlite

from trainer.attendance.models import Mark, MarkChange
from trainer.attendance.queries import mark_ids, names_of, roster_of, saved_marks
from trainer.attendance.queries.repeats import made_up_here
from trainer.attendance.rules import (
    UNTOUCHED,
    Change,
    MarkInput,
    MarkKind,
    RegisterPlan,
    SavedMark,
    clean_mark,
    plan_register,
)
from trainer.attendance.services.following import attended, facts_changed
from trainer.audit.services import record
from trainer.cohorts.models import Course
from trainer.cohorts.policy import can_teach
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.database import lock, session, transaction
from trainer.core.errors import Invalid, Refused
from trainer.core.registered import registered
from trainer.core.text import msg, nmsg
from trainer.scheduling.models import Session
from trainer.scheduling.services import mark_held, mark_planned
from trainer.scheduling.services.changes import SessionRef

LONGEST_REASON = 500
_NO_MARKS = msg(
    "This session is a repeat: nobody is marked there. Who made something up is ticked off on its page."
)


@dataclass(frozen=True, slots=True)
class Conflict:
    """A mark that somebody changed meanwhile: theirs stands until ours is sent again with its version."""

    mark: SavedMark
    by: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class SaveResult:
    """What a save did, by enrolment id. Marks in `conflicts` and `needs_reason` were not saved."""

    saved: Mapping[int, SavedMark] = field(default_factory=dict)
    conflicts: Mapping[int, Conflict] = field(default_factory=dict)
    needs_reason: tuple[int, ...] = ()
    unchanged: tuple[int, ...] = ()
    added: int = 0
    corrected: int = 0
    unmarked: int = 0
    at: datetime | None = None


def save_register(
    actor: Actor,
    session_: SessionRef,
    marks: Mapping[int, MarkInput],
    reason: str | None = None,
    versions: Mapping[int, int] | None = None,
    *,
    partial: bool = False,
    whole: bool = False,
) -> SaveResult:
    """Saves the marks sent, all in one transaction; `marks` and `versions` are keyed by enrolment id.

    The first save freezes the roster: everyone who is expected gets a row, unmarked until marked, and the
    session counts as held. A mark whose version is not the one the sender saw is left and reported with the
    other's value. A correction without a reason raises Invalid, or with `partial` is left and reported. With `whole`
    nothing is saved as long as one mark is left.
    Raises Invalid for people who are not on the course and for minutes out of range, Refused for a
    cancelled session, for a repeat (nobody is marked there) and for who may not.
    """
    given = (reason or "").strip()
    if len(given) > LONGEST_REASON:
        raise Invalid(msg("The reason is longer than %(most)d characters.", most=LONGEST_REASON))
    with transaction():
        course, one = _open(actor, session_)
        if one.extra:
            raise Refused(_NO_MARKS)
        length = one.minutes if one.effective_minutes is None else one.effective_minutes
        wanted = {key: clean_mark(mark, length) for key, mark in marks.items()}
        saved = saved_marks(one.id)
        roster = roster_of(course.id, one.starts_local.date())
        if wanted.keys() - roster.keys():
            raise Invalid(msg("Somebody on this register is not on the course."))
        zone = ZoneInfo(course.timezone)
        plan = plan_register(
            saved,
            wanted,
            today=clock.today(course.timezone),
            session_on=one.starts_local.date(),
            recorded_on={
                key: mark.recorded_at.astimezone(zone).date()
                for key, mark in saved.items()
                if mark.recorded_at is not None
            },
            reason=given,
            versions=versions,
        )
        if plan.needs_reason and not partial:
            raise Invalid(_needs_reason(len(plan.needs_reason)))
        if whole and (plan.conflicts or plan.needs_reason):
            plan = replace(plan, changes={})
        if plan.changes:
            first = one.status != "held" or not saved
            expected = {key for key, here in roster.items() if here} if first else set()
            written = _write(actor, one.id, plan, expected - saved.keys())
            mark_held(one)
            saved.update(written)
            corrected = [key for key, change in plan.changes.items() if change.is_correction]
            record(
                actor,
                "register.corrected" if corrected else "register.saved",
                f"session:{one.id}",
                marks=len(plan.changes),
                corrected=sorted(corrected) or None,
                roster=len(saved) if first else None,
            )
            _facts_corrected(actor, corrected)
            present = [key for key, change in plan.changes.items() if change.after.kind is MarkKind.PRESENT]
            attended(actor, one.id, present)
            facts_changed(actor, plan.changes)
        return _result(saved, plan)


def withdraw_register(actor: Actor, session_: SessionRef, reason: str) -> None:
    """Takes a register back: its marks become unmarked (the history stays), the session is planned again.

    Raises Invalid without a reason, Refused where there is no register and for who may not.
    """
    reason = " ".join(reason.split())
    if not reason:
        raise Invalid(msg("Say why the register is withdrawn."))
    if len(reason) > LONGEST_REASON:
        raise Invalid(msg("The reason is longer than %(most)d characters.", most=LONGEST_REASON))
    with transaction():
        course, one = _open(actor, session_)
        if one.status != "held":
            raise Refused(msg("Session %(number)d has no register to withdraw.", number=one.number))
        if one.extra and made_up_here(one.id):
            raise Refused(
                msg("Somebody made something up at this repeat. Take that back first, with its reason.")
            )
        saved = saved_marks(one.id)
        blank = {key: MarkInput(MarkKind.UNMARKED) for key in saved}
        day = one.starts_local.date()
        plan = plan_register(saved, blank, today=day, session_on=day, recorded_on={}, reason=reason)
        if plan.changes:
            _write(actor, one.id, plan, set())
        mark_planned(one)
        record(actor, "register.withdrawn", f"session:{one.id}", course=course.code, marks=len(plan.changes))
        _facts_corrected(actor, plan.changes)
        facts_changed(actor, plan.changes)


def hold_repeat(actor: Actor, session_: SessionRef) -> None:
    """A repeat took place, whoever came: nobody is marked there, those who made something up are ticked off one by one.

    Raises Refused for a session that is no repeat or is cancelled, before its day, and for who may not.
    """
    with transaction():
        course, one = _open(actor, session_)
        if not one.extra:
            raise Refused(msg("Session %(number)d is held once its register is saved.", number=one.number))
        if one.starts_local.date() > clock.today(course.timezone):
            raise Refused(msg("That session is still to come."))
        if one.status != "held":
            mark_held(one)
            record(actor, "session.repeat_held", f"session:{one.id}", course=course.code)


def _facts_corrected(actor: Actor, enrolment_ids: Iterable[int]) -> None:
    """Tells those above who decided on these facts: what was issued is flagged, never changed (domain page,
    Accreditation 4)."""
    for enrolment_id in sorted(enrolment_ids):
        registered("trainer_facts_corrected")(actor, enrolment_id)


def _open(actor: Actor, session_: SessionRef) -> tuple[Course, Session]:
    """The session, locked: registers of one session are saved one at a time."""
    one = lock(Session, session_.id)
    course = session.get_one(Course, one.course_id)
    if not can_teach(actor, course):
        raise Refused(msg("Only trainers and organisers of the course's provider take its registers."))
    if one.status == "cancelled":
        raise Refused(msg("Session %(number)d is cancelled: it has no register.", number=one.number))
    return course, one


def _write(actor: Actor, session_id: int, plan: RegisterPlan, frozen: set[int]) -> dict[int, SavedMark]:
    """Marks by one executemany upsert, their history by one executemany insert; the marks as they are now."""
    now = clock.now()
    rows: dict[int, SavedMark] = {key: SavedMark(recorded_at=now) for key in frozen}
    for key, change in plan.changes.items():
        rows[key] = replace(change.after, recorded_by=actor.person_id, recorded_at=now)
    # One order for everyone who saves, so that no two can wait for each other.
    values = [
        {
            "session_id": session_id,
            "enrolment_id": key,
            "kind": row.kind.value,
            "minutes": row.minutes,
            "reason_code": row.reason_code,
            "recorded_by": row.recorded_by,
            "recorded_at": row.recorded_at,
            "version": row.version,
        }
        for key, row in sorted(rows.items())
    ]
    session.execute(_upsert(), values)
    ids = mark_ids(session_id)
    # Who was expected is on record too: without it an earlier moment could not be told apart from a later one.
    expected = {key: Change(UNTOUCHED, UNTOUCHED, "") for key in frozen - plan.changes.keys()}
    session.execute(
        insert(cast(Table, MarkChange.__table__)),
        [
            {
                "mark_id": ids[key],
                "from_kind": change.before.kind.value,
                "from_minutes": change.before.minutes,
                "from_reason_code": change.before.reason_code,
                "to_kind": change.after.kind.value,
                "to_minutes": change.after.minutes,
                "to_reason_code": change.after.reason_code,
                "reason": change.reason,
                "by": actor.person_id,
                "at": now,
            }
            for key, change in sorted({**expected, **plan.changes}.items())
        ],
    )
    return rows


def _upsert() -> Any:
    table = cast(Table, Mark.__table__)
    kind: Any = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = kind.insert(table)
    changing = ("kind", "minutes", "reason_code", "recorded_by", "recorded_at", "version")
    return statement.on_conflict_do_update(
        index_elements=["session_id", "enrolment_id"],
        set_={name: statement.excluded[name] for name in changing},
    )


def _result(saved: Mapping[int, SavedMark], plan: RegisterPlan) -> SaveResult:
    names = (
        names_of({m.recorded_by for m in plan.conflicts.values() if m.recorded_by}) if plan.conflicts else {}
    )
    return SaveResult(
        saved={key: saved[key] for key in plan.changes},
        conflicts={
            key: Conflict(mark, names.get(mark.recorded_by or 0, ""), mark.recorded_at)
            for key, mark in plan.conflicts.items()
        },
        needs_reason=plan.needs_reason,
        unchanged=plan.unchanged,
        added=sum(not change.is_correction for change in plan.changes.values()),
        corrected=sum(change.is_correction for change in plan.changes.values()),
        unmarked=sum(mark.kind is MarkKind.UNMARKED for mark in saved.values()),
        at=clock.now(),
    )


def _needs_reason(number: int) -> Any:
    return nmsg(
        "%(num)d mark was recorded on an earlier day: say why it changes.",
        "%(num)d marks were recorded on an earlier day: say why they change.",
        number,
    )
