"""Alembic's environment: on the application's own engine, with every model loaded."""

from __future__ import annotations

from alembic import context
from flask import current_app

from trainer.core.database import WRITE
from trainer.extensions import db

database = current_app.extensions["migrate"].db


def run() -> None:
    with db.engine.connect().execution_options(**{WRITE: True}) as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            compare_type=True,
            compare_server_default=True,
            render_as_batch=connection.dialect.name == "sqlite",
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


if context.is_offline_mode():
    raise SystemExit("migrations need the database")
run()
