"""Another look at an assessment: the trainee asks, an organiser chooses who looks, another assessor answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from trainer.cohorts.models import Course, Enrolment
from trainer.cohorts.queries import course_by_code
from trainer.competency import queries
from trainer.competency.forms import AskAgainForm, appeal_answer_form
from trainer.competency.policy import (
    can_assess_self,
    can_assign_appeal,
    can_decide_appeal,
    can_see_appeal,
    can_see_matrix,
    can_see_person,
    owns_appeal,
)
from trainer.competency.rules import (
    APPEAL_WORDS,
    CLAIM_WORDS,
    EVIDENCE_WORDS,
    KIND_WORDS,
    PRIOR_WORDS,
    AppealStatus,
    ClaimStatus,
    Kind,
    appeal_problem,
    appeal_terms,
    decider_problem,
    is_open,
    is_overdue,
    last_day_to_appeal,
)
from trainer.competency.services import appeal, assign_appeal, decide_appeal, withdraw_appeal
from trainer.competency.views.base import bp, messages, own_enrolment, programme_of_course
from trainer.core import clock
from trainer.core.access import Actor, access, current_actor
from trainer.core.errors import TrainerError
from trainer.core.i18n import localised, say
from trainer.core.web import file_form, of_file, table_file
from trainer.curriculum.rules import Programme


@dataclass(frozen=True)
class Askable:
    """An assessment that another assessor can still be asked to look at, until `last_day`, that day included."""

    row: queries.AssessmentRow
    last_day: date


@bp.get("/me/courses/<code>/appeals")
@access(load=own_enrolment, read=can_assess_self)
def my_appeals(enrolment: Enrolment) -> str:
    """Where the trainee's appeals stand, and what they can still ask about."""
    programme = programme_of_course(enrolment.course)
    appeals = queries.appeals_of(enrolment.id)
    return render_template(
        "competency/appeals.html",
        course=enrolment.course,
        enrolment=enrolment,
        programme=programme,
        terms=appeal_terms(programme),
        appeals=appeals,
        askable=_askable(enrolment, programme, appeals),
        status_words=APPEAL_WORDS,
        kinds=KIND_WORDS,
        today=clock.today(enrolment.course.timezone),
        open_states=[AppealStatus.OPEN, AppealStatus.ASSIGNED],
    )


def _askable(enrolment: Enrolment, programme: Programme, appeals: list[queries.AppealRow]) -> list[Askable]:
    """The newest assessments first."""
    course, terms = enrolment.course, appeal_terms(programme)
    today = clock.today(course.timezone)
    earlier = {row.assessment_id: row.status for row in appeals}
    answers = {row.outcome_assessment_id for row in appeals}
    found = []
    for rows in queries.history(enrolment.id).values():
        for row in rows:
            recorded, key = queries.recorded_on(row.recorded_at, course), row.judgement.id
            problem = appeal_problem(
                row.judgement.kind,
                recorded,
                today,
                terms,
                earlier=earlier.get(key),
                is_answer=key in answers,
            )
            if problem is None and row.judgement.competency_code in programme.competency_codes:
                found.append(Askable(row, last_day_to_appeal(recorded, terms)))
    return sorted(found, key=lambda one: one.row.judgement.id, reverse=True)


def _own_assessment(code: str, assessment_id: int) -> queries.Asked | None:
    asked = queries.own_assessment(code, current_actor().person_id, assessment_id)
    return None if asked is None or asked.assessment.kind == Kind.SELF else asked


def _is_asked_own(actor: Actor, asked: queries.Asked) -> bool:
    return can_assess_self(actor, asked.enrolment)


_is_asked_own.__qualname__ = can_assess_self.__qualname__


