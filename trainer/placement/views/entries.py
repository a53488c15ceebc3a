"""Entries of the log, one by one: adding, changing, removing, disputing."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from trainer.core import clock
from trainer.core.access import Actor, access, current_actor
from trainer.placement import policy, queries, services
from trainer.placement.forms import DisputeForm, LogForm
from trainer.placement.models import Placement, PlacementLog
from trainer.placement.services import LogInput
from trainer.placement.views.base import Page, attempt, bp, home_of, pair

Entry = tuple[Placement, PlacementLog]


def _entry(placement_id: int, log_id: int) -> Entry | None:
    one, log = queries.placement_by_id(placement_id), queries.log_entry(placement_id, log_id)
    return None if one is None or log is None else (one, log)


def can_withdraw(actor: Actor, entry: Entry) -> bool:
    """Take a dispute back: whoever raised it."""
    return policy.can_dispute(actor, entry[0]) and entry[1].disputed_by == actor.person_id


@bp.route("/placements/<int:placement_id>/log/new", methods=["GET", "POST"])
@access(load=queries.placement_by_id, read=policy.can_read, write=policy.can_log, write_on_get=True)
def add_log(one: Placement) -> Page:
    """Log hours: an organiser for the person, or the person."""
    form = LogForm()
    problems: list[str] = []
    if form.validate_on_submit():
        problems = attempt(lambda: services.add_log(current_actor(), one, read(form)))
        if not problems:
            flash(_("Hours logged. They wait for a signature."), "success")
            return redirect(home_of(one))
    elif not form.is_submitted():
        form.on.data = clock.today(one.enrolment.course.timezone)
    return _form_page(one, None, form, problems)


@bp.route("/placements/<int:placement_id>/log/<int:log_id>", methods=["GET", "POST"])
@access(load=_entry, read=pair(policy.can_read), write=pair(policy.can_log), write_on_get=True)
def change_log(entry: Entry) -> Page:
    """Mend an entry that is not signed off, or that is disputed."""
    one, log = entry
    form = LogForm()
    problems: list[str] = []
    if form.validate_on_submit():
        problems = attempt(lambda: services.change_log(current_actor(), one, log.id, read(form)))
        if not problems:
            flash(_("Changed. The entry waits for a signature."), "success")
            return redirect(home_of(one))
    elif not form.is_submitted():
        form.on.data, form.kind.data, form.tasks.data = log.on, log.kind, log.tasks
        form.set_minutes(log.minutes)
    return _form_page(one, log, form, problems)


def _form_page(one: Placement, log: PlacementLog | None, form: LogForm, problems: list[str]) -> Page:
    page = render_template(
        "placement/entry.html", one=one, log=log, form=form, problems=problems, home=home_of(one)
    )
    return (page, 422) if problems or form.errors else page


def read(form: Any) -> LogInput:
    """What the form says."""
    return LogInput(form.on.data, form.total, form.kind.data, form.tasks.data or "")


@bp.post("/placements/<int:placement_id>/log/<int:log_id>/remove")
@access(load=_entry, read=pair(policy.can_read), write=pair(policy.can_log))
def remove_log(entry: Entry) -> Response:
    """Take an entry out that is not signed off."""
    one, log = entry
    return _done(one, attempt(lambda: services.remove_log(current_actor(), one, log.id)), _("Entry removed."))


@bp.route("/placements/<int:placement_id>/log/<int:log_id>/dispute", methods=["GET", "POST"])
@access(load=_entry, read=pair(policy.can_read), write=pair(policy.can_dispute), write_on_get=True)
def dispute(entry: Entry) -> Page:
    """Say that an entry is not right."""
    one, log = entry
    form = DisputeForm()
    problems: list[str] = []
    if form.validate_on_submit():
        problems = attempt(lambda: services.dispute(current_actor(), one, log.id, form.note.data or ""))
        if not problems:
            flash(_("Said. The entry does not count until this is cleared up."), "success")
            return redirect(home_of(one))
    page = render_template(
        "placement/dispute.html", one=one, log=log, form=form, problems=problems, home=home_of(one)
    )
    return (page, 422) if problems or form.errors else page


@bp.post("/placements/<int:placement_id>/log/<int:log_id>/dispute/withdraw")
@access(load=_entry, read=pair(policy.can_read), write=can_withdraw)
def withdraw_dispute(entry: Entry) -> Response:
    """Take a dispute back."""
    one, log = entry
    return _done(
        one, attempt(lambda: services.withdraw_dispute(current_actor(), one, log.id)), _("Taken back.")
    )


def _done(one: Placement, problems: list[str], words: str) -> Response:
    for problem in problems:
        flash(problem, "error")
    if not problems:
        flash(words, "success")
    return redirect(home_of(one))
