"""What was seen of a whole group at a session, entered at once: people are rows, the module's competencies columns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from trainer.attendance.queries import saved_marks
from trainer.attendance.queries.repeats import coming_to
from trainer.attendance.rules import MarkKind
from trainer.cohorts.models import Course
from trainer.cohorts.queries import course_by_code, roster
from trainer.competency import queries
from trainer.competency.policy import can_assess_session, can_see_matrix
from trainer.competency.rules import KIND_WORDS
from trainer.competency.services import CellProblems, record_group
from trainer.competency.views.base import assessing_kinds, bp, messages, programme_of_course
from trainer.competency.views.cells import cells, passing_rank
from trainer.core import clock
from trainer.core.access import access, current_actor
from trainer.core.errors import TrainerError
from trainer.core.i18n import say
from trainer.curriculum.rules import Competency, Module
from trainer.scheduling.queries import CourseSession, session_of, sessions_of

WORDS_LENGTH = 2000
AWAY = (MarkKind.ABSENT, MarkKind.EXCUSED)


@bp.get("/courses/<code>/competencies/sessions")
@access(load=course_by_code, read=can_see_matrix)
def group_sessions(course: Course) -> str:
    """The sessions after which a group can be assessed, the newest first."""
    programme = programme_of_course(course)
    now = clock.now()
    held = [one for one in sessions_of(course.id) if not one.is_cancelled and one.starts_at <= now]
    return render_template(
        "competency/sessions.html",
        course=course,
        sessions=[(one, programme.module(one.module_code)) for one in reversed(held)],
        seen=queries.seen_at_sessions(course.id),
    )


@bp.route("/courses/<code>/competencies/sessions/<int:number>", methods=["GET", "POST"])
@access(load=lambda code, number: session_of(code, number), read=can_assess_session)
def group(meeting: CourseSession) -> str | Response | tuple[str, int]:
    """Assess the whole group after a session; nothing chosen leaves a cell alone."""
    programme = programme_of_course(meeting.course)
    module = programme.module(meeting.row.module_code)
    people = [one for one in roster(meeting.course_id) if one.status not in ("withdrawn", "invited")]
    if meeting.row.extra:  # a repeat is for those who made something up there
        there = coming_to(meeting.id)
        people = [one for one in people if one.enrolment_id in there]
    marks = saved_marks(meeting.id)
    away = {key for key, mark in marks.items() if mark.kind in AWAY}
    too_close = queries.too_close_on_course(meeting.course_id)
    actor = current_actor()
    barred = {
        one.enrolment_id: _("You said that you are too close to assess this person.")
        if one.person_id != actor.person_id
        else _("This is you.")
        for one in people
        if one.person_id == actor.person_id or (actor.person_id, one.enrolment_id) in too_close
    }
    kinds = assessing_kinds(actor, meeting.course.organisation_id)
    chosen: dict[tuple[int, str], str] = {}
    errors: Mapping[tuple[int, str], str] = {}
    problems: list[str] = []
    status = 200
    values: dict[str, Any] = {
        "on": min(meeting.row.starts_local.date(), clock.today(meeting.course.timezone)),
        "kind": kinds[0],
        "words": "",
    }
    if request.method == "POST":
        chosen = _read_cells([one.enrolment_id for one in people], module)
        values["words"] = request.form.get("words", "").strip()[:WORDS_LENGTH]
        values["kind"] = next((one for one in kinds if one == request.form.get("kind")), kinds[0])
        on = _read_day(request.form.get("on", ""))
        if "fill" in request.form:
            _fill(
                chosen, module, [p.enrolment_id for p in people if p.enrolment_id not in away | set(barred)]
            )
            values["on"] = on or values["on"]
        elif on is None:
            problems = [_("Write the date of the assessment.")]
        elif not chosen:
            problems, values["on"] = [_("Choose a level for at least one person.")], on
        else:
            values["on"] = on
            try:
                rows = record_group(
                    actor,
                    meeting.course,
                    meeting.row,
                    chosen,
                    kind=values["kind"],
                    assessed_on=on,
                    words=values["words"],
                )
            except CellProblems as error:
                problems, status = messages(error), error.status
                errors = {key: say(text) for key, text in error.cells.items()}
            except TrainerError as error:
                problems, status = messages(error), error.status
            else:
                _say_saved(len(rows))
                return redirect(url_for("competency.matrix", code=meeting.course.code, module=module.number))
    standings = queries.standings(meeting.course_id, programme)
    page = render_template(
        "competency/group.html",
        meeting=meeting,
        course=meeting.course,
        programme=programme,
        module=module,
        people=people,
        away=away,
        barred=barred,
        cells={one.enrolment_id: cells(programme, standings.get(one.enrolment_id, {})) for one in people},
        chosen=chosen,
        errors=errors,
        problems=problems,
        kinds={kind: say(KIND_WORDS[kind]) for kind in kinds},
        values=values,
        today=clock.today(meeting.course.timezone),
        possible=not meeting.row.is_cancelled and meeting.row.starts_at <= clock.now(),
        bar=passing_rank(programme),
        words_length=WORDS_LENGTH,
    )
    return page if status == 200 else (page, status)


def _say_saved(number: int) -> None:
    if number:
        flash(ngettext("%(num)d assessment saved.", "%(num)d assessments saved.", number), "success")
    else:
        flash(_("All of this was there already."), "info")


def _read_cells(enrolment_ids: list[int], module: Module) -> dict[tuple[int, str], str]:
    found = {}
    for enrolment_id in enrolment_ids:
        for number, competency in enumerate(module.competencies):
            level = request.form.get(f"level-{enrolment_id}-{number}", "")
            if level:
                found[enrolment_id, competency.code] = level
    return found


def _fill(chosen: dict[tuple[int, str], str], module: Module, enrolment_ids: list[int]) -> None:
    """Puts a column's level into its empty cells, for those who were there; nothing is written yet."""
    number = request.form.get("fill", -1, type=int)
    if 0 <= number < len(module.competencies):
        competency: Competency = module.competencies[number]
        level = request.form.get(f"column-{number}", "")
        for enrolment_id in enrolment_ids if level else []:
            chosen.setdefault((enrolment_id, competency.code), level)


def _read_day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
