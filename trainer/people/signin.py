"""Signing in: Flask-Security with passwords (argon2id) and reset by mail, over our accounts and our outbox.

Magic links and mailed codes stay off: they can be replayed unless their counters are kept. Reset links are single-use by
construction (they cover the password's hash, which the reset changes); invitations are kept and marked as used.
"""

from __future__ import annotations

import getpass
from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

from flask import Flask, g, redirect, request, url_for
from flask_login import current_user
from flask_security import MailUtil, Security, SQLAlchemyUserDatastore, password_changed, password_reset
from sqlalchemy import or_, select
from werkzeug.wrappers import Response

from trainer.audit.services import record
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.database import WRITE, session
from trainer.extensions import db, limiter
from trainer.messages.services import queue
from trainer.people.models import Account, Membership


class Datastore(SQLAlchemyUserDatastore):
    """Flask-Security's own writes (a new password) carry their own commit: the session guard is told so."""

    def put(self, model: Any) -> Any:
        session().info["unguarded"] = True
        return super().put(model)  # type: ignore[no-untyped-call]

    def commit(self) -> None:
        session().info["unguarded"] = True
        try:
            super().commit()  # type: ignore[no-untyped-call]
        finally:
            session().info.pop("unguarded", None)


class OutboxMail(MailUtil):
    """Flask-Security's mails go through our outbox, as text."""

    def send_mail(
        self,
        template: str,
        subject: str,
        recipient: str | tuple[str, str],
        sender: str | tuple[str, str],
        body: str | None,
        html: str | None,
        **kwargs: Any,
    ) -> None:
        user = kwargs.get("user")
        person = getattr(user, "person", None)
        queue(
            getattr(person, "id", None),
            recipient if isinstance(recipient, str) else recipient[1],
            str(subject),
            body or "",
            getattr(person, "language", None),
        )

    def validate(self, email: str) -> str:
        return self.normalize(email)

    def normalize(self, email: str) -> str:
        return email.strip().lower()


def actor_of(account: Account) -> Actor:
    """The actor that an account stands for: its memberships that are in force today."""
    today = clock.today()
    rows = session.execute(
        select(Membership.role, Membership.organisation_id).where(
            Membership.person_id == account.person_id,
            Membership.since <= today,
            or_(Membership.ended_on.is_(None), Membership.ended_on >= today),
        )
    )
    return Actor(
        person_id=account.person_id,
        account_id=account.id,
        name=account.person.display_name,
        roles=frozenset((role, place) for role, place in rows),
    )


def command_actor() -> Actor:
    """The command line without --as: may all, and the audit names the operating system's user."""
    return Actor(system=True, os_user=os_user())


def os_user() -> str:
    """The operating system's user, "unknown" where there is none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def _account_tried() -> str:
    return str(request.form.get("email", "")).strip().lower()[:254]


def init_sign_in(app: Flask) -> None:
    """Configures Flask-Security on `app` and tells core.access how to find the actor."""
    app.config.update(
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_PASSWORD_LENGTH_MIN=10,
        SECURITY_PASSWORD_CONFIRM_REQUIRED=True,
        SECURITY_PASSWORD_SINGLE_HASH=True,
        SECURITY_PASSWORD_SALT="not used: argon2id salts by itself",  # noqa: S106
        SECURITY_RECOVERABLE=True,
        SECURITY_CHANGEABLE=True,
        SECURITY_RESET_PASSWORD_WITHIN=timedelta(hours=4),
        SECURITY_SEND_PASSWORD_CHANGE_EMAIL=True,
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_EMAIL_SENDER=app.config["MAIL_FROM"],
        SECURITY_EMAIL_VALIDATOR_ARGS={"check_deliverability": False},
        SECURITY_LOGIN_URL="/login",
        SECURITY_LOGOUT_URL="/logout",
        SECURITY_LOGOUT_METHODS=["POST"],
        SECURITY_RESET_URL="/forgotten-password",
        SECURITY_CHANGE_URL="/account/password",
        SECURITY_VERIFY_URL="/account/confirm",
        SECURITY_POST_LOGIN_VIEW="/",
        SECURITY_POST_LOGOUT_VIEW="/",
        SECURITY_POST_CHANGE_VIEW="/account",
        SECURITY_POST_RESET_VIEW="/login",
        SECURITY_DEFAULT_REMEMBER_ME=False,
        SECURITY_STATIC_FOLDER=None,
        SECURITY_JOIN_USER_ROLES=False,  # there is no such relationship: memberships carry the roles
    )
    Security(app, Datastore(db, Account, cast("Any", None)), mail_util_cls=OutboxMail)
    for endpoint, per_person, per_address in (
        ("security.login", "10/minute;60/hour", "60/minute;600/hour"),
        ("security.forgot_password", "3/minute;10/hour", "30/minute;120/hour"),
    ):
        view: Any = app.view_functions[endpoint]
        # A whole classroom signs in from one address at the same time; one account is tried by one person.
        view = limiter.limit(per_person, key_func=_account_tried, methods=["POST"])(view)
        app.view_functions[endpoint] = limiter.limit(per_address, methods=["POST"])(view)

    def find_actor() -> Actor | None:
        if not current_user or not current_user.is_authenticated:  # None outside a request: mail, commands
            return None
        return actor_of(current_user._get_current_object())

    def sign_in() -> Response:
        if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
            return app.make_response(({"error": "sign in first"}, 401))
        target = request.full_path.rstrip("?") if request.method == "GET" else "/"
        return redirect(url_for("security.login", next=target))

    app.extensions["trainer_actor"] = find_actor
    app.extensions["trainer_sign_in"] = sign_in

    def audited(action: str) -> Callable[..., None]:
        def note(sender: Any, user: Account, **extra: Any) -> None:
            # Within the write that Flask-Security commits when its page is answered.
            current = session()
            current.info["writing"] = True
            try:
                record(actor_of(user), action, f"person:{user.person_id}")
            finally:
                current.info.pop("writing", None)

        return note

    password_changed.connect(audited("account.password_changed"), app, weak=False)
    password_reset.connect(audited("account.password_reset"), app, weak=False)

    @app.before_request
    def begin_writing() -> None:
        # These pages read the account and then change it: on SQLite that has to begin as a write.
        if request.method == "POST" and request.endpoint in {
            "security.reset_password",
            "security.change_password",
        }:
            session.rollback()
            session().connection(execution_options={WRITE: True})

    @app.teardown_request
    def forget_actor(error: BaseException | None) -> None:
        g.pop("actor", None)


__all__ = ["actor_of", "command_actor", "init_sign_in", "os_user"]
