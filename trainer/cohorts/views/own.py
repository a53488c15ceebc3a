"""A person's own courses: what they agreed to, taking it back, leaving."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from trainer.cohorts import policy, queries, rules, services
from trainer.cohorts.models import Enrolment
from trainer.cohorts.views.base import attempt, bp
from trainer.core.access import access, current_actor, signed_in
from trainer.core.i18n import gettext as _


def own(code: str) -> Enrolment | None:
    """The actor's own enrolment on a course."""
    return queries.own_enrolment(current_actor(), code)


@bp.get("/me/courses")
@signed_in
def my_courses() -> str:
    """The actor's own courses and consents."""
    return render_template(
        "cohorts/my_courses.html", rows=queries.own_enrolments(current_actor()), rules=rules
    )


@bp.route("/me/courses/<code>/consent", methods=["GET", "POST"])
@access(load=own, read=policy.is_own)
def consent(enrolment: Enrolment) -> str | Response:
    """What the course keeps and why; saying yes, and taking it back, are one button each."""
    if request.method == "POST":
        actor = current_actor()
        if request.form.get("do") == "withdraw":
            attempt(lambda: services.withdraw_consent(actor, enrolment), _("You took your consent back."))
        else:
            attempt(lambda: services.give_consent(actor, enrolment), _("Thank you. Your yes is recorded."))
        return _back(enrolment)
    return render_template(
        "cohorts/consent.html",
        course=enrolment.course,
        enrolment=enrolment,
        consents=queries.consents(enrolment.id),
        wording=rules.CONSENT_WORDING,
        gone=enrolment.status in {"withdrawn", "completed"},
    )


@bp.post("/me/courses/<code>/leave")
@access(load=own, read=policy.is_own)
def leave(enrolment: Enrolment) -> Response:
    """Asks to leave, or takes that back."""
    actor = current_actor()
    if request.form.get("do") == "stay":
        attempt(lambda: services.cancel_leave_request(actor, enrolment), _("Good to have you with us."))
    else:
        attempt(
            lambda: services.request_leave(actor, enrolment),
            _("It is recorded that you want to leave. Your organiser will be in touch."),
        )
    return _back(enrolment)


def _back(enrolment: Enrolment) -> Response:
    return redirect(url_for("cohorts.consent", code=enrolment.course.code), 303)
