"""Trainer: runs the training of peer support workers, from the curriculum to a certificate anyone can verify."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from trainer.accreditation import views as accreditation_views
from trainer.accreditation.services import flag_for_review
from trainer.attendance import queries as attendance_queries
from trainer.attendance import views as attendance_views
from trainer.attendance.queries.repeats import MakeUpsSource, why_in_use
from trainer.attendance.requirements import AttendanceEvaluator, MaxAbsencesEvaluator, UnmissableEvaluator
from trainer.attendance.services.following import enrolment_changed, sessions_changed
from trainer.audit import views as audit_views
from trainer.audit.services import log_access
from trainer.cohorts import views as cohorts_views
from trainer.cohorts.rules import CourseSessions
from trainer.competency import queries as competency_queries
from trainer.competency import views as competency_views
from trainer.competency.requirements import CompetenciesEvaluator
from trainer.config import PACKAGE, Settings, read_settings, resource_dir
from trainer.core.database import guard_session, prepare_engine
from trainer.core.i18n import choose_language, register_filters
from trainer.core.pages import shared_pages
from trainer.core.ratelimit import DatabaseStorage
from trainer.core.web import InMemoryRequest, RowNumber, Word, Words, security_headers
from trainer.curriculum import views as curriculum_views
from trainer.dossier import queries as dossier_queries
from trainer.dossier import views as dossier_views
from trainer.dossier.requirements import (
    DecisionEvaluator,
    DocumentsEvaluator,
    PortfolioEvaluator,
    TestEvaluator,
)
from trainer.extensions import babel, csrf, db, limiter, migrate
from trainer.gates import views as gates_views
from trainer.gates.rules import Registry
from trainer.joining import views as joining_views
from trainer.people import views as people_views
from trainer.people.signin import init_sign_in
from trainer.placement import queries as placement_queries
from trainer.placement import views as placement_views
from trainer.placement.requirements import PlacementHoursEvaluator
from trainer.progress import views as progress_views
from trainer.progress.requirements import OrderEvaluator
from trainer.reports import views as reports_views
from trainer.scheduling import services as planning
from trainer.scheduling import views as scheduling_views
from trainer.scheduling.queries import SessionsSource, sessions_of
from trainer.scheduling.rules import CalendarSources

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
    app.request_class = InMemoryRequest
    app.url_map.converters.update({"int": RowNumber, "default": Word, "string": Word, "path": Words})
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=settings.proxies
        )
    app.logger.setLevel(logging.INFO)

    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine, app.config.get("SQLITE_SYNCHRONOUS", "FULL"))
    migrate.init_app(app, db, directory=str(resource_dir("migrations")))
    babel.init_app(app, locale_selector=choose_language)
    csrf.init_app(app)
    limiter.init_app(app)
    register_filters(app)
    security_headers(app, secure=settings.secure)
    _features(app)
    return app


def _features(app: Flask) -> None:
    """What the product has, and what one feature hands to those that lie below it."""
    for views in (
        people_views,
        audit_views,
        curriculum_views,
        cohorts_views,
        scheduling_views,
        gates_views,
        attendance_views,
        placement_views,
        competency_views,
        dossier_views,
        joining_views,
        progress_views,
        accreditation_views,
        reports_views,
    ):
        app.register_blueprint(views.bp)
    app.extensions["trainer_evaluators"] = Registry(
        [
            AttendanceEvaluator(),
            MaxAbsencesEvaluator(),
            UnmissableEvaluator(),
            CompetenciesEvaluator(),
            PlacementHoursEvaluator(),
            DocumentsEvaluator(),
            PortfolioEvaluator(),
            TestEvaluator(),
            DecisionEvaluator(),
            OrderEvaluator(),
        ],
        sources={
            "attendance": attendance_queries.inputs,
            "competency": competency_queries.judgements,
            "placement": placement_queries.facts,
            "dossier": dossier_queries.entries,
        },
    )
    # Courses lie below scheduling, and their pages show sessions: what they need is handed in.
    app.extensions["trainer_course_sessions"] = CourseSessions(
        sessions_of=sessions_of, plan=planning.plan, preview=planning.preview
    )
    app.extensions["trainer_calendar_sources"] = calendars = CalendarSources()
    calendars.register(SessionsSource())
    calendars.register(MakeUpsSource())
    # Whether a session is a repeat is settled once registers or make-ups, which lie above sessions, rest on it.
    app.extensions["trainer_session_in_use"] = why_in_use
    # Whether a course has documents, tests or decisions: the navigation of its pages asks.
    app.extensions["trainer_asks_dossier"] = dossier_queries.asked_on
    # What is made up, and what was taken along to another course, follows the sessions and the places that it rests on.
    app.extensions["trainer_enrolment_changed"] = enrolment_changed
    app.extensions["trainer_sessions_changed"] = sessions_changed
    # Certificates rest on registers, which lie below: a correction flags what was issued.
    app.extensions["trainer_facts_corrected"] = flag_for_review
    init_sign_in(app)
    shared_pages(app, log_access)
