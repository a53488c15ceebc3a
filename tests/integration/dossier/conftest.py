"""A course whose programme asks for a document, a part of a portfolio, a test of two attempts and two decisions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from tests.factories.programme import spoil, write_programme
from tests.factories.world import load_world
from trainer.cohorts.models import Course
from trainer.core import clock
from trainer.core.database import transaction
from trainer.curriculum.services import pin

ASKED = """\
documents:
  - {code: letter, title: {ca: "Carta", en: "Letter"}, valid_for: {years: 1}}
portfolio:
  - {code: story, title: {ca: "Relat", en: "Story"}}
tests:
  - {code: quiz, title: {ca: "Prova", en: "Quiz"}, out_of: 20, attempts: 2}
decisions:
  - {code: ready, title: {ca: "A punt", en: "Ready"}, question: {ca: "A punt?", en: "Ready?"}, by: trainer}
  - {code: admit, title: {ca: "Admesa", en: "Admitted"}, question: {ca: "Admesa?", en: "Admitted?"}, by: registrar}
gates:
"""
RULES = """\
      - {kind: documents, which: all}
      - {kind: portfolio, which: all}
      - {kind: test, test: quiz, at_least: "70 %"}
      - {kind: decision, decision: ready}
      - {kind: decision, decision: admit, key: admitted}
      - {kind: competencies, level: achieved, which: all}
"""


@pytest.fixture(autouse=True)
def stand_still() -> Iterator[None]:
    with clock.frozen(datetime(2026, 11, 18, 11, 0, tzinfo=UTC)):
        yield


@pytest.fixture
def world(ctx: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The world, with its course pinned to that programme."""
    monkeypatch.setenv("TRAINER_CURRICULA", str(tmp_path / "more"))
    main = write_programme(tmp_path / "more" / "small")
    spoil(main, "gates:\n", ASKED)
    spoil(main, "      - {kind: competencies, level: achieved, which: all}\n", RULES)
    version_id = pin("small").id
    with transaction() as current:
        current.execute(update(Course).values(programme_version_id=version_id))
    return load_world()
