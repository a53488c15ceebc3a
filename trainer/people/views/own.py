"""The actor's own account: names, and everything that is held."""

from __future__ import annotations

import json

from flask import Response, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from trainer.core.access import current_actor, signed_in
from trainer.core.errors import Invalid
from trainer.core.i18n import gettext as _
from trainer.core.i18n import say
from trainer.core.web import download
from trainer.people import services
from trainer.people.forms import NamesForm
from trainer.people.models import Person
from trainer.people.queries import held_on, person_by_id
from trainer.people.views.base import bp


def _me() -> Person:
    person = person_by_id(current_actor().person_id or 0)
    if person is None:
        abort(404)
    return person


@bp.route("/account", methods=["GET", "POST"])
@signed_in
def account() -> str | AnyResponse | tuple[str, int]:
    """Display and certificate name; confirming the latter is asked for and never required."""
    person = _me()
    form = NamesForm(obj=person)
    problems: list[str] = []
    if request.method == "POST":
        if form.validate():
            try:
                services.set_own_names(
                    current_actor(),
                    form.display_name.data or "",
                    form.certificate_name.data or "",
                    confirmed=bool(form.confirmed.data),
                )
            except Invalid as error:
                problems = [say(one) for one in error.problems]
            else:
                flash(_("Saved."), "success")
                return redirect(url_for("people.account"), 303)
        return render_template("people/account.html", person=person, form=form, problems=problems), 422
    form.confirmed.data = person.certificate_name_confirmed_at is not None
    return render_template("people/account.html", person=person, form=form, problems=problems)


@bp.get("/account/data.json")
@signed_in
def my_data() -> Response:
    """Everything that is held on the actor, as JSON."""
    document = json.dumps(held_on(_me().id), ensure_ascii=False, indent=2, default=str)
    return download(document.encode(), "my-data.json", "application/json")
