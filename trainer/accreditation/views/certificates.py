"""The university's certificates: the list, one with its history, and what becomes of it after issue."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for

from trainer.accreditation import queries, services
from trainer.accreditation.forms import ReinstateForm, RevokeForm
from trainer.accreditation.policy import can_keep
from trainer.accreditation.queries import CertificateRow, University
from trainer.accreditation.views.base import Page, bp, failed
from trainer.core import clock
from trainer.core.access import Actor, access, current_actor
from trainer.core.errors import Invalid, Refused
from trainer.core.i18n import day
from trainer.core.i18n import gettext as _
from trainer.core.paging import page_number
from trainer.core.web import download


@bp.get("/registry/universities/<university>/certificates")
@access(load=queries.university_by_code, read=can_keep)
def registry_certificates(thing: University) -> str:
    """Every certificate of the university, fifty a page; searched by serial alone. Or those that end about
    now, the nearest first."""
    serial = request.args.get("serial", "")[:60]
    page = page_number(request.args.get("page"))
    ending = request.args.get("show") == "ending"
    if ending:
        rows, pages = queries.ending_page(thing.id, page, clock.today())
    else:
        rows, pages = queries.certificates_page(thing.id, page, serial)
    return render_template(
        "accreditation/certificates.html",
        university=thing,
        rows=rows,
        page=page,
        pages=pages,
        serial=serial,
        ending=ending,
        ending_days=queries.ENDING_DAYS,
    )


@bp.get("/registry/certificates/<serial>")
@access(load=queries.certificate_row, read=can_keep)
def registry_certificate(thing: CertificateRow) -> str:
    """One certificate: its status, its history, and what can be decided about it."""
    return _certificate(thing)


def _certificate(
    thing: CertificateRow, *, revoking: RevokeForm | None = None, reinstating: ReinstateForm | None = None
) -> str:
    return render_template(
        "accreditation/certificate.html",
        certificate=thing,
        events=queries.events_of(thing.id),
        replaced_by=queries.replaced_by(thing.id),
        replaces=queries.replaces(thing.id),
        not_renewed=services.why_not_renewed(thing),
        not_mine=services.why_not_again(current_actor(), thing),
        wrong=revoking or reinstating,
        revoking=revoking or RevokeForm(formdata=None),
        reinstating=reinstating or ReinstateForm(formdata=None),
    )


@bp.get("/registry/certificates/<serial>.pdf")
@access(load=queries.certificate_row, read=can_keep)
def registry_document(thing: CertificateRow) -> Page:
    """The document as it was issued."""
    return download(queries.document_of(thing.id), f"{thing.serial}.pdf", "application/pdf")


@bp.post("/registry/certificates/<serial>/revoke")
@access(load=queries.certificate_row, read=can_keep)
def revoke(thing: CertificateRow) -> Page:
    """Revokes with a public reason and a private note."""
    form = RevokeForm()
    if not form.validate():
        return _certificate(thing, revoking=form), 422
    return _decided(
        thing,
        lambda: services.revoke(current_actor(), thing.code, form.reason.data or "", form.note.data or ""),
        _("The certificate was revoked."),
    )


@bp.post("/registry/certificates/<serial>/reinstate")
@access(load=queries.certificate_row, read=can_keep)
def reinstate(thing: CertificateRow) -> Page:
    """Takes the revocation back, from today or another day."""
    form = ReinstateForm()
    if not form.validate():
        return _certificate(thing, reinstating=form), 422
    later = form.from_day.data is not None and form.from_day.data > clock.today()
    return _decided(
        thing,
        lambda: services.reinstate(current_actor(), thing.code, form.from_day.data),
        _("Noted: it answers revoked until %(day)s, and valid from that day on.", day=day(form.from_day.data))
        if later
        else _("The certificate was reinstated: it answers valid again."),
    )


@bp.post("/registry/certificates/<serial>/review")
@access(load=queries.certificate_row, read=can_keep)
def review(thing: CertificateRow) -> Page:
    """Takes the flag off: the certificate stands."""
    return _decided(
        thing,
        lambda: services.mark_reviewed(current_actor(), thing.code),
        _("Noted: the certificate stands as it is."),
    )


@bp.post("/registry/certificates/<serial>/reissue")
@access(load=queries.certificate_row, read=can_keep)
def reissue(thing: CertificateRow) -> Page:
    """Issues the certificate anew with the next serial, from what holds today."""
    return _replaced(
        thing,
        services.reissue,
        lambda serial: _("The certificate was issued anew: %(serial)s.", serial=serial),
    )


@bp.post("/registry/certificates/<serial>/renew")
@access(load=queries.certificate_row, read=can_keep)
def renew(thing: CertificateRow) -> Page:
    """Renews a certificate that ends: a new one with the next serial, good for the next period."""
    return _replaced(
        thing, services.renew, lambda serial: _("The certificate was renewed: %(serial)s.", serial=serial)
    )


def _replaced(thing: CertificateRow, step: Callable[[Actor, str], int], said: Callable[[str], str]) -> Page:
    try:
        new = step(current_actor(), thing.code)
    except (Invalid, Refused) as error:
        failed(error)
        return redirect(url_for("accreditation.registry_certificate", serial=thing.serial), 303)
    _code, serial = queries.code_and_serial(new)
    flash(said(serial), "success")
    return redirect(url_for("accreditation.registry_certificate", serial=serial), 303)


def _decided(thing: CertificateRow, step: Callable[[], None], said: str) -> Page:
    try:
        step()
    except (Invalid, Refused) as error:
        failed(error)
    else:
        flash(said, "success")
    return redirect(url_for("accreditation.registry_certificate", serial=thing.serial), 303)
