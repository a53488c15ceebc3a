"""The course's competencies: the matrix of people, each competency with who is where, and both as a spreadsheet."""

from __future__ import annotations

from flask import render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from trainer.cohorts.models import Course
from trainer.cohorts.queries import course_by_code, roster
from trainer.competency import queries
from trainer.competency.policy import can_see_matrix
from trainer.competency.views.base import bp, programme_of_course
from trainer.competency.views.cells import Cell, cells, passing_rank
from trainer.core.access import access
from trainer.core.i18n import localised
from trainer.core.web import file_form, of_file, table_file
from trainer.curriculum.rules import Module, Programme


def _shown(programme: Programme) -> tuple[Module | None, list[Module]]:
    """The module that `?module=` asks for, and the modules to show: that one, or all that have competencies."""
    chosen = programme.module_number(request.args.get("module", 0, type=int))
    if chosen is not None and chosen.competencies:
        return chosen, [chosen]
    return None, [module for module in programme.modules if module.competencies]


def _rows(course: Course, programme: Programme) -> list[tuple[object, dict[str, Cell]]]:
    standings = queries.standings(course.id, programme)
    return [
        (person, cells(programme, standings.get(person.enrolment_id, {}))) for person in roster(course.id)
    ]


@bp.get("/courses/<code>/competencies")
@access(load=course_by_code, read=can_see_matrix)
def matrix(course: Course) -> str:
    """Everybody's standing in every competency: by person, or by competency."""
    programme = programme_of_course(course)
    chosen, modules = _shown(programme)
    return render_template(
        "competency/matrix.html",
        course=course,
        programme=programme,
        modules=modules,
        chosen=chosen,
        by="competency" if request.args.get("by") == "competency" else "person",
        rows=_rows(course, programme),
        bar=passing_rank(programme),
    )


@bp.get("/courses/<code>/competencies.<any(csv, xlsx):form>")
@access(load=of_file(course_by_code), read=can_see_matrix)
def matrix_file(course: Course) -> Response:
    """The matrix as a spreadsheet: the levels, then what people say of themselves, then where assessors differ."""
    programme = programme_of_course(course)
    _chosen, modules = _shown(programme)
    titles = {one.code: localised(one.title) for module in modules for one in module.competencies}
    codes = list(titles)
    header = [
        _("Name"),
        *titles.values(),
        *(_("%(code)s (own view)", code=title) for title in titles.values()),
        _("Assessors differ in"),
        _("An assessment is missing in"),
    ]
    rows: list[list[object]] = []
    for person, found in _rows(course, programme):
        rows.append(
            [
                person.name,  # type: ignore[attr-defined]
                *("" if found[code].waiting else found[code].level for code in codes),
                *(found[code].own_level for code in codes),
                "; ".join(titles[code] for code in codes if found[code].differs),
                "; ".join(titles[code] for code in codes if found[code].waiting),
            ]
        )
    return table_file(f"{course.code}-competencies", file_form(), header, rows)
