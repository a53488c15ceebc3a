"""The audit, read by administrators."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from trainer.audit import queries
from trainer.audit.policy import can_read
from trainer.core.access import access
from trainer.core.paging import Page, page_number

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