@bp.route("/me/courses/<code>/assessments/<int:assessment_id>/appeal", methods=["GET", "POST"])
@access(load=_own_assessment, read=_is_asked_own)
def ask_again(asked: queries.Asked) -> str | Response | tuple[str, int]:
    """Ask another assessor to look at one of the own assessments."""
    course = asked.enrolment.course
    programme = programme_of_course(course)
    form: Any = AskAgainForm()
    problems: list[str] = []
    if form.validate_on_submit():
        try:
            appeal(current_actor(), course.code, asked.assessment.id, form.words.data or "")
        except TrainerError as error:
            problems = messages(error)
        else:
            flash(
                _("Sent. An organiser chooses somebody else to look at it, and you get a letter."), "success"
            )
            return redirect(url_for("competency.my_appeals", code=course.code))
    terms = appeal_terms(programme)
    page = render_template(
        "competency/ask_again.html",
        course=course,
        programme=programme,
        assessment=asked.assessment,
        kinds=KIND_WORDS,
        terms=terms,
        last_day=last_day_to_appeal(queries.recorded_on(asked.assessment.recorded_at, course), terms),
        form=form,
        problems=problems,
    )
    return (page, 422) if form.is_submitted() else page


@bp.post("/appeals/<int:appeal_id>/withdraw")
@access(load=queries.one_appeal, read=owns_appeal)
def appeal_withdraw(one: queries.OneAppeal) -> Response:
    """Take an appeal back."""
    withdraw_appeal(current_actor(), one.id)
    flash(_("Taken back."), "success")
    return redirect(url_for("competency.my_appeals", code=one.enrolment.course.code))


@bp.get("/courses/<code>/competencies/reviews")
@access(load=course_by_code, read=can_see_matrix)
def reviews(course: Course) -> str:
    """What waits for an answer on a course: claims and appeals; and what was answered."""
    programme = programme_of_course(course)
    today = clock.today(course.timezone)
    claims, appeals = queries.claims_on(course.id), queries.appeals_on(course.id)
    return render_template(
        "competency/reviews.html",
        course=course,
        programme=programme,
        open_claims=sorted(
            (row for row in claims if row.status == ClaimStatus.ASKED), key=lambda row: row.asked_at
        ),
        open_appeals=sorted((row for row in appeals if is_open(row.status)), key=lambda row: row.answer_by),
        done_claims=[row for row in claims if row.status != ClaimStatus.ASKED],
        done_appeals=[row for row in appeals if not is_open(row.status)],
        overdue={row.id for row in appeals if is_overdue(row.status, row.answer_by, today)},
        claim_words=CLAIM_WORDS,
        prior_words=PRIOR_WORDS,
        appeal_words=APPEAL_WORDS,
        me=current_actor().person_id,
    )


@bp.get("/courses/<code>/competencies/reviews.<any(csv, xlsx):form>")
@access(load=of_file(course_by_code), read=can_see_matrix)
def reviews_file(course: Course) -> Response:
    """Claims and appeals as a spreadsheet; the words of people stay on the pages."""
    programme = programme_of_course(course)
    titles = {one.code: one.title for one in programme.competencies}
    rows: list[list[object]] = []
    for appeal_row in queries.appeals_on(course.id):
        rows.append(
            [
                _("Appeal"),
                appeal_row.person_name,
                localised(titles.get(appeal_row.competency_code, appeal_row.competency_code)),
                say(APPEAL_WORDS[appeal_row.status]),
                queries.recorded_on(appeal_row.made_at, course),
                appeal_row.answer_by,
                appeal_row.decided_by or appeal_row.assigned_name or "",
                queries.recorded_on(appeal_row.decided_at, course) if appeal_row.decided_at else "",
                "",
            ]
        )
    for claim_row in queries.claims_on(course.id):
        rows.append(
            [
                _("Prior learning"),
                claim_row.person_name,
                localised(titles.get(claim_row.competency_code, claim_row.competency_code)),
                say(CLAIM_WORDS[claim_row.status]),
                queries.recorded_on(claim_row.asked_at, course),
                "",
                claim_row.decided_by or "",
                queries.recorded_on(claim_row.decided_at, course) if claim_row.decided_at else "",
                say(PRIOR_WORDS[claim_row.kind]) if claim_row.kind else "",
            ]
        )
    header = [
        _("What"),
        _("Name"),
        _("Competency"),
        _("State"),
        _("Asked"),
        _("Answer by"),
        _("Who"),
        _("Answered"),
        _("Where it comes from"),
    ]
    return table_file(f"{course.code}-reviews", file_form(), header, rows)


