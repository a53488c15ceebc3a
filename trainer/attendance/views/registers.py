"""The register: one page for the classroom, its history, its paper twin, and the import."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, flash, jsonify, redirect, render_template, request, url_for

from trainer.attendance import queries, services
from trainer.attendance.forms import Sent, WithdrawForm, page_value, read_json, read_page
from trainer.attendance.imports import import_attendance
from trainer.attendance.policy import can_organise, can_read, can_take
from trainer.attendance.queries import MarkOf, RegisterRow
from trainer.attendance.queries.guests import guests_of
from trainer.attendance.queries.notices import Notice, announced_for
from trainer.attendance.queries.repeats import who_could_come
from trainer.attendance.rules import (
    REASON_CODES,
    MarkKind,
    SavedMark,
    mark_text,
    marked_text,
    reason_code_text,
)
from trainer.attendance.rules.letters import letters_of, understood
from trainer.attendance.services import SaveResult
from trainer.attendance.views.base import BASE, Page, bp, one_session, session_title
from trainer.attendance.views.shared import attempt
from trainer.cohorts.models import Course
from trainer.cohorts.policy import can_see, can_teach
from trainer.cohorts.queries import course_by_code
from trainer.core import clock, uploads
from trainer.core.access import access, current_actor
from trainer.core.errors import Invalid, Refused
from trainer.core.i18n import clock_time, daytime, language, say
from trainer.core.i18n import gettext as _
from trainer.core.text import msg, nmsg
from trainer.scheduling.queries import CourseSession, trainers_of


@bp.route(BASE, methods=["GET", "POST"])
@access(load=one_session, read=can_read, write=can_take)
def register(at: CourseSession) -> Page:
    """Everyone on one page. Posted as a form it saves what was changed; as JSON it answers the page's script."""
    if request.is_json:
        return _save_json(at)
    if at.row.extra:
        return _repeat(at)
    if request.method == "POST":
        return _save_page(at)
    return _page(at, _rows(at))


def _repeat(at: CourseSession, withdraw: WithdrawForm | None = None) -> Page:
    """A repeat marks nobody: those who make something up there are ticked off, and it is said that it took place."""
    row, actor = at.row, current_actor()
    if request.method == "POST" and withdraw is None:
        attempt(lambda: services.hold_repeat(actor, at), _("Noted: it took place."))
        return redirect(url_for("attendance.register", code=at.course.code, number=at.number), 303)
    may_take = can_take(actor, at) and not row.is_cancelled
    early = row.starts_local.date() > clock.today(at.course.timezone)
    over = row.starts_local.date() < clock.today(at.course.timezone)
    return render_template(
        "attendance/repeat.html",
        course=at.course,
        session=row,
        title=session_title(at),
        guests=guests_of(at.id),
        asked=[] if row.is_cancelled else guests_of(at.id, asked=True),
        may_answer=can_organise(actor, at),
        could_come=who_could_come(at.course, row.module_code) if may_take and not over else [],
        may_take=may_take,
        early=early,
        over=over,
        withdraw=withdraw or WithdrawForm(formdata=None),
    )


def _rows(at: CourseSession) -> list[RegisterRow]:
    return queries.register_rows(at.course_id, at.id, at.row.starts_local.date())


def _page(
    at: CourseSession,
    rows: list[RegisterRow],
    sent: Sent | None = None,
    problems: list[str] | None = None,
    *,
    ask_reason: bool = False,
    withdraw: WithdrawForm | None = None,
) -> str:
    row = at.row
    actor = current_actor()
    letters = letters_of(language())
    return render_template(
        "attendance/register.html",
        course=at.course,
        session=row,
        title=session_title(at),
        rows=rows,
        shown=sent.shown if sent else {},
        problems=problems or [],
        ask_reason=ask_reason,
        reason=request.form.get("reason", "") if ask_reason else "",
        unmarked=sum(one.expected and one.saved.kind is MarkKind.UNMARKED for one in rows),
        may_take=can_take(actor, at) and not row.is_cancelled,
        early=row.starts_local.date() > clock.today(at.course.timezone),
        withdraw=withdraw or WithdrawForm(formdata=None),
        codes=[(code, say(reason_code_text(code))) for code in REASON_CODES],
        page_value=page_value,
        picked=sent.picked if sent else (),
        letters={kind.value: letter for kind, letter in letters.items()},
        keys={letter: kind.value for letter, kind in understood(language()).items()},
        owner=actor.person_id or "",
        announced=announced_for(at.id),
        announced_text=_announced,
        mark_words={kind.value: say(mark_text(kind)) for kind in MarkKind},
        guests=guests_of(at.id),
        last=_last(at, [(one.saved, one.recorded_by or "") for one in rows]),
        code_text=lambda code: say(reason_code_text(code)),
    )


