"""Alembic's environment: on the application's own engine, with every model loaded."""

from __future__ import annotations

from alembic import context
from sqlalchemy import JSON

from trainer.core.database import WRITE
from trainer.extensions import db


def render_item(kind: str, item: object, context: object) -> str | bool:
    """Our JSON type by its name: Alembic renders the PostgreSQL variant with a name that it does not import."""
    if kind == "type" and isinstance(item, JSON):
        return "trainer.core.models.Json"
    return False


def run() -> None:
    with db.engine.connect().execution_options(**{WRITE: True}) as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            compare_type=True,
            compare_server_default=True,
            render_item=render_item,
            render_as_batch=connection.dialect.name == "sqlite",
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


if context.is_offline_mode():
    raise SystemExit("migrations need the database")
run()
