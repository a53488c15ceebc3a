"""Issues in processes of their own, for the tests that kill them and those that let them race.

Called as `python -m tests.integration.accreditation.processes kill|race FOLDER DATABASE PROPOSAL…`.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import event

from tests.conftest import build_app
from trainer.accreditation.services import issue_one
from trainer.core.access import Actor
from trainer.extensions import db


def issue(app: Any, proposal: int, last: int | None) -> None:
    """Issues one proposal; the process ends itself with SIGKILL right after its statement number `last`."""
    count = 0

    def die(*_rest: Any) -> None:
        nonlocal count
        count += 1
        if count == last:
            os.kill(os.getpid(), signal.SIGKILL)

    with app.app_context():
        event.listen(db.engine, "after_cursor_execute", die)
        issue_one(Actor(system=True), proposal)


def in_a_child(app: Any, proposal: int, last: int | None) -> int:
    """Forks; the parent gets the child's process id."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        issue(app, proposal, last)
        code = 0
    finally:
        os._exit(code)


def main(what: str, folder: str, address: str, *proposals: str) -> None:
    # The parent opens no connection: children share nothing.
    app = build_app(Path(folder), address)
    if what == "race":
        children = [in_a_child(app, int(proposal), None) for proposal in proposals]
        ended = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
        sys.exit(max(ended))
    for line in sys.stdin:
        child = in_a_child(app, int(proposals[0]), int(line))
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
