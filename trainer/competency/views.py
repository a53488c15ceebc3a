"""Pages of competencies: the course's matrix, one person, one module to assess, and the self-assessment."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from trainer.cohorts.models import Course, Enrolment
from trainer.cohorts.queries import course_by_code, roster
from trainer.competency import queries
from trainer.competency.forms import assessment_form
from trainer.competency.imports import import_assessments
from trainer.competency.policy import (
    can_assess_person,
    can_assess_self,
    can_see_matrix,
    can_see_person,
)
from trainer.competency.rules import KIND_WORDS, Kind, stand
from trainer.competency.services import AssessmentInput, record_assessments
from trainer.core import clock, uploads
from trainer.core.access import access, current_actor
from trainer.core.errors import TrainerError
from trainer.core.i18n import localised, say
from trainer.core.tables import CSV_TYPE, XLSX_TYPE, write_csv, write_xlsx
from trainer.core.web import download
from trainer.curriculum.queries import programme_of
from trainer.curriculum.rules import Module, Programme

bp = Blueprint("competency", __name__, template_folder="templates")


def _programme(course: Course) -> Programme:
    return programme_of(course.programme_version_id)


def _person_module(code: str, enrolment_id: int, number: int) -> tuple[Enrolment, Module] | None:
    return _with_module(queries.enrolment_of(code, enrolment_id), number)


def _own_module(code: str, number: int) -> tuple[Enrolment, Module] | None:
    return _with_module(_own(code), number)


def _own(code: str) -> Enrolment | None:
    return queries.own_enrolment(code, current_actor().person_id)


def _with_module(enrolment: Enrolment | None, number: int) -> tuple[Enrolment, Module] | None:
    if enrolment is None:
        return None
    module = next((one for one in _programme(enrolment.course).modules if one.number == number), None)
    return None if module is None else (enrolment, module)


def _first(policy: Any) -> Any:
    """A policy on an enrolment, for a loader that gives (enrolment, module)."""

    def of_pair(actor: Any, pair: tuple[Enrolment, Module]) -> bool:
        return bool(policy(actor, pair[0]))

    of_pair.__qualname__ = policy.__qualname__
    return of_pair


@bp.get("/courses/<code>/competencies")
@access(load=course_by_code, read=can_see_matrix)
def matrix(course: Course) -> str:
    """Everybody's standing in every competency."""
    programme = _programme(course)
    people = roster(course.id)
    return render_template(
        "competency/matrix.html",
        course=course,
        programme=programme,
        people=people,
        standings=queries.standings(course.id, programme),
        bar=_bar(programme),
    )


def _bar(programme: Programme) -> int:
    """The rank of the first level that passes."""
    return next(rank for rank, level in enumerate(programme.scale.levels) if level.passing)


@bp.get("/courses/<code>/competencies.<any(csv, xlsx):form>")
@access(
    load=lambda code, form: (c := course_by_code(code)) and (c, form),
    read=lambda a, t: can_see_matrix(a, t[0]),
)
def matrix_file(thing: tuple[Course, str]) -> Response:
    """The matrix as a spreadsheet."""
    course, form = thing
    programme = _programme(course)
    standings = queries.standings(course.id, programme)
    header = [_("Name"), *programme.competency_codes]
    rows = []
    for person in roster(course.id):
        found = standings.get(person.enrolment_id, {})
        cells = []
        for code in programme.competency_codes:
            level = found[code].level_code if code in found else None
            cells.append(localised(programme.scale.level(level).title) if level else "")
        rows.append([person.name, *cells])
    name = f"{course.code}-competencies.{form}"
    if form == "csv":
        return download(write_csv(header, rows), name, CSV_TYPE)
    return download(write_xlsx(course.code, header, rows), name, XLSX_TYPE)


@bp.get("/courses/<code>/people/<int:enrolment_id>/competencies")
@access(load=queries.enrolment_of, read=can_see_person)
def person(enrolment: Enrolment) -> str:
    """One person's competencies, with every assessment."""
    return _person_page(enrolment, own=False)


@bp.get("/me/courses/<code>/competencies")
@access(load=_own, read=can_assess_self)
def mine(enrolment: Enrolment) -> str:
    """The trainee's own competencies: what assessors recorded, beside the self-assessment."""
    return _person_page(enrolment, own=True)


def _person_page(enrolment: Enrolment, *, own: bool) -> str:
    programme = _programme(enrolment.course)
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
        bar=_bar(programme),
    )


@bp.route("/courses/<code>/people/<int:enrolment_id>/competencies/<int:number>", methods=["GET", "POST"])
@access(load=_person_module, read=_first(can_see_person), write=_first(can_assess_person), write_on_get=True)
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
@access(load=_own_module, read=_first(can_assess_self))
def assess_self(pair: tuple[Enrolment, Module]) -> str | Response:
    """The self-assessment of one module."""
    back = url_for("competency.mine", code=pair[0].course.code)
    return _assess_page(pair, [Kind.SELF], back, own=True)


def _assess_page(
    pair: tuple[Enrolment, Module], kinds: list[Kind], back: str, *, own: bool
) -> str | Response:
    enrolment, module = pair
    programme = _programme(enrolment.course)
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


@bp.route("/courses/<code>/competencies/import", methods=["GET", "POST"])
@access(load=course_by_code, read=can_see_matrix)
def import_page(course: Course) -> str | tuple[str, int]:
    """Import assessments from a spreadsheet: first a look at what would happen, then for real."""
    example = _programme(course).competency_codes[0]
    return uploads.import_page("competency/import.html", import_assessments, course, example_code=example)
