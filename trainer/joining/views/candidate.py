"""One candidate, for the organisers: what they wrote, references, the answer."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from trainer.core import clock
from trainer.core.access import access, current_actor
from trainer.core.crypto import unseal
from trainer.core.errors import Refused
from trainer.core.i18n import LANGUAGES, say
from trainer.core.i18n import gettext as _
from trainer.core.tables import parse_date
from trainer.joining import policy, queries, rules, services
from trainer.joining.models import Candidate
from trainer.joining.queries import Case
from trainer.joining.rules import Outcome, Status
from trainer.joining.views.base import attempt, bp, chosen_id, entity_choices

BASE = "/courses/<code>/joining/candidates/<int:candidate_id>"


@bp.get(BASE)
@access(load=queries.case_of, read=policy.can_run_of)
def candidate(case: Case) -> str:
    """Everything about a candidate on one page."""
    one, course = case.candidate, case.course
    places = queries.places_of(course.id)
    queue = rules.in_order(queries.waiting_list(course.id))
    offer_problem = rules.offer_problem(
        places,
        one.entity_id,
        consented=one.consent_at is not None,
        needs_confirmation=bool(case.opening and case.opening.needs_confirmation),
        confirmed=one.confirmed_at is not None,
    ) or rules.turn_problem(queue, places, one.id)
    entities = entity_choices()
    return render_template(
        "joining/candidate.html",
        course=course,
        one=one,
        opening=case.opening,
        name=f"{one.given_name} {one.family_name}".strip(),
        written_in=LANGUAGES.get(one.language, one.language),
        adjustments=adjustments_of(one),
        references=queries.references_of(one.id),
        events=queries.events_of(one.id),
        info=queries.info_session(one.info_session_id) if one.info_session_id else None,
        entities=entities,
        entity=dict(entities).get(str(one.entity_id), ""),
        proposed_by=queries.name_of(one.proposed_by),
        confirmed_by=queries.name_of(one.confirmed_by),
        professionals=queries.professionals(),
        outcomes=[
            (each.value, say(rules.outcome_text(each)))
            for each in Outcome
            if rules.may_move(one.status, each) and (one.consent_at or each is Outcome.NOT_THIS_TIME)
        ],
        offer_problem=offer_problem,
        places=places,
        position=next((n for n, each in enumerate(queue, 1) if each.id == one.id), None),
        queue=len(queue),
        answer_by=clock.today(course.timezone).fromordinal(
            clock.today(course.timezone).toordinal() + rules.ANSWER_DAYS
        ),
        wants_answer=rules.wants_answer(one.status, one.answered_at),
        can_accept=one.status == Status.OFFERED,
        rules=rules,
    )


def adjustments_of(one: Candidate) -> str:
    """What the person needs in order to take part; words that say so when the sealing key is another."""
    if one.adjustments_sealed is None:
        return ""
    try:
        return unseal(one.adjustments_sealed, rules.ADJUSTMENTS_SEALED_FOR)
    except Refused as error:
        return say(error.text)


@bp.post(f"{BASE}/decide")
@access(load=queries.case_of, read=policy.can_run_of)
def decide(case: Case) -> Response:
    """Offers a place, puts on the waiting list, or says "not this time"; the mail goes out."""
    back = _back(case)
    typed = request.form.get("answer_by", "")
    try:
        answer_by = parse_date(typed) if typed else None
    except ValueError:
        answer_by = None
    attempt(
        lambda: services.decide(current_actor(), case.candidate, request.form.get("outcome", ""), answer_by),
        _("Decided, and the answer is on its way.")
        if case.candidate.email
        else _("Decided. Please tell them."),
    )
    return back


@bp.post(f"{BASE}/<any(told, accept, link):act>")
@access(load=lambda code, candidate_id, act: queries.case_of(code, candidate_id), read=policy.can_run_of)
def step(case: Case) -> Response:
    """Told by hand; a yes taken by telephone; the link once more."""
    back, actor = _back(case), current_actor()
    which = (request.view_args or {})["act"]
    if which == "told":
        attempt(lambda: services.mark_told(actor, case.candidate), _("Noted."))
    elif which == "accept":
        attempt(lambda: services.accept_for(actor, case.candidate), _("They are on the course now."))
    else:
        attempt(lambda: services.send_link(actor, case.candidate), _("The link is on its way."))
    return back


@bp.post(f"{BASE}/confirm")
@access(load=queries.case_of, read=policy.can_run_of)
def confirm(case: Case) -> Response:
    """A professional confirmed on paper: who."""
    back = _back(case)
    person_id = chosen_id(request.form.get("person")) or 0
    attempt(lambda: services.confirm_on_paper(current_actor(), case.candidate, person_id), _("Saved."))
    return back


@bp.post(f"{BASE}/entity")
@access(load=queries.case_of, read=policy.can_run_of)
def entity(case: Case) -> Response:
    """Which entity sends them."""
    back = _back(case)
    chosen = chosen_id(request.form.get("entity"))
    attempt(lambda: services.set_entity(current_actor(), case.candidate, chosen), _("Saved."))
    return back


@bp.post(f"{BASE}/references/<int:reference_id>/ask")
@access(
    load=lambda code, candidate_id, reference_id: queries.case_of(code, candidate_id), read=policy.can_run_of
)
def ask_again(case: Case) -> Response:
    """Asks a reference once more, with a new link."""
    back = _back(case)
    reference_id = int((request.view_args or {})["reference_id"])
    attempt(
        lambda: services.ask_again(current_actor(), case.candidate, reference_id),
        _("The mail is on its way."),
    )
    return back


def _back(case: Case) -> Response:
    where = url_for("joining.candidate", code=case.course.code, candidate_id=case.candidate.id)
    return redirect(where, 303)
