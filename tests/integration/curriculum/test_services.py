"""Pinning: a course keeps the programme as it stood."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from tests.factories.programme import spoil, write_programme
from trainer.core.database import session, transaction
from trainer.core.errors import Invalid, Missing, TrainerError
from trainer.curriculum import queries
from trainer.curriculum.models import ProgrammeVersion
from trainer.curriculum.queries import stored
from trainer.curriculum.services import pin


@pytest.fixture
def small(ctx: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small programme in a further folder of curricula; gives its main file."""
    monkeypatch.setenv("TRAINER_CURRICULA", str(tmp_path / "more"))
    return write_programme(tmp_path / "more" / "small")


def test_the_same_content_is_stored_once(small: Path) -> None:
    first = pin("small")
    again = pin("small")
    assert first.id == again.id
    assert session.scalar(select(func.count()).select_from(ProgrammeVersion)) == 1


def test_editing_the_files_changes_no_pinned_version(small: Path) -> None:
    before = pin("small").id
    spoil(small.parent / "modules" / "1.yaml", '"To try"', '"To try out"')
    after = pin("small").id
    assert before != after
    assert queries.programme_of(before).module("m1").aim["en"] == "To try"
    assert queries.programme_of(after).module("m1").aim["en"] == "To try out"


def test_what_comes_back_is_what_went_in(small: Path) -> None:
    version = pin("small")
    stored._by_hash.clear()  # as in a fresh process: from the database, not from memory
    found = queries.programme_of(version.id)
    [shipped] = [one for one in queries.catalogue() if one.code == "small"]
    assert found == shipped
    assert found.content == shipped.content
    assert list(found.gates) == ["start", "accreditation"]
    assert list(found.hash) == list(version.hash)


def test_a_version_is_read_once_a_process(small: Path, count_queries: Callable[[], Any]) -> None:
    version_id = pin("small").id
    stored._by_hash.clear()
    with count_queries() as first:
        queries.programme_of(version_id)
    with count_queries() as again:
        queries.programme_of(version_id)
    assert (first.count, again.count) == (2, 0)


def test_an_id_that_was_rolled_back_is_not_kept(small: Path) -> None:
    def undone() -> None:
        with transaction():
            assert queries.programme_of(pin("small").id).module("m1").aim["en"] == "To try"
            raise KeyError

    with pytest.raises(KeyError):
        undone()
    spoil(small.parent / "modules" / "1.yaml", '"To try"', '"To try out"')
    after = pin("small").id
    assert queries.programme_of(after).module("m1").aim["en"] == "To try out"


def test_altered_content_is_noticed(small: Path) -> None:
    version = pin("small")
    with transaction():
        session.execute(update(ProgrammeVersion).values(content={**version.content, "version": "2"}))
    stored._by_hash.clear()
    with pytest.raises(TrainerError, match="does not fit its hash"):
        queries.programme_of(version.id)


def test_unknown_versions_and_codes(small: Path) -> None:
    with pytest.raises(Missing):
        queries.programme_of(4711)
    with pytest.raises(Missing, match=r"Known: .*small"):
        pin("nothing")
    small.write_text("code: [")
    with pytest.raises(Invalid, match="has errors"):
        pin("small")


def test_a_shipped_programme_goes_round(ctx: Flask) -> None:
    for programme in queries.catalogue():
        version = pin(programme.code)
        stored._by_hash.clear()
        assert queries.programme_of(version.id) == programme
