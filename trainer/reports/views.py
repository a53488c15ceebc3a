"""The report of a course: figures without names, to print or to take away."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from trainer.cohorts.models import Course
from trainer.cohorts.policy import can_see
from trainer.cohorts.queries import course_by_code
from trainer.core import clock
from trainer.core.access import access
from trainer.core.i18n import localised
from trainer.core.web import file_form, of_file, table_file
from trainer.reports.queries import course_report

bp = Blueprint("reports", __name__, template_folder="templates")


@bp.get("/courses/<code>/report")
@access(load=course_by_code, read=can_see)
def course(course: Course) -> str:
    """How many began, stayed, reached each gate; for funders and for the next edition."""
    found, lines = course_report(course)
    return render_template(
        "reports/course.html",
        course=course,
        programme=found.programme,
        sessions=found.sessions,
        lines=lines,
        today=clock.today(course.timezone),
    )


@bp.get("/courses/<code>/report.<any(csv, xlsx):form>")
@access(load=of_file(course_by_code), read=can_see)
def course_file(course: Course) -> Response:
    """The report's table as a spreadsheet."""
    found, lines = course_report(course)
    header = [
        _("Sent by"),
        _("Began"),
        _("On the course"),
        _("Paused"),
        _("Left the course"),
        _("Completed"),
        *(localised(gate.title) for gate in found.programme.gates.values()),
    ]
    rows = [
        [
            _("Everyone") if line.entity is None else line.entity or _("no entity"),
            line.began,
            line.on_course,
            line.paused,
            line.left,
            line.completed,
            *line.passed,
        ]
        for line in lines
    ]
    return table_file(f"{course.code}-report", file_form(), header, rows)
