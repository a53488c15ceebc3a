"""Processes that issue at the same time leave consecutive serials, each once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.factories.world import make_world
from tests.integration.accreditation.conftest import waive_all
from trainer.accreditation import services
from trainer.accreditation.models import Certificate, Proposal
from trainer.audit.queries import verify as audit_verify
from trainer.core.database import session
from trainer.extensions import db

ROOT = Path(__file__).parents[3]


def race(database_url: str, folder: Path, proposals: list[int]) -> None:
    db.session.remove()
    db.engine.dispose()
    command = [sys.executable, "-m", "tests.integration.accreditation.processes", "race"]
    subprocess.run(
        [*command, str(folder), database_url, *map(str, proposals)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
        timeout=100,
    )


@pytest.mark.usefixtures("ctx")
def test_serials_of_processes_that_race(database_url: str, tmp_path: Path) -> None:
    world = make_world(trainees=8)
    waive_all(world)
    services.propose(world.actor("organiser"), world.course)
    services.approve(world.actor("registrar"), world.course)
    race(database_url, tmp_path, list(session.scalars(select(Proposal.id))))
    assert sorted(session.scalars(select(Certificate.number))) == [1, 2, 3, 4, 5, 6, 7, 8]
    assert set(session.scalars(select(Proposal.status))) == {"issued"}
    assert audit_verify().broken_at is None


def test_the_same_proposal_issued_by_many_at_once(ready: Any, database_url: str, tmp_path: Path) -> None:
    services.propose(ready.actor("organiser"), ready.course)
    services.approve(ready.actor("registrar"), ready.course)
    proposal = session.scalars(select(Proposal.id).order_by(Proposal.id)).first() or 0
    race(database_url, tmp_path, [proposal] * 5)
    assert list(session.scalars(select(Certificate.number))) == [1]
