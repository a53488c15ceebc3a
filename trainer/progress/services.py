"""What is written about where people stand: the contacts that the team had with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from trainer.audit.services import record
from trainer.cohorts.models import Enrolment
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.database import lock, session, transaction
from trainer.core.errors import Invalid, Refused
from trainer.core.text import Text, msg
from trainer.progress.models import ContactNote
from trainer.progress.policy import can_note_contact
from trainer.progress.rules import CHANNELS, OUTCOMES

LONGEST = timedelta(days=366)


@dataclass(frozen=True)
class ContactInput:
    """One contact: the day, how, what came of it, what the two agreed to do, and when to ask again."""

    on: date
    channel: str
    outcome: str
    agreed: str = ""
    again_on: date | None = None


def note_contact(actor: Actor, enrolment: Enrolment, contact: ContactInput) -> ContactNote:
    """Appends a contact to the log; the newest one says when to ask again.

    Raises Refused for who may not, or about oneself; Invalid for a day to come, an unknown word, or a day to ask again that
    lies before the contact.
    """
    with transaction():
        held = lock(Enrolment, enrolment.id)
        if not can_note_contact(actor, held):
            raise Refused(msg("Contacts are written down by the people who run the course, about others."))
        problems = _problems(contact, clock.today(held.course.timezone))
        if problems:
            raise Invalid(msg("The contact was not saved."), problems)
        note = ContactNote(
            enrolment_id=held.id,
            by=actor.person_id,
            at=clock.now(),
            on=contact.on,
            channel=contact.channel,
            outcome=contact.outcome,
            agreed=contact.agreed.strip(),
            again_on=contact.again_on,
        )
        session.add(note)
        session.flush()
        record(
            actor,
            "contact.noted",
            f"enrolment:{held.id}",
            note=note.id,
            channel=contact.channel,
            outcome=contact.outcome,
            again_on=contact.again_on,
        )
    return note


def _problems(contact: ContactInput, today: date) -> list[Text]:
    problems = []
    if contact.on > today:
        problems.append(msg("The day of the contact is still to come."))
    if today - contact.on > LONGEST:
        problems.append(msg("The day of the contact is more than a year ago."))
    if contact.channel not in CHANNELS or contact.outcome not in OUTCOMES:
        problems.append(msg("Choose how the contact was made and what came of it."))
    if len(contact.agreed.strip()) > 500:
        problems.append(msg("What was agreed has at most 500 characters."))
    if contact.outcome == "agreed" and not contact.agreed.strip():
        problems.append(msg("Write what the two of you agreed."))
    if contact.again_on is not None and contact.again_on <= contact.on:
        problems.append(msg("The day to ask again comes after the contact."))
    return problems
