"""The holder's own pages: their certificates, their name, and what others see of them."""

from __future__ import annotations

from collections.abc import Sequence

from flask import current_app, flash, redirect, render_template, request, url_for

from trainer.accreditation import queries, services
from trainer.accreditation.documents import check_name
from trainer.accreditation.forms import NameForm, ShareForm
from trainer.accreditation.policy import is_holder
from trainer.accreditation.queries import CertificateRow
from trainer.accreditation.queries import looking as reading
from trainer.accreditation.rules.sharing import WORDS, Shows
from trainer.accreditation.services import credentials
from trainer.accreditation.views.base import Page, bp
from trainer.core import clock
from trainer.core.access import access, current_actor, signed_in
from trainer.core.errors import Invalid
from trainer.core.i18n import gettext as _
from trainer.core.i18n import say
from trainer.core.paging import page_number
from trainer.core.web import download
from trainer.people.queries import person_by_id
from trainer.people.services import set_own_names

# What the holder reads of a certificate's history; what registrars note for themselves stays theirs.
TOLD = frozenset(
    {"issued", "revoked", "reinstated", "superseded", "renewed", "withheld", "shown", "shared", "unshared"}
)
_PAST_LINKS = 20


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


@bp.get("/me/certificates/<serial>")
@access(load=queries.certificate_row, read=is_holder)
def my_certificate(thing: CertificateRow) -> Page:
    """One certificate: the document, the credential, what others see, links, and when it was checked."""
    return certificate_page(thing, ShareForm(shows=[Shows.NAME, Shows.DETAILS]))


def certificate_page(thing: CertificateRow, form: ShareForm, problems: Sequence[str] = ()) -> str:
    """The page of one certificate, with the form of a new link as it stands."""
    page = page_number(request.args.get("page"))
    looks, total = reading.looks_page(thing.id, page)
    today = clock.today()
    links = reading.links_of(thing.id)
    base = str(current_app.config["BASE_URL"])
    return render_template(
        "accreditation/my_certificate.html",
        row=thing,
        form=form,
        problems=problems,
        has_credential=reading.has_credential(thing.id),
        links=[
            (link, base + url_for("accreditation.share", token=link.token))
            for link in links
            if link.is_open(today)
        ],
        past_links=[link for link in links if not link.is_open(today)][:_PAST_LINKS],
        shows_words=WORDS,
        looks=looks,
        looks_total=total,
        page=page,
        pages=max(1, -(-total // reading.LOOKS_PAGE)),
        events=[event for event, _by in queries.events_of(thing.id) if event.event in TOLD],
    )


@bp.get("/me/certificates/<serial>.pdf")
@access(load=queries.certificate_row, read=is_holder)
def my_document(thing: CertificateRow) -> Page:
    """The document as it was issued."""
    return download(queries.document_of(thing.id), f"{thing.serial}.pdf", "application/pdf")


@bp.get("/me/certificates/<serial>/credential.json")
@access(load=queries.certificate_row, read=is_holder)
def my_credential(thing: CertificateRow) -> Page:
    """The credential as it was signed, for a wallet."""
    name, data = credentials.credential_file(thing.id)
    return download(data, name, "application/json")


@bp.get("/me/certificates/<serial>/badge.png")
@access(load=queries.certificate_row, read=is_holder)
def my_badge(thing: CertificateRow) -> Page:
    """A picture that carries the credential, for a wallet."""
    name, data = credentials.badge_png(thing.id)
    return download(data, name, "image/png")


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
    return redirect(url_for("accreditation.my_certificate", serial=thing.serial), 303)
