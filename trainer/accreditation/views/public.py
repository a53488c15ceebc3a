"""Verification, open to anybody: by code, as a page or as JSON."""

from __future__ import annotations

from flask import Response, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from trainer.accreditation import services
from trainer.accreditation.rules.statuses import ANSWERS, REASONS, Answer
from trainer.accreditation.views.base import bp
from trainer.core.access import public
from trainer.core.i18n import say
from trainer.core.text import Text
from trainer.extensions import limiter

# Generous for a person and a classroom behind one address; hopeless for 130 random bits.
LIMIT = "60 per minute; 1000 per day"


@bp.get("/verify")
@public("anybody who was shown a certificate may check it")
def verify() -> BaseResponse | str:
    """The form; a code that was typed into it is answered at its own address."""
    if typed := request.args.get("code", "").strip():
        return redirect(url_for("accreditation.verify_code", code=typed[:200]), 303)
    return render_template("accreditation/verify.html", found=None)


@bp.get("/verify/<code>")
@bp.get("/verify/<path:code>")
@limiter.limit(LIMIT)
@public("anybody who was shown a certificate may check it")
def verify_code(code: str) -> tuple[Response, int]:
    """What a code answers. Every code that is unknown, malformed ones too, gets the same page, and costs
    the same."""
    found = services.verify(code)
    status = 404 if found.answer is Answer.UNKNOWN else 200
    wanted = request.accept_mimetypes.best_match(["text/html", "application/json"])
    if wanted == "application/json":
        response = jsonify(found.document())
    else:
        said = ANSWERS[found.answer]
        words = say(Text(said.message, {"day": found.expires_on})) if found.expires_on else say(said)
        page = render_template(
            "accreditation/verify.html",
            found=found,
            words=words,
            reason=say(REASONS[found.reason]) if found.reason else "",
        )
        response = Response(page, mimetype="text/html")
    response.headers["Vary"] = "Accept, Accept-Language, Cookie"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response, status
