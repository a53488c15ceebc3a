"""Waivers of one person: what is waived, by whom and why; grant and revoke."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from trainer.cohorts.models import Course, Enrolment
from trainer.core import clock
from trainer.core.access import access, current_actor
from trainer.core.errors import Invalid, Refused, TrainerError
from trainer.core.i18n import gettext as _
from trainer.core.i18n import localised, say
from trainer.core.web import file_form, of_file, table_file
from trainer.curriculum.queries import programme_of
from trainer.curriculum.rules import Programme, requirement_words
from trainer.gates import queries, services
from trainer.gates.forms import WaiverForm
from trainer.gates.policy import can_read, can_waive
from trainer.gates.queries import OneWaiver, enrolment_on, one_waiver
from trainer.gates.rules import PASSING, GateResult, Status

bp = Blueprint("gates", __name__, template_folder="templates")
BASE = "/courses/<code>/people/<int:enrolment_id>/waivers"


@bp.route(BASE, methods=["GET", "POST"])
@access(load=enrolment_on, read=can_read, write=can_waive)
def waivers(enrolment: Enrolment) -> str | Response | tuple[str, int]:
    """Where the person stands at each gate, the waivers there are, and the form for one more."""
    course = enrolment.course
    programme = programme_of(course.programme_version_id)
    results = queries.standings(course, [enrolment.id])[enrolment.id]
    words = _words(programme, results)
    form = WaiverForm()
    choices: list[tuple[str, str]] = []
    for name, gate in results.items():
        if gate.status not in PASSING:
            choices.append((name, _("%(gate)s: all of it", gate=words[name, None])))
        choices += [
            (f"{name}/{one.key}", words[name, one.key])
            for one in gate.requirements
            if one.status not in PASSING and gate.status is not Status.WAIVED
        ]
    form.what.choices = choices
    if form.validate_on_submit():
        gate_name, _slash, key = form.what.data.partition("/")
        try:
            services.waive(
                current_actor(), enrolment, gate_name, key or None, form.reason.data or "", form.until.data
            )
        except (Invalid, Refused) as error:
            form.form_errors.append(say(error.text))
        else:
            flash(_("The waiver is granted."), "success")
            return redirect(url_for("gates.waivers", code=course.code, enrolment_id=enrolment.id), 303)
    page = render_template(
        "gates/waivers.html",
        course=course,
        enrolment=enrolment,
        name=enrolment.person.display_name,
        results=results,
        waivers=queries.waivers_of(enrolment.id),
        words=words,
        today=clock.today(course.timezone),
        form=form,
        may_waive=can_waive(current_actor(), enrolment),
    )
    return (page, 422) if form.errors else page


@bp.get(f"{BASE}.<any(csv, xlsx):form>")
@access(load=of_file(enrolment_on), read=can_read)
def waivers_file(enrolment: Enrolment) -> Response:
    """The waivers there are, revoked ones too, the newest first."""
    course = enrolment.course
    found = queries.standings(course, [enrolment.id])[enrolment.id]
    words = _words(programme_of(course.programme_version_id), found)
    header = [
        *(_("What"), _("Granted by"), _("Granted on"), _("Why"), _("Until")),
        *(_("Revoked by"), _("Revoked on")),
    ]
    rows = [
        [
            words.get((one.gate, one.requirement), one.gate),
            *(one.granted_by, _day(one.granted_at, course), one.reason, one.until),
            *(one.revoked_by, _day(one.revoked_at, course)),
        ]
        for one in queries.waivers_of(enrolment.id)
    ]
    return table_file(f"{course.code}-waivers-{enrolment.id}", file_form(), header, rows)


def _day(moment: datetime | None, course: Course) -> date | None:
    at = clock.wall_time(moment, course.timezone)
    return at and at.date()


def _words(programme: Programme, results: Mapping[str, GateResult]) -> dict[tuple[str, str | None], str]:
    """What a waiver can be of, in words: a gate, or one requirement of it by its key."""
    words: dict[tuple[str, str | None], str] = {}
    for name, gate in results.items():
        title = words[name, None] = localised(gate.title) or name
        for rule, requirement in zip(programme.gates[name].requirements, gate.requirements, strict=True):
            words[name, requirement.key] = f"{title}: {say(requirement_words(programme, rule))}"
    return words


@bp.post(f"{BASE}/<int:waiver_id>/revoke")
@access(load=one_waiver, read=can_read, write=can_waive)
def revoke(one: OneWaiver) -> Response:
    """Takes a waiver back; it stays on the page as revoked."""
    enrolment = one.enrolment
    try:
        services.revoke_waiver(current_actor(), one.waiver)
    except TrainerError as error:
        flash(say(error.text), "error")
    else:
        flash(_("The waiver is revoked. What it opened meanwhile stays as it is."), "success")
    return redirect(url_for("gates.waivers", code=enrolment.course.code, enrolment_id=enrolment.id), 303)
