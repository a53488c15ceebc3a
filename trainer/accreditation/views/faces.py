"""What the university says and shows otherwise on the documents of one programme."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for

from trainer.accreditation import queries, services
from trainer.accreditation.forms import SIGNATORIES, FaceForm, face_form
from trainer.accreditation.models import ProgrammeFace
from trainer.accreditation.policy import can_keep
from trainer.accreditation.queries import University
from trainer.accreditation.rules.elements import CONDITIONAL, WORDS, missing
from trainer.accreditation.rules.faces import gives_credits, places_of, text_of
from trainer.accreditation.views.base import Page, bp
from trainer.accreditation.views.profile import uploaded, words_of
from trainer.core.access import access, current_actor
from trainer.core.errors import Invalid
from trainer.core.i18n import gettext as _
from trainer.curriculum.rules import Programme


@dataclass(frozen=True)
class AtUniversity:
    """A programme as a university accredits it."""

    university: University
    programme: Programme

    @property
    def university_id(self) -> int:
        return self.university.id


def programme_at(university: str, code: str) -> AtUniversity | None:
    """The programme `code` at the university; None when either is not there, or it has no document."""
    found = queries.university_by_code(university)
    programme = services.programme_for(found.id, code) if found else None
    if found is None or programme is None or not programme.certificates:
        return None
    return AtUniversity(found, programme)


@bp.route("/registry/universities/<university>/programmes/<code>", methods=["GET", "POST"])
@access(load=programme_at, read=can_keep)
def programme_face(thing: AtUniversity) -> Page:
    """Wording, credits, signatories, logo and colour of one programme's documents; what is left alone is as in
    the university's profile and in the programme."""
    university, programme = thing.university, thing.programme
    profile = queries.profile_of(university.id)
    face = queries.face_of(university.id, programme.code)
    form = face_form(programme)()
    problems: list[str] = []
    if request.method == "POST":
        if form.validate():
            try:
                services.save_face(current_actor(), university, programme, **form.values(), **uploaded(form))
            except Invalid as error:
                problems = words_of(error)
            else:
                flash(_("Saved. What is issued from now on looks like this."), "success")
                here = url_for(
                    "accreditation.programme_face", university=university.code, code=programme.code
                )
                return redirect(here, 303)
    else:
        _show(form, thing, face)
    page = render_template(
        "accreditation/programme_face.html",
        university=university,
        programme=programme,
        form=form,
        problems=problems,
        face=face,
        profile=profile,
        documents=[_document(programme, kind, face) for kind in programme.certificates],
        kinds=[(kind, wording.title) for kind, wording in programme.certificates.items()],
        first_kind=services.first_kind(programme),
        numbers=range(1, SIGNATORIES + 1),
    )
    return (page, 422) if request.method == "POST" else page


def _show(form: FaceForm, thing: AtUniversity, face: ProgrammeFace | None) -> None:
    issuer = services.look_of(thing.university, face)
    form.show_look(issuer.accent, issuer.signatories, issuer.closing)
    for kind in thing.programme.certificates:
        form.show_kind(services.wording_of(thing.programme, kind, face))


def _document(programme: Programme, kind: str, face: ProgrammeFace | None) -> dict[str, Any]:
    """One kind of document for the page: what the programme itself says where the university says otherwise,
    and which elements of the European recommendation it carries."""
    wording = services.wording_of(programme, kind, face)
    base = programme.certificates[kind]
    lacking = missing(programme, wording)
    return {
        "kind": kind,
        "title": wording.title,
        "own": bool(face and face.kinds.get(kind)),
        "base": base,
        "lines": {code: text_of(base.lines, code) for code in programme.languages},
        "places": ", ".join(f"{{{place}}}" for place in places_of(base) if place != "name"),
        "credits": gives_credits(base),
        "elements": [
            (words, element not in lacking, element in CONDITIONAL) for element, words in WORDS.items()
        ],
        "lacking": [words for element, words in WORDS.items() if element in lacking],
        "may_lack": CONDITIONAL.issuperset(lacking),
    }


@bp.get("/registry/universities/<university>/programmes/<code>/logo")
@access(load=programme_at, read=can_keep)
def programme_logo(thing: AtUniversity) -> Page:
    """The picture that is kept for this programme's documents."""
    face = queries.face_of(thing.university.id, thing.programme.code, logo=True)
    if face is None or not face.logo:
        abort(404)
    return Response(face.logo, mimetype=face.logo_type or "image/png")
