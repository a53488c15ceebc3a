"""The import of assessments."""

from __future__ import annotations

from trainer.cohorts.models import Course
from trainer.cohorts.queries import course_by_code
from trainer.competency.imports import import_assessments
from trainer.competency.policy import (
    can_see_matrix,
)
from trainer.competency.views.base import (
    bp,
    programme_of_course,
)
from trainer.core import uploads
from trainer.core.access import access


@bp.route("/courses/<code>/competencies/import", methods=["GET", "POST"])
@access(load=course_by_code, read=can_see_matrix)
def import_page(course: Course) -> str | tuple[str, int]:
    """Import assessments from a spreadsheet: first a look at what would happen, then for real."""
    example = next(iter(programme_of_course(course).competency_codes), "module.competency")
    return uploads.import_page("competency/import.html", import_assessments, course, example_code=example)
