"""The roster from a spreadsheet: shown as it would be, then taken in."""

from __future__ import annotations

from flask import render_template, request

from trainer.cohorts import policy, queries
from trainer.cohorts.imports import ROSTER, import_roster
from trainer.cohorts.models import Course
from trainer.cohorts.views.base import Page, bp, messages
from trainer.core.access import access, current_actor
from trainer.core.errors import Invalid, Refused
from trainer.core.i18n import gettext as _
from trainer.core.i18n import say
from trainer.core.tables import ImportResult, read_table
from trainer.core.tables.reading import MAX_BYTES


@bp.route("/courses/<code>/people/import", methods=["GET", "POST"])
@access(load=queries.course_by_code, read=policy.can_see, write=policy.can_manage, write_on_get=True)
def import_people(course: Course) -> Page:
    """Checks the file, or takes it in: all rows or none."""
    problems: list[str] = []
    result: ImportResult | None = None
    dry_run = request.form.get("dry_run") == "1"
    if request.method == "POST":
        file = request.files.get("file")
        try:
            if file is None or not file.filename:
                problems = [_("Choose a file first.")]
            else:
                table = read_table(file.filename, file.stream.read(MAX_BYTES + 1))
                result = import_roster(current_actor(), course, table, file.filename, dry_run)
        except (Invalid, Refused) as error:
            problems = messages(error)
    page = render_template(
        "cohorts/import_people.html",
        course=course,
        problems=problems,
        warnings=[say(one) for one in result.warnings] if result else [],
        result=result,
        dry_run=dry_run,
        columns=_columns(),
    )
    return page, 422 if problems else 200


def _columns() -> list[tuple[str, bool, str]]:
    notes = {
        "given_name": _("Given name"),
        "family_name": _("Family names, one or both"),
        "email": _("Tells people apart; nobody is mailed"),
        "entity": _("Code or name of who sends them; a new name is added"),
        "language": _("ca, es or en"),
        "joined_on": _("YYYY-MM-DD or DD/MM/YYYY; without it the first day of the course"),
        "certificate_name": _("How the name is written on the certificate, when it differs"),
        "national_id": _("DNI, NIE or passport; kept encrypted and shown to the university alone"),
    }
    return [(column.name, column.required, notes[column.name]) for column in ROSTER]
