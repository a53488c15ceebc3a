"""Assessing one person in one module: by staff, by their reference professional, and the self-assessment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from trainer.cohorts.models import Enrolment
from trainer.competency import queries
from trainer.competency.forms import assessment_form
from trainer.competency.policy import (
    can_assess_as_reference,
    can_assess_person,
    can_assess_self,
    can_see_person,
)
from trainer.competency.rules import EVIDENCE_WORDS, KIND_WORDS, Kind
from trainer.competency.services import AssessmentInput, record_assessments
from trainer.competency.views.base import (
    assessing_kinds,
    bp,
    messages,
    of_pair,
    own_module,
    person_module,
    programme_of_course,
)
from trainer.competency.views.cells import passing_rank
from trainer.core import clock
from trainer.core.access import access, current_actor
from trainer.core.errors import TrainerError
from trainer.curriculum.rules import Module
from trainer.placement.models import Placement
from trainer.placement.queries import placement_by_id


@bp.route("/courses/<code>/people/<int:enrolment_id>/competencies/<int:number>", methods=["GET", "POST"])
@access(load=person_module, read=of_pair(can_see_person), write=of_pair(can_assess_person), write_on_get=True)
def assess(pair: tuple[Enrolment, Module]) -> str | Response | tuple[str, int]:
    """Assess one person in the competencies of one module."""
    enrolment, module = pair
    kinds = assessing_kinds(current_actor(), enrolment.course.organisation_id)
    back = url_for("competency.person", code=enrolment.course.code, enrolment_id=enrolment.id)
    return _assess_page(enrolment, module, kinds, f"{back}#module-{module.number}")


@bp.route("/me/courses/<code>/competencies/<int:number>", methods=["GET", "POST"])
@access(load=own_module, read=of_pair(can_assess_self))
def assess_self(pair: tuple[Enrolment, Module]) -> str | Response | tuple[str, int]:
    """The self-assessment of one module."""
    enrolment, module = pair
    back = url_for("competency.mine", code=enrolment.course.code)
    return _assess_page(enrolment, module, [Kind.SELF], f"{back}#module-{module.number}")


def _placement_module(placement_id: int, number: int) -> tuple[Placement, Module] | None:
    placement = placement_by_id(placement_id)
    if placement is None:
        return None
    module = programme_of_course(placement.enrolment.course).module_number(number)
    return None if module is None or not module.competencies else (placement, module)


@bp.get("/placements/<int:placement_id>/competencies")
@access(load=placement_by_id, read=can_assess_as_reference)
def reference(placement: Placement) -> str:
    """What a reference professional can say of the person they accompany, and what they said: theirs alone."""
    enrolment = placement.enrolment
    programme = programme_of_course(enrolment.course)
    return render_template(
        "competency/reference.html",
        placement=placement,
        enrolment=enrolment,
        programme=programme,
        modules=[module for module in programme.modules if module.competencies],
        history=_said_by_me(enrolment),
        too_close=current_actor().person_id in queries.too_close(enrolment.person_id),
        bar=passing_rank(programme),
    )


@bp.route("/placements/<int:placement_id>/competencies/<int:number>", methods=["GET", "POST"])
@access(load=_placement_module, read=of_pair(can_assess_as_reference))
def assess_as_reference(pair: tuple[Placement, Module]) -> str | Response | tuple[str, int]:
    """A reference professional assesses the person they accompany in the competencies of one module."""
    placement, module = pair
    back = url_for("competency.reference", placement_id=placement.id)
    return _assess_page(placement.enrolment, module, [Kind.REFERENCE_PROFESSIONAL], back, placement)


def _said_by_me(enrolment: Enrolment) -> dict[str, list[queries.AssessmentRow]]:
    """Their own judgements alone: who works beside somebody says what they see, and is not told what others said."""
    me = current_actor().person_id
    found = queries.history(enrolment.id)
    return {
        code: own
        for code, rows in found.items()
        if (own := [r for r in rows if r.judgement.assessor_id == me])
    }


def _assess_page(
    enrolment: Enrolment, module: Module, kinds: list[Kind], back: str, placement: Placement | None = None
) -> str | Response | tuple[str, int]:
    programme = programme_of_course(enrolment.course)
    own = kinds == [Kind.SELF]
    pieces = {} if placement else _pieces(enrolment)
    form: Any = assessment_form(module, programme.scale, kinds)
    if not form.is_submitted():
        form.assessed_on.data = clock.today(enrolment.course.timezone)
    problems: list[str] = []
    status = 200
    if form.validate_on_submit():
        inputs = _chosen(form, module, pieces)
        if not inputs:
            problems = [_("Choose a level for at least one competency.")]
        else:
            try:
                record_assessments(current_actor(), enrolment, inputs)
            except TrainerError as error:
                problems, status = messages(error), error.status
            else:
                flash(_("Saved."), "success")
                return redirect(back)
    page = render_template(
        "competency/assess.html",
        course=enrolment.course,
        enrolment=enrolment,
        programme=programme,
        module=module,
        form=form,
        problems=problems,
        back=back,
        own=own,
        placement=placement,
        kinds=KIND_WORDS,
        pieces=pieces,
        piece_kinds=EVIDENCE_WORDS,
        asked_evidence=lambda place: request.form.getlist(f"evidence_{place}"),
        history=_said_by_me(enrolment) if placement else queries.history(enrolment.id),
        too_close=not own and current_actor().person_id in queries.too_close(enrolment.person_id),
        bar=passing_rank(programme),
    )
    return page if status == 200 else (page, status)


def _pieces(enrolment: Enrolment) -> dict[str, list[queries.EvidenceRow]]:
    """The evidence that an assessment can rest on, by the competencies that it shows."""
    found: dict[str, list[queries.EvidenceRow]] = {}
    for row in queries.evidence_of(enrolment.id):
        for code in row.codes if row.withdrawn_at is None else ():
            found.setdefault(code, []).append(row)
    return found


def _chosen(
    form: Any, module: Module, pieces: Mapping[str, Sequence[queries.EvidenceRow]]
) -> list[AssessmentInput]:
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
                    evidence_ids=tuple(
                        row.id
                        for row in pieces.get(competency.code, ())
                        if str(row.id) in request.form.getlist(f"evidence_{number}")
                    ),
                )
            )
    return inputs
