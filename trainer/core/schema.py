"""The database's schema: brought to the newest migration, or found to be behind."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app

from trainer.config import resource_dir
from trainer.extensions import db


def _config() -> Config:
    config: Config = current_app.extensions["migrate"].migrate.get_config(str(resource_dir("migrations")))
    return config


def upgrade() -> None:
    """Applies every migration that is missing; safe to repeat."""
    command.upgrade(_config(), "head")


def pending() -> bool:
    """True when the database is not at the newest migration."""
    head = ScriptDirectory(str(resource_dir("migrations"))).get_current_head()
    return current() != head


def current() -> str | None:
    """The migration that the database is at."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()
