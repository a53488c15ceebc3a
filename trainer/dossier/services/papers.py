"""Documents and parts of the portfolio: handing in, accepting, giving back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from trainer.cohorts.models import Enrolment
from trainer.core import clock, files
from trainer.core.access import Actor
from trainer.core.errors import Invalid, Refused
from trainer.core.text import msg
from trainer.dossier.models import DossierEntry
from trainer.dossier.policy import can_answer, can_hand_in
from trainer.dossier.rules import State, Thing, tidy_url, usual_end
from trainer.dossier.services.base import append, check_day, dossier_of_person, programme_for

MOST = 40  # times that one thing can be handed in for a person: a file is up to 5 MB, and each stays


@dataclass(frozen=True)
class Upload:
    """A file as it came: its name, what the browser says it is, its bytes."""

    name: str
    media_type: str
    data: bytes


def hand_in(
    actor: Actor,
    enrolment: Enrolment,
    kind: str,
    code: str,
    *,
    file: Upload | None = None,
    url: str | None = None,
    words: str = "",
    on: date | None = None,
) -> DossierEntry:
    """Hands in a document or a part of the portfolio: a file, a link, or words. Today, unless staff say another day.

    Raises Refused for who may not and after MOST times, Invalid for a thing that the programme does not ask for, a file or link
    that cannot be taken, or nothing at all.
    """
    with dossier_of_person(actor, enrolment.id) as (row, entries):
        if not can_hand_in(actor, row):
            raise Refused(msg("You may not hand in anything for this person."))
        _spec(row, kind, code)
        if sum((one.kind, one.code, one.state) == (kind, code, State.HANDED_IN) for one in entries) >= MOST:
            raise Refused(msg("This was handed in many times already. Please talk with your training team."))
        today = clock.today(row.course.timezone)
        day = on if on is not None and can_answer(actor, row) else today
        check_day(day, row)
        try:
            address = tidy_url(url)
        except ValueError:
            raise Invalid(msg("A link begins with https:// and is at most 500 characters long.")) from None
        if file is None and address is None and not words.strip():
            raise Invalid(msg("Add a file, a link or a few words."))
        kept = files.keep(actor.person_id, file.name, file.media_type, file.data) if file else None
        return append(
            actor,
            row,
            kind,
            code,
            State.HANDED_IN,
            day,
            words=words,
            url=address,
            file_id=kept.id if kept else None,
        )


def answer(
    actor: Actor,
    enrolment: Enrolment,
    kind: str,
    code: str,
    *,
    accept: bool,
    words: str = "",
    on: date | None = None,
    valid_until: date | None = None,
) -> DossierEntry:
    """Accepts or gives back; what was shown on paper is accepted without being handed in here.

    Without `valid_until` an accepted document is good for as long as the programme says. Raises Refused for who may not and
    for oneself, Invalid for giving back without a word, a day to come, or a last day before the first.
    """
    with dossier_of_person(actor, enrolment.id) as (row, _entries):
        if not can_answer(actor, row):
            raise Refused(msg("Only the training team answers, and nobody their own."))
        spec = _spec(row, kind, code)
        day = on or clock.today(row.course.timezone)
        check_day(day, row)
        if not accept:
            if not words.strip():
                raise Invalid(msg("Say what is missing, so that it can be handed in again."))
            return append(actor, row, kind, code, State.RETURNED, day, words=words)
        until = None
        if kind == Thing.DOCUMENT:
            until = valid_until or usual_end(day, spec.valid_for)
            if until is not None and until < day:
                raise Invalid(msg("The last day comes before the day on which it was accepted."))
        return append(actor, row, kind, code, State.ACCEPTED, day, words=words, valid_until=until)


def _spec(enrolment: Enrolment, kind: str, code: str) -> Any:
    """What the programme says of the thing. Raises Invalid when it does not ask for it."""
    programme = programme_for(enrolment.course)
    specs: Sequence[Any] = ()
    if kind == Thing.DOCUMENT:
        specs = programme.documents
    elif kind == Thing.PORTFOLIO:
        specs = programme.portfolio
    found = next((one for one in specs if one.code == code), None)
    if found is None:
        raise Invalid(msg("The programme does not ask for %(code)s.", code=code))
    return found
