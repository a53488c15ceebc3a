"""What every page shares: navigation, languages, errors, the addresses of static files, health."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import partial, wraps
from pathlib import Path
from typing import Any, cast

from flask import Flask, Response, current_app, g, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy import text
from werkzeug.exceptions import HTTPException, SecurityError

from trainer.core import schema
from trainer.core.access import Actor, current_actor, public
from trainer.core.database import session
from trainer.core.errors import TrainerError
from trainer.core.i18n import LANGUAGES, language, localised, say
from trainer.core.navigation import course_navigation, navigation

LogAccess = Callable[[Actor, str, dict[str, Any]], None]


def shared_pages(app: Flask, log_access: LogAccess) -> None:
    """Registers them on `app`; `log_access` notes who looked at which page about people."""

    @app.context_processor
    def common() -> dict[str, Any]:
        actor = current_actor()
        course_code, course_links = course_navigation(actor)
        return {
            "actor": actor,
            "actor_name": actor.name if actor.signed_in else "",
            "navigation": navigation(actor),
            "course_code": course_code,
            "course_links": course_links,
            "languages": LANGUAGES,
            "language": language(),
            "localised": localised,
            "say": say,
        }

    digests: dict[str, str] = {}

    @app.url_defaults
    def static_version(endpoint: str, values: dict[str, Any]) -> None:
        # A changed file gets a changed address, so that caches may keep it for a year.
        if endpoint != "static" or "filename" not in values:
            return
        name = values["filename"]
        if name not in digests or current_app.debug:
            path = Path(app.static_folder or "", name)
            digests[name] = hashlib.sha256(path.read_bytes()).hexdigest()[:10] if path.is_file() else "0"
        values["v"] = digests[name]

    @app.after_request
    def note_access(response: Response) -> Response:
        accessed = g.pop("accessed", None)
        if accessed and request.method == "GET" and response.status_code == 200:
            log_access(current_actor(), accessed[0], accessed[1])
        return response

    @app.errorhandler(TrainerError)
    def trainer_error(error: TrainerError) -> tuple[str, int]:
        return _error_page(
            error.status, say(error.text), [say(item) for item in getattr(error, "problems", [])]
        )

    @app.errorhandler(CSRFError)
    def csrf_error(error: CSRFError) -> tuple[str, int]:
        return _error_page(400, _("The page was open for too long. Go back, reload it and try again."), [])

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Any:
        if error.code is None or error.code < 400 or isinstance(error, SecurityError):
            # Nothing of ours is shown to a request for a host that is not ours: no address could be built for it.
            return error
        return _error_page(error.code, "", [])

    @app.errorhandler(500)
    def server_error(error: Exception) -> tuple[str, int]:
        return _error_page(500, "", [])

    @app.get("/healthz")
    @public("says that the process answers; for monitors")
    def healthz() -> Response:
        return Response("ok\n", mimetype="text/plain")

    @app.get("/readyz")
    @public("says that the database answers and is at the newest migration; for monitors")
    def readyz() -> tuple[Response, int]:
        try:
            session.execute(text("select 1"))
            behind = schema.pending()
        except Exception:
            app.logger.exception("not ready")
            return Response("database does not answer\n", mimetype="text/plain"), 503
        if behind:
            return Response("migrations pending\n", mimetype="text/plain"), 503
        return Response("ready\n", mimetype="text/plain"), 200

    for endpoint, view in list(app.view_functions.items()):
        if endpoint == "static":
            copy = cast("Callable[..., Response]", wraps(view)(partial(view)))
            app.view_functions[endpoint] = public("style, scripts and pictures")(copy)
        elif endpoint.startswith("security."):
            public("Flask-Security guards its own pages")(view)


def _error_page(status: int, explanation: str, problems: list[str]) -> tuple[str, int]:
    wanted = status if status in {403, 404, 413, 422, 429, 500} else 422 if status < 500 else 500
    return render_template(
        f"errors/{wanted}.html", explanation=explanation, problems=problems, status=status
    ), status
