"""One question for a whole group: the answers of the role that the programme names, and asking the university."""

from __future__ import annotations

from collections.abc import Iterable

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from trainer.cohorts.models import Course
from trainer.core.access import access, current_actor
from trainer.core.errors import Refused, TrainerError
from trainer.core.i18n import say
from trainer.core.text import msg
from trainer.dossier import services
from trainer.dossier.policy import REGISTRAR, can_decide_as, can_put_forward, can_see_course
from trainer.dossier.services import Answer
from trainer.dossier.views.base import WORDS, bp, of_first, programme_for, today_of
from trainer.dossier.views.course import lines_of
from trainer.dossier.views.results import test_of as course_item


@bp.route("/courses/<code>/dossier/decisions/<item>", methods=["GET", "POST"])
@access(load=course_item, read=of_first(can_see_course))
def decisions(thing: tuple[Course, str]) -> str | Response | tuple[str, int]:
    """Where everybody stands in one decision; who holds its role answers, an organiser puts forward to the university."""
    course, item = thing
    programme, actor = programme_for(course), current_actor()
    home = url_for("dossier.course", code=course.code)
    spec = next((one for one in programme.decisions if one.code == item), None)
    if spec is None:
        flash(_("The programme has no such decision."), "info")
        return redirect(home, 303)
    lines = lines_of(course, programme)
    people = [line.member.enrolment_id for line in lines]
    asking = spec.by == REGISTRAR
    may = can_put_forward(actor, course) if asking else can_decide_as(actor, course, spec.by)
    problems: list[str] = []
    if request.method == "POST":
        try:
            if not may:
                raise Refused(msg("The programme gives this decision to another role."))
            if asking:
                done = len(services.ask_university(actor, course, item, _ticked(people)))
            else:
                done = len(services.decide(actor, course, item, read_answers(course, people)))
        except TrainerError as error:
            problems = [say(error.text)]
        else:
            if done:
                flash(ngettext("Saved for %(num)d person.", "Saved for %(num)d people.", done), "success")
                return redirect(home, 303)
            problems = [_("Choose at least one person.")]
    page = render_template(
        "dossier/decisions.html",
        course=course,
        spec=spec,
        lines=lines,
        may=may,
        asking=asking,
        own=actor.person_id,
        typed=request.form,
        problems=problems,
        home=home,
        **WORDS,
    )
    return (page, 422) if problems else page


def _ticked(enrolment_ids: Iterable[int]) -> list[int]:
    """Those of the people who were ticked."""
    wanted = set(request.form.getlist("person"))
    return [one for one in enrolment_ids if str(one) in wanted]


def read_answers(course: Course, enrolment_ids: Iterable[int]) -> list[Answer]:
    """The answers that were given in the form, for today; whoever was left alone is left alone."""
    today = today_of(course)
    return [
        Answer(key, choice == "yes", today, request.form.get(f"words_{key}", ""))
        for key in enrolment_ids
        if (choice := request.form.get(f"answer_{key}", "")) in ("yes", "not_yet")
    ]
