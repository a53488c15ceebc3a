"""Issues in processes of their own, for the tests that kill them and those that let them race.

Called as `python -m tests.integration.accreditation.processes kill|race FOLDER DATABASE …`.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import traceback
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from tests.conftest import build_app
from trainer.accreditation.documents.sheet import Labels, Sheet
from trainer.accreditation.models import Reservation
from trainer.accreditation.rules.evidence import sha256
from trainer.accreditation.services import issue_one, issuing
from trainer.accreditation.services.drafts import Draft, Press, facts_of, press_of
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.pdf.faces import BOLD, SANS, SERIF, face
from trainer.extensions import db

SYSTEM = Actor(system=True)


def empty_draft(reservation: Reservation, press: Press) -> Draft:
    """A certificate whose document is made in no time: where a process is killed between two statements, what
    the document looks like makes no difference."""
    facts = facts_of(reservation.proposal_id)
    data = b"a document " + reservation.code.encode()
    sheet = Sheet(
        language="ca",
        title="Certificat",
        lead="",
        name=facts.person.certificate_name,
        body=(),
        university=facts.university.name,
        accent="#14555a",
        place_and_date="",
        serial=reservation.serial,
        code=reservation.code,
        address="",
        labels=Labels("", "", "", ""),
    )
    return Draft(
        proposal_id=reservation.proposal_id,
        person_id=facts.person.id,
        stored_name=facts.person.certificate_name,
        email=facts.person.email,
        sheet=sheet,
        frozen={"sheet": sheet.document()},
        credential="{}",
        pdf=data,
        sha256=sha256(data),
        signatures=[],
        issued_at=clock.now(),
    )


def issue(app: Any, proposal: int, last: int | None) -> None:
    """Issues one proposal; the process ends itself with SIGKILL right after its statement number `last`."""
    count = 0

    def die(*_rest: Any) -> None:
        nonlocal count
        count += 1
        if count == last:
            os.kill(os.getpid(), signal.SIGKILL)

    with app.app_context():
        press = press_of(facts_of(proposal).university.id, SYSTEM)
        event.listen(db.engine, "after_cursor_execute", die)
        issue_one(SYSTEM, proposal, press)


def issue_many(app: Any, proposals: list[int], university: int, seed: int) -> None:
    """Issues every proposal, in an order of its own."""
    random.Random(seed).shuffle(proposals)
    with app.app_context():
        press = press_of(university, SYSTEM)
        for proposal in proposals:
            while True:
                try:
                    issue_one(SYSTEM, proposal, press)
                    break
                except (
                    OperationalError
                ) as error:  # SQLite's writers do not queue: on a busy machine one may wait too long
                    if "locked" not in str(error):
                        raise
                    db.session.rollback()


def in_a_child(work: Any) -> int:
    """Forks; the parent gets the child's process id."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        work()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def ended(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main(what: str, folder: str, address: str) -> None:
    # Whenever it forks, the parent has no connection open: children share none.
    app = build_app(Path(folder), address)
    for name in (SERIF, SANS, BOLD):
        face(name)  # parsed once, for all of them
    if what == "race":
        # {"proposals", "university", "workers"}; each worker's process id is told as it begins.
        task = json.loads(sys.stdin.readline())
        children = []
        for seed in range(task["workers"]):
            child = in_a_child(
                lambda seed=seed: issue_many(app, list(task["proposals"]), task["university"], seed)
            )
            children.append(child)
            print(child, flush=True)
        print(json.dumps([ended(child) for child in children]), flush=True)
        return
    # The first proposal is issued here: what SQLAlchemy and Jinja compile for it, the children inherit.
    with app.app_context():
        issuing.make_draft = empty_draft  # type: ignore[assignment]
        warm = json.loads(sys.stdin.readline())
        issue_one(SYSTEM, warm, press_of(facts_of(warm).university.id, SYSTEM))
        db.session.remove()
        db.engine.dispose()
    print(0, flush=True)
    for line in sys.stdin:
        proposal, last = json.loads(line)
        child = in_a_child(lambda proposal=proposal, last=last: issue(app, proposal, last))
        print(ended(child), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
