"""Trainer: runs the training of peer support workers, from the curriculum to a certificate anyone can verify."""

from __future__ import annotations

import hashlib
import importlib
import logging
from datetime import timedelta
from functools import partial, wraps
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, g, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy import text
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from trainer.audit.services import log_access
from trainer.config import PACKAGE, Settings, read_settings, resource_dir
from trainer.core.access import current_actor, public
from trainer.core.database import guard_session, prepare_engine, session
from trainer.core.errors import TrainerError
from trainer.core.i18n import LANGUAGES, choose_language, language, localised, register_filters, say
from trainer.core.navigation import course_navigation, navigation
from trainer.core.ratelimit import DatabaseStorage
from trainer.core.web import RowNumber, security_headers
from trainer.extensions import babel, csrf, db, limiter, migrate
from trainer.people.signin import init_sign_in

BLUEPRINTS = (
    "people",
    "audit",
    "curriculum",
    "cohorts",
    "scheduling",
    "gates",
    "attendance",
    "placement",
    "competency",
    "progress",
    "accreditation",
    "reports",
)
EVALUATORS = (
    ("attendance", "AttendanceEvaluator"),
    ("competency", "CompetenciesEvaluator"),
    ("placement", "PlacementHoursEvaluator"),
)
CALENDAR_SOURCES = (("scheduling", "SessionsSource"), ("placement", "PlacementSource"))
guard_session()


def create_app(settings: Settings | None = None, **overrides: Any) -> Flask:
    """The application. `overrides` are configuration keys, for tests."""
    settings = settings or read_settings()
    app = Flask("trainer", instance_path=str(settings.instance))
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SEAL_KEY=settings.seal_key,
        SETTINGS=settings,
        BASE_URL=settings.base_url,
        MAIL_URL=settings.mail_url,
        MAIL_FROM=settings.mail_from,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={"pool_pre_ping": settings.database_url.startswith("postgresql")},
        TRUSTED_HOSTS=list(settings.trusted_hosts),
        # The largest upload is a roster or a logo; the register's own posts are a few kilobytes.
        MAX_CONTENT_LENGTH=8 * 2**20,
        MAX_FORM_MEMORY_SIZE=2**20,
        MAX_FORM_PARTS=2000,
        SESSION_COOKIE_NAME="trainer",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        REMEMBER_COOKIE_SECURE=settings.secure,
        REMEMBER_COOKIE_HTTPONLY=True,
        REMEMBER_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        WTF_CSRF_TIME_LIMIT=None,
        BABEL_DEFAULT_LOCALE=settings.default_language,
        BABEL_TRANSLATION_DIRECTORIES=str(PACKAGE / "translations"),
        RATELIMIT_STORAGE_URI=f"{DatabaseStorage.STORAGE_SCHEME[0]}://",
        RATELIMIT_STRATEGY="fixed-window",
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(days=365),
    )
    app.config.update(overrides)
    app.url_map.converters["int"] = RowNumber
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=settings.proxies
        )
    app.logger.setLevel(logging.INFO)

    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    migrate.init_app(app, db, directory=str(resource_dir("migrations")))
    babel.init_app(app, locale_selector=choose_language)
    csrf.init_app(app)
    limiter.init_app(app)
    register_filters(app)
    security_headers(app, secure=settings.secure)
    _features(app)
    init_sign_in(app)
    _pages(app)
    return app


def _features(app: Flask) -> None:
    for name in BLUEPRINTS:
        module = _optional(f"trainer.{name}.views")
        if module is not None:
            app.register_blueprint(module.bp)
    for name, cls in EVALUATORS:
        module = _optional(f"trainer.{name}.requirements")
        if module is not None:
            rules = importlib.import_module("trainer.gates.rules")
            registry = app.extensions.setdefault("trainer_evaluators", rules.Registry())
            registry.register(getattr(module, cls)())
    # Courses lie below scheduling, and their pages show sessions: what they need is handed in.
    planning = importlib.import_module("trainer.scheduling.services")
    app.extensions["trainer_course_sessions"] = importlib.import_module("trainer.cohorts.rules").CourseSessions(
        sessions_of=importlib.import_module("trainer.scheduling.queries").sessions_of,
        plan=planning.plan,
        preview=planning.preview,
    )
    calendars = importlib.import_module("trainer.scheduling.rules").CalendarSources()
    app.extensions["trainer_calendar_sources"] = calendars
    for name, cls in CALENDAR_SOURCES:
        if (source := getattr(_optional(f"trainer.{name}.queries"), cls, None)) is not None:
            calendars.register(source())


def _optional(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("trainer."):
            return None
        raise


def _pages(app: Flask) -> None:
    """What every page shares: navigation, languages, errors, the addresses of static files, health."""

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
        from flask_babel import gettext

        return _error_page(
            400, gettext("The page was open for too long. Go back, reload it and try again."), []
        )

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Any:
        if error.code is None or error.code < 400:
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
        from trainer.core.schema import pending

        try:
            session.execute(text("select 1"))
            behind = pending()
        except Exception:
            app.logger.exception("not ready")
            return Response("database does not answer\n", mimetype="text/plain"), 503
        if behind:
            return Response("migrations pending\n", mimetype="text/plain"), 503
        return Response("ready\n", mimetype="text/plain"), 200

    for endpoint, view in list(app.view_functions.items()):
        if endpoint == "static":
            app.view_functions[endpoint] = public("style, scripts and pictures")(wraps(view)(partial(view)))
        elif endpoint.startswith("security."):
            public("Flask-Security guards its own pages")(view)


def _error_page(status: int, explanation: str, problems: list[str]) -> tuple[str, int]:
    wanted = status if status in {403, 404, 413, 422, 429, 500} else 422 if status < 500 else 500
    name = f"errors/{wanted}.html"
    try:
        current_app.jinja_env.get_template(name)
    except Exception:
        name = "errors/422.html"
    return render_template(name, explanation=explanation, problems=problems, status=status), status
