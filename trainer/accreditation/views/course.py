"""The organiser's pages of a course: who is eligible, why not yet, proposing, and writing with the university."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for

from trainer.accreditation import queries, services
from trainer.accreditation.policy import (
    can_hand_out,
    can_propose,
    can_read_proposal,
    can_see_eligibility,
    can_withdraw,
)
from trainer.accreditation.queries import CertificateRow, ProposalRow
from trainer.accreditation.rules.steps import timeline
from trainer.accreditation.rules.threads import LONGEST_MESSAGE, Side, Thread
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
from trainer.core.i18n import ngettext
from trainer.core.web import download


@bp.get("/courses/<code>/accreditation")
@access(load=course_by_code, read=can_see_eligibility)
def course(thing: Course) -> str:
    """Everybody's standing with one kind of certificate, and what was issued."""
    return _course(thing)


def _course(thing: Course, draft: str = "") -> str:
    kind = kind_asked(thing)
    organiser = can_propose(current_actor(), thing)
    # What is written with the university is between its registrars and the organisers.
    threads = queries.threads_of_course(thing.id, kind) if organiser else {}
    return render_template(
        "accreditation/course.html",
        course=thing,
        kind=kind,
        titles=kind_titles(thing),
        candidates=services.eligible(thing, kind) if kind else [],
        certificates=[row for row in queries.certificates_of_course(thing.id) if row.kind == kind],
        closed=queries.closed_proposals(thing.id, kind) if organiser else [],
        may_propose=organiser,
        threads={proposal_id: thread for (_kind, proposal_id), thread in threads.items()},
        nothing=Thread(),
        draft=draft,
        longest=LONGEST_MESSAGE,
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
            ngettext(
                "%(num)d proposal was sent to the university.",
                "%(num)d proposals were sent to the university.",
                len(batch.done),
            ),
            _("Nobody was proposed: nobody new is eligible."),
        )
    return redirect(url_for("accreditation.course", code=thing.code, kind=kind), 303)


@bp.post("/courses/<code>/accreditation/messages")
@access(load=course_by_code, read=can_see_eligibility, write=can_propose)
def write_to_university(thing: Course) -> Page:
    """Writes to the university about all of a kind of certificate, asked or not."""
    kind, words = kind_asked(thing), request.form.get("words", "")
    try:
        services.write_about_all(current_actor(), Side.PROVIDER, thing, kind, words)
    except (Invalid, Refused) as error:
        failed(error)
        return _course(thing, words), error.status
    flash(_("Your message was sent to the university."), "success")
    return redirect(url_for("accreditation.course", code=thing.code, kind=kind), 303)


@bp.get("/courses/<code>/accreditation/proposals/<int:proposal_id>")
@access(load=proposal_on, read=can_withdraw)
def course_proposal(thing: ProposalRow) -> str:
    """One proposal for its organisers: every step, and what is written with the university; closed ones too."""
    return _proposal(thing)


def _proposal(thing: ProposalRow, draft: str = "") -> str:
    thread = queries.thread_of(thing.id)
    return render_template(
        "accreditation/course_proposal.html",
        proposal=thing,
        course=thing.course,
        title=dict(kind_titles(thing.course)).get(thing.kind, {}),
        thread=thread,
        steps=timeline(thing, thread.messages, queries.issues_of(thing.id)),
        draft=draft,
        longest=LONGEST_MESSAGE,
    )


@bp.post("/courses/<code>/accreditation/proposals/<int:proposal_id>/withdraw")
@access(load=proposal_on, read=can_read_proposal, write=can_withdraw)
def withdraw(thing: ProposalRow) -> Page:
    """Takes a proposal back before it is issued."""
    try:
        services.withdraw(current_actor(), thing.id, side=Side.PROVIDER)
    except Refused as error:
        failed(error)
    else:
        flash(_("The proposal was withdrawn."), "success")
    return redirect(url_for("accreditation.course", code=thing.course.code, kind=thing.kind), 303)


@bp.post("/courses/<code>/accreditation/proposals/<int:proposal_id>/answer")
@access(load=proposal_on, read=can_read_proposal, write=can_withdraw)
def answer(thing: ProposalRow) -> Page:
    """Writes to the university about a proposal, asked or not."""
    words = request.form.get("words", "")
    try:
        services.answer(current_actor(), thing.id, words)
    except (Invalid, Refused) as error:
        failed(error)
        return _proposal(thing, words), error.status
    flash(_("Your message was sent to the university."), "success")
    return redirect(
        url_for("accreditation.course_proposal", code=thing.course.code, proposal_id=thing.id), 303
    )


@bp.get("/courses/<code>/accreditation/<serial>.pdf")
@access(load=certificate_on, read=can_hand_out)
def course_document(thing: CertificateRow) -> Page:
    """The document, for the organisers who hand it out."""
    return download(queries.document_of(thing.id), f"{thing.serial}.pdf", "application/pdf")
