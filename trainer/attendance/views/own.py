"""A person's own absences: announcing one in two taps, seeing what it would do, and making it up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from trainer.attendance.policy import can_open_note
from trainer.attendance.queries import make_ups as make_up_queries
from trainer.attendance.queries import notices as notice_queries
from trainer.attendance.queries import repeats
from trainer.attendance.rules import REASON_CODES, reason_code_text
from trainer.attendance.rules import make_ups as make_up_rules
from trainer.attendance.rules.notices import KINDS
from trainer.attendance.services import make_ups as make_up_services
from trainer.attendance.services import notices as notice_services
from trainer.attendance.views.base import Page, bp
from trainer.attendance.views.shared import WORDS, attempt, titles_of
from trainer.cohorts.models import Course, Enrolment
from trainer.cohorts.policy import is_own
from trainer.cohorts.queries import own_enrolment
from trainer.core import clock
from trainer.core.access import access, current_actor, signed_in
from trainer.core.errors import Invalid, Refused
from trainer.core.i18n import gettext as _
from trainer.core.i18n import say
from trainer.curriculum.queries import programme_of
from trainer.people.queries import person_by_id
from trainer.scheduling.queries import SessionRow, session_of, sessions_of

BASE = "/me/courses/<code>/sessions/<int:number>/absence"


@dataclass(frozen=True, slots=True)
class OwnSession:
    """One session of a course that the actor is on."""

    enrolment: Enrolment
    row: SessionRow

    @property
    def course(self) -> Course:
        return self.enrolment.course

    @property
    def person_id(self) -> int:
        return self.enrolment.person_id


def own(code: str) -> Enrolment | None:
    """The actor's own enrolment on a course."""
    return own_enrolment(current_actor(), code)


def own_session(code: str, number: int) -> OwnSession | None:
    """One session of a course that the actor is on."""
    enrolment = own(code)
    at = session_of(code, number) if enrolment is not None else None
    return OwnSession(enrolment, at.row) if enrolment is not None and at is not None else None


@bp.get("/me/courses/<code>/absences")
@access(load=own, read=is_own)
def my_absences(enrolment: Enrolment) -> str:
    """Sessions to come with what was announced, sessions that were missed with how they are made up."""
    course = enrolment.course
    context, made_of = make_up_queries.context_with(course, enrolment.id)
    rows = {row.id: row for row in sessions_of(course.id)}
    today = clock.today(course.timezone)
    made = {row.session_id: row for row in make_up_queries.make_ups_of(enrolment.id)}
    missed = [
        (line, rows[line.session.id], made.get(line.session.id), _why_not(context, line, today))
        for line in context.lines
        if line.session.status == "held" and (make_up_rules.missed_minutes(line) or line.session.id in made)
    ]
    return render_template(
        "attendance/my_absences.html",
        course=course,
        enrolment=enrolment,
        coming=[
            row
            for row in rows.values()
            if row.is_planned and not row.extra and row.starts_local.date() >= today
        ],
        notices=notice_queries.own_notices(enrolment.id),
        missed=missed,
        made=made,
        policy=context.policy,
        used=context.used,
        late_on=made_of.joined_on,
        counts_earlier=programme_of(course.programme_version_id).attendance.get("late_joiners")
        != "from_joining",
        effect=make_up_queries.effect_for(course, made_of),
        title=titles_of(course),
        today=today,
        **WORDS,
    )


def _why_not(context: make_up_queries.Context, line: Any, today: Any) -> Any:
    return make_up_rules.why_not(context.policy, line, context.used, today)


@bp.route(BASE, methods=["GET", "POST"])
@access(load=own_session, read=is_own)
def my_absence(at: OwnSession) -> Page:
    """One session: announce that it will be missed, see what that would do, make it up.

    A repeat has nothing to announce: it leads to the session that the person makes up there.
    """
    if at.row.extra:
        number = repeats.own_repeat(at.enrolment.id, at.row.id)
        if number is None:
            return redirect(url_for("attendance.my_absences", code=at.course.code), 303)
        return redirect(url_for("attendance.my_absence", code=at.course.code, number=number), 303)
    if request.method == "GET":
        return _page(at)
    kind, code = request.form.get("kind", ""), request.form.get("reason_code", "")
    note = request.form.get("note", "")
    try:
        notice_services.announce(current_actor(), at.enrolment.id, at.row.id, kind, code, note)
    except (Invalid, Refused) as error:
        flash(say(error.text), "error")
        return _page(at, note), 422
    flash(_("Thank you for saying so. Your trainers know."), "success")
    return _back(at)


