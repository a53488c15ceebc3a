"""Pages of progress: the trainee's own, the course's grid, and one person explained. Nothing here writes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, current_app, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from trainer.attendance.queries import MarkRow
from trainer.cohorts.models import Course, Enrolment
from trainer.cohorts.queries import course_by_code, own_enrolment
from trainer.core.access import access, current_actor, signed_in
from trainer.core.tables import CSV_TYPE, XLSX_TYPE, write_csv, write_xlsx
from trainer.core.web import download
from trainer.gates.queries import enrolment_on
from trainer.progress import queries, rules
from trainer.progress.documents import mark_words, progress_table, word
from trainer.progress.policy import can_read_course, can_read_own, can_read_person

bp = Blueprint("progress", __name__, template_folder="templates")

# What the templates say with: the words are the rules', the templates only place them.
WORDS: dict[str, Any] = {
    name: getattr(rules, name)
    for name in (
        "bar_text",
        "forecast_text",
        "gaps_text",
        "lost_minutes",
        "possible_text",
        "requirement_title",
        "session_title",
        "missing_mark",
        "standing_text",
        "status_sentence",
        "step_text",
        "threshold_minutes",
    )
} | {"mark_words": mark_words, "word": word}


@dataclass(frozen=True)
class Mine:
    """One of a person's courses, ready to show."""

    enrolment: Enrolment
    course: rules.CourseProgress
    person: rules.PersonProgress | None
    timeline: rules.Timeline
    tipping: rules.SessionLike | None
    contacts: queries.Contacts

    @property
    def is_over(self) -> bool:
        return self.course.closed or self.enrolment.status in ("withdrawn", "completed")


def own(code: str) -> Enrolment | None:
    """The actor's own enrolment on a course."""
    return own_enrolment(current_actor(), code)


@bp.get("/me")
@signed_in
def me() -> str:
    """A person's own courses: where they stand, what is possible, what comes next, whom to ask."""
    mine = [_mine(enrolment) for enrolment in queries.own_enrolments(current_actor().person_id)]
    return render_template("progress/me.html", mine=mine, links=own_links(), **WORDS)


@bp.get("/me/courses/<code>")
@access(load=own, read=can_read_own)
def my_course(enrolment: Enrolment) -> str:
    """A person's own way through one course; printable."""
    return render_template(
        "progress/my_course.html", one=_mine(enrolment), links=own_links(enrolment.course.code), **WORDS
    )


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


def _mine(enrolment: Enrolment) -> Mine:
    found = queries.progress(enrolment.course, [enrolment.id])
    one = found.person(enrolment.id)
    marks: dict[int, MarkRow] = queries.marks_of(enrolment.course_id).get(enrolment.id, {}) if one else {}
    tipping = None
    if one is not None and one.attendance.tipping_session is not None:
        number = one.attendance.tipping_session
        tipping = next((session for session in found.sessions if session.number == number), None)
    return Mine(
        enrolment=enrolment,
        course=found,
        person=one,
        timeline=rules.timeline(found, one, marks) if one else rules.Timeline(),
        tipping=tipping,
        contacts=queries.contacts(enrolment.course),
    )


def _table(course: Course) -> tuple[list[str], list[list[Any]]]:
    return progress_table(queries.progress(course), queries.marks_of(course.id))


def own_links(code: str | None = None) -> list[tuple[str, str]]:
    """Other pages about oneself, as far as the application has them."""
    wanted = [
        ("scheduling.my_calendar", {}, _("My calendar, on the phone too")),
        ("competency.mine", {"code": code}, _("My competencies and how I see them")),
        ("placement.mine", {}, _("My placement and its log")),
        ("cohorts.my_courses", {}, _("My place on the course, consent, leaving")),
        ("accreditation.my_certificates", {}, _("My certificates")),
        ("people.account", {}, _("My account, and what is held about me")),
    ]
    return _links(wanted)


def person_links(enrolment: Enrolment) -> list[tuple[str, str]]:
    """What staff may want to open next about a person."""
    values = {"code": enrolment.course.code, "enrolment_id": enrolment.id}
    wanted: list[tuple[str, dict[str, Any], str]] = [
        ("cohorts.person", values, _("Enrolment, pauses, leaving")),
        ("competency.person", values, _("Competencies")),
        ("placement.person", values, _("Placement")),
        ("gates.waivers", values, _("Waivers")),
    ]
    return _links(wanted)


def _links(wanted: list[tuple[str, dict[str, Any], str]]) -> list[tuple[str, str]]:
    found = []
    for endpoint, values, label in wanted:
        if endpoint in current_app.view_functions and None not in values.values():
            found.append((label, url_for(endpoint, **values)))
    return found
