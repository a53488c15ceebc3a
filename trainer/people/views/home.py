"""The first page, and the choice of language."""

from __future__ import annotations

from flask import current_app, redirect, render_template, request, session
from flask_wtf.csrf import CSRFError, validate_csrf
from werkzeug.wrappers import Response
from wtforms import ValidationError

from trainer.core.access import current_actor, public
from trainer.core.i18n import LANGUAGES
from trainer.extensions import csrf
from trainer.people import services
from trainer.people.rules import home_for, local_target
from trainer.people.views.base import bp


@bp.get("/")
@public("says what this is, and where to sign in or verify a certificate")
def home() -> str | Response:
    """Visitors read what this is; who is signed in goes on to their own first page."""
    actor = current_actor()
    if actor.signed_in:
        return redirect(home_for(actor.roles))
    return render_template("people/home.html")


@bp.post("/language")
@public("the language of the pages, kept in the browser's session or with the person")
def set_language() -> Response:
    """Keeps the language and goes back to where the choice was made."""
    if current_app.config.get("WTF_CSRF_ENABLED", True):
        try:
            validate_csrf(request.form.get("csrf_token"))
        except ValidationError as error:
            raise CSRFError(str(error)) from error
    code = request.form.get("language", "")
    if code in LANGUAGES:
        session["language"] = code
        actor = current_actor()
        if actor.person_id is not None:
            services.set_language(actor, code)
    return redirect(local_target(request.form.get("next")), 303)


# From the check of the referrer alone, which verification pages do not send; the token is checked above.
csrf.exempt(set_language)
