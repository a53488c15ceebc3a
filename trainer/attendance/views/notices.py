"""What a course's people announced, for its staff."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from trainer.attendance.policy import can_read, can_take
from trainer.attendance.queries import notices as queries
from trainer.attendance.rules import programme_rule
from trainer.attendance.rules.notices import cap_use, is_short_notice
from trainer.attendance.services import notices as services
from trainer.attendance.views.base import bp
from trainer.attendance.views.shared import WORDS, attempt
from trainer.cohorts.models import Course
from trainer.cohorts.policy import can_see, can_teach
from trainer.cohorts.queries import course_by_code
from trainer.core import clock
from trainer.core.access import access, current_actor
from trainer.core.i18n import gettext as _
from trainer.curriculum.queries import programme_of
from trainer.scheduling.rules import resolve


@bp.get("/courses/<code>/absences")
@access(load=course_by_code, read=can_see)
def absences(course: Course) -> str:
    """Announced absences by session, and how much of the excused cap each person has used."""
    actor, today = current_actor(), clock.today(course.timezone)
    programme = programme_of(course.programme_version_id)
    rows = queries.notice_rows(course.id)
    excused = queries.excused_lengths(course.id)
    rule = programme_rule(programme)
    hours = (programme.attendance.get("notice") or {}).get("hours")
    return render_template(
        "attendance/absences.html",
        course=course,
        coming=[row for row in rows if row.session_status == "planned" and row.starts_local.date() >= today],
        gone=[row for row in rows if row.session_status != "planned" or row.starts_local.date() < today],
        caps={row.enrolment_id: cap_use(rule, excused.get(row.enrolment_id, [])) for row in rows},
        short={
            row.id
            for row in rows
            if is_short_notice(row.announced_at, resolve(row.starts_local, row.timezone), hours)
        },
        hours=hours,
        counts_as=rule.excused.value,
        may_decide=can_teach(actor, course),
        me=actor.person_id,
        **WORDS,
    )


@bp.post("/courses/<code>/absences/<int:notice_id>")
@access(load=queries.notice_of, read=can_read, write=can_take)
def decide_notice(found: queries.NoticeOf) -> Response:
    """Counts as excused, or is noted."""
    attempt(
        lambda: services.decide_notice(current_actor(), found.row.id, request.form.get("decision", "")),
        _("Kept."),
    )
    return redirect(url_for("attendance.absences", code=found.course.code), 303)
