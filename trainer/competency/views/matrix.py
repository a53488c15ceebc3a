"""The course's matrix of competencies, on a page and as a spreadsheet."""

from __future__ import annotations

from flask import render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from trainer.cohorts.models import Course
from trainer.cohorts.queries import course_by_code, roster
from trainer.competency import queries
from trainer.competency.policy import (
    can_see_matrix,
)
from trainer.competency.views.base import (
    bp,
    passing_rank,
    programme_of_course,
)
from trainer.core.access import access
from trainer.core.i18n import localised
from trainer.core.tables import CSV_TYPE, XLSX_TYPE, write_csv, write_xlsx
from trainer.core.web import download


@bp.get("/courses/<code>/competencies")
@access(load=course_by_code, read=can_see_matrix)
def matrix(course: Course) -> str:
    """Everybody's standing in every competency."""
    programme = programme_of_course(course)
    people = roster(course.id)
    return render_template(
        "competency/matrix.html",
        course=course,
        programme=programme,
        people=people,
        standings=queries.standings(course.id, programme),
        bar=passing_rank(programme),
    )


@bp.get("/courses/<code>/competencies.<any(csv, xlsx):form>")
@access(
    load=lambda code, form: (c := course_by_code(code)) and (c, form),
    read=lambda a, t: can_see_matrix(a, t[0]),
)
def matrix_file(thing: tuple[Course, str]) -> Response:
    """The matrix as a spreadsheet."""
    course, form = thing
    programme = programme_of_course(course)
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
