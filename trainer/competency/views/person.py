"""One person's competencies: for staff, and for the person."""

from __future__ import annotations

from flask import render_template

from trainer.cohorts.models import Enrolment
from trainer.competency import queries
from trainer.competency.policy import (
    can_assess_person,
    can_assess_self,
    can_see_person,
)
from trainer.competency.rules import KIND_WORDS, stand
from trainer.competency.views.base import (
    bp,
    own_enrolment,
    passing_rank,
    programme_of_course,
)
from trainer.core.access import access, current_actor


@bp.get("/courses/<code>/people/<int:enrolment_id>/competencies")
@access(load=queries.enrolment_of, read=can_see_person)
def person(enrolment: Enrolment) -> str:
    """One person's competencies, with every assessment."""
    return _person_page(enrolment, own=False)


@bp.get("/me/courses/<code>/competencies")
@access(load=own_enrolment, read=can_assess_self)
def mine(enrolment: Enrolment) -> str:
    """The trainee's own competencies: what assessors recorded, beside the self-assessment."""
    return _person_page(enrolment, own=True)


def _person_page(enrolment: Enrolment, *, own: bool) -> str:
    programme = programme_of_course(enrolment.course)
    history = queries.history(enrolment.id)
    judgements = [row.judgement for rows in history.values() for row in rows]
    return render_template(
        "competency/person.html",
        course=enrolment.course,
        enrolment=enrolment,
        programme=programme,
        history=history,
        standings=stand(programme.competency_codes, judgements, programme.scale, programme.scale.assessors),
        kinds=KIND_WORDS,
        own=own,
        may_assess=not own and can_assess_person(current_actor(), enrolment),
        bar=passing_rank(programme),
    )
