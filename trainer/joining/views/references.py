"""The page behind the link of a reference: one question and a few words, once."""

from __future__ import annotations

from flask import render_template, request

from trainer.core.access import public
from trainer.core.errors import Invalid, Missing
from trainer.extensions import limiter
from trainer.joining import queries, services
from trainer.joining.forms import ReferenceForm
from trainer.joining.views.base import Page, bp, messages, private, spoken


@bp.route("/references/<token>", methods=["GET", "POST"])
@limiter.limit("30 per minute")
@public("the link is the key: it is random, works once and expires")
def reference(token: str) -> Page:
    """Gives a reference. A link that is used, too old or unknown looks the same."""
    asked = queries.asked_by_token(token)
    if asked is None:
        return private(render_template("joining/reference_gone.html", return_to="/"), 404)
    with spoken(asked.course.language):
        form = ReferenceForm(request.form or None)
        problems: list[str] = []
        name = f"{asked.candidate.given_name} {asked.candidate.family_name}".strip()
        course, status = asked.course, 200
        if request.method == "POST":
            status = 422
            if form.validate():
                try:
                    services.give_reference(token, form.recommends.data == "yes", form.words.data or "")
                except Invalid as error:
                    problems = messages(error)
                except Missing:
                    return private(render_template("joining/reference_gone.html", return_to="/"), 404)
                else:
                    return private(render_template("joining/reference_thanks.html", name=name, return_to="/"))
        page = render_template(
            "joining/reference.html",
            name=name,
            asked=asked.reference,
            course=course,
            form=form,
            problems=problems,
        )
        return private(page, status)
