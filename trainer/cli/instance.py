"""init, serve: making an instance and running it."""

from __future__ import annotations

import os
import threading
import time

import click
from flask import Flask

from trainer.cli.common import application
from trainer.config import Settings, read_settings, seal_key_file, write_secret
from trainer.core import clock, schema

MAIL_EVERY_SECONDS = 10


def prepare() -> Settings:
    """Makes folder, secrets and database where they are missing, and brings the schema up to date."""
    settings = read_settings(create=True)
    with application().app_context():
        schema.upgrade()
    if settings.database_url.startswith("sqlite:///"):
        path = settings.database_url.removeprefix("sqlite:///")
        if os.path.exists(path):
            os.chmod(path, 0o600)
    return settings


@click.command()
def init() -> None:
    """Creates or upgrades the database and keys; safe to repeat."""
    settings = prepare()
    click.echo(f"instance {settings.instance} is ready")
    if not os.environ.get("TRAINER_SEAL_KEY"):
        path = seal_key_file(settings.instance, os.environ)
        write_secret(path)
        click.echo(f"sealing key {path}: keep a copy of it apart from the backups, which do not hold it")


def _remind(app: Flask) -> None:
    """The day's reminders; what another worker, or cron, has sent is not sent again."""
    from trainer.accreditation.services import remind as of_certificates
    from trainer.attendance.services.reminders import remind as of_make_ups

    for remind in (of_certificates, of_make_ups):
        try:
            with app.app_context():
                remind()
        except Exception:
            app.logger.exception("nobody was reminded; trying again tomorrow")


def _deliver_mail(app: Flask) -> None:
    from trainer.messages.services import deliver

    reminded = None
    while True:
        if reminded != (today := clock.today()):
            reminded = today
            _remind(app)
        try:
            with app.app_context():
                deliver()
        except Exception:
            app.logger.exception("mail was not delivered; trying again")
        time.sleep(MAIL_EVERY_SECONDS)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=5000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
def serve(host: str, port: int, workers: int) -> None:
    """The production server: worker processes, one to two a core; each also delivers mail that waits."""
    from gunicorn.app.base import BaseApplication

    app = application()
    with app.app_context():
        if schema.pending():
            raise click.ClickException("the database is not at the newest version: run `trainer init`")
        from trainer.extensions import db

        db.engine.dispose()  # no connection may cross the fork

    class Server(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            for key, value in {
                "bind": f"{host}:{port}",
                "workers": workers,
                "timeout": 60,
                "graceful_timeout": 20,
                "max_requests": 10_000,
                "max_requests_jitter": 1_000,
                "preload_app": True,
                "control_socket_disable": True,
                "post_worker_init": self.start_mail,
            }.items():
                if key in self.cfg.settings:
                    self.cfg.set(key, value)

        @staticmethod
        def start_mail(worker: object) -> None:
            threading.Thread(target=_deliver_mail, args=(app,), daemon=True).start()

        def load(self) -> Flask:
            return app

    click.echo(f"serving on http://{host}:{port}")
    Server().run()


@click.group()
def mail() -> None:
    """The outbox."""


@mail.command("deliver")
def mail_deliver() -> None:
    """Delivers what waits, now (the server does it by itself every few seconds)."""
    from trainer.messages.services import deliver

    with application().app_context():
        sent, failed = deliver(limit=1000)
    click.echo(f"{sent} sent, {failed} not delivered")
    if failed:
        raise click.exceptions.Exit(1)


COMMANDS = [init, serve, mail]
