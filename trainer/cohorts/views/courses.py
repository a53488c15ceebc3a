"""The list of courses, a new course, and a course's own page."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from trainer.cohorts import policy, queries, services
from trainer.cohorts.forms import CourseForm, SettingsForm
from trainer.cohorts.models import Course
from trainer.cohorts.rules import Status, course_status_text
from trainer.cohorts.views.base import Page, bp, everything, messages, sessions
from trainer.core import clock
from trainer.core.access import access, current_actor
from trainer.core.database import transaction
from trainer.core.errors import Invalid, Missing, Refused
from trainer.core.i18n import gettext as _
from trainer.core.i18n import localised, say
from trainer.core.web import table_file
from trainer.curriculum.queries import catalogue, programme_of
from trainer.people.queries import members, organisations


@dataclass(frozen=True)
class PreviewRow:
    """A session as it would be planned."""

    number: int
    module: str
    starts_local: Any
    minutes: int
    venue: str


@dataclass(frozen=True)
class Preview:
    """The plan of a course that is not made yet."""

    rows: list[PreviewRow]
    skipped: list[Any]
    clashes: list[Any]


class _Undo(Exception):
    """Ends a transaction that only looked what would be."""


@bp.get("/courses")
@access(load=everything, read=policy.can_list)
def courses(_thing: bool) -> str:
    """The courses that the actor can see, newest first."""
    actor = current_actor()
    return render_template(
        "cohorts/courses.html", rows=queries.courses_for(actor), may_create=policy.can_create(actor)
    )


@bp.get("/courses.<any(csv, xlsx):form>")
@access(load=lambda form: str(form), read=policy.can_list)
def courses_file(form: str) -> Response:
    """The courses that the actor can see, as CSV or a workbook."""
    header = [
        *(_("Code"), _("Title"), _("Provider"), _("University"), _("Status"), _("First day"), _("Last day")),
        *(_("People"), _("Invited")),
    ]
    rows = [
        [
            *(one.code, one.title, one.provider, one.university, say(course_status_text(one.status))),
            *(one.starts_on, one.ends_on, one.people, one.invited),
        ]
        for one in queries.courses_for(current_actor())
    ]
    return table_file("courses", form, header, rows)


@bp.route("/courses/new", methods=["GET", "POST"])
@access(load=everything, read=policy.can_create)
def new_course(_thing: bool) -> Page:
    """A new course with its weekly sessions: first shown as they would be, then written."""
    actor = current_actor()
    programmes = [(one.code, f"{localised(one.title)} ({one.version})") for one in catalogue()]
    providers = [
        (one.code, one.name)
        for one in organisations("provider", "university")
        if policy.can_create_for(actor, one.id)
    ]
    universities = [(one.code, one.name) for one in organisations("university")]
    form = CourseForm(
        request.form or None,
        programmes=programmes,
        providers=providers,
        universities=universities,
        programme=request.args.get("programme"),
    )
    problems: list[str] = []
    preview: Preview | None = None
    if request.method == "POST" and form.validate():
        try:
            if request.form.get("do") == "create":
                code = _create(form)
                flash(_("The course is there, with its sessions."), "success")
                return redirect(url_for("cohorts.course", code=code), 303)
            preview = _preview(form)
        except (Invalid, Refused, Missing) as error:
            problems = messages(error)
    status = 422 if request.method == "POST" and preview is None else 200
    page = render_template(
        "cohorts/new_course.html",
        form=form,
        problems=problems,
        preview=preview,
        ready=bool(programmes and providers),
    )
    return page, status


def _make(form: CourseForm) -> Course:
    return services.create_course(
        current_actor(),
        form.code.data or "",
        form.programme.data,
        form.organisation.data,
        form.university.data,
        form.title.data or "",
        form.starts_on.data,  # type: ignore[arg-type]
        form.timezone.data or "",
        language=form.language.data,
    )


def _create(form: CourseForm) -> str:
    with transaction():
        course = _make(form)
        planned = sessions().plan(
            current_actor(), course, first=form.starts_on.data, time=form.at.data, venues=form.venue_names
        )
        last = max(one.starts_local for one in planned).date()
        services.update_course(current_actor(), course, ends_on=last)
        return course.code


def _preview(form: CourseForm) -> Preview:
    """What `_create` would write: the course is made and taken back, so that both decide alike."""
    found: list[Preview] = []
    with suppress(_Undo), transaction():
        course = _make(form)
        titles = {one.code: localised(one.title) for one in programme_of(course.programme_version_id).modules}
        laid = sessions().preview(
            course, first=form.starts_on.data, time=form.at.data, venues=form.venue_names
        )
        rows = [
            PreviewRow(slot.number, titles[slot.module_code], slot.starts_local, slot.minutes, slot.venue)
            for slot in laid.plan.slots
        ]
        found.append(Preview(rows, list(laid.plan.skipped), list(laid.clashes)))
        raise _Undo
    return found[0]


@bp.get("/courses/<code>")
@access(load=queries.course_by_code, read=policy.can_see)
def course(course: Course) -> str:
    """A course at a glance: what comes next, who is on it, where to go."""
    rows = sessions().sessions_of(course.id)
    titles = {one.code: one.title for one in programme_of(course.programme_version_id).modules}
    upcoming = [row for row in rows if row.is_planned and row.ends_at >= clock.now()]
    waiting = [row for row in rows if row.is_planned and row.ends_at < clock.now()]
    counts = queries.counts(course.id)
    return render_template(
        "cohorts/course.html",
        course=course,
        titles=titles,
        next_session=min(upcoming, key=lambda row: row.starts_at) if upcoming else None,
        waiting=waiting,
        last_day=max(
            (row.starts_local.date() for row in rows if not row.is_cancelled and not row.extra),
            default=course.ends_on,
        ),
        held=sum(1 for row in rows if row.is_held and not row.extra),
        total=sum(1 for row in rows if not row.is_cancelled and not row.extra),
        counts=counts,
        on_course=counts[Status.ENROLLED] + counts[Status.PAUSED] + counts[Status.COMPLETED],
        leaving=queries.leave_requests(course.id),
        may_manage=policy.can_manage(current_actor(), course),
        programme=programme_of(course.programme_version_id),
    )


@bp.route("/courses/<code>/settings", methods=["GET", "POST"])
@access(load=queries.course_by_code, read=policy.can_see, write=policy.can_manage, write_on_get=True)
def settings(course: Course) -> Page:
    """Title, status, language and the support contact."""
    form = SettingsForm(
        request.form or None,
        contacts=members(course.organisation_id, policy.STAFF),
        title=course.title,
        status=course.status,
        language=course.language,
        support_contact_id=str(course.support_contact_id or ""),
    )
    problems: list[str] = []
    if request.method == "POST" and form.validate():
        try:
            services.update_course(
                current_actor(),
                course,
                title=form.title.data,
                status=form.status.data,
                language=form.language.data,
                support_contact_id=int(form.support_contact_id.data)
                if form.support_contact_id.data
                else None,
            )
        except (Invalid, Refused) as error:
            problems = messages(error)
        else:
            flash(_("Saved."), "success")
            return _to(course)
    status = 422 if request.method == "POST" else 200
    return render_template("cohorts/settings.html", course=course, form=form, problems=problems), status


def _to(course: Course) -> Response:
    return redirect(url_for("cohorts.course", code=course.code), 303)
