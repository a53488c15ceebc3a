"""The course's grid and one person explained; now or as of a past day. Nothing here writes."""

from __future__ import annotations

from typing import Any

from flask import render_template
from werkzeug.wrappers import Response

from trainer.cohorts.models import Course, Enrolment
from trainer.cohorts.queries import course_by_code
from trainer.core.access import access
from trainer.core.tables import CSV_TYPE, XLSX_TYPE, write_csv, write_xlsx
from trainer.core.web import download
from trainer.gates.queries import enrolment_on
from trainer.progress import queries, rules
from trainer.progress.documents import progress_table
from trainer.progress.policy import can_read_course, can_read_person
from trainer.progress.views.base import WORDS, bp, person_links


@bp.get("/courses/<code>/progress")
@access(load=course_by_code, read=can_read_course)
def course(course: Course) -> str:
    """Trainees by sessions, their attendance and gates, and who needs a call."""
    found = queries.progress(course)
    return render_template(
        "progress/course.html",
        course=course,
        progress=found,
        calls=queries.needs_call(found),
        gaps=rules.to_complete(found),
        marks=queries.marks_of(course.id),
        **WORDS,
    )


@bp.get("/courses/<code>/progress.csv")
@access(load=course_by_code, read=can_read_course)
def course_csv(course: Course) -> Response:
    """What the page shows, as CSV."""
    header, rows = _table(course)
    return download(write_csv(header, rows), f"{course.code}-progress.csv", CSV_TYPE)


@bp.get("/courses/<code>/progress.xlsx")
@access(load=course_by_code, read=can_read_course)
def course_xlsx(course: Course) -> Response:
    """What the page shows, as a workbook."""
    header, rows = _table(course)
    return download(write_xlsx(course.code, header, rows), f"{course.code}-progress.xlsx", XLSX_TYPE)


@bp.get("/courses/<code>/people/<int:enrolment_id>/progress")
@access(load=enrolment_on, read=can_read_person)
def person(enrolment: Enrolment) -> str:
    """One person: every decision explained, with its evidence and its waivers."""
    found = queries.progress(enrolment.course, [enrolment.id])
    one = found.people[0]
    marks = queries.marks_of(enrolment.course_id).get(enrolment.id, {})
    calls = queries.needs_call(found)
    return render_template(
        "progress/person.html",
        course=enrolment.course,
        progress=found,
        person=one,
        call=calls[0] if calls else None,
        marks=marks,
        timeline=rules.timeline(found, one, marks),
        links=person_links(enrolment),
        **WORDS,
    )


def _table(course: Course) -> tuple[list[str], list[list[Any]]]:
    return progress_table(queries.progress(course), queries.marks_of(course.id))
