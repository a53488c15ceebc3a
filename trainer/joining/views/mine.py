"""The candidate's own page, behind their link: the information session, the application, the answer, withdrawing."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from trainer.core import clock
from trainer.core.access import public
from trainer.core.errors import Invalid, Refused
from trainer.core.i18n import gettext as _
from trainer.extensions import limiter
from trainer.joining import queries, rules, services
from trainer.joining.forms import ApplyForm, apply_form
from trainer.joining.queries import Case
from trainer.joining.rules import Status
from trainer.joining.services import Application, ReferenceInput
from trainer.joining.views.base import Page, attempt, bp, chosen_id, messages, private, spoken
from trainer.joining.views.candidate import adjustments_of

WHY = "the link is the key: it went to the candidate's own address, and is 128 bits that nobody can guess"
LIMIT = "60 per minute"
BASE = "/join/<code>/mine/<token>"


def _case(code: str, token: str) -> Case:
    case = queries.case_by_token(code, token)
    if case is None:
        abort(404)
    return case


@bp.get(BASE)
@limiter.limit(LIMIT)
@public(WHY)
def mine(code: str, token: str) -> Response:
    """Where the candidate stands, and what they can do next."""
    case = _case(code, token)
    with spoken(case.candidate.language):
        return private(_page(case, token))


def _page(case: Case, token: str, form: ApplyForm | None = None, problems: list[str] | None = None) -> str:
    one, course, opening = case.candidate, case.course, case.opening
    references = queries.references_of(one.id)
    infos = queries.info_sessions(course.id)
    today = clock.today(course.timezone)
    is_open = opening is not None and rules.is_open(opening.opens_on, opening.closes_on, today)
    return render_template(
        "joining/mine.html",
        course=course,
        opening=opening,
        one=one,
        token=token,
        info=next((each for each in infos if each.id == one.info_session_id), None),
        infos=[each for each in infos if each.can_be_chosen and each.id != one.info_session_id],
        form=form or _form(case),
        places=_reference_places(case),
        references=references,
        given=[each for each in references if each.answered_at is not None],
        problems=problems or [],
        confirmed_by=queries.name_of(one.confirmed_by),
        proposed_by=queries.name_of(one.proposed_by),
        wording=rules.WORDING,
        is_open=is_open and course.status != "closed",
        today=today,
        can_apply=one.status in {Status.INTERESTED, Status.APPLIED},
        return_to=request.path
        if request.method == "GET"
        else url_for("joining.mine", code=course.code, token=token),
    )


def _reference_places(case: Case) -> int:
    """How many references are still to be named: as many as are asked, without those given already."""
    asked = case.opening.references_asked if case.opening else 0
    given = sum(each.answered_at is not None for each in queries.references_of(case.candidate.id))
    return max(0, asked - given)


def _form(case: Case) -> ApplyForm:
    one = case.candidate
    values: dict[str, Any] = {
        "motivation": one.motivation,
        "adjustments": adjustments_of(one),
        "phone": one.phone,
        "language": one.language,
        "consent": one.consent_version == rules.WORDING,
    }
    waiting = [each for each in queries.references_of(one.id) if each.answered_at is None]
    for number, each in enumerate(waiting):
        values |= {
            f"reference_{number}_name": each.name,
            f"reference_{number}_email": each.email,
            f"reference_{number}_relation": each.relation,
        }
    return apply_form(_reference_places(case), request.form or None, values)


@bp.post(f"{BASE}/apply")
@limiter.limit(LIMIT)
@public(WHY)
def apply(code: str, token: str) -> Page:
    """Sends the application, or changes it."""
    case = _case(code, token)
    with spoken(case.candidate.language):
        form = _form(case)
        problems: list[str] = []
        if form.validate():
            references = [
                ReferenceInput(
                    *(form[f"reference_{number}_{part}"].data or "" for part in ("name", "email", "relation"))
                )
                for number in range(_reference_places(case))
            ]
            new = Application(
                motivation=form.motivation.data or "",
                adjustments=form.adjustments.data or "",
                language=form.language.data,
                phone=form.phone.data or "",
                references=references,
                consent=bool(form.consent.data),
            )
            first = case.candidate.status == Status.INTERESTED
            try:
                services.apply(case.candidate, new)
            except (Invalid, Refused) as error:
                problems = messages(error)
            else:
                flash(_("Your application was sent.") if first else _("Your changes are saved."), "success")
                return _back(code, token)
        return private(_page(_case(code, token), token, form, problems), 422)


@bp.post(f"{BASE}/session")
@limiter.limit(LIMIT)
@public(WHY)
def choose_session(code: str, token: str) -> Response:
    """A seat at an information session, another one, or none."""
    case = _case(code, token)
    chosen = chosen_id(request.form.get("info"))
    with spoken(case.candidate.language):
        attempt(
            lambda: services.choose_session(case.candidate, chosen),
            _("Your seat is kept.") if chosen else _("You gave up your seat."),
        )
    return _back(code, token)


@bp.post(f"{BASE}/<any(yes, no, accept, decline, withdraw, again):step>")
@limiter.limit(LIMIT)
@public(WHY)
def my_step(code: str, token: str, step: str) -> Response:
    """Yes or no to a proposal or to an offer, withdrawing, coming back."""
    case = _case(code, token)
    one = case.candidate
    with spoken(one.language):
        if step == "yes":
            attempt(lambda: services.say_yes(one), _("Thank you. You are a candidate now."))
        elif step in ("no", "withdraw"):
            attempt(lambda: services.withdraw(one), _("You withdrew. What you wrote was erased."))
        elif step == "accept":
            consent = request.form.get("consent") == "yes"
            attempt(lambda: services.accept(one, consent), _("You are on the course. Welcome!"))
        elif step == "decline":
            attempt(
                lambda: services.decline(one), _("Thank you for telling us. The place goes to somebody else.")
            )
        else:
            attempt(lambda: services.come_back(one), _("Good to have you back."))
    return _back(code, token)


@bp.post(f"{BASE}/erase")
@limiter.limit(LIMIT)
@public(WHY)
def erase_mine(code: str, token: str) -> Response:
    """Everything about somebody who withdrew, because they ask for it."""
    case = _case(code, token)
    with spoken(case.candidate.language):
        try:
            services.erase_own(case.candidate)
        except Refused as error:
            for line in messages(error):
                flash(line, "error")
            return _back(code, token)
        return private(render_template("joining/erased.html", return_to="/"))


def _back(code: str, token: str) -> Response:
    return redirect(url_for("joining.mine", code=code, token=token), 303)
