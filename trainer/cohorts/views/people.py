"""The people of a course: the roster, its export, and somebody new by hand."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from trainer.cohorts import policy, queries, services
from trainer.cohorts.forms import AddForm
from trainer.cohorts.models import Course
from trainer.cohorts.rules import Status
from trainer.cohorts.views.base import Page, bp, entity_choices, messages
from trainer.core import clock
from trainer.core.access import access, current_actor
from trainer.core.errors import Invalid, Refused
from trainer.core.i18n import gettext as _
from trainer.core.web import file_form, of_file, table_file
from trainer.people.queries import organisation_by_code

EXPORTED = ("given_name", "family_name", "email", "entity", "language", "joined_on", "status", "left_on")


@bp.get("/courses/<code>/people")
@access(load=queries.course_by_code, read=policy.can_see)
def people(course: Course) -> str:
    """Everyone on the course, those invited and those who left among them."""
    rows = queries.roster(course.id, invited=True)
    return render_template(
        "cohorts/people.html",
        course=course,
        rows=rows,
        accounts=queries.roster_accounts(rows),
        may_manage=policy.can_manage(current_actor(), course),
    )


def _exported(course: Course) -> list[list[object]]:
    return [
        [r.given_name, r.family_name, r.email, r.entity_code, r.language, r.joined_on, r.status, r.left_on]
        for r in queries.roster(course.id, invited=True)
    ]


@bp.get("/courses/<code>/people.<any(csv, xlsx):form>")
@access(load=of_file(queries.course_by_code), read=policy.can_see)
def people_file(course: Course) -> Response:
    """The roster with the columns that the import reads."""
    return table_file(f"{course.code}-people", file_form(), EXPORTED, _exported(course))


@bp.route("/courses/<code>/people/add", methods=["GET", "POST"])
@access(load=queries.course_by_code, read=policy.can_see, write=policy.can_manage, write_on_get=True)
def add_person(course: Course) -> Page:
    """Invites or enrols one person."""
    form = AddForm(
        request.form or None,
        entities=entity_choices(),
        joined_on=max(course.starts_on, clock.today(course.timezone)),
        language=course.language,
    )
    problems: list[str] = []
    if request.method == "POST" and form.validate():
        try:
            enrolment = services.add_by_hand(
                current_actor(),
                course,
                given_name=form.given_name.data or "",
                family_name=form.family_name.data or "",
                email=form.email.data or "",
                language=form.language.data or None,
                entity=organisation_by_code(form.entity.data) if form.entity.data else None,
                joined_on=form.joined_on.data if form.status.data == Status.ENROLLED else None,
                status=form.status.data,
                mail=bool(form.mail.data),
            )
        except (Invalid, Refused) as error:
            problems = messages(error)
        else:
            flash(_("%(name)s was added.", name=enrolment.person.display_name), "success")
            return redirect(url_for("cohorts.people", code=course.code), 303)
    status = 422 if request.method == "POST" else 200
    return render_template("cohorts/add_person.html", course=course, form=form, problems=problems), status
