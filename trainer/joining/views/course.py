"""The organisers' page of joining: where everybody stands, who waits for an answer; its spreadsheet; somebody added by hand."""

from __future__ import annotations

from datetime import date, datetime

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from trainer.cohorts.models import Course
from trainer.cohorts.queries import course_by_code
from trainer.core import clock
from trainer.core.access import access, current_actor
from trainer.core.errors import Invalid, Refused
from trainer.core.i18n import gettext as _
from trainer.core.i18n import say
from trainer.core.web import file_form, of_file, table_file
from trainer.joining import policy, queries, rules, services
from trainer.joining.forms import AddForm
from trainer.joining.models import Opening
from trainer.joining.queries import CandidateRow
from trainer.joining.rules import Places, Status
from trainer.joining.views.base import Page, bp, chosen_id, entity_choices, messages

# The order of the list: whoever is to be answered first, then those who are on their way, then what is settled.
GROUPS = (
    Status.APPLIED,
    Status.INTERESTED,
    Status.OFFERED,
    Status.WAITING,
    Status.PROPOSED,
    Status.ACCEPTED,
    Status.NOT_THIS_TIME,
    Status.WITHDRAWN,
)


@bp.get("/courses/<code>/joining")
@access(load=course_by_code, read=policy.can_run)
def course(course: Course) -> str:
    """Candidates by status, the waiting list in its order, places, information sessions."""
    opening = queries.opening_of(course.id)
    rows = queries.candidates(course.id)
    shown = [row for row in rows if row.erased_at is None]
    waiting = rules.in_order(row.waiting for row in shown if row.status == Status.WAITING)
    places = queries.places_of(course.id)
    state = _state(course, opening)
    today = clock.today(course.timezone)
    by_id = {row.id: row for row in shown}
    return render_template(
        "joining/course.html",
        course=course,
        opening=opening,
        state=state,
        groups=_groups(shown, [one.id for one in waiting]),
        order={one.id: number for number, one in enumerate(waiting, 1)},
        next_up=rules.next_up(waiting, places),
        by_id=by_id,
        wanting=[row for row in shown if _waits(row, state)],
        overdue=[r for r in shown if r.status == Status.OFFERED and r.answer_by and r.answer_by < today],
        erased=len(rows) - len(shown),
        places=places,
        kept=_kept(places),
        infos=queries.info_sessions(course.id),
        missing=rules.unanswered_questions(opening.answers) if opening else [],
        to_erase=_to_erase(opening, shown, today),
    )


def _groups(rows: list[CandidateRow], queue: list[int]) -> list[tuple[str, list[CandidateRow]]]:
    """Rows by status; those who wait in the order of the waiting list."""
    found = []
    for status in GROUPS:
        group = [row for row in rows if row.status == status]
        if status is Status.WAITING:
            group.sort(key=lambda row: queue.index(row.id))
        if group:
            found.append((status.value, group))
    return found


def _kept(places: Places) -> list[tuple[str, int, int]]:
    """(entity, places kept, places held by its people)."""
    return [
        (name, places.kept[key], places.used.get(key, 0))
        for key, name in queries.organisations_named(places.kept)
    ]


def _state(course: Course, opening: Opening | None) -> str:
    if opening is None:
        return "none"
    today = clock.today(course.timezone)
    if course.status == "closed" or today > opening.closes_on:
        return "closed"
    return "open" if rules.is_open(opening.opens_on, opening.closes_on, today) else "planned"


def _waits(row: CandidateRow, state: str) -> bool:
    """Who waits for the organisers: while people can still apply, the next step of who is only interested is their own."""
    return row.wants_answer and not (state == "open" and row.status == Status.INTERESTED)


def _to_erase(opening: Opening | None, rows: list[CandidateRow], today: object) -> int:
    if opening is None:
        return 0
    return sum(
        row.status != Status.ACCEPTED
        and rules.due_for_erasure(row.status, row.answer_by, opening.keep_until, today)  # type: ignore[arg-type]
        for row in rows
    )


@bp.get("/courses/<code>/joining.<any(csv, xlsx):form>")
@access(load=of_file(course_by_code), read=policy.can_run)
def course_file(course: Course) -> Response:
    """The list as a spreadsheet. What people wrote, and what they need, is not in it."""
    rows = [row for row in queries.candidates(course.id) if row.erased_at is None]
    queue = [one.id for one in rules.in_order(row.waiting for row in rows if row.status == Status.WAITING)]
    header = [
        _("Given name"),
        _("Family name"),
        _("Email"),
        _("Telephone"),
        _("Language"),
        _("Entity"),
        _("Status"),
        _("Place on the waiting list"),
        _("Information session"),
        _("Was there"),
        _("Proposed by"),
        _("Eligible: confirmed by"),
        _("Confirmed on"),
        _("References asked"),
        _("References given"),
        _("Recommended"),
        _("Applied on"),
        _("Decided on"),
        _("Answer until"),
        _("Answered on"),
    ]
    cells = [
        [
            row.given_name,
            row.family_name,
            row.email or "",
            row.phone,
            row.language,
            row.entity or "",
            say(rules.status_text(row.status)),
            queue.index(row.id) + 1 if row.id in queue else None,
            row.info_starts,
            None if row.came is None else _("yes") if row.came else _("no"),
            row.proposed_by or "",
            row.confirmed_by or "",
            _day(row.confirmed_at, course),
            row.asked,
            row.given,
            row.recommended,
            _day(row.consent_at, course),
            _day(row.decided_at, course),
            row.answer_by,
            _day(row.answered_at, course),
        ]
        for row in rows
    ]
    return table_file(f"{course.code}-joining", file_form(), header, cells)


def _day(moment: datetime | None, course: Course) -> date | None:
    at = clock.wall_time(moment, course.timezone)
    return at and at.date()


@bp.route("/courses/<code>/joining/add", methods=["GET", "POST"])
@access(load=course_by_code, read=policy.can_run)
def add(course: Course) -> Page:
    """Somebody who came by or telephoned."""
    if queries.opening_of(course.id) is None:
        return redirect(url_for("joining.opening", code=course.code), 303)
    form = AddForm(request.form or None, entities=entity_choices(), language=course.language)
    problems: list[str] = []
    if request.method == "POST" and form.validate():
        try:
            candidate = services.add_by_hand(
                current_actor(),
                course,
                given_name=form.given_name.data or "",
                family_name=form.family_name.data or "",
                email=form.email.data or "",
                phone=form.phone.data or "",
                language=form.language.data,
                entity_id=chosen_id(form.entity.data),
            )
        except (Invalid, Refused) as error:
            problems = messages(error)
        else:
            flash(
                _("%(name)s is on the list.", name=candidate.given_name or candidate.family_name), "success"
            )
            return redirect(url_for("joining.course", code=course.code), 303)
    page = render_template("joining/add.html", course=course, form=form, problems=problems)
    return page, 422 if request.method == "POST" else 200


@bp.post("/courses/<code>/joining/erase")
@access(load=course_by_code, read=policy.can_run)
def erase(course: Course) -> Response:
    """Erases what is due."""
    number = services.erase(current_actor(), course)
    flash(
        _("Erased: what %(number)d people wrote.", number=number) if number else _("Nothing is due yet."),
        "success" if number else "message",
    )
    return redirect(url_for("joining.course", code=course.code), 303)
