"""The opening of a course: its dates, places, questions and words; closing it once everybody is answered."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from trainer.cohorts.models import Course
from trainer.cohorts.queries import course_by_code
from trainer.core import clock
from trainer.core.access import access, current_actor
from trainer.core.errors import Invalid, Refused
from trainer.core.i18n import LANGUAGES, say
from trainer.core.i18n import gettext as _
from trainer.joining import policy, queries, rules, services
from trainer.joining.forms import OpeningForm, opening_form
from trainer.joining.models import Opening
from trainer.joining.rules import QUESTIONS, Outcome
from trainer.joining.services import OpeningInput
from trainer.joining.views.base import Page, bp, messages
from trainer.people.queries import organisations


@bp.route("/courses/<code>/joining/opening", methods=["GET", "POST"])
@access(load=course_by_code, read=policy.can_run)
def opening(course: Course) -> Page:
    """Opens the course to candidates, or changes how."""
    found = queries.opening_of(course.id)
    entities = [(one.id, one.name) for one in organisations("entity", "host", "provider")]
    form = opening_form(entities, request.form or None, _values(course, found))
    problems: list[str] = []
    if request.method == "POST" and form.validate():
        try:
            services.save_opening(current_actor(), course, _input(form, [key for key, _name in entities]))
        except (Invalid, Refused) as error:
            problems = messages(error)
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("joining.course", code=course.code), 303)
    page = render_template(
        "joining/opening.html",
        course=course,
        opening=found,
        form=form,
        problems=problems,
        kept=[form[f"kept_{key}"] for key, _name in entities],
        texts=_texts(form, course),
    )
    return page, 422 if request.method == "POST" else 200


def _texts(form: OpeningForm, course: Course) -> list[tuple[str, str, list[Any], int, bool]]:
    """(code, language, fields, how many are filled in, open) for each language; the course's own first."""
    texts = []
    for language in sorted(LANGUAGES, key=lambda code: code != course.language):
        fields = [form[f"{code}_{language}"] for code in ("welcome", *QUESTIONS)]
        filled = sum(bool((one.data or "").strip()) for one in fields)
        wrong = any(one.errors for one in fields)
        texts.append((language, LANGUAGES[language], fields, filled, wrong or language == course.language))
    return texts


def _values(course: Course, found: Opening | None) -> dict[str, Any]:
    """What the form shows first: the opening, or a proposal from the dates of the course."""
    if found is None:
        today = clock.today(course.timezone)
        closes = max(today, course.starts_on - timedelta(weeks=3))
        return {
            "opens_on": today,
            "closes_on": closes,
            "keep_until": max(closes, course.starts_on) + timedelta(weeks=12),
            "references_asked": "0",
        }
    values: dict[str, Any] = {
        name: getattr(found, name)
        for name in ("opens_on", "closes_on", "keep_until", "places", "needs_confirmation")
    }
    values["references_asked"] = str(found.references_asked)
    for key, number in queries.kept_places(course.id).items():
        values[f"kept_{key}"] = number
    for language in LANGUAGES:
        values[f"welcome_{language}"] = found.welcome.get(language, "")
        for code in QUESTIONS:
            values[f"{code}_{language}"] = found.answers.get(code, {}).get(language, "")
    return values


def _input(form: OpeningForm, entities: list[int]) -> OpeningInput:
    return OpeningInput(
        opens_on=form.opens_on.data,  # type: ignore[arg-type]
        closes_on=form.closes_on.data,  # type: ignore[arg-type]
        places=form.places.data or 0,
        keep_until=form.keep_until.data,  # type: ignore[arg-type]
        references_asked=int(form.references_asked.data),
        needs_confirmation=bool(form.needs_confirmation.data),
        kept={key: form[f"kept_{key}"].data or 0 for key in entities},
        answers={
            code: {language: form[f"{code}_{language}"].data or "" for language in LANGUAGES}
            for code in QUESTIONS
        },
        welcome={language: form[f"welcome_{language}"].data or "" for language in LANGUAGES},
    )


@bp.route("/courses/<code>/joining/close", methods=["GET", "POST"])
@access(load=course_by_code, read=policy.can_run)
def close(course: Course) -> Page:
    """Ends the round: everybody gets an answer first, here, and then nobody new is taken."""
    found = queries.opening_of(course.id)
    if found is None:
        return redirect(url_for("joining.course", code=course.code), 303)
    wanting = [row for row in queries.candidates(course.id) if row.wants_answer]
    undecided = [row for row in wanting if row.status not in set(Outcome)]
    problems: list[str] = []
    if request.method == "POST":
        chosen = {row.id: request.form.get(f"answer_{row.id}", "") for row in undecided}
        try:
            if missing := [row.name for row in undecided if not chosen[row.id]]:
                problems = [_("Choose an answer for %(name)s.", name=name) for name in missing]
            else:
                services.decide_all(current_actor(), course, chosen)
                services.close_opening(current_actor(), course)
                flash(_("Everybody is answered, and the course takes no more candidates."), "success")
                return redirect(url_for("joining.course", code=course.code), 303)
        except (Invalid, Refused) as error:
            problems = messages(error)
    page = render_template(
        "joining/close.html",
        course=course,
        opening=found,
        undecided=undecided,
        untold=[row for row in wanting if row.status in set(Outcome)],
        answers=[
            (one.value, say(rules.outcome_text(one))) for one in (Outcome.WAITING, Outcome.NOT_THIS_TIME)
        ],
        chosen=request.form,
        problems=problems,
    )
    return page, 422 if problems else 200
