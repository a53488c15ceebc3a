"""The person's own dossier: what is asked, where it stands, and handing in."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from trainer.cohorts.models import Enrolment
from trainer.core.access import access, current_actor
from trainer.core.errors import TrainerError
from trainer.core.files import ACCEPT
from trainer.core.i18n import say
from trainer.dossier import queries, services
from trainer.dossier.forms import HandInForm
from trainer.dossier.policy import is_persons
from trainer.dossier.queries import OneEntry
from trainer.dossier.views.base import (
    WORDS,
    bp,
    cards_of,
    failed,
    file_of,
    of_enrolment,
    of_first,
    paper_spec,
    programme_for,
    summary_of,
    today_of,
    upload,
)

Asked = tuple[Enrolment, str, str]


def own(code: str) -> Enrolment | None:
    return queries.own_enrolment(code, current_actor().person_id)


def own_thing(code: str, kind: str, item: str) -> Asked | None:
    enrolment = own(code)
    return None if enrolment is None else (enrolment, kind, item)


def own_entry(code: str, entry_id: int) -> OneEntry | None:
    return queries.own_entry(code, current_actor().person_id, entry_id)


@bp.get("/me/courses/<code>/dossier")
@access(load=own, read=is_persons)
def mine(enrolment: Enrolment) -> str:
    """What the programme asks the person for, where each thing stands, and what was said."""
    programme, today = programme_for(enrolment.course), today_of(enrolment.course)
    entries = queries.whole([enrolment.id]).get(enrolment.id, ())
    return render_template(
        "dossier/mine.html",
        course=enrolment.course,
        enrolment=enrolment,
        cards=cards_of(programme, entries, today),
        standing=summary_of(programme, entries, today),
        **WORDS,
    )


@bp.route("/me/courses/<code>/dossier/<any(document, portfolio):kind>/<item>", methods=["GET", "POST"])
@access(load=own_thing, read=of_first(is_persons))
def hand_in(asked: Asked) -> str | Response | tuple[str, int]:
    """Hands in one thing."""
    enrolment, kind, item = asked
    back = url_for("dossier.mine", code=enrolment.course.code)
    return hand_in_page(enrolment, kind, item, back, own=True)


def hand_in_page(
    enrolment: Enrolment, kind: str, item: str, back: str, *, own: bool
) -> str | Response | tuple[str, int]:
    """The form of handing in, for the person and for staff who do it for them."""
    spec = paper_spec(programme_for(enrolment.course), kind, item)
    if spec is None:
        flash(_("The programme does not ask for this."), "info")
        return redirect(back, 303)
    form, problems = HandInForm(), list[str]()
    if form.validate_on_submit():
        try:
            services.hand_in(
                current_actor(),
                enrolment,
                kind,
                item,
                file=upload(),
                url=form.url.data,
                words=form.words.data or "",
            )
        except TrainerError as error:
            problems = [say(error.text)]
        else:
            flash(_("Handed in. The training team looks at it next."), "success")
            return redirect(back, 303)
    page = render_template(
        "dossier/hand_in.html",
        course=enrolment.course,
        enrolment=enrolment,
        spec=spec,
        form=form,
        problems=problems,
        back=back,
        own=own,
        accept=ACCEPT,
    )
    return (page, 422) if problems or form.errors else page


@bp.get("/me/courses/<code>/dossier/files/<int:entry_id>")
@access(load=own_entry, read=of_enrolment(is_persons))
def own_file(one: OneEntry) -> Response:
    """A file that belongs to the person's own dossier."""
    return file_of(one)


@bp.post("/me/courses/<code>/dossier/entries/<int:entry_id>/void")
@access(load=own_entry, read=of_enrolment(is_persons))
def take_back(one: OneEntry) -> Response:
    """Takes back what nobody has answered yet."""
    try:
        services.void(current_actor(), one.entry)
    except TrainerError as error:
        failed(error)
    else:
        flash(_("Taken back."), "success")
    return redirect(url_for("dossier.mine", code=one.course.code), 303)
