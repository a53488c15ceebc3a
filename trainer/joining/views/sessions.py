"""Information sessions, for the organisers: a new one, another time, who comes, who came."""

from __future__ import annotations

from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from trainer.cohorts.models import Course
from trainer.cohorts.queries import course_by_code
from trainer.core import clock
from trainer.core.access import access, current_actor
from trainer.core.errors import Invalid, Refused
from trainer.core.i18n import gettext as _
from trainer.core.web import file_form, of_file, table_file
from trainer.joining import policy, queries, services
from trainer.joining.forms import InfoForm
from trainer.joining.models import InfoSession
from trainer.joining.queries import Meeting
from trainer.joining.services import InfoInput
from trainer.joining.views.base import Page, attempt, bp, messages

BASE = "/courses/<code>/joining/sessions"


@bp.route(f"{BASE}/new", methods=["GET", "POST"])
@access(load=course_by_code, read=policy.can_run)
def new_session(course: Course) -> Page:
    """A new information session."""
    if queries.opening_of(course.id) is None:
        return redirect(url_for("joining.opening", code=course.code), 303)
    return _edit(course, None, InfoForm(request.form or None))


def _edit(course: Course, info: InfoSession | None, form: InfoForm) -> Page:
    problems: list[str] = []
    if request.method == "POST" and form.validate():
        new = InfoInput(
            starts_local=datetime.combine(form.on.data, form.at.data),  # type: ignore[arg-type]
            minutes=form.minutes.data or 0,
            place=form.place.data or "",
            url=form.url.data or "",
            capacity=form.capacity.data,
        )
        try:
            services.save_info_session(current_actor(), course, new, info)
        except (Invalid, Refused) as error:
            problems = messages(error)
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("joining.course", code=course.code), 303)
    page = render_template(
        "joining/session_edit.html", course=course, info=info, form=form, problems=problems
    )
    return page, 422 if request.method == "POST" else 200


@bp.get(f"{BASE}/<int:info_id>")
@access(load=queries.meeting_of, read=policy.can_run_of)
def session(meeting: Meeting) -> str:
    """Who chose it, and the ticks for who came."""
    return render_template(
        "joining/session.html",
        course=meeting.course,
        info=queries.info_session(meeting.info.id),
        people=queries.at_info_session(meeting.info.id),
    )


@bp.get(f"{BASE}.<any(csv, xlsx):form>")
@access(load=of_file(course_by_code), read=policy.can_run)
def sessions_file(course: Course) -> Response:
    """The information sessions in counts, cancelled ones too."""
    header = [_("When"), _("Minutes"), _("Where"), _("Seats"), _("Chosen by"), _("Came"), _("Cancelled on")]
    rows = [
        [
            *(one.starts_local, one.minutes, one.place or _("online"), one.capacity, one.chosen),
            one.came if one.over else None,
            (at := clock.wall_time(one.cancelled_at, one.timezone)) and at.date(),
        ]
        for one in queries.info_sessions(course.id)
    ]
    return table_file(f"{course.code}-information", file_form(), header, rows)


@bp.get(f"{BASE}/<int:info_id>.<any(csv, xlsx):form>")
@access(load=of_file(queries.meeting_of), read=policy.can_run_of)
def session_file(meeting: Meeting) -> Response:
    """Who chose it, to be ticked off at the door, and who was there as far as it is noted."""
    words = {None: "", True: _("yes"), False: _("no")}
    rows = [[name, words[came]] for _id, name, came in queries.at_info_session(meeting.info.id)]
    name = f"{meeting.course.code}-information-{meeting.info.starts_local.date().isoformat()}"
    return table_file(name, file_form(), [_("Name"), _("Was there")], rows)


@bp.route(f"{BASE}/<int:info_id>/change", methods=["GET", "POST"])
@access(load=queries.meeting_of, read=policy.can_run_of)
def change_session(meeting: Meeting) -> Page:
    """Another time, place or number of seats."""
    info = meeting.info
    form = InfoForm(
        request.form or None,
        on=info.starts_local.date(),
        at=info.starts_local.time(),
        minutes=info.minutes,
        place=info.place,
        url=info.url,
        capacity=info.capacity,
    )
    return _edit(meeting.course, info, form)


@bp.post(f"{BASE}/<int:info_id>/cancel")
@access(load=queries.meeting_of, read=policy.can_run_of)
def cancel_session(meeting: Meeting) -> Response:
    """Cancels it; who chose it hears of it."""
    code = meeting.course.code
    attempt(
        lambda: services.cancel_info_session(current_actor(), meeting.info),
        _("Cancelled. Everybody who chose it gets a mail."),
    )
    return redirect(url_for("joining.course", code=code), 303)


@bp.post(f"{BASE}/<int:info_id>/came")
@access(load=queries.meeting_of, read=policy.can_run_of)
def came(meeting: Meeting) -> Response:
    """Who of those shown was there."""
    code, info_id = meeting.course.code, meeting.info.id
    shown = request.form.getlist("shown", type=int)
    there = request.form.getlist("came", type=int)
    attempt(lambda: services.mark_came(current_actor(), meeting.info, shown, there), _("Saved."))
    return redirect(url_for("joining.session", code=code, info_id=info_id), 303)
