"""The sessions of a course: the list, the planner, one more session, import and export."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from trainer.cohorts.models import Course
from trainer.cohorts.policy import can_manage, can_see
from trainer.cohorts.queries import course_by_code
from trainer.core import uploads
from trainer.core.access import access, current_actor
from trainer.core.errors import Invalid, Refused
from trainer.core.i18n import gettext as _
from trainer.core.i18n import localised, ngettext, say
from trainer.core.web import file_form, of_file, table_file
from trainer.curriculum.queries import programme_of
from trainer.scheduling import queries, services
from trainer.scheduling.forms import PlanForm, SessionForm
from trainer.scheduling.imports import import_sessions
from trainer.scheduling.views.base import address, bp, explain, title_of

COLUMNS = ["number", "module", "date", "start", "end", "venue", "status", "extra"]
Page = str | Response | tuple[str, int]


@bp.get("/courses/<code>/sessions")
@access(load=course_by_code, read=can_see)
def sessions(course: Course) -> str:
    """Every session of the course, and what an organiser should look at."""
    rows = queries.sessions_of(course.id)
    return render_template(
        "scheduling/sessions.html",
        course=course,
        rows=rows,
        titles=queries.module_titles(course),
        trainers=queries.trainers_of([row.id for row in rows]),
        warnings=services.warnings_of(course),
        may_manage=can_manage(current_actor(), course),
        title_of=title_of,
        address=address,
    )


@bp.route("/courses/<code>/sessions/plan", methods=["GET", "POST"])
@access(load=course_by_code, read=can_see, write=can_manage, write_on_get=True)
def plan(course: Course) -> Page:
    """The planner: first shows what it would lay, then lays it."""
    form = PlanForm()
    modules = programme_of(course.programme_version_id).modules
    form.modules.choices = [(m.code, f"{m.number}. {localised(m.title)}") for m in modules]
    rows = queries.sessions_of(course.id)
    taught = {row.module_code for row in rows if not row.is_cancelled and not row.extra}
    if request.method == "GET":
        _suggest(form, course, rows, [m.code for m in modules if m.code not in taught])
    preview = None
    first, time = form.first.data, form.time.data
    if request.method == "POST" and form.validate() and first is not None and time is not None:
        chosen = form.modules.data or []
        run: dict[str, Any] = {
            "modules": [m.code for m in modules if m.code in chosen],
            "minutes": form.minutes.data,
            "closures": form.closed,
        }
        try:
            if request.form.get("do") == "plan":
                made = services.plan(current_actor(), course, first, time, form.venues, **run)
                flash(ngettext("%(num)d session planned.", "%(num)d sessions planned.", len(made)), "success")
                return redirect(url_for("scheduling.sessions", code=course.code), 303)
            preview = services.preview(course, first, time, form.venues, **run)
        except (Invalid, Refused) as error:
            explain(form, error)
    page = render_template(
        "scheduling/plan.html",
        course=course,
        form=form,
        preview=preview,
        titles=queries.module_titles(course),
        venues=queries.venues(),
    )
    return (page, 422) if form.errors else page


def _suggest(form: PlanForm, course: Course, rows: list[queries.SessionRow], modules: list[str]) -> None:
    """Fills the planner in: hour and places of the sessions there are, else the start of the course."""
    form.modules.data = modules
    rows = [row for row in rows if not row.extra] or rows
    if rows:
        last = max(rows, key=lambda row: row.starts_local)
        form.time.data = last.starts_local.time()
        names = list(dict.fromkeys(row.venue for row in rows))
        for field, name in zip((form.venue_1, form.venue_2, form.venue_3), names, strict=False):
            field.data = name
    else:
        form.first.data = course.starts_on


@bp.route("/courses/<code>/sessions/new", methods=["GET", "POST"])
@access(load=course_by_code, read=can_see, write=can_manage, write_on_get=True)
def new_session(course: Course) -> Page:
    """One more session, with the next number; with `repeat`, the number of another, one that repeats it."""
    number = request.args.get("repeat", type=int) or 0
    again = queries.session_of(course.code, number)
    form = SessionForm(**_repeating(again.row) if again else {})
    form.module.choices = _module_choices(course)
    if form.validate_on_submit():
        try:
            made = services.add_session(
                current_actor(),
                course,
                form.module.data,
                form.starts_local,
                form.venue.data or "",
                minutes=form.minutes.data,
                title=form.title.data,
                extra=bool(form.extra.data),
            )
        except (Invalid, Refused) as error:
            explain(form, error)
        else:
            flash(_("Session %(number)d planned.", number=made.number), "success")
            for warning in services.warnings_of(course, [made.id]):
                flash(say(warning), "warning")
            return redirect(url_for("scheduling.session", code=course.code, number=made.number), 303)
    page = render_template(
        "scheduling/new_session.html", course=course, form=form, venues=queries.venues(), again=again
    )
    return (page, 422) if form.errors else page


def _repeating(row: queries.SessionRow) -> dict[str, Any]:
    """A session to plan again for those who missed it: everything but the day."""
    return {
        "module": row.module_code,
        "time": row.starts_local.time(),
        "venue": row.venue,
        "minutes": row.length,
        "title": row.title,
        "extra": True,
    }


def _module_choices(course: Course) -> list[tuple[str, str]]:
    return [
        (m.code, f"{m.number}. {localised(m.title)}")
        for m in programme_of(course.programme_version_id).modules
    ]


@bp.route("/courses/<code>/sessions/import", methods=["GET", "POST"])
@access(load=course_by_code, read=can_see, write=can_manage, write_on_get=True)
def import_page(course: Course) -> Page:
    """Sessions from a spreadsheet."""
    return uploads.import_page("scheduling/import.html", import_sessions, course)


@bp.get("/courses/<code>/sessions.<any(csv, xlsx):form>")
@access(load=of_file(course_by_code), read=can_see)
def sessions_file(course: Course) -> Response:
    """The sessions, as CSV or a workbook in the shape that the import reads."""
    return table_file(f"{course.code}-sessions", file_form(), COLUMNS, _cells(course))


def _cells(course: Course) -> list[list[Any]]:
    return [
        [
            row.number,
            row.module_code,
            row.starts_local.date().isoformat(),
            f"{row.starts_local:%H:%M}",
            f"{row.ends_local:%H:%M}",
            row.venue,
            row.status,
            "yes" if row.extra else "no",
        ]
        for row in queries.sessions_of(course.id)
    ]