def _save_page(at: CourseSession) -> Page:
    rows = _rows(at)
    picked = {
        int(key) for key in request.form.getlist("pick") if key.isascii() and key.isdigit() and len(key) < 10
    }
    sent = read_page(request.form, rows, do=request.form.get("do", "save"), picked=picked)
    if sent.problems:
        return _page(at, rows, sent, [say(text) for _key, text in sent.problems]), 422
    reason = request.form.get("reason", "").strip() or None
    try:
        result = services.save_register(current_actor(), at, sent.marks, reason, sent.versions, partial=True)
    except (Invalid, Refused) as error:
        return _page(at, _rows(at), sent, [say(error.text)]), error.status
    names = {one.enrolment_id: one.name for one in rows}
    for key, conflict in result.conflicts.items():
        flash(f"{names[key]}: {theirs_said(at.course, conflict)}", "warning")
    if result.saved:
        flash(_said(result), "success")
    if result.needs_reason:
        fresh = _rows(at)
        keep = Sent(shown={key: sent.shown[key] for key in result.needs_reason})
        who = ", ".join(names[key] for key in result.needs_reason)
        problem = _("%(who)s: this was recorded on an earlier day. Say why it changes.", who=who)
        return _page(at, fresh, keep, [problem], ask_reason=True), 422
    if not result.saved and not result.conflicts:
        flash(_("Nothing was changed."), "info")
    return redirect(url_for("attendance.register", code=at.course.code, number=at.number), 303)


def _said(result: SaveResult) -> str:
    marks = say(nmsg("%(num)d mark saved.", "%(num)d marks saved.", len(result.saved)))
    if not result.unmarked:
        return marks
    rest = nmsg("%(num)d person is still unmarked.", "%(num)d people are still unmarked.", result.unmarked)
    return f"{marks} {say(rest)}"


def _announced(notice: Notice) -> str:
    """What somebody said beforehand, for the row of the register; a suggestion, never a mark."""
    said = {
        "absent": msg("Announced: will be absent"),
        "late": msg("Announced: will come late"),
        "left_early": msg("Announced: will leave early"),
    }[notice.kind]
    if not notice.reason_code:
        return say(said)
    return f"{say(said)} ({say(reason_code_text(notice.reason_code))})"


def _last(at: CourseSession, marks: list[tuple[SavedMark, str]]) -> str:
    """Who saved last, in a sentence; nothing while nobody has."""
    saved = [(mark.recorded_at, by) for mark, by in marks if mark.version and mark.recorded_at and by]
    if not saved:
        return ""
    when, by = max(saved)
    time = daytime(when, at.course.timezone)
    return say(msg("Last saved by %(name)s, %(time)s", name=by, time=time))


def _time(course: Course, moment: datetime | None) -> str:
    return clock_time(moment.astimezone(ZoneInfo(course.timezone))) if moment else ""


def theirs_said(course: Course, conflict: services.Conflict) -> str:
    """What somebody else recorded meanwhile, in a sentence; the time by the clock of the course."""
    time = _time(course, conflict.at)
    mark = _mark_words(conflict.mark)
    if conflict.by:
        said = msg("%(name)s recorded “%(mark)s” at %(time)s.", name=conflict.by, mark=mark, time=time)
    else:
        said = msg("“%(mark)s” was recorded at %(time)s.", mark=mark, time=time)
    return say(said)


def _mark_words(mark: SavedMark) -> str:
    return say(marked_text(mark.kind, mark.minutes))


