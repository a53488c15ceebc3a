"""The page behind the link of an invitation."""

from __future__ import annotations

from flask import redirect, render_template, request
from flask_security import login_user
from werkzeug.wrappers import Response

from trainer.core.access import public
from trainer.core.errors import Invalid, Missing
from trainer.core.i18n import in_language, say
from trainer.extensions import limiter
from trainer.people import services
from trainer.people.forms import PasswordForm
from trainer.people.queries import person_by_id, usable_invitation
from trainer.people.views.base import bp


@bp.route("/invitations/<token>", methods=["GET", "POST"])
@public("the token is the key: it is random, works once and expires")
@limiter.limit("30/minute")
def accept_invitation(token: str) -> str | Response | tuple[str, int]:
    """Sets a first password and signs in. A used and an unknown link look the same."""
    invitation = usable_invitation(token)
    person = person_by_id(invitation.person_id) if invitation else None
    if invitation is None or person is None:
        return render_template("people/invitation_gone.html"), 404
    with in_language(person.language):
        form = PasswordForm()
        problems: list[str] = []
        if request.method == "POST":
            if form.validate():
                try:
                    account = services.accept_invitation(token, form.password.data or "")
                except Invalid as error:
                    problems = [say(error.text)]
                except Missing:
                    return render_template("people/invitation_gone.html"), 404
                else:
                    login_user(account, authn_via=["invitation"])
                    return redirect("/", 303)
            return render_template("people/invitation.html", person=person, form=form, problems=problems), 422
        return render_template("people/invitation.html", person=person, form=form, problems=problems)
