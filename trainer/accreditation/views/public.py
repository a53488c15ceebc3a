"""Verification, open to anybody: by code or by document, as a page or as JSON."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as BaseResponse

from trainer.accreditation import services
from trainer.accreditation.documents.looking import is_pdf
from trainer.accreditation.rules.checks import Topic
from trainer.accreditation.rules.statuses import ANSWERS, REASONS, Answer, Verification, span_words
from trainer.accreditation.views.base import bp
from trainer.core import clock
from trainer.core.access import current_actor, public
from trainer.core.i18n import say
from trainer.core.text import Text
from trainer.extensions import csrf, limiter

# Generous for a person and a classroom behind one address; hopeless for 130 random bits.
LIMIT = "60 per minute; 1000 per day"
_AROUND = 2**16  # what a form adds to the file that it carries
_PLAIN = frozenset({"application/pdf", "application/x-pdf", "application/octet-stream"})


def guarded(response: Response) -> Response:
    """The headers of what anybody may open who has the address: kept by nobody, found by no search, and the address
    (which holds the code) told to no other page."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _wants_json() -> bool:
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


@bp.get("/verify")
@public("anybody who was shown a certificate may check it")
def verify() -> BaseResponse:
    """The form; a code that was typed into it is answered at its own address."""
    if typed := request.args.get("code", "").strip():
        return redirect(url_for("accreditation.verify_code", code=typed[:200]), 303)
    return _page(None)


@bp.get("/verify/<code>")
@bp.get("/verify/<path:code>")
@limiter.limit(LIMIT)
@public("anybody who was shown a certificate may check it")
def verify_code(code: str) -> BaseResponse:
    """What a code answers. Every code that is unknown, malformed ones too, gets the same page, and costs
    the same."""
    found, certificate_id = services.verify_known(code)
    if certificate_id is not None and request.method == "GET":
        services.note_look(current_actor(), certificate_id, "code")
    return _answer(found)


@bp.post("/verify/document")
@limiter.limit(LIMIT)
@public("anybody who was handed a certificate may check the file")
def verify_document() -> BaseResponse:
    """What a PDF answers: a form's file called "document", or the body of the request. It is read into memory and
    let go; nothing of it is written anywhere."""
    try:
        data = _document()
    except RequestEntityTooLarge:
        # What is left of the file is not waited for.
        response = _problem(
            _("The file is larger than 16 MB. Certificates are far smaller: is it the right one?"), 413
        )
        response.headers["Connection"] = "close"
        return response
    if not data:
        return _problem(_("Choose the certificate's PDF first."), 422)
    if not is_pdf(data):
        return _problem(
            _(
                "This is no PDF. Choose the file as the university sent it; of a photo or a print, check the code."
            ),
            415,
        )
    found, certificate_id = services.verify_known_file(data)
    if certificate_id is not None:
        services.note_look(current_actor(), certificate_id, "document")
    return _answer(found, of_file=True)


# No token guards this address: programs that were handed a document post it here and have none. It changes nothing
# for whoever posts, and answers alike whoever does, so a page that makes a visitor's browser post gains nothing.
csrf.exempt(verify_document)


def _document() -> bytes:
    """The bytes that were sent. Raises RequestEntityTooLarge."""
    request.max_content_length = services.LARGEST_FILE + _AROUND
    if request.mimetype in _PLAIN:
        data = request.get_data(cache=False)
    else:
        upload = request.files.get("document")
        data = upload.read() if upload is not None else b""
    if len(data) > services.LARGEST_FILE:
        raise RequestEntityTooLarge
    return data


def _answer(found: Verification, of_file: bool = False) -> BaseResponse:
    status = 404 if found.answer is Answer.UNKNOWN else 200
    if _wants_json():
        response = jsonify(found.document(say))
        response.status_code = status
        return _vary(response)
    return _page(found, status, of_file=of_file)


def _problem(words: str, status: int) -> BaseResponse:
    """Nothing was checked, and why."""
    if _wants_json():
        response = jsonify({"status": str(Answer.UNKNOWN), "error": words})
        response.status_code = status
        return _vary(response)
    return _page(None, status, of_file=True, problem=words)


def _page(found: Verification | None, status: int = 200, **values: Any) -> BaseResponse:
    words = reason = span = ""
    if found is not None:
        said = ANSWERS[found.answer]
        words = say(Text(said.message, {"day": found.expires_on})) if found.expires_on else say(said)
        reason = say(REASONS[found.reason]) if found.reason else ""
        span = say(span_words(found) or "")
    page = render_template(
        "accreditation/verify.html",
        found=found,
        words=words,
        reason=reason,
        span=span,
        test_keys=found is not None and any(one.check is Topic.KEYS for one in found.checks),
        checked_at=clock.now(),
        # Changing the language comes back by GET, and a file that was dropped is not kept to be checked again.
        return_to=url_for("accreditation.verify") if request.method == "POST" else None,
        **values,
    )
    return _vary(Response(page, status, mimetype="text/html"))


def _vary(response: Response) -> Response:
    response.headers["Vary"] = "Accept, Accept-Language, Cookie"
    return guarded(response)