def _save_json(at: CourseSession) -> Response:
    try:
        marks, versions, reason = read_json(request.get_json(silent=True))
        result = services.save_register(current_actor(), at, marks, reason, versions, partial=True)
    except (Invalid, Refused) as error:
        answer = jsonify(error=say(error.text))
        answer.status_code = error.status
        return answer
    saved_at = (result.at or clock.now()).astimezone(ZoneInfo(at.course.timezone))
    return jsonify(
        saved={key: _json(mark) for key, mark in result.saved.items()},
        unchanged=list(result.unchanged),
        conflicts={
            key: {**_json(conflict.mark), "text": theirs_said(at.course, conflict)}
            for key, conflict in result.conflicts.items()
        },
        needs_reason=list(result.needs_reason),
        unmarked=result.unmarked,
        at=clock_time(saved_at),
    )


def _json(mark: SavedMark) -> dict[str, Any]:
    return {
        "kind": mark.kind.value,
        "minutes": mark.minutes,
        "code": mark.reason_code,
        "version": mark.version,
    }


@bp.get(f"{BASE}.json")
@access(load=one_session, read=can_read)
def register_live(at: CourseSession) -> Response:
    """What everybody saved on a register, for the pages that have it open; 304 to whoever knows it already."""
    marks = queries.live_marks(at.id)
    versions = [(one.enrolment_id, one.saved.version) for one in marks]
    known = f"{at.id} {at.row.status} {language()} {versions}"
    tag = hashlib.sha256(known.encode()).hexdigest()[:24]
    if request.if_none_match.contains_weak(tag):
        answer = Response(status=304)
    else:
        actor = current_actor()
        answer = jsonify(
            marks={
                one.enrolment_id: {
                    **_json(one.saved),
                    "by": one.by,
                    "time": _time(at.course, one.saved.recorded_at),
                    "mine": one.saved.recorded_by == actor.person_id,
                    "text": theirs_said(
                        at.course, services.Conflict(one.saved, one.by, one.saved.recorded_at)
                    ),
                }
                for one in marks
            },
            last=_last(at, [(one.saved, one.by) for one in marks]),
        )
    answer.set_etag(tag)
    return answer


@bp.post(f"{BASE}/withdraw")
@access(load=one_session, read=can_read, write=can_take)
def withdraw(at: CourseSession) -> Page:
    """Takes the register back: the session is planned again, the history stays."""
    form = WithdrawForm()
    if form.validate_on_submit():
        try:
            services.withdraw_register(current_actor(), at, form.reason.data or "")
        except (Invalid, Refused) as error:
            form.form_errors.append(say(error.text))
        else:
            flash(_("The register is withdrawn. The session is planned again."), "success")
            return redirect(url_for("attendance.register", code=at.course.code, number=at.number), 303)
    if at.row.extra:
        return str(_repeat(at, form)), 422
    return _page(at, _rows(at), withdraw=form), 422


@bp.get(f"{BASE}/print")
@access(load=one_session, read=can_read)
def paper(at: CourseSession) -> str:
    """A sheet to sign, for where there is no tablet."""
    return render_template(
        "attendance/paper.html",
        course=at.course,
        session=at.row,
        title=session_title(at),
        rows=guests_of(at.id) if at.row.extra else [row for row in _rows(at) if row.expected],
        trainers=[person.name for person in trainers_of([at.id])[at.id]],
    )


@bp.get(f"{BASE}/<int:enrolment_id>")
@access(load=queries.mark_of, read=can_read)
def history(mark: MarkOf) -> str:
    """Everything that was recorded for one person at one session."""
    return render_template(
        "attendance/history.html",
        course=mark.course,
        session=mark.at.row,
        title=session_title(mark.at),
        name=mark.name,
        changes=queries.history_of(mark.at.id, mark.enrolment_id),
        code_text=lambda code: say(reason_code_text(code)),
    )


@bp.route("/courses/<code>/attendance/import", methods=["GET", "POST"])
@access(load=course_by_code, read=can_see, write=can_teach, write_on_get=True)
def import_page(course: Course) -> Page:
    """Marks from a spreadsheet."""
    return uploads.import_page("attendance/import.html", import_attendance, course)
