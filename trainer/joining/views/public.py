"""The page for people who think of applying: what the course is, the answers to their questions, the form of interest."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, redirect, render_template, request, url_for

from trainer.cohorts.models import Course
from trainer.cohorts.queries import course_by_code
from trainer.core import clock
from trainer.core.access import current_actor, public
from trainer.core.errors import Invalid
from trainer.core.i18n import language
from trainer.curriculum.queries import programme_of
from trainer.extensions import limiter
from trainer.joining import policy, queries, rules, services
from trainer.joining.forms import InterestForm
from trainer.joining.models import Opening
from trainer.joining.rules import QUESTIONS
from trainer.joining.views.base import Page, bp, messages, told

WHY = "people who think of applying read about the course before they give any detail of theirs"
LOOKS = "60 per minute"
POSTS = (
    "20 per hour"  # a centre for several people behind one address; hopeless for filling somebody's mailbox
)


@dataclass(frozen=True)
class Shown:
    """An open course, or one that only its organisers see yet."""

    course: Course
    opening: Opening
    open: bool


def shown(code: str) -> Shown:
    """The course of a public page. 404 for strangers while it is not open; organisers see it before."""
    course = course_by_code(code)
    opening = queries.opening_of(course.id) if course else None
    if course is None or opening is None:
        abort(404)
    today = clock.today(course.timezone)
    is_open = course.status != "closed" and rules.is_open(opening.opens_on, opening.closes_on, today)
    if not is_open and not policy.can_run(current_actor(), course):
        abort(404)
    return Shown(course, opening, is_open)


@bp.route("/join/<code>", methods=["GET", "POST"])
@limiter.limit(LOOKS)
@limiter.limit(POSTS, methods=["POST"])
@public(WHY)
def join(code: str) -> Page:
    """The course, its answers, its information sessions, and the form. It says nothing about anybody."""
    found = shown(code)
    form = InterestForm(request.form or None, language=language())
    problems: list[str] = []
    if request.method == "POST":
        if not found.open:
            abort(404)
        if form.validate():
            try:
                services.leave_interest(
                    found.course,
                    given_name=form.given_name.data or "",
                    family_name=form.family_name.data or "",
                    email=form.email.data or "",
                    phone=form.phone.data or "",
                    language=form.language.data,
                )
            except Invalid as error:
                problems = messages(error)
            else:
                return redirect(url_for("joining.thanks", code=code), 303)
    return _page(found, form, problems), 422 if request.method == "POST" else 200


def _page(found: Shown, form: InterestForm, problems: list[str]) -> str:
    course, opening = found.course, found.opening
    programme = programme_of(course.programme_version_id)
    answers = []
    for code in QUESTIONS:
        spoken, text = told(opening.answers.get(code), course.language)
        if text:
            answers.append((rules.question_text(code), spoken, text))
    return render_template(
        "joining/join.html",
        course=course,
        opening=opening,
        is_open=found.open,
        programme=programme,
        welcome=told(opening.welcome, course.language),
        answers=answers,
        unanswered=[rules.question_text(code) for code in rules.unanswered_questions(opening.answers)],
        infos=[one for one in queries.info_sessions(course.id) if one.cancelled_at is None and not one.over],
        form=form,
        problems=problems,
    )


@bp.get("/join/<code>/thanks")
@limiter.limit(LOOKS)
@public(WHY)
def thanks(code: str) -> Page:
    """The same page for everybody: it does not say whether an address was known."""
    found = shown(code)
    return render_template("joining/thanks.html", course=found.course, minutes=rules.MAIL_PAUSE_MINUTES)
