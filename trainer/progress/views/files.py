"""What is taken away of one person's contacts, and of the versions of a programme."""

from __future__ import annotations

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from trainer.cohorts.models import Course, Enrolment
from trainer.cohorts.queries import course_by_code
from trainer.core import clock
from trainer.core.access import access
from trainer.core.i18n import say
from trainer.core.web import file_form, of_file, table_file
from trainer.curriculum.queries import programme_of
from trainer.curriculum.rules.diff import differences, touches_words
from trainer.gates.queries import enrolment_on
from trainer.progress import queries
from trainer.progress.documents import contacts_table
from trainer.progress.policy import can_read_contacts, can_read_course
from trainer.progress.queries import versions
from trainer.progress.queries.versions import OneChange
from trainer.progress.views.base import bp
from trainer.progress.views.versions import may_read


@bp.get("/courses/<code>/people/<int:enrolment_id>/contacts.<any(csv, xlsx):form>")
@access(load=of_file(enrolment_on), read=can_read_contacts)
def person_contacts_file(enrolment: Enrolment) -> Response:
    """The contacts with one person, the newest first."""
    course = enrolment.course
    header, rows = contacts_table(queries.contact_log(course.id, [enrolment.id]))
    return table_file(f"{course.code}-contacts-{enrolment.id}", file_form(), header, rows)


@bp.get("/courses/<code>/version.<any(csv, xlsx):form>")
@access(load=of_file(course_by_code), read=can_read_course)
def version_file(course: Course) -> Response:
    """Every proposal to move the course to another version, the newest first."""
    states = {
        "proposed": _("waits for a decision"),
        "done": _("done"),
        "declined": _("declined"),
        "withdrawn": _("taken back"),
    }
    header = [_("Proposed"), _("By"), _("Why"), _("State"), _("Decided by"), _("Decided")]
    rows = [
        [
            *(clock.wall_time(one.proposed_at, course.timezone), one.proposer and one.proposer.display_name),
            *(one.reason, states[one.status], one.reviewer and one.reviewer.display_name),
            clock.wall_time(one.reviewed_at, course.timezone),
        ]
        for one in versions.changes_of(course.id)
    ]
    return table_file(f"{course.code}-versions", file_form(), header, rows)


@bp.get("/courses/<code>/version/<int:change_id>.<any(csv, xlsx):form>")
@access(load=of_file(versions.one_change), read=may_read)
def version_change_file(one: OneChange) -> Response:
    """What differs between the two versions of a proposal, and whom it touches. Nobody is named."""
    old, new = programme_of(one.change.from_version_id), programme_of(one.change.to_version_id)
    rows = [[say(each.said), say(touches_words(each))] for each in differences(old, new)]
    name = f"{one.course.code}-version-{new.version}"
    return table_file(name, file_form(), [_("What"), _("Whom it touches")], rows)
