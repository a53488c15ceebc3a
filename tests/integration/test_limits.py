"""Rate limits count together, whichever worker answers; and what a served page needs works with CSRF on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import build_app
from trainer.extensions import db


@pytest.mark.parametrize(("path", "most"), [("/login", 10), ("/forgotten-password", 3)])
def test_two_workers_share_one_count(database_url: str, tmp_path: Path, path: str, most: int) -> None:
    workers = [build_app(tmp_path, database_url, RATELIMIT_ENABLED=True) for _ in range(2)]
    clients = [worker.test_client() for worker in workers]
    answers = [
        clients[number % 2].post(path, data={"email": "a@example.org", "password": "wrong"}).status_code
        for number in range(most + 2)
    ]
    assert 429 not in answers[:most]
    assert answers[most:] == [429, 429]
    other = {"email": "b@example.org", "password": "wrong"}
    assert clients[0].post(path, data=other).status_code == 200  # a classroom shares one address
    assert clients[0].get(path).status_code == 200
    for worker in workers:
        with worker.app_context():
            db.engine.dispose()


@pytest.mark.parametrize("address", ["verify", "credentials"])
def test_verification_is_limited_too(database_url: str, tmp_path: Path, address: str) -> None:
    worker = build_app(tmp_path, database_url, RATELIMIT_ENABLED=True)
    client = worker.test_client()
    answers = [client.get(f"/{address}/{number:026d}").status_code for number in range(70)]
    assert answers[0] == 404
    assert answers[-1] == 429
    with worker.app_context():
        db.engine.dispose()


def test_static_files_are_served_with_protection_on(database_url: str, tmp_path: Path) -> None:
    worker = build_app(tmp_path, database_url, WTF_CSRF_ENABLED=True)
    answer = worker.test_client().get("/static/css/app.css")
    assert answer.status_code == 200
    assert "max-age=31536000" in answer.headers["Cache-Control"]
    with worker.app_context():
        db.engine.dispose()


def test_an_unknown_host_is_refused(database_url: str, tmp_path: Path) -> None:
    worker = build_app(tmp_path, database_url)
    assert worker.test_client().get("/verify", headers={"Host": "evil.example"}).status_code == 400
    with worker.app_context():
        db.engine.dispose()
