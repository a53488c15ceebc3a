"""The audit, read by administrators, and taken away as a spreadsheet."""

from __future__ import annotations

import json

from flask import Blueprint, Response, render_template, request

from trainer.audit import queries
from trainer.audit.policy import can_read
from trainer.core.access import access
from trainer.core.i18n import gettext as _
from trainer.core.paging import Page, page_number
from trainer.core.web import table_file

MOST = 20_000

bp = Blueprint("audit", __name__, template_folder="templates")


@bp.get("/admin/audit")
@access(load=lambda: "audit", read=can_read)
def entries(thing: object) -> str:
    """The newest entries first; whether the chain is whole is shown on the first page."""
    number = page_number(request.args.get("page"))
    rows, total = queries.latest(number)
    check = queries.verify() if number == 1 else None
    return render_template(
        "audit/entries.html", rows=rows, page=Page(number, queries.PAGE, total), check=check
    )


@bp.get("/admin/audit.<any(csv, xlsx):form>")
@access(load=lambda form: str(form), read=can_read)
def entries_file(form: str) -> Response:
    """The newest 20,000 entries: what a spreadsheet holds with ease."""
    header = [_("Number"), _("When (UTC)"), _("What"), _("About"), _("Who"), _("Details"), _("Seal")]
    rows = [
        [
            *(one.id, one.at.isoformat(), one.action, one.subject, one.actor_id or one.os_user or ""),
            *(json.dumps(one.details, ensure_ascii=False, sort_keys=True), one.hash),
        ]
        for one in queries.newest(MOST)
    ]
    return table_file("audit", form, header, rows)
