"""How the university appears on its certificates."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, flash, jsonify, redirect, render_template, request, url_for

from trainer.accreditation import queries, services
from trainer.accreditation.forms import SIGNATORIES, FaceForm, LookForm, ProfileForm, face_form
from trainer.accreditation.policy import can_keep
from trainer.accreditation.queries import University
from trainer.accreditation.services import Sample
from trainer.accreditation.views.base import Page, bp
from trainer.core.access import access, current_actor
from trainer.core.errors import Invalid, Missing
from trainer.core.i18n import gettext as _
from trainer.core.i18n import language, say


def uploaded(form: LookForm) -> dict[str, Any]:
    """The logo that came along, and whether the one that is kept goes; as the services take them."""
    file = request.files.get("logo")
    return {
        "logo": file.read() if file is not None and file.filename else None,
        "remove_logo": bool(form.remove_logo.data),
    }


def words_of(error: Invalid) -> list[str]:
    """Every problem in the language of the page."""
    return [say(one) for one in error.problems or [error.text]]


@bp.route("/registry/universities/<university>/profile", methods=["GET", "POST"])
@access(load=queries.university_by_code, read=can_keep)
def profile(thing: University) -> Page:
    """Names, logo, colour, signatories, closing line; what was issued before keeps the face it has."""
    kept = queries.profile_of(thing.id)
    form = ProfileForm()
    problems: list[str] = []
    if request.method == "POST":
        if form.validate():
            try:
                services.save_profile(current_actor(), thing, **form.values(), **uploaded(form))
            except Invalid as error:
                problems = words_of(error)
            else:
                flash(_("The profile was saved. What is issued from now on looks like this."), "success")
                return redirect(url_for("accreditation.profile", university=thing.code), 303)
    else:
        form.show(kept)
    page = render_template(
        "accreditation/profile.html",
        university=thing,
        form=form,
        problems=problems,
        profile=kept,
        numbers=range(1, SIGNATORIES + 1),
        programmes=services.programmes_of(thing.id),
    )
    return (page, 422) if request.method == "POST" else page


@bp.get("/registry/universities/<university>/preview.pdf")
@access(load=queries.university_by_code, read=can_keep)
def preview(thing: University) -> Page:
    """A specimen with what is kept, in the language of the page; of one programme when it is named."""
    code = request.args.get("programme", "")
    programme = services.programme_for(thing.id, code) if code else None
    data = services.specimen(thing, _sample(), programme)
    response = Response(data, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{thing.code}-specimen.pdf"'
    return response


@bp.route("/registry/universities/<university>/preview.png", methods=["GET", "POST"])
@access(load=queries.university_by_code, read=can_keep)
def preview_picture(thing: University) -> Page:
    """A page of a specimen: with what is kept; or, posted, with what stands in the form. Nothing is saved.

    What keeps it from being printed is told in words: as JSON to the page's script, as a page to a browser.
    """
    code = request.values.get("programme", "")
    programme = services.programme_for(thing.id, code) if code else None
    typed: dict[str, Any] = {}
    problems: list[str] = []
    if request.method == "POST":
        form: ProfileForm | FaceForm = ProfileForm() if programme is None else face_form(programme)()
        if not form.validate():
            problems = [f"{field.label.text}: {words}" for field, words in form.problems()]
        typed = {("profile" if programme is None else "face"): form.values(), **uploaded(form)}
    if not problems:
        try:
            picture = services.preview_picture(thing, _sample(), programme, **typed)
        except Invalid as error:
            problems = words_of(error)
        except Missing as error:
            problems = [say(error.text)]
        else:
            return Response(picture, mimetype="image/png")
    if request.accept_mimetypes.best == "application/json":
        told = jsonify(problems=problems)
        told.status_code = 422
        return told
    return render_template("errors/422.html", problems=problems, explanation="", status=422), 422


def _sample() -> Sample:
    values = request.values
    page = values.get("preview_page", "1")
    return Sample(
        language=values.get("preview_language") or values.get("language") or language(),
        kind=values.get("preview_kind", ""),
        page=int(page) if page in {"1", "2"} else 1,
        long_name=values.get("preview_name") == "long",
    )


@bp.get("/registry/universities/<university>/logo")
@access(load=queries.university_by_code, read=can_keep)
def logo(thing: University) -> Page:
    """The picture that is kept."""
    picture = services.logo_of(thing.id)
    if picture is None:
        abort(404)
    return Response(picture.data, mimetype=picture.mimetype)
