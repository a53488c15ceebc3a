"""Going on in another course of the same programme."""

from __future__ import annotations

from datetime import date

from flask import flash, redirect, render_template, request, url_for

from trainer.attendance.policy import can_organise, can_read
from trainer.attendance.services import transfers as services
from trainer.attendance.views.base import Page, bp
from trainer.attendance.views.shared import one_day
from trainer.cohorts.models import Course, Enrolment
from trainer.cohorts.queries import enrolment_of
from trainer.core import clock
from trainer.core.access import access, current_actor
from trainer.core.errors import Invalid, Refused
from trainer.core.i18n import gettext as _
from trainer.core.i18n import localised, say
from trainer.core.text import msg
from trainer.scheduling.queries import module_titles


@bp.route("/courses/<code>/people/<int:enrolment_id>/transfer", methods=["GET", "POST"])
@access(load=enrolment_of, read=can_read, write=can_organise, write_on_get=True)
def transfer_person(enrolment: Enrolment) -> Page:
    """First shows what would go along, then moves the person."""
    actor, course = current_actor(), enrolment.course
    courses = services.transferable_to(actor, course)
    plan, status = None, 200
    wanted: Course | None = None
    day: date | None = clock.today(course.timezone)
    if request.method == "POST":
        try:
            wanted = next((one for one in courses if one.code == request.form.get("course")), None)
            day = one_day(request.form.get("joined_on"))
            if wanted is None or day is None:
                raise Invalid(msg("Choose the course and the day of joining."))
            if request.form.get("do") == "transfer":
                fresh = services.transfer(actor, enrolment.id, wanted.id, day)
                flash(
                    _(
                        "%(name)s goes on in %(course)s.",
                        name=enrolment.person.display_name,
                        course=wanted.code,
                    ),
                    "success",
                )
                return redirect(url_for("cohorts.person", code=wanted.code, enrolment_id=fresh.id), 303)
            plan = services.plan_transfer(course, enrolment.id, wanted, day)
        except (Invalid, Refused) as error:
            flash(say(error.text), "error")
            status = 422
    titles = module_titles(course)
    page = render_template(
        "attendance/transfer.html",
        course=course,
        enrolment=enrolment,
        courses=courses,
        wanted=wanted,
        day=day,
        plan=plan,
        module=lambda code: localised(titles.get(code)) or code,
    )
    return page if status == 200 else (page, status)
