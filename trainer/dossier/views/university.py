"""The university's page of the decisions that a programme gives to it: counts, and those who were put forward."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from trainer.cohorts.models import Course
from trainer.cohorts.queries import course_by_code
from trainer.core.access import access, current_actor
from trainer.core.errors import TrainerError
from trainer.core.i18n import localised, say
from trainer.core.web import file_form, of_file, table_file
from trainer.dossier import services
from trainer.dossier.policy import REGISTRAR, can_open_university
from trainer.dossier.views.base import bp, programme_for
from trainer.dossier.views.course import lines_of
from trainer.dossier.views.decisions import read_answers


@bp.route("/registry/courses/<code>/decisions", methods=["GET", "POST"])
@access(load=course_by_code, read=can_open_university)
def university(course: Course) -> str | Response | tuple[str, int]:
    """What the university decides about a course's people. It sees the names of those whom the organisers put forward."""
    programme, actor = programme_for(course), current_actor()
    specs = [one for one in programme.decisions if one.by == REGISTRAR]
    lines = lines_of(course, programme)
    waiting = {one.code: [line for line in lines if one.code in line.asked] for one in specs}
    problems: list[str] = []
    if request.method == "POST":
        code = request.form.get("decision", "")
        answers = read_answers(course, [line.member.enrolment_id for line in waiting.get(code, [])])
        try:
            done = services.decide(actor, course, code, answers) if answers else []
        except TrainerError as error:
            problems = [say(error.text)]
        else:
            if done:
                flash(
                    ngettext("Saved for %(num)d person.", "Saved for %(num)d people.", len(done)), "success"
                )
                return redirect(url_for("dossier.university", code=course.code), 303)
            problems = [_("Choose at least one person.")]
    page = render_template(
        "dossier/university.html",
        course=course,
        specs=specs,
        waiting=waiting,
        counts={one.code: sum(line.standing.decisions[one.code].yes for line in lines) for one in specs},
        people=len(lines),
        own=actor.person_id,
        typed=request.form,
        problems=problems,
    )
    return (page, 422) if problems else page


@bp.get("/registry/courses/<code>/decisions.<any(csv, xlsx):form>")
@access(load=of_file(course_by_code), read=can_open_university)
def university_file(course: Course) -> Response:
    """Those who were put forward and wait, by decision: the only names that the page has."""
    programme = programme_for(course)
    lines = lines_of(course, programme)
    rows = [
        [localised(spec.title), line.member.name, line.asked[spec.code].on]
        for spec in programme.decisions
        if spec.by == REGISTRAR
        for line in lines
        if spec.code in line.asked
    ]
    header = [_("Decision"), _("Name"), _("Put forward on")]
    return table_file(f"{course.code}-decisions", file_form(), header, rows)
