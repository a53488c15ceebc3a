"""Killed between any two statements of a register save, the database holds all of it or nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from sqlalchemy import text

from trainer.extensions import db

# Reads a number a line, and for each saves the register in a child that ends itself with SIGKILL right after
# its n-th statement; says how the child ended. The parent saves another session's register first: what SQLAlchemy compiles
# for it, the children inherit. It has no connection open when it forks: children share none.
HELPER = """
import os, signal, sys
from pathlib import Path
from sqlalchemy import event
from tests.conftest import build_app
from trainer.attendance.rules import MarkInput, MarkKind
from trainer.attendance.services import save_register
from trainer.core.access import Actor
from trainer.extensions import db
from trainer.scheduling.queries import session_of

folder, address, *enrolments = sys.argv[1:]
app = build_app(Path(folder), address)
marks = {int(number): MarkInput(MarkKind.PRESENT) for number in enrolments}


def save(last):
    count = 0

    def die(*rest):
        nonlocal count
        count += 1
        if count == last:
            os.kill(os.getpid(), signal.SIGKILL)

    with app.app_context():
        event.listen(db.engine, "after_cursor_execute", die)
        save_register(Actor(system=True), session_of("TEST-1", 1), marks)


with app.app_context():
    save_register(Actor(system=True), session_of("TEST-1", 2), marks)
    db.session.remove()
    db.engine.dispose()
print("warm", flush=True)
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        code = 1
        try:
            save(int(line))
            code = 0
        finally:
            os._exit(code)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


def left() -> tuple[int, int, str, int]:
    """Marks, changes, the session's status, audit entries of the register; on a connection of its own."""
    with db.engine.connect() as connection:
        row = connection.execute(
            text(
                "select (select count(*) from mark), (select count(*) from mark_change),"
                " (select status from session where number = 1),"
                " (select count(*) from audit_entry where action like 'register.%')"
            )
        ).one()
    return row[0], row[1], row[2], row[3]


def test_all_or_nothing(world, database_url, tmp_path):
    root = Path(__file__).parents[3]
    enrolments = [str(enrolment.id) for enrolment in world.trainees]
    db.session.remove()
    helper = subprocess.Popen(
        [sys.executable, "-c", HELPER, str(tmp_path), database_url, *enrolments],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with helper:
        assert helper.stdin
        assert helper.stdout
        assert helper.stdout.readline() == "warm\n"
        for statement in range(1, 100):
            print(statement, file=helper.stdin, flush=True)
            ended = int(helper.stdout.readline())
            if ended == 0:
                break
            assert ended == -signal.SIGKILL
            assert left() == (3, 3, "planned", 1), f"after statement {statement}"
        helper.stdin.close()
    assert statement > 10
    assert left() == (6, 6, "held", 2)
