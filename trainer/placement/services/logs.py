"""The log of hours: adding, changing, signing off, disputing.

An entry that is signed off stays as it is. Whoever finds it wrong disputes it: it stops counting until the dispute is taken
back, or an organiser or the person mends the entry, which then waits for a new signature.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from trainer.audit.services import record
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.database import lock, session, transaction
from trainer.core.errors import Invalid, Missing, Refused
from trainer.core.text import Text, msg
from trainer.placement import policy, rules
from trainer.placement.models import Placement, PlacementLog
from trainer.placement.queries import log_entry, logged_on, pauses_of, same_entry
from trainer.placement.rules import Kind, LogState, log_state

LONGEST_NOTE = 1000


@dataclass(frozen=True)
class LogInput:
    """What somebody logs: a day, whole minutes, the kind, and in free words what was done."""

    on: date
    minutes: int
    kind: str
    tasks: str = ""


def add_log(actor: Actor, placement: Placement, entry: LogInput) -> PlacementLog:
    """Adds hours, which then wait for a signature.

    Raises Refused for who may not; Invalid for a day outside the placement, in a pause or to come, and for
    an entry that is there already.
    """
    with transaction() as current:
        row = _open(actor, placement.id)
        tasks = rules.tidy_tasks(entry.tasks)
        _check(row, entry, tasks, None)
        log = PlacementLog(
            placement_id=row.id,
            on=entry.on,
            minutes=entry.minutes,
            kind=entry.kind,
            tasks=tasks,
            tasks_key=rules.tasks_key(tasks),
            recorded_by=actor.person_id,
            recorded_at=clock.now(),
        )
        current.add(log)
        current.flush()
        record(
            actor,
            "placement.logged",
            f"placement:{row.id}",
            log=log.id,
            on=entry.on,
            minutes=entry.minutes,
            kind=entry.kind,
        )
        return log


def change_log(actor: Actor, placement: Placement, log_id: int, entry: LogInput) -> PlacementLog:
    """Mends an entry that is not signed off, or that is disputed: it waits for a signature (again), the dispute is over.

    Raises Refused for who may not and for an entry signed off and undisputed, Invalid like `add_log`.
    """
    with transaction():
        row = _open(actor, placement.id)
        log = _changeable(row, log_id)
        tasks = rules.tidy_tasks(entry.tasks)
        _check(row, entry, tasks, log.id)
        before = log.minutes
        log.on, log.minutes, log.kind = entry.on, entry.minutes, entry.kind
        log.tasks, log.tasks_key = tasks, rules.tasks_key(tasks)
        log.imported = False
        log.recorded_by, log.recorded_at = actor.person_id, clock.now()
        log.signed_off_by = log.signed_off_at = None
        log.disputed_by = log.disputed_at = log.dispute_note = None
        record(
            actor,
            "placement.log_changed",
            f"placement:{row.id}",
            log=log.id,
            on=entry.on,
            minutes=entry.minutes,
            minutes_before=before,
            kind=entry.kind,
        )
        return log


def remove_log(actor: Actor, placement: Placement, log_id: int) -> None:
    """Takes an entry out that is not signed off, or that is disputed. The audit keeps that it was there."""
    with transaction() as current:
        row = _open(actor, placement.id)
        log = _changeable(row, log_id)
        record(
            actor,
            "placement.log_removed",
            f"placement:{row.id}",
            log=log.id,
            on=log.on,
            minutes=log.minutes,
            kind=log.kind,
        )
        current.delete(log)


def sign_off(actor: Actor, placement: Placement, log_ids: Collection[int]) -> int:
    """The reference professional signs off entries; gives how many were not before.

    Signing an entry that they disputed themself takes that dispute back. Raises Refused for everybody else, and for an entry
    that the person disputes; Invalid when none is chosen; Missing for an entry of another log. All or none.
    """
    wanted = sorted(set(log_ids))
    if not wanted:
        raise Invalid(msg("Choose the entries to sign off first."))
    with transaction():
        row = lock(Placement, placement.id)
        if policy.is_worker(actor, row):
            raise Refused(msg("Nobody signs off their own hours."))
        if not policy.can_sign_off(actor, row):
            raise Refused(msg("The reference professional of the agreement signs off the hours."))
        signed, minutes = [], 0
        for log_id in wanted:
            log = _entry(row, log_id)
            if log.disputed_at is not None:
                if log.disputed_by != actor.person_id:
                    raise Refused(msg("The entry of %(day)s is disputed: clear that up first.", day=log.on))
                log.disputed_by = log.disputed_at = log.dispute_note = None
            elif log.signed_off_at is not None:
                continue
            log.signed_off_by, log.signed_off_at = actor.person_id, clock.now()
            signed.append(log.id)
            minutes += log.minutes
        if signed:
            record(actor, "placement.signed_off", f"placement:{row.id}", logs=signed, minutes=minutes)
        return len(signed)


def dispute(actor: Actor, placement: Placement, log_id: int, note: str) -> None:
    """The person or the reference professional says that an entry is not right, and what; it stops counting.

    Raises Refused for everybody else, Invalid without a note or when it is disputed already.
    """
    note = note.strip()
    if not note or len(note) > LONGEST_NOTE:
        raise Invalid(msg("Say what is not right, in at most %(most)d characters.", most=LONGEST_NOTE))
    with transaction():
        row = lock(Placement, placement.id)
        if not policy.can_dispute(actor, row):
            raise Refused(msg("Only the person and the reference professional dispute hours."))
        log = _entry(row, log_id)
        if log.disputed_at is not None:
            raise Invalid(msg("This entry is disputed already."))
        log.disputed_by, log.disputed_at, log.dispute_note = actor.person_id, clock.now(), note
        record(actor, "placement.disputed", f"placement:{row.id}", log=log.id, minutes=log.minutes)


def withdraw_dispute(actor: Actor, placement: Placement, log_id: int) -> None:
    """Whoever disputed an entry takes it back: the entry is again what it was before, signed off or waiting."""
    with transaction():
        row = lock(Placement, placement.id)
        log = _entry(row, log_id)
        if not policy.can_dispute(actor, row) or log.disputed_by != actor.person_id:
            raise Refused(msg("Only who disputed the hours takes that back."))
        log.disputed_by = log.disputed_at = log.dispute_note = None
        record(actor, "placement.dispute_withdrawn", f"placement:{row.id}", log=log.id)


def _open(actor: Actor, placement_id: int) -> Placement:
    row = lock(Placement, placement_id)
    if not policy.can_log(actor, row):
        raise Refused(msg("Only the person and the organisers of the course log hours."))
    return row


def _entry(placement: Placement, log_id: int) -> PlacementLog:
    log = log_entry(placement.id, log_id)
    if log is None:
        raise Missing(msg("This entry is not in the log (any more)."))
    session.refresh(log)
    return log


def _changeable(placement: Placement, log_id: int) -> PlacementLog:
    log = _entry(placement, log_id)
    if log_state(log.signed_off_at is not None, log.disputed_at is not None) is LogState.SIGNED:
        raise Refused(msg("This entry is signed off. Dispute it first, and say what is not right."))
    return log


def _check(placement: Placement, entry: LogInput, tasks: str, log_id: int | None) -> None:
    problems: list[Text] = []
    if entry.kind not in set(Kind):
        problems.append(msg("%(kind)s is no kind of hours.", kind=entry.kind))
    if what := rules.minutes_problem(entry.minutes):
        problems.append(what)
    if len(tasks) > rules.LONGEST_TASKS:
        problems.append(msg("The tasks are longer than %(most)d characters.", most=rules.LONGEST_TASKS))
    enrolment = placement.enrolment
    if entry.on > clock.today(enrolment.course.timezone):
        problems.append(msg("Hours are logged once they are done: that day is still to come."))
    elif not placement.starts_on <= entry.on <= placement.ends_on:
        problems.append(
            msg(
                "The placement is from %(first)s to %(last)s.",
                first=placement.starts_on,
                last=placement.ends_on,
            )
        )
    elif enrolment.status == "withdrawn" and enrolment.left_on is not None and entry.on > enrolment.left_on:
        problems.append(msg("The person left the course on %(day)s.", day=enrolment.left_on))
    elif rules.is_paused(entry.on, pauses_of({placement.id: enrolment.id})[placement.id]):
        problems.append(msg("The placement was paused on that day."))
    if not problems:
        if logged_on(placement.id, entry.on, log_id) + entry.minutes > rules.DAY_MINUTES:
            problems.append(msg("More than 24 hours would be logged for that day."))
        same = same_entry(placement.id, entry.on, entry.kind, rules.tasks_key(tasks))
        if same is not None and same.id != log_id:
            problems.append(
                msg("These hours are logged already: change that entry, or say in the tasks what differs.")
            )
    if problems:
        raise Invalid(msg("These hours cannot be logged like this."), problems)
