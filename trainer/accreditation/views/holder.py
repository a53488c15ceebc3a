"""The holder's own page: their certificates, their name, and whether it shows."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for

from trainer.accreditation import queries, services
from trainer.accreditation.documents import check_name
from trainer.accreditation.forms import NameForm
from trainer.accreditation.policy import is_holder
from trainer.accreditation.queries import CertificateRow
from trainer.accreditation.views.base import Page, bp
from trainer.core.access import access, current_actor, signed_in
from trainer.core.errors import Invalid
from trainer.core.i18n import gettext as _
from trainer.core.i18n import say
from trainer.core.web import download
from trainer.people.queries import person_by_id
from trainer.people.services import set_own_names


@bp.route("/me/certificates", methods=["GET", "POST"])
@signed_in
def my_certificates() -> Page:
    """What the university issued to the actor; confirming the name is asked for and never required."""
    actor = current_actor()
    person = person_by_id(actor.person_id or 0)
    form = NameForm()
    problems: list[str] = []
    if request.method == "POST" and person is not None:
        if form.validate():
            try:
                name = check_name(form.certificate_name.data or "")
                set_own_names(actor, person.display_name, name, confirmed=bool(form.confirmed.data))
            except Invalid as error:
                problems = [say(one) for one in error.problems or [error.text]]
            else:
                flash(_("Saved. Thank you."), "success")
                return redirect(url_for("accreditation.my_certificates"), 303)
    elif person is not None:
        form.certificate_name.data = person.certificate_name
        form.confirmed.data = person.certificate_name_confirmed_at is not None
    page = render_template(
        "accreditation/mine.html",
        person=person,
        form=form,
        problems=problems,
        certificates=queries.certificates_of_person(actor.person_id or 0),
    )
    return (page, 422) if request.method == "POST" else page


@bp.get("/me/certificates/<serial>.pdf")
@access(load=queries.certificate_row, read=is_holder)
def my_document(thing: CertificateRow) -> Page:
    """The document as it was issued."""
    return download(queries.document_of(thing.id), f"{thing.serial}.pdf", "application/pdf")


@bp.post("/me/certificates/<serial>/visibility")
@access(load=queries.certificate_row, read=is_holder)
def visibility(thing: CertificateRow) -> Page:
    """Hides name and title from public verification, or shows them again."""
    hide = request.form.get("show") != "1"
    services.set_withheld(current_actor(), thing.serial, hide)
    flash(
        _("Your name and the title no longer show when the code is checked.")
        if hide
        else _("Your name and the title show again when the code is checked."),
        "success",
    )
    return redirect(url_for("accreditation.my_certificates"), 303)
