"""Links by which holders show a certificate: made and withdrawn on their own page, opened by whoever has the address."""

from __future__ import annotations

from flask import Response, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from trainer.accreditation import services
from trainer.accreditation.forms import ShareForm
from trainer.accreditation.policy import is_holder
from trainer.accreditation.queries import CertificateRow, certificate_row
from trainer.accreditation.rules.statuses import REASONS, Answer
from trainer.accreditation.views.base import Page, bp
from trainer.accreditation.views.holder import certificate_page
from trainer.accreditation.views.public import LIMIT, guarded
from trainer.core.access import access, current_actor, public
from trainer.core.errors import Invalid, Refused
from trainer.core.i18n import gettext as _
from trainer.core.i18n import say
from trainer.core.text import Text, msg
from trainer.core.web import download
from trainer.extensions import limiter

# What a link says of the state, which always shows; the day on which it ended belongs to that.
SAID = {
    Answer.VALID: msg("This certificate is valid."),
    Answer.EXPIRED: msg("This certificate was valid until %(day)s."),
    Answer.SUPERSEDED: msg("This certificate was replaced by a newer one. Ask its holder for a new link."),
    Answer.REVOKED: msg("This certificate was revoked on %(day)s. Reason: %(reason)s."),
}


@bp.post("/me/certificates/<serial>/links")
@access(load=certificate_row, read=is_holder)
def create_link(thing: CertificateRow) -> Page:
    """A new link, with what was chosen."""
    form = ShareForm()
    if not form.validate():
        return certificate_page(thing, form), 422
    try:
        services.create_link(
            current_actor(), thing.serial, form.label.data or "", form.shows.data or [], form.expires_on.data
        )
    except (Invalid, Refused) as error:
        return certificate_page(thing, form, [say(error.text)]), 422
    flash(_("The link is ready: copy its address and send it to whom you like."), "success")
    return redirect(url_for("accreditation.my_certificate", serial=thing.serial, _anchor="links"), 303)


@bp.post("/me/certificates/<serial>/links/<int:link_id>/withdraw")
@access(load=lambda serial, link_id: certificate_row(serial), read=is_holder)
def withdraw_link(thing: CertificateRow) -> Page:
    """The link shows nothing any more."""
    services.withdraw_link(current_actor(), thing.serial, int((request.view_args or {})["link_id"]))
    flash(_("The link was withdrawn: whoever opens it finds nothing."), "success")
    return redirect(url_for("accreditation.my_certificate", serial=thing.serial, _anchor="links"), 303)


@bp.get("/share/<token>")
@limiter.limit(LIMIT)
@public("the holder gave the address to whoever has it, and can withdraw it")
def share(token: str) -> BaseResponse:
    """What the holder chose to show. A link that never was, was withdrawn or is over: the same 404."""
    opened = services.open_link(token)
    if opened is None:
        abort(404)
    if request.method == "GET":
        services.note_look(current_actor(), opened.certificate_id, "link", opened.link_id)
    shown = opened.shown
    said = SAID[shown.answer]
    values = {"day": shown.ended_on, "reason": REASONS[shown.reason] if shown.reason else ""}
    page = render_template(
        "accreditation/share.html",
        shown=shown,
        words=say(Text(said.message, values if "%(" in said.message else {})),
        token=token,
    )
    return guarded(Response(page, mimetype="text/html"))


@bp.get("/share/<token>/document.pdf")
@limiter.limit(LIMIT)
@public("the holder chose that the link hands out the document")
def shared_document(token: str) -> BaseResponse:
    """The document as it was issued, when the link shows it."""
    opened, found = services.open_link(token), services.shared_document(token)
    if opened is None or found is None:
        abort(404)
    if request.method == "GET":
        services.note_look(current_actor(), opened.certificate_id, "link", opened.link_id)
    name, data = found
    return guarded(download(data, name, "application/pdf"))
