"""The organiser's page of a course: who is eligible, why not yet, and proposing."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for

from trainer.accreditation import queries, services
from trainer.accreditation.forms import WordsForm
from trainer.accreditation.policy import (
    can_hand_out,
    can_propose,
    can_read_proposal,
    can_see_eligibility,
    can_withdraw,
)
from trainer.accreditation.queries import CertificateRow, ProposalRow
from trainer.accreditation.views.base import (
    Page,
    bp,
    certificate_on,
    chosen,
    failed,
    kind_asked,
    kind_titles,
    proposal_on,
    tell,
)
from trainer.cohorts.models import Course
from trainer.cohorts.queries import course_by_code
from trainer.core.access import access, current_actor
from trainer.core.errors import Invalid, Refused
from trainer.core.i18n import gettext as _
from trainer.core.web import download


@bp.get("/courses/<code>/accreditation")
@access(load=course_by_code, read=can_see_eligibility)
def course(thing: Course) -> str:
    """Everybody's standing with one kind of certificate, and what was issued."""
    kind = kind_asked(thing)
    return render_template(
        "accreditation/course.html",
        course=thing,
        kind=kind,
        titles=kind_titles(thing),
        candidates=services.eligible(thing, kind) if kind else [],
        certificates=[row for row in queries.certificates_of_course(thing.id) if row.kind == kind],
        may_propose=can_propose(current_actor(), thing),
        form=WordsForm(formdata=None),
    )


@bp.post("/courses/<code>/accreditation")
@access(load=course_by_code, read=can_see_eligibility, write=can_propose)
def propose(thing: Course) -> Page:
    """Proposes those who were ticked, or everybody who is eligible."""
    kind = kind_asked(thing)
    try:
        batch = services.propose(current_actor(), thing, kind, chosen())
    except (Invalid, Refused) as error:
        failed(error)
    else:
        tell(
            batch,
            "%(num)d proposal was sent to the university.",
            "%(num)d proposals were sent to the university.",
            _("Nobody was proposed: nobody new is eligible."),
        )
    return redirect(url_for("accreditation.course", code=thing.code, kind=kind), 303)


@bp.post("/courses/<code>/accreditation/proposals/<int:proposal_id>/withdraw")
@access(load=proposal_on, read=can_read_proposal, write=can_withdraw)
def withdraw(thing: ProposalRow) -> Page:
    """Takes a proposal back before it is issued."""
    try:
        services.withdraw(current_actor(), thing.id)
    except Refused as error:
        failed(error)
    else:
        flash(_("The proposal was withdrawn."), "success")
    return redirect(url_for("accreditation.course", code=thing.course.code, kind=thing.kind), 303)


@bp.post("/courses/<code>/accreditation/proposals/<int:proposal_id>/answer")
@access(load=proposal_on, read=can_read_proposal, write=can_withdraw)
def answer(thing: ProposalRow) -> Page:
    """Answers the registrar's question about a proposal."""
    form = WordsForm()
    try:
        services.answer(current_actor(), thing.id, form.words.data or "")
    except (Invalid, Refused) as error:
        failed(error)
    else:
        flash(_("Your answer was sent to the university."), "success")
    return redirect(url_for("accreditation.course", code=thing.course.code, kind=thing.kind), 303)


@bp.get("/courses/<code>/accreditation/<serial>.pdf")
@access(load=certificate_on, read=can_hand_out)
def course_document(thing: CertificateRow) -> Page:
    """The document, for the organisers who hand it out."""
    return download(queries.document_of(thing.id), f"{thing.serial}.pdf", "application/pdf")
