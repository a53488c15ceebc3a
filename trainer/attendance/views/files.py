"""What is taken away of announced absences. Neither reasons nor anybody's words are in it: a reason can disclose an illness."""

from __future__ import annotations

from werkzeug.wrappers import Response

from trainer.attendance.queries import notices as queries
from trainer.attendance.rules import programme_rule
from trainer.attendance.rules.notices import CapUse, cap_use, decision_text, is_short_notice, kind_text
from trainer.attendance.views.base import bp
from trainer.cohorts.models import Course
from trainer.cohorts.policy import can_see
from trainer.cohorts.queries import course_by_code
from trainer.core import clock
from trainer.core.access import access
from trainer.core.i18n import gettext as _
from trainer.core.i18n import ngettext, say
from trainer.core.text import minutes_text
from trainer.core.web import file_form, of_file, table_file
from trainer.curriculum.queries import programme_of
from trainer.scheduling.rules import resolve


@bp.get("/courses/<code>/absences.<any(csv, xlsx):form>")
@access(load=of_file(course_by_code), read=can_see)
def absences_file(course: Course) -> Response:
    """The announced absences that stand, by session, those of sessions gone by too."""
    programme = programme_of(course.programme_version_id)
    excused, rule = queries.excused_lengths(course.id), programme_rule(programme)
    hours = (programme.attendance.get("notice") or {}).get("hours")
    header = [
        *(_("Session"), _("Date"), _("Name"), _("Announced"), _("Announced on"), _("At short notice")),
        *(_("Excused so far"), _("Decision")),
    ]
    rows = []
    for row in queries.notice_rows(course.id):
        late = is_short_notice(row.announced_at, resolve(row.starts_local, row.timezone), hours)
        rows.append(
            [
                *(row.number, row.starts_local.date(), row.name, say(kind_text(row.kind))),
                *(clock.wall_time(row.announced_at, course.timezone), _("yes") if late else ""),
                _cap_words(cap_use(rule, excused.get(row.enrolment_id, []))),
                say(decision_text(row.decided)),
            ]
        )
    return table_file(f"{course.code}-absences", file_form(), header, rows)


def _cap_words(cap: CapUse) -> str:
    """How much excused absence is used, as the page says it."""
    if not cap.has_cap:
        return str(ngettext("%(num)d session", "%(num)d sessions", cap.sessions))
    if cap.most_sessions is not None:
        return str(_("%(used)d of %(most)d sessions", used=cap.sessions, most=cap.most_sessions))
    used, most = say(minutes_text(cap.minutes)), say(minutes_text(cap.most_minutes or 0))
    return str(_("%(used)s of %(most)s", used=used, most=most))
