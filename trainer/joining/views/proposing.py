"""Reference professionals propose people: a name, an address, a tick with their own name. Nothing about health."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for

from trainer.core import clock
from trainer.core.access import access, current_actor
from trainer.core.errors import Invalid, Missing, Refused
from trainer.core.i18n import gettext as _
from trainer.core.web import file_form, of_file, table_file
from trainer.joining import policy, queries, services
from trainer.joining.forms import ProposeForm
from trainer.joining.views.base import Page, bp, chosen_id, everything, messages


@bp.get("/candidates")
@access(load=everything, read=policy.can_propose)
def proposed(_thing: bool) -> str:
    """Whom the actor proposed, and whether they said yes; nothing of what became of it."""
    person_id = current_actor().person_id or 0
    return render_template(
        "joining/proposed.html", rows=queries.proposed_by(person_id), open_courses=queries.open_courses()
    )


@bp.get("/candidates.<any(csv, xlsx):form>")
@access(load=of_file(everything), read=policy.can_propose)
def proposed_file(_thing: bool) -> Page:
    """What the page shows, and no more: what became of a candidate is theirs to tell."""
    rows = [
        [
            *(one.email, one.course, (at := clock.wall_time(one.proposed_on)) and at.date()),
            _("Is no candidate") if one.over else _("Said yes") if one.said_yes else _("Not yet"),
        ]
        for one in queries.proposed_by(current_actor().person_id or 0)
    ]
    header = [_("Email"), _("Course"), _("Proposed on"), _("Their answer")]
    return table_file("candidates", file_form(), header, rows)


@bp.route("/candidates/propose", methods=["GET", "POST"])
@access(load=everything, read=policy.can_propose)
def propose(_thing: bool) -> Page:
    """Proposes somebody for a course that is open."""
    actor = current_actor()
    courses = {one.course.code: one for one in queries.open_courses()}
    form = ProposeForm(
        request.form or None,
        courses=[(code, one.course.title) for code, one in courses.items()],
        entities=[
            (str(key), name) for key, name in queries.organisations_named(actor.organisations("supervisor"))
        ],
        course=request.args.get("course"),
        language=next(iter(courses.values())).course.language if courses else "ca",
    )
    problems: list[str] = []
    if request.method == "POST" and form.validate():
        try:
            services.propose(
                actor,
                courses[form.course.data].course,
                given_name=form.given_name.data or "",
                family_name=form.family_name.data or "",
                email=form.email.data or "",
                language=form.language.data,
                entity_id=chosen_id(form.entity.data) or 0,
                confirmed=bool(form.confirmed.data),
            )
        except (Invalid, Refused, Missing) as error:
            problems = messages(error)
        else:
            flash(_("Thank you. The person gets a mail, and says yes or no themself."), "success")
            return redirect(url_for("joining.proposed"), 303)
    page = render_template(
        "joining/propose.html", form=form, problems=problems, ready=bool(courses), actor=actor
    )
    return page, 422 if request.method == "POST" else 200
