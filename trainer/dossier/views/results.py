"""The results of one test for a whole group, in one form."""

from __future__ import annotations

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from trainer.cohorts.models import Course
from trainer.cohorts.queries import course_by_code
from trainer.core.access import access, current_actor
from trainer.core.errors import TrainerError
from trainer.core.i18n import say
from trainer.core.tables import parse_date
from trainer.curriculum.rules import TestSpec
from trainer.dossier import services
from trainer.dossier.policy import can_see_course
from trainer.dossier.rules import asked_share
from trainer.dossier.rules.scores import points_needed
from trainer.dossier.services import Result
from trainer.dossier.views.base import bp, of_first, programme_for, today_of
from trainer.dossier.views.course import lines_of


def test_of(code: str, item: str) -> tuple[Course, str] | None:
    found = course_by_code(code)
    return None if found is None else (found, item)


test_of.__test__ = False  # type: ignore[attr-defined]  # no test of ours, whatever its name


@bp.route("/courses/<code>/dossier/tests/<item>", methods=["GET", "POST"])
@access(load=test_of, read=of_first(can_see_course))
def results(thing: tuple[Course, str]) -> str | Response | tuple[str, int]:
    """Points of everybody who took a test on a day; whoever is left empty is left alone."""
    course, item = thing
    programme, actor = programme_for(course), current_actor()
    home = url_for("dossier.course", code=course.code)
    spec = next((one for one in programme.tests if one.code == item), None)
    if spec is None:
        flash(_("The programme has no such test."), "info")
        return redirect(home, 303)
    lines = [line for line in lines_of(course, programme) if line.member.person_id != actor.person_id]
    lines.sort(key=lambda line: line.standing.tests[item].left == 0)
    problems: list[str] = []
    if request.method == "POST":
        on, found, problems = _read(spec, {line.member.enrolment_id: line.member.name for line in lines})
        if not problems and on is not None:
            try:
                services.record_results(
                    actor, course, [Result(key, item, points, on) for key, points in found]
                )
            except TrainerError as error:
                problems = [say(error.text)]
            else:
                flash(
                    ngettext("%(num)d result was saved.", "%(num)d results were saved.", len(found)),
                    "success",
                )
                return redirect(home, 303)
    share = asked_share(programme, item)
    page = render_template(
        "dossier/results.html",
        course=course,
        spec=spec,
        lines=lines,
        problems=problems,
        on=request.form.get("on") or today_of(course).isoformat(),
        typed=request.form,
        needed=points_needed(spec.out_of, share) if share is not None else None,
        home=home,
    )
    return (page, 422) if problems else page


def _read(spec: TestSpec, names: dict[int, str]) -> tuple[date | None, list[tuple[int, int]], list[str]]:
    """The day, the points by person, and what is wrong with them."""
    problems, found = list[str](), list[tuple[int, int]]()
    on: date | None = None
    try:
        on = parse_date(request.form.get("on", ""))
    except ValueError:
        problems.append(_("Say on which day the test was taken."))
    for enrolment_id, name in names.items():
        text = request.form.get(f"points_{enrolment_id}", "").strip()
        if not text:
            continue
        if not (text.isascii() and text.isdigit() and len(text) < 9 and int(text) <= spec.out_of):
            problems.append(
                _("%(name)s: write whole points, from 0 to %(most)s.", name=name, most=spec.out_of)
            )
        else:
            found.append((enrolment_id, int(text)))
    if not found and not problems:
        problems.append(_("Write the points of at least one person."))
    return on, found, problems
