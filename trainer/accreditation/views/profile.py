"""How the university appears on its certificates."""

from __future__ import annotations

from flask import Response, abort, flash, redirect, render_template, request, url_for

from trainer.accreditation import queries, services
from trainer.accreditation.forms import SIGNATORIES, ProfileForm
from trainer.accreditation.policy import can_keep
from trainer.accreditation.queries import University
from trainer.accreditation.views.base import Page, bp
from trainer.core.access import access, current_actor
from trainer.core.errors import Invalid
from trainer.core.i18n import gettext as _
from trainer.core.i18n import language, say


@bp.route("/registry/universities/<university>/profile", methods=["GET", "POST"])
@access(load=queries.university_by_code, read=can_keep)
def profile(thing: University) -> Page:
    """Names, logo, colour, signatories, closing line; what was issued before keeps the face it has."""
    kept = queries.profile_of(thing.id)
    form = ProfileForm()
    problems: list[str] = []
    if request.method == "POST":
        if form.validate():
            file = request.files.get("logo")
            data = file.read() if file is not None and file.filename else None
            try:
                services.save_profile(current_actor(), thing, logo=data, **form.values())
            except Invalid as error:
                problems = [say(one) for one in error.problems or [error.text]]
            else:
                flash(_("The profile was saved. Look at the preview before you issue."), "success")
                return redirect(url_for("accreditation.profile", university=thing.code), 303)
    elif kept is not None:
        form.show(kept)
    else:
        form.accent.data = "#14555a"
    page = render_template(
        "accreditation/profile.html",
        university=thing,
        form=form,
        problems=problems,
        profile=kept,
        numbers=range(1, SIGNATORIES + 1),
    )
    return (page, 422) if request.method == "POST" else page


@bp.get("/registry/universities/<university>/preview.pdf")
@access(load=queries.university_by_code, read=can_keep)
def preview(thing: University) -> Page:
    """A specimen with this profile, in the language of the page."""
    data = services.preview(thing, request.args.get("language", language()))
    response = Response(data, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{thing.code}-specimen.pdf"'
    return response


@bp.get("/registry/universities/<university>/logo")
@access(load=queries.university_by_code, read=can_keep)
def logo(thing: University) -> Page:
    """The picture that is kept."""
    picture = services.logo_of(thing.id)
    if picture is None:
        abort(404)
    return Response(picture.data, mimetype=picture.mimetype)
