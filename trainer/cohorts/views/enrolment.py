"""One person on a course, for its staff."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from trainer.cohorts import policy, queries, rules, services
from trainer.cohorts.forms import DetailsForm
from trainer.cohorts.models import Enrolment
from trainer.cohorts.views.base import Page, address, attempt, bp, entity_choices
from trainer.core import clock
from trainer.core.access import access, current_actor
from trainer.core.i18n import gettext as _
from trainer.core.i18n import say
from trainer.core.tables import parse_date
from trainer.people.queries import account_states, organisation_by_code

BASE = "/courses/<code>/people/<int:enrolment_id>"


@bp.get(BASE)
@access(load=queries.enrolment_of, read=policy.can_see_enrolment)
def person(enrolment: Enrolment) -> str:
    """Status and history, pauses, consent, account."""
    return _page(enrolment)


def _page(enrolment: Enrolment, form: DetailsForm | None = None) -> str:
    actor, course = current_actor(), enrolment.course
    links = [
        (label, where)
        for label, endpoint in (
            (_("Progress"), "progress.person"),
            (_("Absences"), "attendance.person_absences"),
            (_("Competencies"), "competency.person"),
            (_("Placement"), "placement.person"),
        )
        if (where := address(endpoint, code=course.code, enrolment_id=enrolment.id))
    ]
    return render_template(
        "cohorts/person.html",
        course=course,
        enrolment=enrolment,
        person=enrolment.person,
        form=form or _form(enrolment),
        events=queries.events(enrolment.id),
        pauses=queries.pauses_of(enrolment.id),
        consents=queries.consents(enrolment.id),
        account=account_states([enrolment.person_id]).get(enrolment.person_id, "none"),
        moves=[
            (to.value, say(rules.move_text(enrolment.status, to)))
            for to in rules.next_statuses(enrolment.status)
        ],
        note_codes=[(code, say(rules.note_text(code))) for code in rules.NOTE_CODES if code != "import"],
        today=clock.today(course.timezone),
        links=links,
        may_manage=policy.can_manage(actor, course),
        rules=rules,
    )


def _form(enrolment: Enrolment) -> DetailsForm:
    return DetailsForm(
        request.form or None,
        entities=entity_choices(),
        joined_on=enrolment.joined_on,
        entity=enrolment.entity.code if enrolment.entity else "",
    )


@bp.post(f"{BASE}/details")
@access(load=queries.enrolment_of, read=policy.can_see_enrolment, write=policy.can_manage_enrolment)
def change_details(enrolment: Enrolment) -> Page:
    """When the person joined, and who sends them."""
    form = _form(enrolment)
    if not form.validate():
        return _page(enrolment, form), 422
    entity = organisation_by_code(form.entity.data) if form.entity.data else None
    attempt(
        lambda: services.set_details(
            current_actor(), enrolment, joined_on=form.joined_on.data, entity=entity
        ),
        _("Saved."),
    )
    return _back(enrolment)


@bp.post(f"{BASE}/status")
@access(load=queries.enrolment_of, read=policy.can_see_enrolment, write=policy.can_manage_enrolment)
def change_status(enrolment: Enrolment) -> Response:
    """Pause, resume, left the course, completed."""
    try:
        day = parse_date(request.form.get("effective_on", "")) if request.form.get("effective_on") else None
    except ValueError:
        flash(_("That is not a date."), "error")
        return _back(enrolment)
    attempt(
        lambda: services.change_status(
            current_actor(),
            enrolment,
            request.form.get("to", ""),
            day,
            request.form.get("note_code", ""),
        ),
        _("The status was changed."),
    )
    return _back(enrolment)


@bp.post(f"{BASE}/invite")
@access(load=queries.enrolment_of, read=policy.can_see_enrolment, write=policy.can_manage_enrolment)
def invite(enrolment: Enrolment) -> Response:
    """Sends the invitation, or sends it again."""
    attempt(lambda: services.invite_to_course(current_actor(), enrolment), _("The invitation is on its way."))
    return _back(enrolment)


def _back(enrolment: Enrolment) -> Response:
    return redirect(url_for("cohorts.person", code=enrolment.course.code, enrolment_id=enrolment.id), 303)
