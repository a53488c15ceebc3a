"""By which rules the university issues."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for

from trainer.accreditation import queries, services
from trainer.accreditation.forms import RulesForm
from trainer.accreditation.policy import can_keep
from trainer.accreditation.queries import University
from trainer.accreditation.views.base import Page, bp
from trainer.core.access import access, current_actor
from trainer.core.i18n import gettext as _


@bp.route("/registry/universities/<university>/rules", methods=["GET", "POST"])
@access(load=queries.university_by_code, read=can_keep)
def rules(thing: University) -> Page:
    """The two-person rule and the masked national id, for what is issued from now on."""
    form = RulesForm()
    if request.method == "POST":
        services.save_rules(
            current_actor(),
            thing,
            two_people=bool(form.two_people.data),
            national_id=bool(form.national_id.data),
        )
        flash(_("The rules were saved. They hold for what is issued from now on."), "success")
        return redirect(url_for("accreditation.rules", university=thing.code), 303)
    kept = queries.profile_of(thing.id)
    form.two_people.data = kept is not None and kept.two_people
    form.national_id.data = kept is not None and kept.national_id
    return render_template(
        "accreditation/rules.html",
        university=thing,
        form=form,
        registrars=len(queries.correspondents(thing.id, "registrar")),
    )
