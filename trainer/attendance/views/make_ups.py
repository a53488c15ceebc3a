"""Make-ups of a course for its staff: the list, one of them, one person's missed sessions, and guests of a session."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from trainer.attendance.documents import make_up_table
from trainer.attendance.policy import can_read, can_take
from trainer.attendance.queries import make_ups as queries
from trainer.attendance.queries.guests import serving
from trainer.attendance.rules import make_ups as rules
from trainer.attendance.services import make_ups as services
from trainer.attendance.views.base import BASE as REGISTER
from trainer.attendance.views.base import Page, bp, one_session
from trainer.attendance.views.shared import WORDS, attempt, one_day, titles_of, whole_number
from trainer.cohorts.models import Course, Enrolment
from trainer.cohorts.policy import can_manage, can_see, can_teach
from trainer.cohorts.queries import course_by_code, enrolment_of
from trainer.core import clock
from trainer.core.access import access, current_actor
from trainer.core.errors import Invalid, Refused
from trainer.core.i18n import gettext as _
from trainer.core.i18n import say
from trainer.core.text import msg
from trainer.core.web import file_form, of_file, table_file
from trainer.curriculum.queries import programme_of
from trainer.scheduling.queries import CourseSession, module_titles, sessions_of

LIST = "/courses/<code>/absences/make-ups"
PERSON = "/courses/<code>/people/<int:enrolment_id>/absences"


@bp.get(LIST)
@access(load=course_by_code, read=can_see)
def make_ups(course: Course) -> str:
    """Asked for, agreed with their day, past it, made up, ended."""
    rows = queries.course_make_ups(course.id)
    today = clock.today(course.timezone)
    past = [row for row in rows if row.past(today)]
    groups = [
        ("asked", _("To answer"), [row for row in rows if row.status == "asked"]),
        ("past", _("Past their day"), past),
        ("agreed", _("Agreed"), [row for row in rows if row.status == "agreed" and row not in past]),
        ("done", _("Made up"), [row for row in rows if row.status == "done"]),
        ("ended", _("Ended otherwise"), [row for row in rows if row.status in ("declined", "called_off")]),
    ]
    return render_template(
        "attendance/make_ups.html",
        course=course,
        groups=groups,
        any=bool(rows),
        policy=queries.policy_of(course),
        **WORDS,
    )


@bp.get(f"{LIST}.<any(csv, xlsx):form>")
@access(load=of_file(course_by_code), read=can_see)
def make_ups_file(course: Course) -> Response:
    """What the page shows, as CSV or a workbook."""
    found, today = queries.course_make_ups(course.id), clock.today(course.timezone)
    header, rows = make_up_table(found, today, course.timezone, module_titles(course))
    return table_file(f"{course.code}-make-ups", file_form(), header, rows)


@bp.route(f"{LIST}/<int:make_up_id>", methods=["GET", "POST"])
@access(load=queries.make_up_of, read=can_read, write=can_take)
def make_up(found: queries.MakeUpOf) -> Page:
    """One make-up: agree, decline, done, another day, call off; and what became of it so far."""
    if request.method == "POST":
        if not _decided(found):
            return _one(found), 422
        return redirect(url_for("attendance.make_up", code=found.course.code, make_up_id=found.row.id), 303)
    return _one(found)


def _decided(found: queries.MakeUpOf) -> bool:
    actor, form, key = current_actor(), request.form, found.row.id
    words = form.get("words", "")

    def extend() -> object:
        until = one_day(form.get("until"))
        if until is None:
            raise Invalid(msg("Say until which day."))
        return services.extend(actor, key, until, words)

    commands: dict[str, tuple[Callable[[], object], str]] = {
        "agree": (
            lambda: services.agree(
                actor,
                key,
                whole_number(form.get("minutes")),
                one_day(form.get("until")),
                words,
                _other(form.get("choice", "")),
            ),
            _("Agreed. The person gets a message."),
        ),
        "decline": (lambda: services.decline(actor, key, words), _("Answered. The person gets a message.")),
        "done": (
            lambda: services.complete(actor, key, whole_number(form.get("minutes"))),
            _("Made up: the minutes are credited."),
        ),
        "extend": (extend, _("The day was changed.")),
        "call_off": (lambda: services.call_off(actor, key, words), _("Called off.")),
    }
    command = commands.get(form.get("do", ""))
    if command is None:
        flash(_("The page sent something that this version does not read. Reload it."), "error")
        return False
    return attempt(*command)


def _other(choice: str) -> tuple[str, int | None] | None:
    """Another way than the one asked for, as the form sends it: "other_course:12", "task:"; None for the same."""
    way, _colon, target = choice.partition(":")
    return (way, whole_number(target)) if way else None


def _one(found: queries.MakeUpOf) -> str:
    course, row, actor = found.course, found.row, current_actor()
    context = queries.context_of(course, row.enrolment_id, row.id)
    line = context.line(row.session_id)
    today = clock.today(course.timezone)
    past = row.past(today)
    may_decide = can_teach(actor, course) and actor.person_id != found.person_id
    again = rules.given_back(row.status, row.approved_at)
    policy = replace(context.policy, within=None) if again else context.policy
    options = []
    if may_decide and row.status == "asked" and line is not None:
        at = line.session
        options = queries.possible_sessions(course, at.id, at.module_code, policy, at.on)
    return render_template(
        "attendance/make_up.html",
        options=options,
        serves=row.target_at is None or any(one.session_id == row.target_session_id for one in options),
        again=again,
        course=course,
        row=row,
        missed=rules.missed_minutes(line) if line is not None else 0,
        line=line,
        last_day=context.policy.last_day(row.missed_at.date()),
        policy=context.policy,
        used=context.used,
        events=queries.events_of(row.id),
        past=past,
        may_record=row.status == "agreed"
        and (not past if row.target_at is None else row.target_at.date() <= today)
        and row.target_status != "cancelled",
        is_self=actor.person_id == found.person_id,
        may_decide=may_decide,
        may_manage=can_manage(actor, course),
        today=today,
        **WORDS,
    )


@bp.route(PERSON, methods=["GET", "POST"])
@access(load=enrolment_of, read=can_read, write=can_take)
def person_absences(enrolment: Enrolment) -> Page:
    """One person's missed sessions and what could serve; posted, staff agree a make-up with the person at once."""
    if request.method == "POST":
        made = _arranged(enrolment)
        if made is None:
            return _person(enrolment), 422
        return redirect(url_for("attendance.make_up", code=enrolment.course.code, make_up_id=made), 303)
    return _person(enrolment)


