"""The reference professional's list, and the page of one placement that they share with the organisers."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from trainer.core import clock
from trainer.core.access import access, current_actor, signed_in
from trainer.core.i18n import say
from trainer.core.web import file_form, of_file, table_file
from trainer.curriculum.queries import programme_of
from trainer.placement import policy, queries, rules, services
from trainer.placement.forms import FollowUpForm
from trainer.placement.models import Placement
from trainer.placement.rules import KIND_WORDS, STATE_WORDS, LogState, monday
from trainer.placement.views.base import (
    Page,
    attempt,
    bp,
    home_of,
    line_cells,
    line_header,
    local_day,
)

FILTERS = ("all", *(state.value for state in LogState))


@bp.get("/placements")
@signed_in
def placements() -> str:
    """The people whose reference professional the actor is: hours that wait, follow-ups due, where they stand."""
    actor = current_actor()
    lines = queries.lines_of_reference(actor.person_id) if actor.holds("supervisor") else []
    return render_template(
        "placement/placements.html",
        lines=lines,
        waiting=sum(line.own.waiting for line in lines),
        due=[line for line in lines if line.row.status == "open" and line.due],
        monday=monday,
    )


@bp.get("/placements.<any(csv, xlsx):form>")
@signed_in
def placements_file(form: str) -> Response:
    """What the list shows, as a spreadsheet."""
    actor = current_actor()
    lines = queries.lines_of_reference(actor.person_id) if actor.holds("supervisor") else []
    rows = [[line.row.person, line.row.course_code, *line_cells(line), len(line.due)] for line in lines]
    header = [_("Name"), _("Course"), *line_header(), _("Follow-ups to record")]
    return table_file("placements", form, header, rows)


@bp.get("/placements/<int:placement_id>")
@access(load=queries.placement_by_id, read=policy.can_read)
def placement(one: Placement) -> Page:
    """One placement: agreement, hours, log to sign off, follow-ups."""
    if policy.is_worker(current_actor(), one):
        return redirect(home_of(one))
    return _page(one)


def _page(one: Placement, follow_up: FollowUpForm | None = None, problems: list[str] | None = None) -> str:
    actor = current_actor()
    line = queries.line_of(one.id)
    entries = queries.log_of(one.id)
    signer = policy.can_sign_off(actor, one)
    waits = any(entry.state is LogState.WAITING for entry in entries)
    # Whoever signs looks at what waits first.
    show = request.args.get("show") or (LogState.WAITING if signer and waits else "all")
    show = show if show in FILTERS else "all"
    return render_template(
        "placement/placement.html",
        one=one,
        line=line,
        person=one.enrolment.person,
        course=one.enrolment.course,
        entries=[entry for entry in entries if show in ("all", entry.state)],
        all_entries=len(entries),
        show=str(show),
        counts={state: sum(1 for entry in entries if entry.state is state) for state in LogState},
        weeks=week_rows(one, line, entries),
        follow_ups=queries.follow_ups_of(one.id, notes=policy.can_read_notes(actor, one)),
        follow_up=follow_up or follow_up_form(one, line),
        problems=problems or [],
        waiver=queries.waiver_of(one.opened_by_waiver_id),
        may={
            "sign": signer,
            "administer": policy.can_administer(actor, one),
            "log": policy.can_log(actor, one),
            "dispute": policy.can_dispute(actor, one),
            "notes": policy.can_read_notes(actor, one),
        },
        me=actor.person_id,
        today=line.row.today,
    )


def week_rows(one: Placement, line: queries.Line, entries: list[queries.LogRow]) -> list[rules.WeekRow]:
    """Week by week, newest first; what counts for the average is what is not disputed."""
    rule = programme_of(one.enrolment.course.programme_version_id).placement or {}
    kinds = rule.get("counting_kinds", list(rules.Kind))
    logged = [
        (entry.on, entry.minutes)
        for entry in entries
        if entry.kind in kinds and entry.state is not LogState.DISPUTED
    ]
    return rules.weeks(logged, one.starts_on, one.ends_on, line.pauses, line.row.today)[::-1]


def follow_up_form(one: Placement, line: queries.Line) -> FollowUpForm:
    """The form of a follow-up, filled in with the earliest week that is due, or this one."""
    form = FollowUpForm(formdata=None, notes=policy.can_read_notes(current_actor(), one))
    form.week.data = line.due[0] if line.due else monday(line.row.today)
    rule = programme_of(one.enrolment.course.programme_version_id).placement or {}
    form.held_minutes.data = int(rule.get("follow_up_minutes", rules.FOLLOW_UP_MINUTES))
    return form


@bp.post("/placements/<int:placement_id>/sign-off")
@access(load=queries.placement_by_id, read=policy.can_read, write=policy.can_sign_off)
def sign_off(one: Placement) -> Response:
    """Sign off the chosen entries, or all that were shown."""
    chosen = request.form.getlist("shown" if request.form.get("all") else "entry", type=int)
    signed: list[int] = []
    problems = attempt(lambda: signed.append(services.sign_off(current_actor(), one, chosen)))
    for problem in problems:
        flash(problem, "error")
    if signed:
        flash(ngettext("%(num)d entry signed off.", "%(num)d entries signed off.", signed[0]), "success")
    return redirect(home_of(one))


@bp.post("/placements/<int:placement_id>/follow-ups")
@access(load=queries.placement_by_id, read=policy.can_read, write=policy.can_follow_up)
def record_follow_up(one: Placement) -> Page:
    """Record whether the follow-up of a week was held."""
    form: Any = FollowUpForm(notes=policy.can_read_notes(current_actor(), one))
    problems: list[str] = []
    if form.validate_on_submit():
        # An empty note leaves the one that is there: it can be read only by opening the week.
        note = form.note.data if "note" in form and (form.note.data or "").strip() else None
        problems = attempt(
            lambda: services.record_follow_up(
                current_actor(), one, form.week.data, form.held.data == "yes", form.held_minutes.data, note
            )
        )
        if not problems:
            flash(_("Follow-up recorded."), "success")
            return redirect(home_of(one) + "#follow-ups")
    if policy.is_worker(current_actor(), one):
        for text in [*problems, *(message for _field, message in form.problems())]:
            flash(text, "error")
        return redirect(home_of(one) + "#follow-ups")
    return _page(one, form, problems), 422


@bp.get("/placements/<int:placement_id>/agreement")
@access(load=queries.placement_by_id, read=policy.can_read)
def agreement(one: Placement) -> str:
    """The agreement on paper, with places for the three signatures."""
    course = one.enrolment.course
    return render_template(
        "placement/agreement.html",
        one=one,
        person=one.enrolment.person,
        course=course,
        provider=course.organisation,
        rule=programme_of(course.programme_version_id).placement or {},
        home=home_of(one),
        today=clock.today(course.timezone),
    )


@bp.get("/placements/<int:placement_id>/log.<any(csv, xlsx):form>")
@access(load=of_file(queries.placement_by_id), read=policy.can_read)
def log_file(one: Placement) -> Response:
    """The log as a spreadsheet, in the columns that an import reads and a few more."""
    header = [
        "email",
        "date",
        "minutes",
        "kind",
        "tasks",
        _("Kind"),
        _("State"),
        _("Signed off by"),
        _("Signed off on"),
    ]
    person = one.enrolment.person
    zone = one.enrolment.course.timezone
    rows = [
        [
            person.email or "",
            entry.on,
            entry.minutes,
            entry.kind,
            entry.tasks,
            say(KIND_WORDS[entry.kind]),
            say(STATE_WORDS[entry.state]),
            entry.signed_off_by or (_("Import") if entry.imported else ""),
            local_day(entry.signed_off_at, zone),
        ]
        for entry in queries.log_of(one.id)
    ]
    return table_file(f"placement-{one.id}-log", file_form(), header, rows)


@bp.get("/placements/<int:placement_id>/follow-ups.<any(csv, xlsx):form>")
@access(load=of_file(queries.placement_by_id), read=policy.can_read)
def follow_ups_file(one: Placement) -> Response:
    """The weekly follow-ups, without their notes: those are for the person and the reference professional alone."""
    header = [_("Week of"), _("Held"), _("Minutes"), _("Recorded by")]
    rows = [
        [row.week_starts_on, _("yes") if row.held else _("no"), row.minutes if row.held else None, row.by]
        for row in queries.follow_ups_of(one.id, notes=False)
    ]
    return table_file(f"placement-{one.id}-follow-ups", file_form(), header, rows)
