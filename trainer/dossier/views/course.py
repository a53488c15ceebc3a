"""The course's dossiers: who has handed in what, as a page and as a spreadsheet; the import of results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from trainer.cohorts.models import Course
from trainer.cohorts.queries import course_by_code
from trainer.core import uploads
from trainer.core.access import access
from trainer.core.i18n import localised, say
from trainer.core.web import file_form, of_file, table_file
from trainer.curriculum.rules import Programme
from trainer.dossier import queries
from trainer.dossier.imports import import_results
from trainer.dossier.policy import REGISTRAR, can_see_course
from trainer.dossier.queries import Member
from trainer.dossier.rules import PAPER_WORDS, Dossier, Entry, live, put_forward
from trainer.dossier.views.base import WORDS, bp, programme_for, summary_of, today_of


@dataclass(frozen=True)
class Line:
    """One person of the course with everything that is asked of them."""

    member: Member
    standing: Dossier
    asked: Mapping[str, Entry]  # decisions for which they were put forward to the university


def lines_of(course: Course, programme: Programme) -> list[Line]:
    """Everybody on the course, by name. Two statements."""
    members, today = queries.members(course.id), today_of(course)
    entries = queries.entries(course.id, [one.enrolment_id for one in members])
    lines = []
    for member in members:
        known = live(entries.get(member.enrolment_id, ()))
        asked = {
            one.code: waiting
            for one in programme.decisions
            if one.by == REGISTRAR and (waiting := put_forward(known, one.code)) is not None
        }
        lines.append(Line(member, summary_of(programme, known, today), asked))
    return lines


@bp.get("/courses/<code>/dossier")
@access(load=course_by_code, read=can_see_course)
def course(thing: Course) -> str:
    """Who has handed in what, what waits for an answer first."""
    programme = programme_for(thing)
    lines = sorted(lines_of(thing, programme), key=lambda line: line.standing.to_look_at == 0)
    return render_template(
        "dossier/course.html",
        course=thing,
        programme=programme,
        lines=lines,
        to_look_at=[line for line in lines if line.standing.to_look_at],
        **WORDS,
    )


@bp.get("/courses/<code>/dossier.<any(csv, xlsx):form>")
@access(load=of_file(course_by_code), read=can_see_course)
def course_file(course: Course) -> Response:
    """The same as a spreadsheet: states in words, days as dates, points as numbers."""
    programme = programme_for(course)
    header = [_("Name")]
    for document in programme.documents:
        title = localised(document.title)
        header += [title, _("%(title)s: good until", title=title)]
    header += [localised(part.title) for part in programme.portfolio]
    for test in programme.tests:
        header += [
            _("%(title)s (of %(points)s)", title=localised(test.title), points=test.out_of),
            _("%(title)s: attempts", title=localised(test.title)),
        ]
    header += [localised(one.title) for one in programme.decisions]
    rows = [[line.member.name, *_cells(programme, line.standing)] for line in lines_of(course, programme)]
    return table_file(f"{course.code}-dossier", file_form(), header, rows)


def _cells(programme: Programme, standing: Dossier) -> list[Any]:
    cells: list[Any] = []
    for document in programme.documents:
        one = standing.documents[document.code]
        cells += [say(PAPER_WORDS[one.state]), one.valid_until]
    cells += [say(PAPER_WORDS[standing.portfolio[part.code].state]) for part in programme.portfolio]
    for test in programme.tests:
        score = standing.tests[test.code]
        cells += [score.best.points if score.best else None, len(score.results)]
    for spec in programme.decisions:
        decision = standing.decisions[spec.code]
        cells.append("" if decision.latest is None else _("Yes") if decision.yes else _("Not yet"))
    return cells


@bp.route("/courses/<code>/dossier/import", methods=["GET", "POST"])
@access(load=course_by_code, read=can_see_course)
def import_page(thing: Course) -> str | tuple[str, int]:
    """Import results of tests from a spreadsheet: first a look at what would happen, then for real."""
    tests = programme_for(thing).tests
    return uploads.import_page(
        "dossier/import.html",
        import_results,
        thing,
        tests=", ".join(one.code for one in tests) or "–",
        home=url_for("dossier.course", code=thing.code),
    )
