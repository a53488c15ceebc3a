"""The sheet of a course: people by sessions, typed like a spreadsheet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, flash, jsonify, redirect, render_template, request, url_for

from trainer.attendance.forms import read_sheet, read_sheet_page
from trainer.attendance.queries.sheet import Sheet, sheet_of
from trainer.attendance.rules import NEEDS_MINUTES, MarkInput, MarkKind, mark_text
from trainer.attendance.rules.letters import cell_text, letters_of, read_cell, understood
from trainer.attendance.services import SaveResult
from trainer.attendance.services.sheets import SheetPart, SheetResult, save_sheet
from trainer.attendance.views.base import Page, bp
from trainer.attendance.views.registers import theirs_said
from trainer.cohorts.models import Course
from trainer.cohorts.policy import can_see, can_teach
from trainer.cohorts.queries import course_by_code
from trainer.core import clock
from trainer.core.access import access, current_actor
from trainer.core.errors import Invalid
from trainer.core.i18n import gettext as _
from trainer.core.i18n import language, localised, say
from trainer.core.text import nmsg
from trainer.scheduling.queries import SessionRow, module_titles

Cells = Mapping[int, Mapping[int, str]]
"""What was typed, by session and enrolment."""


@bp.route("/courses/<code>/sheet", methods=["GET", "POST"])
@access(load=course_by_code, read=can_see, write=can_teach)
def sheet(course: Course) -> Page:
    """Every mark of a course on one page. Posted as a form or as JSON it saves what was typed."""
    found = sheet_of(course.id, clock.today(course.timezone))
    if request.is_json:
        return _save_json(course, found)
    if request.method == "POST":
        return _save_page(course, found)
    return _page(course, found)


def _page(
    course: Course,
    found: Sheet,
    typed: Cells | None = None,
    problems: Mapping[tuple[int, int], str] | None = None,
    *,
    ask_reason: bool = False,
    refused: list[str] | None = None,
) -> str:
    speaks = language()
    titles = module_titles(course)
    actor = current_actor()
    letters = letters_of(speaks)
    shown = [one for one in found.sessions if found.is_open(one)]
    chosen = request.args.get("session", type=int) or (shown[-1].number if shown else 0)
    return render_template(
        "attendance/sheet.html",
        course=course,
        sheet=found,
        columns=[(one, one.title or localised(titles.get(one.module_code)) or "") for one in found.sessions],
        chosen=chosen,
        typed=typed or {},
        problems=problems or {},
        refused=refused or [],
        ask_reason=ask_reason,
        reason=request.form.get("reason", "") if ask_reason else "",
        may_take=can_teach(actor, course),
        text=lambda saved: cell_text(saved.kind, saved.minutes, speaks),
        legend=[
            (letters[kind], say(mark_text(kind)), kind in NEEDS_MINUTES)
            for kind in MarkKind
            if kind is not MarkKind.UNMARKED
        ],
        minutes_for="".join(letter for letter, kind in understood(speaks).items() if kind in NEEDS_MINUTES),
        letters="".join(understood(speaks)),
        owner=actor.person_id or "",
    )


def _parts(
    found: Sheet, typed: Cells, versions: Mapping[int, Mapping[int, int]]
) -> tuple[list[SheetPart], dict[tuple[int, int], str]]:
    """What can be saved, by session, and what is wrong with the other cells. A session with a wrong cell waits whole.

    Raises Invalid for sessions and people that are not on the sheet.
    """
    sessions = {one.id: one for one in found.sessions}
    people = {one.enrolment_id for one in found.people}
    parts: list[SheetPart] = []
    wrong: dict[tuple[int, int], str] = {}
    for session_id, cells in typed.items():
        one = sessions.get(session_id)
        if one is None or not cells.keys() <= people:
            raise Invalid(_("The sheet is not what it was any more. Reload it."))
        marks, problems = _read(one, cells)
        wrong.update(problems)
        if marks and not problems:
            parts.append(SheetPart(one, marks, versions.get(session_id, {})))
    return parts, wrong


def _read(
    one: SessionRow, cells: Mapping[int, str]
) -> tuple[dict[int, MarkInput], dict[tuple[int, int], str]]:
    marks: dict[int, MarkInput] = {}
    problems: dict[tuple[int, int], str] = {}
    for key, text in cells.items():
        try:
            marks[key] = read_cell(text, one.length, language())
        except Invalid as error:
            problems[(one.id, key)] = say(error.text)
    return marks, problems


def _said(course: Course, result: SaveResult) -> dict[int, str]:
    """What to tell at the cells of a session that was left, by enrolment."""
    told = {key: theirs_said(course, conflict) for key, conflict in result.conflicts.items()}
    why = _("Recorded on an earlier day. Say why it changes.")
    return told | dict.fromkeys(result.needs_reason, why)


def _save_json(course: Course, found: Sheet) -> Response:
    try:
        typed, versions, reason = read_sheet(request.get_json(silent=True))
        parts, wrong = _parts(found, typed, versions)
        result = save_sheet(current_actor(), parts, reason)
    except Invalid as error:
        answer = jsonify(error=say(error.text))
        answer.status_code = error.status
        return answer
    return jsonify(
        sessions={key: _json(course, one) for key, one in result.done.items()},
        problems=[{"session": key, "person": who, "text": text} for (key, who), text in wrong.items()],
        refused={key: say(text) for key, text in result.refused.items()},
    )


def _json(course: Course, one: SaveResult) -> dict[str, Any]:
    speaks = language()
    return {
        "saved": {
            key: {
                "kind": mark.kind,
                "text": cell_text(mark.kind, mark.minutes, speaks),
                "version": mark.version,
            }
            for key, mark in one.saved.items()
        },
        "unchanged": list(one.unchanged),
        "conflicts": {
            key: {
                "kind": conflict.mark.kind,
                "text": cell_text(conflict.mark.kind, conflict.mark.minutes, speaks),
                "version": conflict.mark.version,
                "said": theirs_said(course, conflict),
            }
            for key, conflict in one.conflicts.items()
        },
        "needs_reason": list(one.needs_reason),
    }


def _save_page(course: Course, found: Sheet) -> Page:
    typed, versions = read_sheet_page(request.form, {one.id for one in found.sessions})
    reason = request.form.get("reason", "").strip() or None
    try:
        parts, problems = _parts(found, typed, versions)
        result = save_sheet(current_actor(), parts, reason)
    except Invalid as error:
        return _page(course, found, typed, refused=[say(error.text)]), error.status
    numbers = {one.id: one.number for one in found.sessions}
    refused = [
        _("Session %(number)d: %(why)s", number=numbers[key], why=say(text))
        for key, text in result.refused.items()
    ]
    for key, one in result.done.items():
        problems |= {(key, who): text for who, text in _said(course, one).items()}
    saved = sum(len(one.saved) for one in result.done.values())
    if saved:
        flash(say(nmsg("%(num)d mark saved.", "%(num)d marks saved.", saved)), "success")
    if not problems and not refused:
        if not saved:
            flash(_("Nothing was changed."), "info")
        return redirect(url_for("attendance.sheet", code=course.code), 303)
    fresh = sheet_of(course.id, found.today)
    ask = any(one.needs_reason for one in result.done.values())
    left = {key: cells for key, cells in typed.items() if not _took(result, key)}
    return _page(course, fresh, left, problems, ask_reason=ask, refused=refused), 422


def _took(result: SheetResult, session_id: int) -> bool:
    """Whether a session was saved, so that nothing typed for it is left."""
    one = result.done.get(session_id)
    return one is not None and not one.conflicts and not one.needs_reason
