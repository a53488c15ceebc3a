"""The sessions after which a group can be assessed, to take away."""

from __future__ import annotations

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from trainer.cohorts.models import Course
from trainer.cohorts.queries import course_by_code
from trainer.competency import queries
from trainer.competency.policy import can_see_matrix
from trainer.competency.views.base import bp, programme_of_course
from trainer.core import clock
from trainer.core.access import access
from trainer.core.i18n import localised
from trainer.core.web import file_form, of_file, table_file
from trainer.scheduling.queries import sessions_of


@bp.get("/courses/<code>/competencies/sessions.<any(csv, xlsx):form>")
@access(load=of_file(course_by_code), read=can_see_matrix)
def group_sessions_file(course: Course) -> Response:
    """The sessions that have taken place, the newest first, each with how many assessments came of it."""
    programme, now = programme_of_course(course), clock.now()
    seen = queries.seen_at_sessions(course.id)
    rows = []
    for one in reversed(sessions_of(course.id)):
        if not one.is_cancelled and one.starts_at <= now:
            module = programme.module(one.module_code)
            title = f"{module.number}. {localised(module.title)}"
            rows.append([one.number, one.starts_local.date(), title, seen.get(one.id, 0)])
    header = [_("Session"), _("Day"), _("Module"), _("Assessments")]
    return table_file(f"{course.code}-assessed-sessions", file_form(), header, rows)
