"""The page that takes a spreadsheet in: one for every kind of import."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _

from trainer.core.access import Actor, current_actor
from trainer.core.errors import TrainerError
from trainer.core.i18n import say
from trainer.core.tables import ImportResult, Table, read_table

Importer = Callable[[Actor, Any, Table, str, bool], ImportResult]


def import_page(template: str, importer: Importer, course: Any, **values: Any) -> str | tuple[str, int]:
    """Shows `template` and, on POST, hands the file that came along to `importer`; "dry_run" only checks.

    The template gets course, problems and warnings (lines of text), result and dry_run. 422 when there were problems.
    """
    problems: list[str] = []
    result: ImportResult | None = None
    dry_run = request.form.get("dry_run") == "1"
    if request.method == "POST":
        upload = request.files.get("file")
        if upload is None or not upload.filename:
            problems = [_("Choose a file first.")]
        else:
            try:
                table = read_table(upload.filename, upload.read())
                result = importer(current_actor(), course, table, upload.filename, dry_run)
            except TrainerError as error:
                problems = [say(error.text), *(say(one) for one in getattr(error, "problems", []))]
    page = render_template(
        template,
        course=course,
        problems=problems,
        result=result,
        warnings=[say(one) for one in result.warnings] if result else [],
        dry_run=dry_run,
        **values,
    )
    return (page, 422) if problems else page
