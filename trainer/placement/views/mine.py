"""The worker's own page: log hours in three taps, see where they stand."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from trainer.core.access import current_actor, signed_in
from trainer.placement import queries, rules, services
from trainer.placement.forms import LogForm
from trainer.placement.queries import Line
from trainer.placement.rules import PlacementStatus
from trainer.placement.views.base import Page, attempt, bp
from trainer.placement.views.entries import read
from trainer.placement.views.placement import follow_up_form, week_rows


@bp.route("/me/placement", methods=["GET", "POST"])
@signed_in
def mine() -> Page:
    """The person's own placement: `id` or `code` (of the course) choose among several."""
    lines = queries.lines_of_person(current_actor().person_id)
    line = _chosen(lines)
    one = queries.placement_by_id(line.row.id) if line else None
    if line is None or one is None:
        return render_template("placement/mine_empty.html")
    form, problems = LogForm(), list[str]()
    if form.validate_on_submit():
        problems = attempt(lambda: services.add_log(current_actor(), one, read(form)))
        if not problems:
            flash(_("Hours logged. They wait for a signature."), "success")
            return redirect(url_for("placement.mine", id=line.row.id))
    elif not form.is_submitted():
        form.on.data = min(max(line.row.today, line.row.starts_on), line.row.ends_on)
        form.kind.data = rules.Kind.DIRECT.value
    entries = queries.log_of(one.id)
    missing = line.need - line.total.counted - line.total.waiting
    page = render_template(
        "placement/mine.html",
        one=one,
        line=line,
        others=[other for other in lines if other.row.id != line.row.id],
        form=form,
        problems=problems,
        entries=entries,
        weeks=week_rows(one, line, entries),
        follow_ups=queries.follow_ups_of(one.id, notes=True),
        follow_up=follow_up_form(one, line),
        missing=missing,
        still_weekly=rules.still_weekly(missing, line.row.today, line.row.ends_on, line.pauses),
        me=current_actor().person_id,
        may={"sign": False, "administer": False, "log": True, "dispute": True, "notes": True},
    )
    return (page, 422) if problems or form.errors else page


def _chosen(lines: list[Line]) -> Line | None:
    """The placement asked for; else the one that runs today, else the first in the list."""
    wanted, code = request.args.get("id", type=int), request.args.get("code")
    if wanted is not None:
        return next((line for line in lines if line.row.id == wanted), None)
    if code is not None:
        lines = [line for line in lines if line.row.course_code == code]
    running = (
        line
        for line in lines
        if line.row.status != PlacementStatus.CLOSED
        and line.row.starts_on <= line.row.today <= line.row.ends_on
    )
    return next(running, lines[0] if lines else None)
