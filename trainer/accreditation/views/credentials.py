"""The public addresses of credentials, for wallets and verifiers: JSON alone, open to scripts of any site."""

from __future__ import annotations

from flask import Response, request

from trainer.accreditation.services import credentials
from trainer.accreditation.services.credentials import Shown
from trainer.accreditation.services.noting import note_look
from trainer.accreditation.views.base import bp
from trainer.core.access import current_actor, public
from trainer.extensions import limiter

# As for /verify: a credential is found by the same code.
LIMIT = "60 per minute; 1000 per day"
# A verifier asks for these two each time, whoever's credential it checks, and they name nobody.
LIST_LIMIT = "300 per minute"
_TYPES = ["application/vc+ld+json", "application/vc", "application/ld+json", "application/json"]


def _answer(shown: Shown, kinds: list[str] | None = None, seconds: int = 0) -> Response:
    """A JSON text; kept by caches for `seconds` (0: not at all)."""
    kind = request.accept_mimetypes.best_match(kinds, kinds[0]) if kinds else "application/json"
    response = Response(
        shown.text, shown.status, mimetype=kind if shown.status == 200 else "application/json"
    )
    # Checking is done in the verifier's own page, and needs neither cookies nor a name.
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Vary"] = "Accept"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    keep = f"public, max-age={seconds}" if seconds and shown.status == 200 else "no-store"
    response.headers["Cache-Control"] = keep
    if shown.etag:
        response.set_etag(shown.etag)
        response.make_conditional(request)
    return response


@bp.get("/credentials/<code>")
@bp.get("/credentials/<path:code>")
@limiter.limit(LIMIT)
@public("a wallet or verifier that was shown a credential may fetch it")
def credential(code: str) -> Response:
    """The signed credential as it was frozen. Every code that is unknown gets the same answer."""
    shown = credentials.shown(code)
    if shown.certificate_id is not None:
        note_look(current_actor(), shown.certificate_id, "credential")
    return _answer(shown, _TYPES)


@bp.get("/status/<int:number>")
@limiter.limit(LIST_LIMIT)
@public("verifiers read there whether a credential was revoked; it names nobody")
def status_list(number: int) -> Response:
    """The signed list of what was revoked or replaced."""
    return _answer(credentials.status_list(number), _TYPES, seconds=60)


@bp.get("/.well-known/did.json")
@limiter.limit(LIST_LIMIT)
@public("verifiers find the public keys of credentials there")
def did_document() -> Response:
    """The DID document of the instance."""
    return _answer(credentials.did_shown(), seconds=300)


@bp.get("/achievements/<university>/<programme>/<version>/<kind>/<language>", defaults={"sample": ""})
@bp.get("/achievements/<university>/<programme>/<version>/<kind>/<language>/<any(specimen):sample>")
@limiter.limit(LIMIT)
@public("a credential says what was achieved by this address; it names nobody")
def achievement(
    university: str, programme: str, version: str, kind: str, language: str, sample: str
) -> Response:
    """What was achieved, without the people who did."""
    return _answer(
        credentials.achievement(university, programme, version, kind, language, bool(sample)), _TYPES[2:]
    )
