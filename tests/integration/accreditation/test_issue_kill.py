"""Killed between any two statements of an issue, the database holds all of it or nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import select, text

from tests.factories.world import SYSTEM
from trainer.accreditation import services
from trainer.accreditation.models import Proposal
from trainer.accreditation.services.drafts import press_of
from trainer.core.database import session
from trainer.extensions import db

ROOT = Path(__file__).parents[3]


def left() -> tuple[Any, ...]:
    """Reservations, certificates, events, the last number, the proposal's status, audit entries of the issue
    and mails."""
    with db.engine.connect() as connection:
        row = connection.execute(
            text(
                "select (select count(*) from reservation), (select count(*) from certificate),"
                " (select count(*) from certificate_event),"
                " (select coalesce(max(last), 0) from serial_counter),"
                " (select status from proposal order by id desc limit 1),"
                " (select count(*) from audit_entry where action = 'certificate.issued'),"
                " (select count(*) from outbox where subject like '%ertifica%')"
            )
        ).one()
    return tuple(row)


# One certificate is there already: the one that warms the parent up.
NOTHING = (0, 1, 1, 1, "approved", 1, 1)
RESERVED = (1, 1, 1, 2, "approved", 1, 1)
ISSUED = (0, 2, 2, 2, "issued", 2, 2)


def test_all_or_nothing(ready: Any, database_url: str, tmp_path: Path) -> None:
    """Before the number is reserved there is nothing; after it, the number waits, however often whoever goes
    on is killed too; at the end there is all of it."""
    services.propose(ready.actor("organiser"), ready.course)
    services.approve(ready.actor("registrar"), ready.course)
    press_of(ready.university.id, SYSTEM)
    first, *_, proposal = session.scalars(select(Proposal.id).order_by(Proposal.id))
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
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def killed_at(statement: int) -> int:
        assert helper.stdin
        assert helper.stdout
        print(json.dumps([proposal, statement]), file=helper.stdin, flush=True)
        return int(helper.stdout.readline())

    with helper:
        assert helper.stdin
        assert helper.stdout
        print(json.dumps(first), file=helper.stdin, flush=True)
        assert helper.stdout.readline() == "0\n"
        before = after = 0
        while left() == NOTHING:
            before += 1
            assert killed_at(before) == -signal.SIGKILL
        assert left() == RESERVED
        while (code := killed_at(after + 1)) == -signal.SIGKILL:
            after += 1
            assert left() == RESERVED, f"after statement {after} of going on"
        assert code == 0
        helper.stdin.close() if helper.stdin else None
    assert before > 10
    assert after > 15
    assert left() == ISSUED
