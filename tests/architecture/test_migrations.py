"""The migrated schema is the models' schema, on both databases, and the history is one line."""

from __future__ import annotations

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask

from trainer.core import schema
from trainer.extensions import db

ROOT = Path(__file__).parents[2]


def test_migrations_make_what_the_models_say(ctx: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []


def test_history_is_linear() -> None:
    scripts = ScriptDirectory(str(ROOT / "migrations"))
    assert len(scripts.get_heads()) == 1
    assert all(not isinstance(script.down_revision, tuple) for script in scripts.walk_revisions())


def test_upgrading_twice_changes_nothing(ctx: Flask) -> None:
    schema.upgrade()
    assert not schema.pending()


def test_every_constraint_is_named() -> None:
    for table in db.metadata.sorted_tables:
        for constraint in table.constraints:
            assert constraint.name, f"{table.name}: {constraint}"
