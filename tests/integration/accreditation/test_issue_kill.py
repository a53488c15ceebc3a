"""Killed between any two statements of an issue, the database holds all of it or nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import select, text

from trainer.accreditation import services
from trainer.accreditation.models import Proposal
from trainer.core.database import session
from trainer.extensions import db

ROOT = Path(__file__).parents[3]


def left() -> tuple[Any, ...]:
    """Certificates, events, the last number, the proposal's status, audit entries and mails of the issue."""
    with db.engine.connect() as connection:
        row = connection.execute(
            text(
                "select (select count(*) from certificate), (select count(*) from certificate_event),"
                " (select coalesce(max(last), 0) from serial_counter),"
                " (select status from proposal order by id limit 1),"
                " (select count(*) from audit_entry where action = 'certificate.issued'),"
                " (select count(*) from outbox where subject like '%ertifica%')"
            )
        ).one()
    return tuple(row)


def test_all_or_nothing(ready: Any, database_url: str, tmp_path: Path) -> None:
    services.propose(ready.actor("organiser"), ready.course)
    services.approve(ready.actor("registrar"), ready.course)
    proposal = session.scalars(select(Proposal.id).order_by(Proposal.id)).first()
    db.session.remove()
    db.engine.dispose()
    helper = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tests.integration.accreditation.processes",
            "kill",
            str(tmp_path),
            database_url,
            str(proposal),
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with helper:
        assert helper.stdin
        assert helper.stdout
        for statement in range(1, 200):
            print(statement, file=helper.stdin, flush=True)
            ended = int(helper.stdout.readline())
            if ended == 0:
                break
            assert ended == -signal.SIGKILL
            assert left() == (0, 0, 0, "approved", 0, 0), f"after statement {statement}"
        helper.stdin.close()
    assert statement > 15
    assert left() == (1, 1, 1, "issued", 1, 1)
