"""One person's dossier for the training team: answering, handing in for them, taking back mistakes."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from trainer.cohorts.models import Enrolment
from trainer.core.access import access, current_actor
from trainer.core.errors import TrainerError
from trainer.core.i18n import localised
from trainer.core.web import file_form, of_file, table_file
from trainer.dossier import queries, services
from trainer.dossier.forms import AnswerForm
from trainer.dossier.policy import can_answer, can_see_person
from trainer.dossier.queries import OneEntry
from trainer.dossier.views.base import (
    WORDS,
    bp,
    cards_of,
    entry_state,
    failed,
    file_of,
    of_enrolment,
    of_first,
    programme_for,
    summary_of,
    today_of,
)
from trainer.dossier.views.mine import Asked, hand_in_page


def thing_of(code: str, enrolment_id: int, kind: str, item: str) -> Asked | None:
    enrolment = queries.enrolment_of(code, enrolment_id)
    return None if enrolment is None else (enrolment, kind, item)


def _home(enrolment: Enrolment, kind: str = "") -> str:
    return url_for(
        "dossier.person", code=enrolment.course.code, enrolment_id=enrolment.id, _anchor=kind or None
    )


@bp.get("/courses/<code>/people/<int:enrolment_id>/dossier")
@access(load=queries.enrolment_of, read=can_see_person)
def person(enrolment: Enrolment) -> str:
    """Everything of one person, with what waits for an answer."""
    programme, today = programme_for(enrolment.course), today_of(enrolment.course)
    entries = queries.whole([enrolment.id]).get(enrolment.id, ())
    return render_template(
        "dossier/person.html",
        course=enrolment.course,
        enrolment=enrolment,
        cards=cards_of(programme, entries, today),
        any=bool(entries),
        standing=summary_of(programme, entries, today),
        may_answer=can_answer(current_actor(), enrolment),
        **WORDS,
    )


@bp.get("/courses/<code>/people/<int:enrolment_id>/dossier.<any(csv, xlsx):form>")
@access(load=of_file(queries.enrolment_of), read=can_see_person)
def person_file(enrolment: Enrolment) -> Response:
    """Every entry of one person, newest first in each thing. Words, links and files stay on the page."""
    course = enrolment.course
    entries = queries.whole([enrolment.id]).get(enrolment.id, ())
    header = [
        *(
            _("What"),
            _("State"),
            _("Day"),
            _("Points"),
            _("Points at most"),
            _("Good until"),
            _("By"),
            _("Taken back"),
        ),
    ]
    rows: list[list[object]] = []
    for cards in cards_of(programme_for(course), entries, today_of(course)).values():
        for card in cards:
            rows += [
                [
                    *(localised(card.spec.title), entry_state(card.kind, one.state), one.on),
                    *(one.points, one.out_of if one.points is not None else None, one.valid_until, one.by),
                    _("yes") if one.id in card.voided else "",
                ]
                for one in card.history
            ]
    return table_file(f"{course.code}-dossier-{enrolment.id}", file_form(), header, rows)


@bp.route(
    "/courses/<code>/people/<int:enrolment_id>/dossier/<any(document, portfolio):kind>/<item>",
    methods=["GET", "POST"],
)
@access(load=thing_of, read=of_first(can_see_person), write=of_first(can_answer), write_on_get=True)
def hand_in_for(asked: Asked) -> str | Response | tuple[str, int]:
    """Hands in one thing for somebody: what came on paper or by mail."""
    enrolment, kind, item = asked
    return hand_in_page(enrolment, kind, item, _home(enrolment), own=False)


@bp.post("/courses/<code>/people/<int:enrolment_id>/dossier/<any(document, portfolio):kind>/<item>/answer")
@access(load=thing_of, read=of_first(can_see_person), write=of_first(can_answer))
def answer(asked: Asked) -> Response:
    """Accepts one thing, or gives it back with words."""
    enrolment, kind, item = asked
    form = AnswerForm()
    choice = request.form.get("action")
    if choice not in ("accept", "return"):
        abort(400)
    home = _home(enrolment, f"{kind}-{item}")
    if not form.validate():
        flash(" ".join(message for _field, message in form.problems()), "error")
        return redirect(home, 303)
    try:
        services.answer(
            current_actor(),
            enrolment,
            kind,
            item,
            accept=choice == "accept",
            words=form.words.data or "",
            valid_until=form.valid_until.data,
        )
    except TrainerError as error:
        failed(error)
    else:
        flash(
            _("Accepted.") if choice == "accept" else _("Given back; the person sees what you wrote."),
            "success",
        )
    return redirect(home, 303)


@bp.get("/courses/<code>/people/<int:enrolment_id>/dossier/files/<int:entry_id>")
@access(load=queries.one_entry, read=of_enrolment(can_see_person))
def file(one: OneEntry) -> Response:
    """A file that somebody handed in."""
    return file_of(one)


@bp.post("/courses/<code>/people/<int:enrolment_id>/dossier/entries/<int:entry_id>/void")
@access(load=queries.one_entry, read=of_enrolment(can_see_person))
def void(one: OneEntry) -> Response:
    """Takes back an entry that was recorded by mistake."""
    try:
        services.void(current_actor(), one.entry, request.form.get("words", ""))
    except TrainerError as error:
        failed(error)
    else:
        flash(_("Taken back; it counts no more."), "success")
    return redirect(_home(one.enrolment), 303)