def _page(at: OwnSession, note: str = "") -> str:
    course, row = at.course, at.row
    context, made_of = make_up_queries.context_with(course, at.enrolment.id)
    today = clock.today(course.timezone)
    line = context.line(row.id)
    notice = notice_queries.own_notices(at.enrolment.id).get(row.id)
    made = [one for one in make_up_queries.make_ups_of(at.enrolment.id) if one.session_id == row.id]
    live = next((one for one in made if one.status in make_up_rules.LIVE), None)
    offered = line is not None and make_up_rules.missed_minutes(line) > 0
    problem = _why_not(context, line, today) if offered and live is None else None
    options = []
    if offered and live is None and problem is None:
        options = make_up_queries.possible_sessions(
            course, row.id, row.module_code, context.policy, row.starts_local.date()
        )
    to_come = row.is_planned and row.starts_local.date() >= today
    reader = person_by_id(course.support_contact_id) if course.support_contact_id else None
    hours = (programme_of(course.programme_version_id).attendance.get("notice") or {}).get("hours")
    return render_template(
        "attendance/my_absence.html",
        course=course,
        row=row,
        title=titles_of(course)(row),
        to_come=to_come,
        on_course=at.enrolment.status not in ("invited", "withdrawn"),
        said=notice,
        kinds=KINDS,
        codes=[(code, say(reason_code_text(code))) for code in REASON_CODES],
        reader=reader,
        note=note,
        hours=hours,
        now_effect=make_up_queries.effect_for(course, made_of),
        effect=make_up_queries.effect_for(course, made_of, row.id if to_come and notice is None else None),
        missed=make_up_rules.missed_minutes(line) if line is not None else 0,
        line=line,
        policy=context.policy,
        last_day=context.policy.last_day(row.starts_local.date()),
        problem=problem,
        options=options,
        live=live,
        earlier=[one for one in made if one is not live],
        today=today,
        **WORDS,
    )


@bp.post(f"{BASE}/withdraw")
@access(load=own_session, read=is_own)
def withdraw_notice(at: OwnSession) -> Response:
    """ "I can come after all"."""
    attempt(
        lambda: notice_services.withdraw_notice(current_actor(), at.enrolment.id, at.row.id),
        _("Good: you are expected again."),
    )
    return _back(at)


@bp.post(f"{BASE}/make-up")
@access(load=own_session, read=is_own)
def ask_make_up(at: OwnSession) -> Response:
    """Asks to make the session up: `way`, and `target` (a session's id) or `task`."""
    target = request.form.get("target", "")
    attempt(
        lambda: make_up_services.ask(
            current_actor(),
            at.enrolment.id,
            at.row.id,
            request.form.get("way", ""),
            int(target) if target.isascii() and target.isdigit() and len(target) < 10 else None,
            request.form.get("task", ""),
        ),
        _("Asked for. Your organiser answers, and you get a message."),
    )
    return _back(at)


@bp.post(f"{BASE}/call-off")
@access(load=own_session, read=is_own)
def call_off_own(at: OwnSession) -> Response:
    """Takes one's own make-up back while it is not done."""
    found = make_up_queries.live_make_up(at.enrolment.id, at.row.id)
    if found is None:
        flash(_("There is nothing to call off."), "info")
    else:
        attempt(lambda: make_up_services.call_off(current_actor(), found), _("Called off."))
    return _back(at)


def _back(at: OwnSession) -> Response:
    return redirect(url_for("attendance.my_absence", code=at.course.code, number=at.row.number), 303)


@bp.get("/me/absence-notes")
@signed_in
def my_notes() -> str:
    """Words that somebody wrote for the actor alone, as the support contact of a course."""
    actor = current_actor()
    notes = notice_queries.notes_for(actor.person_id) if actor.person_id is not None else []
    return render_template("attendance/my_notes.html", notes=notes, **WORDS)


@bp.route("/me/absence-notes/<int:notice_id>", methods=["GET", "POST"])
@access(load=notice_queries.note_of, read=can_open_note)
def note(found: notice_queries.NoteOf) -> str | Response:
    """The words beside a notice; posted, they are erased for good. Opening them is logged."""
    actor = current_actor()
    if request.method == "POST":
        attempt(lambda: notice_services.erase_note(actor, found.notice_id), _("The words are erased."))
        if actor.person_id == found.reader_id:
            return redirect(url_for("attendance.my_notes"), 303)
        return redirect(url_for("attendance.my_absence", code=found.course_code, number=found.number), 303)
    words = notice_services.open_note(actor, found.sealed, found.reader_id, found.person_id)
    return render_template(
        "attendance/note.html", note=found, words=words, mine=actor.person_id == found.person_id, **WORDS
    )
