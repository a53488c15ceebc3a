"""One person's competencies, for staff and for the person; and who is too close to assess them."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from trainer.cohorts.models import Enrolment
from trainer.cohorts.policy import can_manage
from trainer.competency import queries
from trainer.competency.policy import can_assess_person, can_assess_self, can_see_person
from trainer.competency.rules import KIND_WORDS, stand
from trainer.competency.services import declare_conflict, end_conflict
from trainer.competency.views.base import bp, messages, own_enrolment, programme_of_course
from trainer.competency.views.cells import cells, next_words, passing_rank
from trainer.core.access import access, current_actor
from trainer.core.errors import TrainerError


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


def _person_page(enrolment: Enrolment, *, own: bool, problems: list[str] | None = None) -> str:
    actor = current_actor()
    programme = programme_of_course(enrolment.course)
    history = queries.history(enrolment.id)
    judgements = [row.judgement for rows in history.values() for row in rows]
    standings = stand(programme.competency_codes, judgements, programme.scale, programme.scale.assessors)
    shown = cells(programme, standings)
    assesses = not own and can_assess_person(actor, enrolment)
    manages = not own and can_manage(actor, enrolment.course)
    conflicts = [] if own else queries.conflicts_of(enrolment.person_id)
    mine_among = any(row.assessor_id == actor.person_id for row in conflicts)
    return render_template(
        "competency/person.html",
        course=enrolment.course,
        enrolment=enrolment,
        programme=programme,
        modules=[module for module in programme.modules if module.competencies],
        history=history,
        rested_on=queries.rested_on(enrolment.id),
        standings=standings,
        cells=shown,
        next_words={
            one.code: next_words(programme, one, standings[one.code]) for one in programme.competencies
        },
        reached=sum(one.passing for one in shown.values()),
        waiting=sum(one.waiting for one in shown.values()),
        unseen=sum(one.rank is None for one in shown.values()),
        kinds=KIND_WORDS,
        own=own,
        assesses=assesses,
        too_close=mine_among,
        conflicts=[row for row in conflicts if manages or row.assessor_id == actor.person_id],
        manages=manages,
        assessors=queries.possible_assessors(enrolment, enrolment.course) if manages else [],
        bar=passing_rank(programme),
        problems=problems or [],
    )


@bp.post("/courses/<code>/people/<int:enrolment_id>/conflicts")
@access(load=queries.enrolment_of, read=can_see_person, write=can_assess_person)
def declare(enrolment: Enrolment) -> Response | tuple[str, int]:
    """Say that one is too close to assess this person, or as an organiser that somebody is."""
    me = current_actor().person_id or 0
    assessor_id = request.form.get("assessor", 0, type=int) if "assessor" in request.form else me
    try:
        declare_conflict(current_actor(), enrolment, assessor_id)
    except TrainerError as error:
        return _person_page(enrolment, own=False, problems=messages(error)), error.status
    flash(_("Saved. Somebody else will assess."), "success")
    return redirect(_home(enrolment))


@bp.post("/courses/<code>/people/<int:enrolment_id>/conflicts/end")
@access(load=queries.enrolment_of, read=can_see_person, write=can_assess_person)
def end(enrolment: Enrolment) -> Response | tuple[str, int]:
    """Take such a declaration back; it stays on record as ended."""
    conflict_id = request.form.get("conflict", 0, type=int)
    if not 0 < conflict_id < 2**31:  # beyond it no column has one
        abort(404)
    try:
        end_conflict(current_actor(), enrolment, conflict_id)
    except TrainerError as error:
        return _person_page(enrolment, own=False, problems=messages(error)), error.status
    flash(_("Saved."), "success")
    return redirect(_home(enrolment))


def _home(enrolment: Enrolment) -> str:
    return url_for("competency.person", code=enrolment.course.code, enrolment_id=enrolment.id)
