"""The university's pages: its courses, and the proposals to decide."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for

from trainer.accreditation import queries, services
from trainer.accreditation.forms import WordsForm
from trainer.accreditation.policy import can_decide, can_decide_on, can_open_registry
from trainer.accreditation.queries import ProposalRow
from trainer.accreditation.views.base import (
    Page,
    bp,
    chosen,
    everything,
    failed,
    kind_asked,
    kind_titles,
    tell,
)
from trainer.cohorts.models import Course
from trainer.cohorts.queries import course_by_code
from trainer.core.access import access, current_actor
from trainer.core.errors import Invalid, Refused
from trainer.core.i18n import gettext as _
from trainer.core.i18n import say


@bp.get("/registry")
@access(load=everything, read=can_open_registry)
def registry(_thing: bool) -> str:
    """The actor's universities, and their courses in counts."""
    universities = queries.universities(current_actor())
    return render_template(
        "accreditation/registry.html",
        universities=universities,
        counts=queries.course_counts([one.id for one in universities]),
    )


@bp.get("/registry/courses/<code>")
@access(load=course_by_code, read=can_decide)
def registry_course(thing: Course) -> str:
    """The proposals of a course that wait, with their decisions, and what was issued."""
    return render_template(
        "accreditation/registry_course.html",
        course=thing,
        titles=dict(kind_titles(thing)),
        proposals=queries.open_proposals(thing.id),
        certificates=queries.certificates_of_course(thing.id),
    )


@bp.post("/registry/courses/<code>")
@access(load=course_by_code, read=can_decide)
def decide(thing: Course) -> Page:
    """Approves or issues, those who were ticked or everybody who waits."""
    kind = kind_asked(thing)
    actor = current_actor()
    try:
        if request.form.get("action") == "issue":
            tell(
                services.issue(actor, thing, kind, chosen()),
                "%(num)d certificate was issued.",
                "%(num)d certificates were issued.",
                _("Nothing was issued: no approved proposal is ready."),
            )
        else:
            tell(
                services.approve(actor, thing, kind, chosen()),
                "%(num)d proposal was approved.",
                "%(num)d proposals were approved.",
                _("Nothing was approved: no proposal is ready."),
            )
    except (Invalid, Refused) as error:
        failed(error)
    return redirect(url_for("accreditation.registry_course", code=thing.code), 303)


@bp.get("/registry/proposals/<int:proposal_id>")
@access(load=queries.proposal_row, read=can_decide_on)
def registry_proposal(thing: ProposalRow) -> str:
    """One proposal with its evidence as it was frozen, and how the decision stands today."""
    today = services.eligible(thing.course, thing.kind, [thing.enrolment_id])
    return render_template(
        "accreditation/proposal.html",
        proposal=thing,
        title=dict(kind_titles(thing.course)).get(thing.kind, {}),
        against=today[0].reasons if today else (),
        form=WordsForm(formdata=None),
    )


@bp.post("/registry/proposals/<int:proposal_id>")
@access(load=queries.proposal_row, read=can_decide_on)
def decide_one(thing: ProposalRow) -> Page:
    """Approves, issues, asks about or declines one proposal."""
    actor, action = current_actor(), request.form.get("action")
    here = url_for("accreditation.registry_proposal", proposal_id=thing.id)
    there = url_for("accreditation.registry_course", code=thing.course.code)
    try:
        if action == "ask":
            services.ask(actor, thing.id, WordsForm().words.data or "")
            flash(_("Your question was sent to the organisers."), "success")
            return redirect(here, 303)
        if action == "withdraw":
            services.withdraw(actor, thing.id)
            flash(_("The proposal was closed without a certificate."), "success")
            return redirect(there, 303)
        step = services.issue if action == "issue" else services.approve
        batch = step(actor, thing.course, thing.kind, [thing.enrolment_id])
        for refused in batch.refused:
            for reason in refused.reasons:
                flash(say(reason), "error")
        if action == "issue" and batch.done:
            flash(
                _("The certificate was issued: %(serial)s.", serial=batch.done[0].row.serial or ""), "success"
            )
            return redirect(there, 303)
        if batch.done:
            flash(_("The proposal was approved."), "success")
    except (Invalid, Refused) as error:
        failed(error)
    return redirect(here, 303)