def _appeal_on(code: str, appeal_id: int) -> queries.OneAppeal | None:
    return queries.one_appeal(appeal_id, code)


@bp.get("/courses/<code>/competencies/appeals/<int:appeal_id>")
@access(load=_appeal_on, read=can_see_appeal)
def review_appeal(one: queries.OneAppeal) -> str:
    """One appeal: what was said, who looks at it, what came of it."""
    return _appeal_page(one)


@bp.post("/courses/<code>/competencies/appeals/<int:appeal_id>/assign")
@access(load=_appeal_on, read=can_see_appeal, write=can_assign_appeal)
def appeal_assign(one: queries.OneAppeal) -> Response | tuple[str, int]:
    """An organiser gives it to another assessor."""
    try:
        assign_appeal(current_actor(), one.id, request.form.get("assessor", 0, type=int))
    except TrainerError as error:
        return _appeal_page(one, messages(error)), error.status
    flash(_("Saved. Both get a letter."), "success")
    return redirect(url_for("competency.review_appeal", code=one.enrolment.course.code, appeal_id=one.id))


@bp.post("/courses/<code>/competencies/appeals/<int:appeal_id>/answer")
@access(load=_appeal_on, read=can_see_appeal, write=can_decide_appeal)
def appeal_answer(one: queries.OneAppeal) -> Response | tuple[str, int]:
    """The other assessor answers."""
    course = one.enrolment.course
    form: Any = appeal_answer_form(programme_of_course(course).scale, one.assessment.level_code)
    if not form.validate_on_submit():
        return _appeal_page(one, form=form), 422
    changed = form.answer.data != AppealStatus.UPHELD
    try:
        decide_appeal(
            current_actor(), one.id, changed, form.answer.data if changed else None, form.words.data or ""
        )
    except TrainerError as error:
        return _appeal_page(one, messages(error), form), error.status
    flash(_("Saved. The person gets a letter that there is an answer."), "success")
    return redirect(url_for("competency.review_appeal", code=course.code, appeal_id=one.id))


def _appeal_page(one: queries.OneAppeal, problems: list[str] | None = None, form: Any = None) -> str:
    actor, enrolment, first = current_actor(), one.enrolment, one.assessment
    course = enrolment.course
    programme = programme_of_course(course)
    row = next(row for row in queries.appeals_of(enrolment.id) if row.id == one.id)
    rested = set(queries.resting_on(enrolment.id).of_assessment.get(first.id, []))
    too_close = queries.too_close(enrolment.person_id)
    assigns = is_open(row.status) and can_assign_appeal(actor, one)
    return render_template(
        "competency/appeal.html",
        course=course,
        enrolment=enrolment,
        programme=programme,
        row=row,
        first=first,
        staff=can_see_person(actor, enrolment),
        kinds=KIND_WORDS,
        evidence_kinds=EVIDENCE_WORDS,
        pieces=[piece for piece in queries.evidence_of(enrolment.id) if piece.id in rested],
        status_words=APPEAL_WORDS,
        overdue=is_overdue(row.status, row.answer_by, clock.today(course.timezone)),
        assigns=assigns,
        assessors=[
            (who, name)
            for who, name in (queries.possible_assessors(enrolment, course) if assigns else [])
            if decider_problem(who, enrolment.person_id, too_close, first.assessor_id) is None
        ],
        answers=row.status == AppealStatus.ASSIGNED and can_decide_appeal(actor, one),
        form=form or appeal_answer_form(programme.scale, first.level_code),
        problems=problems or [],
    )
