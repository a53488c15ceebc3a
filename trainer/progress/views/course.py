"""The course's grid and one person explained; now or as of a past day. Nothing here writes."""

from __future__ import annotations

from typing import Any

from flask import render_template
from werkzeug.wrappers import Response

from trainer.cohorts.models import Course, Enrolment
from trainer.cohorts.queries import course_by_code
from trainer.core.access import access, current_actor
from trainer.core.errors import Missing
from trainer.core.text import msg
from trainer.core.web import file_form, of_file, table_file
from trainer.gates.queries import enrolment_on
from trainer.progress import queries, rules
from trainer.progress.documents import progress_table
from trainer.progress.policy import can_read_course, can_read_log, can_read_person
from trainer.progress.views.asked import choice, kept, moment
from trainer.progress.views.base import WORDS, bp, person_links

GLYPHS = (
    *("present", "late", "left_early", "absent", "excused", "unmarked", "not_expected", "cancelled"),
    *("announced", "made_up", "agreed"),
)


@bp.get("/courses/<code>/progress")
@access(load=course_by_code, read=can_read_course)
def course(course: Course) -> str:
    """Trainees by sessions, their attendance and gates, and who needs a call."""
    as_of = moment(course)
    found = queries.progress(course, as_of=as_of)
    calls = queries.needs_call(found) if as_of is None else []
    asked = choice()
    people = rules.choose(found, calls, asked)
    return render_template(
        "progress/course.html",
        course=course,
        progress=found,
        calls=calls,
        gaps=rules.to_complete(found) if as_of is None else [],
        rows=[(one, rules.cells(found, one)) for one in people],
        choice=asked,
        kept=kept(),
        entities=rules.entities(found),
        sorts=rules.SORTS,
        glyphs=GLYPHS,
        may_read_log=can_read_log(current_actor(), course),
        **WORDS,
    )


@bp.get("/courses/<code>/progress.<any(csv, xlsx):form>")
@access(load=of_file(course_by_code), read=can_read_course)
def course_file(course: Course) -> Response:
    """What the page shows, as CSV or a workbook."""
    name, header, rows = _table(course)
    return table_file(name, file_form(), header, rows)


@bp.get("/courses/<code>/people/<int:enrolment_id>/progress")
@access(load=enrolment_on, read=can_read_person)
def person(enrolment: Enrolment) -> str:
    """One person: every decision explained, with its evidence and its waivers; now or as of a past day."""
    course = enrolment.course
    as_of = moment(course)
    loaded = queries.load(course, [enrolment.id], as_of)
    found = loaded.progress
    one = found.person(enrolment.id)
    if one is None:
        raise Missing(msg("On %(day)s they were not on the course yet.", day=found.today))
    marks = {line.session.id: line.mark for line in one.attendance.lines if line.mark is not None}
    calls = queries.needs_call(found) if as_of is None else []
    may_read_log = can_read_log(current_actor(), course)
    way = rules.parts(found, one, loaded.case.of(enrolment.id).get("competency") or ())
    steps = rules.todos(found, one, way)
    return render_template(
        "progress/person.html",
        course=course,
        progress=found,
        person=one,
        call=calls[0] if calls else None,
        marks=marks,
        timeline=rules.timeline(found, one, marks),
        since=queries.changes_since(course, enrolment, as_of) if as_of is not None else [],
        contacts=queries.contact_log(course.id, [enrolment.id]) if may_read_log and as_of is None else [],
        may_read_log=may_read_log,
        links=person_links(enrolment),
        **WORDS | {"step_text": lambda requirement: rules.step_as_told(steps, requirement)},
    )


def _table(course: Course) -> tuple[str, list[str], list[list[Any]]]:
    as_of = moment(course)
    found = queries.progress(course, as_of=as_of)
    people = rules.choose(found, queries.needs_call(found) if as_of is None else [], choice())
    name = f"{course.code}-progress" + (f"-{found.today.isoformat()}" if as_of else "")
    return (name, *progress_table(found, people))
