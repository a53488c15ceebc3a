"""Assessing one person in one module, and the self-assessment."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from trainer.cohorts.models import Enrolment
from trainer.competency import queries
from trainer.competency.forms import assessment_form
from trainer.competency.policy import (
    can_assess_person,
    can_assess_self,
    can_see_person,
)
from trainer.competency.rules import Kind
from trainer.competency.services import AssessmentInput, record_assessments
from trainer.competency.views.base import (
    bp,
    of_pair,
    own_module,
    person_module,
    programme_of_course,
)
from trainer.core import clock
from trainer.core.access import access, current_actor
from trainer.core.errors import TrainerError
from trainer.core.i18n import say
from trainer.curriculum.rules import Module


@bp.route("/courses/<code>/people/<int:enrolment_id>/competencies/<int:number>", methods=["GET", "POST"])
@access(load=person_module, read=of_pair(can_see_person), write=of_pair(can_assess_person), write_on_get=True)
def assess(pair: tuple[Enrolment, Module]) -> str | Response:
    """Assess one person in the competencies of one module."""
    enrolment, _module = pair
    actor = current_actor()
    kinds = [Kind.ASSESSOR, Kind.PEER_ASSESSOR, Kind.PRIOR_LEARNING]
    if queries.has_lived_experience(actor.person_id, enrolment.course.organisation_id):
        kinds = [Kind.PEER_ASSESSOR, Kind.ASSESSOR, Kind.PRIOR_LEARNING]
    back = url_for("competency.person", code=enrolment.course.code, enrolment_id=enrolment.id)
    return _assess_page(pair, kinds, back, own=False)


@bp.route("/me/courses/<code>/competencies/<int:number>", methods=["GET", "POST"])
@access(load=own_module, read=of_pair(can_assess_self))
def assess_self(pair: tuple[Enrolment, Module]) -> str | Response:
    """The self-assessment of one module."""
    back = url_for("competency.mine", code=pair[0].course.code)
    return _assess_page(pair, [Kind.SELF], back, own=True)


def _assess_page(
    pair: tuple[Enrolment, Module], kinds: list[Kind], back: str, *, own: bool
) -> str | Response:
    enrolment, module = pair
    programme = programme_of_course(enrolment.course)
    form: Any = assessment_form(module, programme.scale, kinds)
    if not form.is_submitted():
        form.assessed_on.data = clock.today(enrolment.course.timezone)
    problems: list[str] = []
    if form.validate_on_submit():
        inputs = _chosen(form, module)
        if not inputs:
            problems = [_("Choose a level for at least one competency.")]
        else:
            try:
                record_assessments(current_actor(), enrolment, inputs)
            except TrainerError as error:
                problems = [say(error.text)]
            else:
                flash(_("Saved."), "success")
                return redirect(back)
    return render_template(
        "competency/assess.html",
        course=enrolment.course,
        enrolment=enrolment,
        programme=programme,
        module=module,
        form=form,
        problems=problems,
        back=back,
        own=own,
        history=queries.history(enrolment.id),
    )


def _chosen(form: Any, module: Module) -> list[AssessmentInput]:
    actor = current_actor()
    inputs = []
    for number, competency in enumerate(module.competencies):
        level = form[f"level_{number}"].data
        if level:
            inputs.append(
                AssessmentInput(
                    competency.code,
                    level,
                    form.kind.data,
                    actor.person_id or 0,
                    form.assessed_on.data,
                    note=(form[f"note_{number}"].data or "").strip() or None,
                )
            )
    return inputs
