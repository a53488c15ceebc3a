"""What the commands on notices, make-ups and transfers share."""

from __future__ import annotations

from typing import Any

from trainer.attendance.models import MakeUp, MakeUpEvent
from trainer.attendance.queries.notices import ToTell
from trainer.audit.services import record
from trainer.cohorts.models import Course, Enrolment
from trainer.cohorts.policy import can_teach
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.database import session
from trainer.core.errors import Invalid, Refused
from trainer.core.registered import registered
from trainer.core.text import Text, msg
from trainer.messages.services import send

LONGEST_WORDS = 500


def is_self(actor: Actor, enrolment: Enrolment) -> bool:
    """The actor is the person of the enrolment."""
    return actor.person_id is not None and actor.person_id == enrolment.person_id


def self_or_staff(actor: Actor, enrolment: Enrolment, course: Course) -> None:
    """Raises Refused for anybody but the person and the course's trainers and organisers."""
    if not is_self(actor, enrolment) and not can_teach(actor, course):
        raise Refused(msg("Only the person, or a trainer or organiser of the course, may do this."))


def staff_for_another(actor: Actor, enrolment: Enrolment, course: Course) -> None:
    """Raises Refused for anybody but the course's trainers and organisers, and for these about themselves."""
    if not can_teach(actor, course):
        raise Refused(msg("Only trainers and organisers of the course decide this."))
    if is_self(actor, enrolment):
        raise Refused(msg("Nobody decides this for themself: ask a colleague."))


def on_course(enrolment: Enrolment) -> None:
    """Raises Refused for somebody who is only invited, or who left."""
    if enrolment.status in ("invited", "withdrawn"):
        raise Refused(msg("This is for people who are on the course."))


def clean_words(words: str | None, needed: Text | None = None) -> str:
    """Words of one paragraph. Raises Invalid when they are too long, or missing where `needed` asks for them."""
    found = " ".join((words or "").split())
    if needed is not None and not found:
        raise Invalid(needed)
    if len(found) > LONGEST_WORDS:
        raise Invalid(msg("The words are longer than %(most)d characters.", most=LONGEST_WORDS))
    return found


def tell(people: list[ToTell], template: str, actor: Actor, /, **values: Any) -> None:
    """One mail to each, but not to who acts."""
    for one in people:
        if one.person_id != actor.person_id:
            send(one.person_id, one.email, template, one.language, **values)


def credit_changed(actor: Actor, enrolment_id: int) -> None:
    """Tells those above who decided on what is credited: what was issued is flagged, never changed (domain page,
    Accreditation 4)."""
    registered("trainer_facts_corrected")(actor, enrolment_id)


def step(actor: Actor, make_up: MakeUp, what: str, words: str | None = None) -> None:
    """Keeps and audits what a make-up became, so that a decision of any day can be replayed; `words` of this step alone."""
    session.flush()
    session.add(
        MakeUpEvent(
            make_up_id=make_up.id,
            at=clock.now(),
            by=actor.person_id,
            status=make_up.status,
            minutes=make_up.minutes,
            until=make_up.until,
            target_session_id=make_up.target_session_id,
            words=(make_up.words or "") if words is None else words,
        )
    )
    record(
        actor,
        f"make_up.{what}",
        f"make_up:{make_up.id}",
        enrolment=make_up.enrolment_id,
        session=make_up.session_id,
        target=make_up.target_session_id,
        minutes=make_up.minutes,
        until=make_up.until,
    )