def _arranged(enrolment: Enrolment) -> int | None:
    form = request.form
    try:
        way, _colon, target = form.get("choice", "").partition(":")
        session_id = whole_number(form.get("session"))
        if session_id is None:
            raise Invalid(msg("Say which session is made up."))
        found = services.ask(
            current_actor(), enrolment.id, session_id, way, whole_number(target), form.get("task", "")
        )
    except (Invalid, Refused) as error:
        flash(say(error.text), "error")
        return None
    flash(_("Entered. It is agreed on this page."), "success")
    return found.id


def _person(enrolment: Enrolment) -> str:
    course, actor = enrolment.course, current_actor()
    context, made_of = queries.context_with(course, enrolment.id)
    today = clock.today(course.timezone)
    rows = {row.id: row for row in sessions_of(course.id)}
    made: dict[int, list[queries.MakeUpRow]] = {}
    for one in queries.make_ups_of(enrolment.id):
        made.setdefault(one.session_id, []).append(one)
    lines = [line for line in context.lines if rules.missed_minutes(line) or line.session.id in made]
    chosen = next((line for line in lines if str(line.session.number) == request.args.get("session")), None)
    options = []
    if chosen is not None:
        at = chosen.session
        options = queries.possible_sessions(course, at.id, at.module_code, context.policy, at.on)
    return render_template(
        "attendance/person_absences.html",
        course=course,
        enrolment=enrolment,
        person=enrolment.person,
        lines=[
            (line, rows[line.session.id], rules.missed_minutes(line), _why(context, line, today))
            for line in lines
        ],
        made=made,
        chosen=chosen,
        options=options,
        policy=context.policy,
        used=context.used,
        late_on=made_of.joined_on,
        counts_earlier=programme_of(course.programme_version_id).attendance.get("late_joiners")
        != "from_joining",
        effect=queries.effect_for(course, made_of),
        title=titles_of(course),
        may_arrange=can_teach(actor, course) and actor.person_id != enrolment.person_id,
        may_transfer=can_manage(actor, course) and enrolment.status in ("enrolled", "paused"),
        today=today,
        **WORDS,
    )


def _why(context: queries.Context, line: object, today: object) -> object:
    return rules.why_not(context.policy, line, context.used, today)  # type: ignore[arg-type]


@bp.post(f"{REGISTER}/guests")
@access(load=one_session, read=can_read, write=can_take)
def guests(at: CourseSession) -> Response:
    """Ticks off somebody who made up a missed session here: `make_up` and `minutes`."""

    def done() -> object:
        key = whole_number(request.form.get("make_up"))
        if key is None or key not in serving(at.id, [key]):
            raise Invalid(msg("Nobody makes that up here."))
        return services.complete(current_actor(), key, whole_number(request.form.get("minutes")))

    attempt(done, _("Made up: the minutes are credited."))
    return redirect(url_for("attendance.register", code=at.course.code, number=at.number), 303)
