"""The organiser's pages: everyone's placement, opening one, changing an agreement, pausing and closing, the import."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from trainer.cohorts.models import Course, Enrolment
from trainer.cohorts.queries import course_by_code
from trainer.core import clock, uploads
from trainer.core.access import access, current_actor
from trainer.core.i18n import say
from trainer.core.tables import parse_date
from trainer.core.web import file_form, of_file, table_file
from trainer.curriculum.queries import programme_of
from trainer.people.queries import organisations
from trainer.placement import policy, queries, services
from trainer.placement.forms import AgreementForm
from trainer.placement.imports import import_placement_log
from trainer.placement.models import Placement
from trainer.placement.queries import CourseLine
from trainer.placement.rules import parse_weekly_hours, weekly_hours_text
from trainer.placement.services import Agreement
from trainer.placement.views.base import Page, attempt, bp, home_of, line_cells, line_header, pair


@bp.get("/courses/<code>/placements")
@access(load=course_by_code, read=policy.can_see_course)
def course(course: Course) -> str:
    """Everyone on the course: may a placement begin, and how do those that began stand."""
    programme = programme_of(course.programme_version_id)
    return render_template(
        "placement/course.html",
        course=course,
        lines=queries.course_lines(course),
        need=int((programme.placement or {}).get("required_hours", 0)) * 60,
        has_placement=programme.placement is not None,
        gate=programme.gate_opening("placement"),
        can_waive=_can_waive(course),
        may_manage=policy.can_manage_course(current_actor(), course),
    )


def _can_waive(course: Course) -> bool:
    return "gates.waivers" in current_app.view_functions and policy.can_manage_course(current_actor(), course)


@bp.get("/courses/<code>/placements.<any(csv, xlsx):form>")
@access(load=of_file(course_by_code), read=policy.can_see_course)
def course_file(course: Course) -> Response:
    """What the page shows, as a spreadsheet: a row for each placement, and for each person without one."""
    header = [_("Name"), _("Email"), _("Start of the placement"), *line_header()]
    rows: list[list[object]] = []
    for line in queries.course_lines(course):
        person: list[object] = [
            line.person.name,
            line.person.email or "",
            say(line.gate.explanation) if line.gate and line.gate.explanation else "",
        ]
        nothing: list[object] = [None] * len(line_header())
        rows += [[*person, *line_cells(one)] for one in line.placements] or [[*person, *nothing]]
    return table_file(f"{course.code}-placements", file_form(), header, rows)


@bp.route("/courses/<code>/placements/open", methods=["GET", "POST"])
@access(load=course_by_code, read=policy.can_see_course, write=policy.can_manage_course, write_on_get=True)
def open_placement(course: Course) -> Page:
    """Record an agreement for somebody whose gate is passed."""
    lines = [line for line in queries.course_lines(course) if line.may_open]
    form = _form(people=[(line.person.enrolment_id, line.person.name) for line in lines])
    problems: list[str] = []
    if form.validate_on_submit():
        opened: list[Placement] = []
        enrolment = queries.enrolment_of(course.code, int(form.person.data))
        if enrolment is not None:
            problems = attempt(
                lambda: opened.append(services.open_placement(current_actor(), enrolment, _agreement(form)))
            )
        if opened:
            flash(_("The placement is open."), "success")
            return redirect(url_for("placement.placement", placement_id=opened[0].id))
    elif not form.is_submitted():
        _fill_new(form, course, lines)
    page = render_template("placement/open.html", course=course, form=form, lines=lines, problems=problems)
    return (page, 422) if problems or form.errors else page


def _form(people: list[tuple[int, str]] | None, reference: tuple[int, str] | None = None) -> AgreementForm:
    references = [(key, f"{name} ({place})") for key, name, place in queries.reference_choices()]
    if reference is not None and reference[0] not in dict(references):
        references.append(reference)  # named in the agreement; the role has ended since
    # Somebody may hold the role in two places: one choice a person.
    return AgreementForm(
        people=people,
        hosts=[(one.id, one.name) for one in organisations("host", "provider", "entity", "university")],
        references=list({key: (key, name) for key, name in reversed(references)}.values())[::-1],
    )


def _fill_new(form: AgreementForm, course: Course, lines: list[CourseLine]) -> None:
    rule = programme_of(course.programme_version_id).placement or {}
    wanted = request.args.get("enrolment", type=int)
    if any(line.person.enrolment_id == wanted for line in lines):
        form.person.data = str(wanted)
    inside, outside = services.default_functions(course.language)
    form.functions_in.data, form.functions_out.data = "\n".join(inside), "\n".join(outside)
    form.weekly_hours.data = str(rule.get("weekly_hours", ""))
    start = max(
        [line.person.joined_on for line in lines if line.person.joined_on] + [clock.today(course.timezone)]
    )
    form.starts_on.data = start
    form.ends_on.data = start + timedelta(weeks=int(rule.get("weeks", 26)), days=-1)


def _agreement(form: Any) -> Agreement:
    return Agreement(
        host_id=int(form.host.data),
        starts_on=form.starts_on.data,
        ends_on=form.ends_on.data,
        weekly_minutes=parse_weekly_hours(form.weekly_hours.data or "") or 0,
        service=form.service.data or "",
        reference_id=int(form.reference.data) if form.reference.data else None,
        functions_in=(form.functions_in.data or "").splitlines(),
        functions_out=(form.functions_out.data or "").splitlines(),
        contacts=form.contacts.data or "",
        equipment=form.equipment.data or "",
        signed_worker_on=form.signed_worker_on.data,
        signed_host_on=form.signed_host_on.data,
        signed_provider_on=form.signed_provider_on.data,
    )


@bp.route("/placements/<int:placement_id>/change", methods=["GET", "POST"])
@access(load=queries.placement_by_id, read=policy.can_read, write=policy.can_administer, write_on_get=True)
def change(one: Placement) -> Page:
    """Change the agreement."""
    form = _form(None, (one.reference.id, one.reference.display_name) if one.reference else None)
    problems: list[str] = []
    if form.validate_on_submit():
        problems = attempt(lambda: services.change_agreement(current_actor(), one, _agreement(form)))
        if not problems:
            flash(_("Saved."), "success")
            return redirect(home_of(one))
    elif not form.is_submitted():
        form.host.data, form.reference.data = str(one.host_id), str(one.reference_id or "")
        form.functions_in.data, form.functions_out.data = (
            "\n".join(one.functions_in),
            "\n".join(one.functions_out),
        )
        form.weekly_hours.data = weekly_hours_text(one.weekly_minutes)
        for name in ("service", "starts_on", "ends_on", "contacts", "equipment"):
            form[name].data = getattr(one, name)
        for name in ("signed_worker_on", "signed_host_on", "signed_provider_on"):
            form[name].data = getattr(one, name)
    page = render_template(
        "placement/change.html",
        one=one,
        person=one.enrolment.person,
        form=form,
        problems=problems,
        home=home_of(one),
    )
    return (page, 422) if problems or form.errors else page


STEPS: dict[str, Any] = {
    "pause": services.pause_placement,
    "resume": services.resume_placement,
    "close": services.close_placement,
}


def _placement_step(placement_id: int, step: str) -> tuple[Placement, str] | None:
    one = queries.placement_by_id(placement_id)
    return None if one is None else (one, step)


@bp.post("/placements/<int:placement_id>/<any(pause, resume, close):step>")
@access(load=_placement_step, read=pair(policy.can_read), write=pair(policy.can_administer))
def take_step(things: tuple[Placement, str]) -> Response:
    """Pause, go on, close; from a day or from today."""
    one, step = things
    words = {
        "pause": _("The placement is paused."),
        "resume": _("The placement is open."),
        "close": _("The placement is closed."),
    }
    try:
        on = parse_date(request.form["on"]) if request.form.get("on") else None
    except ValueError:
        flash(_("That is not a date."), "error")
        return redirect(home_of(one))
    problems = attempt(lambda: STEPS[step](current_actor(), one, on))
    for problem in problems:
        flash(problem, "error")
    if not problems:
        flash(words[step], "success")
    return redirect(home_of(one))


@bp.get("/courses/<code>/people/<int:enrolment_id>/placement")
@access(load=queries.enrolment_of, read=policy.can_see_person)
def person(enrolment: Enrolment) -> Page:
    """A person's placements; the one there is opens at once."""
    lines = queries.lines_of_enrolment(enrolment.id)
    if len(lines) == 1 and policy.can_open(current_actor(), enrolment):
        return redirect(url_for("placement.placement", placement_id=lines[0].row.id))
    found = queries.course_lines(enrolment.course, enrolment.id)[0]
    return render_template(
        "placement/person.html",
        course=enrolment.course,
        enrolment=enrolment,
        line=found,
        can_waive=_can_waive(enrolment.course),
        may_manage=policy.can_open(current_actor(), enrolment),
        may_open=found.may_open and policy.can_open(current_actor(), enrolment),
    )


@bp.route("/courses/<code>/placements/import", methods=["GET", "POST"])
@access(load=course_by_code, read=policy.can_see_course, write=policy.can_manage_course, write_on_get=True)
def import_page(course: Course) -> Page:
    """The log from a spreadsheet: first a look at what would happen, then for real."""
    return uploads.import_page("placement/import.html", import_placement_log, course)
