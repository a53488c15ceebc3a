"""The university's pages: its courses, and the proposals to decide."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for

from trainer.accreditation import queries, services
from trainer.accreditation.policy import can_decide, can_decide_on, can_open_registry
from trainer.accreditation.queries import ProposalRow
from trainer.accreditation.rules.statuses import OPEN
from trainer.accreditation.rules.steps import timeline
from trainer.accreditation.rules.threads import LONGEST_MESSAGE, Side, Thread
from trainer.accreditation.rules.two_people import against_issuing
from trainer.accreditation.services import batches
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
from trainer.core.i18n import ngettext, say


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
    return _course(thing)


def _course(thing: Course, drafts: dict[str, str] | None = None) -> str:
    proposals, actor = queries.open_proposals(thing.id), current_actor()
    two_people = queries.two_people(thing.university_id)
    return render_template(
        "accreditation/registry_course.html",
        course=thing,
        titles=dict(kind_titles(thing)),
        proposals=proposals,
        certificates=queries.certificates_of_course(thing.id),
        closed=queries.closed_proposals(thing.id),
        batches=queries.open_batches(thing.id),
        threads=queries.threads_of_course(thing.id),
        nothing=Thread(),
        drafts=drafts or {},
        longest=LONGEST_MESSAGE,
        two_people=two_people,
        not_mine={
            one.id: against
            for one in proposals
            if (against := against_issuing(actor.person_id, one.approver_id, two_people))
        },
    )


@bp.post("/registry/courses/<code>")
@access(load=course_by_code, read=can_decide)
def decide(thing: Course) -> Page:
    """Approves or issues, those who were ticked or everybody who waits; or writes about all of them."""
    kind, actor = kind_asked(thing), current_actor()
    here = redirect(url_for("accreditation.registry_course", code=thing.code), 303)
    action = request.form.get("action")
    if action == "ask":
        words = request.form.get("words", "")
        try:
            services.write_about_all(actor, Side.UNIVERSITY, thing, kind, words)
        except (Invalid, Refused) as error:
            failed(error)
            return _course(thing, {kind: words}), error.status
        flash(_("Your message was sent to the organisers."), "success")
        return here
    try:
        if action == "issue":
            return _issue(thing, kind) or here
        batch = services.approve(actor, thing, kind, chosen())
        tell(
            batch,
            ngettext("%(num)d proposal was approved.", "%(num)d proposals were approved.", len(batch.done)),
            _("Nothing was approved: no proposal is ready."),
        )
    except (Invalid, Refused) as error:
        failed(error)
    return here


def _issue(thing: Course, kind: str) -> Page | None:
    """Issues at once for one person; for several begins a batch and gives its page."""
    actor = current_actor()
    found = services.seen_by_issuer(actor, thing, services.eligible(thing, kind, chosen()))
    waiting = [one for one in found if one.eligibility.can_issue]
    if len(waiting) > 1:
        batch_id = batches.begin(actor, thing, kind, chosen())
        return redirect(url_for("accreditation.registry_batch", batch_id=batch_id, go=1), 303)
    batch = services.issue(actor, thing, kind, chosen())
    tell(
        batch,
        ngettext("%(num)d certificate was issued.", "%(num)d certificates were issued.", len(batch.done)),
        _("Nothing was issued: no approved proposal is ready."),
    )
    return None


@bp.get("/registry/proposals/<int:proposal_id>")
@access(load=queries.proposal_row, read=can_decide_on)
def registry_proposal(thing: ProposalRow) -> str:
    """One proposal with its evidence as it was frozen, its steps and messages, and what has changed since."""
    return _proposal(thing)


def _proposal(thing: ProposalRow, draft: str = "") -> str:
    thread, rule = queries.thread_of(thing.id), queries.two_people(thing.course.university_id)
    return render_template(
        "accreditation/proposal.html",
        proposal=thing,
        title=dict(kind_titles(thing.course)).get(thing.kind, {}),
        since=services.since_proposed(thing) if thing.status != "withdrawn" else None,
        thread=thread,
        steps=timeline(thing, thread.messages, queries.issues_of(thing.id)),
        draft=draft,
        longest=LONGEST_MESSAGE,
        two_people=rule,
        without_id=thing.status in OPEN and queries.without_national_id(thing.id),
        not_mine=against_issuing(current_actor().person_id, thing.approver_id, rule),
    )


@bp.post("/registry/proposals/<int:proposal_id>")
@access(load=queries.proposal_row, read=can_decide_on)
def decide_one(thing: ProposalRow) -> Page:
    """Approves, issues, asks about or declines one proposal."""
    actor, action = current_actor(), request.form.get("action")
    words = request.form.get("words", "")
    here = url_for("accreditation.registry_proposal", proposal_id=thing.id)
    there = url_for("accreditation.registry_course", code=thing.course.code)
    try:
        if action == "ask":
            services.ask(actor, thing.id, words)
            flash(_("Your message was sent to the organisers."), "success")
            return redirect(here, 303)
        if action == "withdraw":
            services.withdraw(actor, thing.id, words, Side.UNIVERSITY)
            flash(_("The proposal was closed without a certificate."), "success")
            return redirect(there, 303)
    except (Invalid, Refused) as error:
        failed(error)
        return _proposal(thing, words), error.status
    try:
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
