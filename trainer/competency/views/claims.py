"""Prior learning: what the trainee asks to have recognised."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from trainer.cohorts.models import Enrolment
from trainer.competency import queries
from trainer.competency.forms import claim_answer_form, claim_form
from trainer.competency.policy import can_assess_self, can_decide_claim, can_see_claim, owns_claim
from trainer.competency.rules import (
    CLAIM_WORDS,
    EVIDENCE_WORDS,
    PRIOR_WORDS,
    ClaimStatus,
    decider_problem,
    prior_learning_terms,
)
from trainer.competency.services import claim, decide_claim, withdraw_claim
from trainer.competency.views.base import bp, messages, own_enrolment, programme_of_course
from trainer.competency.views.evidence import upload_of
from trainer.core import files
from trainer.core.access import access, current_actor
from trainer.core.errors import TrainerError
from trainer.core.i18n import day, say


@bp.route("/me/courses/<code>/prior-learning", methods=["GET", "POST"])
@access(load=own_enrolment, read=can_assess_self)
def my_claims(enrolment: Enrolment) -> str | Response | tuple[str, int]:
    """What the trainee asked to have recognised, and asking for more."""
    programme = programme_of_course(enrolment.course)
    terms = prior_learning_terms(programme)
    claims = queries.claims_of(enrolment.id)
    pieces = [row for row in queries.evidence_of(enrolment.id) if row.withdrawn_at is None]
    sources = terms.kinds if terms else ()
    form: Any = claim_form(programme, sources, [(row.id, _piece_words(row)) for row in pieces])
    problems: list[str] = []
    if not form.is_submitted():
        form.code.data = request.args.get("competency", "")
    elif form.validate():
        chosen = form.evidence.data
        try:
            claim(
                current_actor(),
                enrolment,
                form.code.data,
                form.level.data,
                form.words.data or "",
                int(chosen) if chosen and chosen.isdigit() else None,
                upload_of("file"),
                kind=form.kind.data if sources else "",
            )
        except TrainerError as error:
            problems = messages(error)
        else:
            flash(_("Sent. You will get a letter when there is an answer."), "success")
            return redirect(url_for("competency.my_claims", code=enrolment.course.code))
    page = render_template(
        "competency/claims.html",
        course=enrolment.course,
        enrolment=enrolment,
        programme=programme,
        terms=terms,
        claims=claims,
        prior_words=PRIOR_WORDS,
        status_words=CLAIM_WORDS,
        evidence={row.id: row for row in pieces},
        kinds=EVIDENCE_WORDS,
        form=form,
        accept=files.ACCEPT,
        problems=problems,
    )
    return (page, 422) if form.is_submitted() else page


def _piece_words(row: queries.EvidenceRow) -> str:
    title = row.title or row.words[:60] or (row.url or "")
    return f"{say(EVIDENCE_WORDS[row.kind])}: {title} · {day(row.added_at)}"


@bp.post("/claims/<int:claim_id>/withdraw")
@access(load=queries.one_claim, read=owns_claim)
def claim_withdraw(one: queries.OneClaim) -> Response:
    """Take a claim back."""
    withdraw_claim(current_actor(), one.id)
    flash(_("Taken back."), "success")
    return redirect(url_for("competency.my_claims", code=one.enrolment.course.code))


def _claim_on(code: str, claim_id: int) -> queries.OneClaim | None:
    return queries.one_claim(claim_id, code)


@bp.route("/courses/<code>/competencies/claims/<int:claim_id>", methods=["GET", "POST"])
@access(load=_claim_on, read=can_see_claim, write=can_decide_claim)
def review_claim(one: queries.OneClaim) -> str | Response | tuple[str, int]:
    """One claim with its evidence, and the answer to it."""
    actor, enrolment = current_actor(), one.enrolment
    form: Any = claim_answer_form()
    problems: list[str] = []
    if form.validate_on_submit():
        try:
            decide_claim(actor, one.id, form.answer.data == ClaimStatus.RECOGNISED, form.words.data or "")
        except TrainerError as error:
            problems = messages(error)
        else:
            flash(_("Saved. The person gets a letter that there is an answer."), "success")
            return redirect(url_for("competency.reviews", code=enrolment.course.code))
    against = decider_problem(actor.person_id, enrolment.person_id, queries.too_close(enrolment.person_id))
    rows = queries.evidence_of(enrolment.id)
    page = render_template(
        "competency/claim.html",
        course=enrolment.course,
        enrolment=enrolment,
        programme=programme_of_course(enrolment.course),
        row=next(row for row in queries.claims_of(enrolment.id) if row.id == one.id),
        piece=next((row for row in rows if row.id == one.claim.evidence_id), None),
        kinds=EVIDENCE_WORDS,
        status_words=CLAIM_WORDS,
        prior_words=PRIOR_WORDS,
        form=form,
        problems=problems,
        against=against,
    )
    return (page, 422) if form.is_submitted() else page
