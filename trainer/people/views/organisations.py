"""The administrator's pages of organisations."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from trainer.core.access import access, current_actor
from trainer.core.errors import Invalid
from trainer.core.i18n import gettext as _
from trainer.core.i18n import say
from trainer.core.web import file_form, of_file, table_file
from trainer.people import queries, services
from trainer.people.forms import OrganisationForm
from trainer.people.models import Organisation
from trainer.people.policy import can_administer
from trainer.people.rules import kind_text
from trainer.people.views.base import bp


def everything(**view_args: Any) -> bool:
    """The loader of pages that are about no single thing."""
    return True


@bp.route("/admin/organisations", methods=["GET", "POST"])
@access(load=everything, read=can_administer)
def organisations(_thing: bool) -> str | Response | tuple[str, int]:
    """All organisations, and the form for a new one."""
    form = OrganisationForm()
    problems: list[str] = []
    if request.method == "POST":
        if form.validate():
            try:
                made = services.add_organisation(
                    current_actor(),
                    form.code.data or "",
                    form.name.data or "",
                    form.kind.data,
                    form.region.data or "",
                )
            except Invalid as error:
                problems = [say(one) for one in error.problems or [error.text]]
            else:
                flash(_("%(name)s was added.", name=made.name), "success")
                return redirect(url_for("people.organisations"), 303)
        return _list(form, problems), 422
    return _list(form, problems)


@bp.get("/admin/organisations.<any(csv, xlsx):form>")
@access(load=of_file(everything), read=can_administer)
def organisations_file(_thing: bool) -> Response:
    """All organisations."""
    rows = [[one.name, one.code, say(kind_text(one.kind)), one.region] for one in queries.organisations()]
    return table_file("organisations", file_form(), [_("Name"), _("Code"), _("Kind"), _("Region")], rows)


def _list(form: OrganisationForm, problems: list[str]) -> str:
    return render_template(
        "people/organisations.html",
        organisations=queries.organisations(),
        form=form,
        problems=problems,
        kind_text=kind_text,
    )


@bp.route("/admin/organisations/<code>", methods=["GET", "POST"])
@access(load=queries.organisation_by_code, read=can_administer)
def organisation(thing: Organisation) -> str | Response | tuple[str, int]:
    """One organisation: name, kind and region can change, the code cannot."""
    form = OrganisationForm(obj=thing)
    del form.code
    problems: list[str] = []
    if request.method == "POST":
        if form.validate():
            try:
                services.update_organisation(
                    current_actor(), thing, form.name.data or "", form.kind.data, form.region.data or ""
                )
            except Invalid as error:
                problems = [say(one) for one in error.problems or [error.text]]
            else:
                flash(_("Saved."), "success")
                return redirect(url_for("people.organisations"), 303)
        return render_template(
            "people/organisation.html", organisation=thing, form=form, problems=problems
        ), 422
    return render_template("people/organisation.html", organisation=thing, form=form, problems=problems)
