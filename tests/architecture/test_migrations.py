"""The migrated schema is the models' schema, on both databases, and the history is one line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import JSON, Boolean, Date, DateTime, Integer, MetaData, insert, select

from trainer.core import schema
from trainer.core.database import WRITE
from trainer.extensions import db
from trainer.placement.queries import facts

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


MOMENT = datetime(2026, 3, 2, 9, tzinfo=UTC)
STORED = MOMENT.replace(tzinfo=None)
ENTRIES = [
    # id, minutes, signed off after so many hours, disputed after so many
    (1, 60, None, None),
    (2, 120, 1, None),
    (3, 30, None, 2),
    (4, 90, 1, 2),
    (5, 45, 0, None),  # imported: written down and signed off in one moment
]


def test_upgrading_with_data_keeps_it_and_tells_the_history_of_hours(ctx: Flask) -> None:
    """From 0003 to the newest and back: no row is lost, what is known of the log's past becomes events."""
    db.metadata.drop_all(db.engine)
    with db.engine.connect().execution_options(**{WRITE: True}) as connection, connection.begin():
        connection.exec_driver_sql("DROP TABLE alembic_version")
    config = schema._config()
    command.upgrade(config, "0003")
    _fill()
    before = _rows()
    assert {"session", "session_history", "mark", "placement_log", "prior_learning"} <= set(before)

    schema.upgrade()
    after = _rows()
    assert _as_before(after, before) == before
    for table, column, value in (
        ("session", "extra", False),
        ("session_history", "extra", False),
        ("prior_learning", "kind", ""),
    ):
        assert [row[column] for row in after[table]] == [value] * len(before[table])
    events = [(one["log_id"], one["state"], one["minutes"]) for one in after["placement_log_event"]]
    assert sorted(events) == [
        (1, "waiting", 60),
        (2, "signed", 120),
        (2, "waiting", 120),
        (3, "disputed", 30),
        (3, "waiting", 30),
        (4, "disputed", 90),
        (4, "signed", 90),
        (4, "waiting", 90),
        (5, "signed", 45),
        (5, "waiting", 45),
    ]
    spans = {at: facts(1, [1], MOMENT + timedelta(hours=at))[1].spans[0].done for at in (-1, 0, 1, 2)}
    assert spans[-1] == ()
    assert [one.state for one in spans[0]] == ["waiting"] * 4 + ["signed"]
    assert [one.state for one in spans[1]] == ["waiting", "signed", "waiting", "signed", "signed"]
    assert [one.state for one in spans[2]] == ["waiting", "signed", "disputed", "disputed", "signed"]
    assert spans[2] == facts(1, [1])[1].spans[0].done

    db.session.remove()
    command.downgrade(config, "0003")
    assert _rows() == before


def _rows() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table that has any, as the database holds them."""
    tables = MetaData()
    with db.engine.connect() as connection:
        tables.reflect(connection)
        found = {
            table.name: [
                dict(row) for row in connection.execute(select(table).order_by(*table.primary_key)).mappings()
            ]
            for table in tables.sorted_tables
            if table.name != "alembic_version"
        }
    return {name: rows for name, rows in found.items() if rows}


def _as_before(rows: dict[str, list[dict[str, Any]]], before: dict[str, list[dict[str, Any]]]) -> Any:
    """The tables and columns that there were before."""
    return {name: [{key: row[key] for key in before[name][0]} for row in rows[name]] for name in before}


def _fill() -> None:
    """Rows as an instance at 0003 has them: one of each, five entries of a placement's log."""
    tables = MetaData()
    with db.engine.connect().execution_options(**{WRITE: True}) as connection, connection.begin():
        tables.reflect(connection)

        def add(name: str, **values: Any) -> None:
            table = tables.tables[name]
            blank = {
                one.name: _blank(one.type)
                for one in table.columns
                if not one.nullable and not one.server_default
            }
            known = {"id": 1} if "id" in table.columns else {}
            connection.execute(insert(table).values({**blank, **known, **values}))

        add("organisation", kind="provider")
        add("person")
        add("programme_version")
        add(
            "course",
            programme_version_id=1,
            organisation_id=1,
            university_id=1,
            timezone="Europe/Madrid",
            language="en",
            status="running",
        )
        add("enrolment", course_id=1, person_id=1, status="enrolled")
        add("venue")
        add("session", course_id=1, status="held", minutes=240)
        add("session_history", session_id=1, status="held", minutes=240, at=STORED)
        add("mark", enrolment_id=1, session_id=1, kind="present")
        add("mark_change", mark_id=1, to_kind="present", from_kind="unmarked", at=STORED)
        add(
            "placement",
            enrolment_id=1,
            host_id=1,
            weekly_minutes=600,
            status="open",
            created_at=STORED - timedelta(days=1),
        )
        for key, minutes, signed, disputed in ENTRIES:
            add(
                "placement_log",
                id=key,
                placement_id=1,
                minutes=minutes,
                kind="direct",
                tasks_key=str(key),
                recorded_at=STORED,
                signed_off_at=None if signed is None else STORED + timedelta(hours=signed),
                disputed_at=None if disputed is None else STORED + timedelta(hours=disputed),
            )
        add("prior_learning", enrolment_id=1, status="asked")


def _blank(kind: Any) -> Any:
    """Something of a column's type, where the test does not care what."""
    if isinstance(kind, Boolean):
        return False
    if isinstance(kind, Integer):
        return 1
    if isinstance(kind, DateTime):
        return STORED
    if isinstance(kind, Date):
        return STORED.date()
    return {} if isinstance(kind, JSON) else "x"
