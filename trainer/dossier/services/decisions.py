"""Decisions by the role that the programme names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from trainer.cohorts.models import Course
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.database import transaction
from trainer.core.errors import Invalid, Refused
from trainer.core.text import msg
from trainer.curriculum.rules import DecisionSpec
from trainer.dossier.models import DossierEntry
from trainer.dossier.policy import REGISTRAR, can_decide_as, can_put_forward, is_persons
from trainer.dossier.rules import State, Thing, put_forward
from trainer.dossier.services.base import append, check_day, dossier_of_person, programme_for


@dataclass(frozen=True)
class Answer:
    """The answer for one person, before it is recorded."""

    enrolment_id: int
    yes: bool
    on: date
    words: str = ""


def decide(actor: Actor, course: Course, code: str, answers: Sequence[Answer]) -> list[DossierEntry]:
    """Appends answers to one question, all or none.

    Raises Refused for whoever does not hold the role that the programme names, about oneself, and for a university about
    somebody who was not put forward; Invalid for an unknown decision, a "not yet" without a word, or a day to come.
    """
    with transaction():
        spec = _spec(course, code)
        course_id = course.id
        if not can_decide_as(actor, course, spec.by):
            raise Refused(msg("The programme gives this decision to another role."))
        rows = []
        for one in answers:
            with dossier_of_person(actor, one.enrolment_id) as (enrolment, entries):
                if enrolment.course_id != course_id or is_persons(actor, enrolment):
                    raise Refused(msg("Nobody decides about themself."))
                if spec.by == REGISTRAR and put_forward(entries, code) is None:
                    raise Refused(
                        msg("The university decides about people whom the organisers have put forward.")
                    )
                check_day(one.on, enrolment)
                if not one.yes and not one.words.strip():
                    raise Invalid(msg("Say what is missing for a yes."))
                state = State.YES if one.yes else State.NOT_YET
                rows.append(append(actor, enrolment, Thing.DECISION, code, state, one.on, words=one.words))
        return rows


def ask_university(
    actor: Actor, course: Course, code: str, enrolment_ids: Sequence[int]
) -> list[DossierEntry]:
    """Puts people forward for a decision of the university, which sees their names from then on; who waits already stays as is.

    Raises Refused for who may not and for oneself, Invalid for a decision that is not the university's.
    """
    with transaction():
        spec = _spec(course, code)
        course_id = course.id
        if spec.by != REGISTRAR:
            raise Invalid(msg("This is not for the university to decide."))
        if not can_put_forward(actor, course):
            raise Refused(msg("Only the course's organisers put people forward."))
        rows = []
        for enrolment_id in enrolment_ids:
            with dossier_of_person(actor, enrolment_id) as (enrolment, entries):
                if enrolment.course_id != course_id or is_persons(actor, enrolment):
                    raise Refused(msg("Nobody puts themself forward."))
                if put_forward(entries, code) is None:
                    today = clock.today(enrolment.course.timezone)
                    rows.append(append(actor, enrolment, Thing.DECISION, code, State.HANDED_IN, today))
        return rows


def _spec(course: Course, code: str) -> DecisionSpec:
    found = next((one for one in programme_for(course).decisions if one.code == code), None)
    if found is None:
        raise Invalid(msg("The programme has no decision %(code)s.", code=code))
    return found
