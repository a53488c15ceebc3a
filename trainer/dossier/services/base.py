"""What every entry has in common: the person's row is locked, the entry appended and audited, certificates are told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from trainer.audit.services import record
from trainer.cohorts.models import Course, Enrolment
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.database import lock, session, transaction
from trainer.core.errors import Invalid, Refused
from trainer.core.registered import registered
from trainer.core.text import Text, msg
from trainer.curriculum.queries import programme_of
from trainer.curriculum.rules import Programme
from trainer.dossier import queries
from trainer.dossier.models import DossierEntry
from trainer.dossier.policy import can_answer, can_decide_as, can_put_forward, is_persons
from trainer.dossier.rules import (
    LONGEST_WORDS,
    Entry,
    State,
    Thing,
    corrected,
    granted,
    live,
    paper_standing,
    put_forward,
)


def programme_for(course: Course) -> Programme:
    return programme_of(course.programme_version_id)


@contextmanager
def dossier_of_person(actor: Actor, enrolment_id: int) -> Iterator[tuple[Enrolment, tuple[Entry, ...]]]:
    """One person's entries, locked until the end; afterwards whoever decided on something that has changed is told.

    Raises Refused for somebody who was only invited.
    """
    with transaction():
        enrolment = lock(Enrolment, enrolment_id)
        if enrolment.status == "invited":
            raise Refused(msg("This person was invited and is not on the course yet."))
        entries = queries.entries(enrolment.course_id, [enrolment.id]).get(enrolment.id, ())
        programme = programme_for(enrolment.course)
        before = granted(programme, entries)
        yield enrolment, entries
        session.flush()
        later = queries.entries(enrolment.course_id, [enrolment.id]).get(enrolment.id, ())
        if corrected(before, granted(programme, later)):
            registered("trainer_facts_corrected")(actor, enrolment.id)


def append(
    actor: Actor, enrolment: Enrolment, kind: str, code: str, state: str, on: date, **values: Any
) -> DossierEntry:
    """Adds an entry and audits it, by ids and codes alone."""
    entry = DossierEntry(
        enrolment_id=enrolment.id,
        kind=str(kind),
        code=code,
        state=str(state),
        on=on,
        words=tidy_words(values.pop("words", "")),
        recorded_by=actor.person_id,
        recorded_at=clock.now(),
        **values,
    )
    session.add(entry)
    session.flush()
    record(
        actor,
        f"dossier.{state}",
        f"dossier_entry:{entry.id}",
        enrolment=enrolment.id,
        kind=str(kind),
        code=code,
        on=on,
        file=entry.file_id,
        voids=entry.voids_id,
    )
    return entry


def tidy_words(words: str | None) -> str:
    """What somebody wrote, without white space around it. Raises Invalid when it is too long."""
    text = (words or "").replace("\r\n", "\n").strip()
    if len(text) > LONGEST_WORDS:
        raise Invalid(msg("At most %(most)s characters.", most=str(LONGEST_WORDS)))
    return text


def check_day(on: date, enrolment: Enrolment) -> None:
    """Raises Invalid for a day to come, in the course's zone."""
    if on > clock.today(enrolment.course.timezone):
        raise Invalid(msg("The day cannot lie in the future."))


def void(actor: Actor, entry: DossierEntry, words: str = "") -> DossierEntry:
    """Takes back an entry that was recorded by mistake; it stays readable, and counts no more.

    The person takes back what they handed in as long as nobody has answered; staff what staff record, a decision those who
    take it. Raises Refused for anybody else, Invalid when it was taken back already.
    """
    with dossier_of_person(actor, entry.enrolment_id) as (enrolment, entries):
        wrong = next((one for one in live(entries) if one.id == entry.id), None)
        if wrong is None:
            raise Invalid(msg("This was taken back already."))
        refusal = _may_not_void(actor, enrolment, wrong, entries)
        if refusal is not None:
            raise Refused(refusal)
        return append(
            actor,
            enrolment,
            wrong.kind,
            wrong.code,
            State.VOID,
            clock.today(enrolment.course.timezone),
            voids_id=wrong.id,
            words=words,
        )


def _may_not_void(
    actor: Actor, enrolment: Enrolment, wrong: Entry, entries: tuple[Entry, ...]
) -> Text | None:
    if wrong.kind == Thing.DECISION:
        spec = next(
            (one for one in programme_for(enrolment.course).decisions if one.code == wrong.code), None
        )
        asked = wrong.state == State.HANDED_IN
        by = spec.by if spec else "organiser"
        may = (
            can_put_forward(actor, enrolment.course) if asked else can_decide_as(actor, enrolment.course, by)
        )
        if asked:
            waiting = put_forward(entries, wrong.code)
            may = may and waiting is not None and waiting.id == wrong.id
        allowed = may and not is_persons(actor, enrolment)
    elif is_persons(actor, enrolment):
        waiting = paper_standing(entries, wrong.kind, wrong.code, wrong.on).waiting
        allowed = waiting is not None and waiting.id == wrong.id
    else:
        allowed = can_answer(actor, enrolment)
    return None if allowed else msg("You may not take this back.")
