"""Processes that issue at the same time leave consecutive serials, each once, whoever of them is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pytest
from sqlalchemy import func, insert, select, text

from tests.factories.world import SYSTEM, World, make_world
from tests.integration.accreditation.conftest import waive_all
from trainer.accreditation import services
from trainer.accreditation.models import Certificate, Proposal, Reservation
from trainer.accreditation.services.drafts import press_of
from trainer.audit.queries import verify as audit_verify
from trainer.cohorts.models import Enrolment
from trainer.core import clock
from trainer.core.database import session, transaction
from trainer.extensions import db
from trainer.people.models import Person

ROOT = Path(__file__).parents[3]


@contextmanager
def racing(
    database_url: str, folder: Path, university: int, proposals: list[int], workers: int
) -> Iterator[tuple[list[int], IO[str]]]:
    """The process ids of workers that each issue all proposals, and the pipe that tells how they ended."""
    db.session.remove()
    db.engine.dispose()
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tests.integration.accreditation.processes",
            "race",
            str(folder),
            database_url,
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdin
        assert process.stdout
        task = {"proposals": proposals, "university": university, "workers": workers}
        print(json.dumps(task), file=process.stdin, flush=True)
        yield [int(process.stdout.readline()) for _ in range(workers)], process.stdout


def race(database_url: str, folder: Path, university: int, proposals: list[int], workers: int) -> None:
    with racing(database_url, folder, university, proposals, workers) as (_children, told):
        assert json.loads(told.readline()) == [0] * workers


def approved_many(world: World, people: int) -> list[int]:
    """Approved proposals for so many new people, written straight into the tables: none of this is what the
    test is about."""
    moment = clock.now()
    with transaction() as current:
        pattern = current.scalars(select(Proposal)).first()
        assert pattern is not None
        persons = [
            {
                "given_name": f"Persona {number}",
                "family_name": "de Prova",
                "display_name": f"Persona {number} de Prova",
                "certificate_name": f"Persona {number} de Prova",
                "email": None,
                "created_at": moment,
            }
            for number in range(people)
        ]
        person_ids = list(
            current.scalars(insert(Person).returning(Person.id, sort_by_parameter_order=True), persons)
        )
        enrolments = [
            {"course_id": world.course.id, "person_id": person, "status": "enrolled", "created_at": moment}
            for person in person_ids
        ]
        enrolment_ids = list(
            current.scalars(
                insert(Enrolment).returning(Enrolment.id, sort_by_parameter_order=True), enrolments
            )
        )
        proposals = [
            {
                "course_id": world.course.id,
                "enrolment_id": enrolment,
                "kind": "accreditation",
                "status": "approved",
                "evidence": pattern.evidence,
                "evidence_hash": pattern.evidence_hash,
                "proposed_at": moment,
                "approved_at": moment,
            }
            for enrolment in enrolment_ids
        ]
        return list(
            current.scalars(insert(Proposal).returning(Proposal.id, sort_by_parameter_order=True), proposals)
        )


def issued() -> int:
    with db.engine.connect() as connection:
        return int(connection.execute(text("select count(*) from certificate")).scalar_one())


@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.usefixtures("ctx")
def test_a_thousand_certificates_by_eight_processes_of_which_one_is_killed(
    database_url: str, tmp_path: Path
) -> None:
    world = make_world(trainees=1)
    waive_all(world)
    services.propose(world.actor("organiser"), world.course)
    proposals = approved_many(world, 1000)
    university = world.university.id
    press_of(university, SYSTEM)  # the key is made once, before the race
    with racing(database_url, tmp_path, university, proposals, 8) as (children, told):
        while issued() < 300:
            time.sleep(0.05)
        os.kill(children[3], signal.SIGKILL)
        assert json.loads(told.readline()) == [0, 0, 0, -signal.SIGKILL, 0, 0, 0, 0]
    # The seven others went through all of them, so they finished what the killed one had begun.
    assert sorted(session.scalars(select(Certificate.number))) == list(range(1, 1001))
    assert session.scalar(select(func.count(func.distinct(Certificate.code)))) == 1000
    assert session.scalar(select(func.count(func.distinct(Certificate.enrolment_id)))) == 1000
    assert session.scalar(select(func.count()).select_from(Reservation)) == 0
    assert audit_verify().broken_at is None


def test_the_same_proposal_issued_by_many_at_once(ready: Any, database_url: str, tmp_path: Path) -> None:
    services.propose(ready.actor("organiser"), ready.course)
    services.approve(ready.actor("registrar"), ready.course)
    proposal = session.scalars(select(Proposal.id).order_by(Proposal.id)).first() or 0
    race(database_url, tmp_path, ready.university.id, [proposal], 5)
    assert list(session.scalars(select(Certificate.number))) == [1]


def test_what_another_left_half_done_is_finished_by_the_next_to_issue(ready: Any, monkeypatch: Any) -> None:
    services.propose(ready.actor("organiser"), ready.course)
    services.approve(ready.actor("registrar"), ready.course)
    first, second, _third = session.scalars(select(Proposal.id).order_by(Proposal.id))
    press = press_of(ready.university.id, SYSTEM)
    with monkeypatch.context() as broken:
        broken.setattr("trainer.accreditation.services.issuing.make_draft", _stop)
        with pytest.raises(KeyboardInterrupt):
            services.issue_one(SYSTEM, first, press)
    assert session.scalars(select(Reservation.number)).all() == [1]
    monkeypatch.setattr("trainer.accreditation.services.reserving.THEIRS", clock.now() - clock.now())
    services.issue_all(SYSTEM, [second], press)
    numbers = dict(session.execute(select(Certificate.proposal_id, Certificate.number)).tuples().all())
    assert numbers == {first: 1, second: 2}
    assert session.scalar(select(func.count()).select_from(Reservation)) == 0


def _stop(*_arguments: Any) -> None:
    raise KeyboardInterrupt
