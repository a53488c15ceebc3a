"""Instances shared by the tests of a file: making one takes longer than asking it."""

from __future__ import annotations

import pytest

from tests.integration.cli.harness import Trainer
from tests.integration.cli.story import furnish


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Trainer:
    """An instance with nothing in it but the schema."""
    trainer = Trainer(tmp_path_factory.mktemp("fresh"))
    trainer("init").ok()
    return trainer


@pytest.fixture(scope="module")
def trainer(tmp_path_factory: pytest.TempPathFactory) -> Trainer:
    """An instance with organisations, staff and the course C1 (ten Tuesdays from 3 March 2026), nobody on it."""
    made = Trainer(tmp_path_factory.mktemp("instance"))
    made("init").ok()
    furnish(made)
    return made
