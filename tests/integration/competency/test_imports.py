"""Assessments from a spreadsheet."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from trainer.competency.imports import import_assessments
from trainer.competency.models import Assessment
from trainer.competency.services import declare_conflict
from trainer.core.database import session
from trainer.core.errors import Invalid, Refused
from trainer.core.tables import ImportResult, read_table, write_xlsx

HEADER = ["email", "competency", "level", "kind", "assessor", "date", "evidence"]


def load(world: Any, rows: list[list[str]], actor: str = "organiser", dry_run: bool = False) -> ImportResult:
    data = write_xlsx("Assessments", HEADER, rows)
    return import_assessments(world.actor(actor), world.course, read_table("a.xlsx", data), "a.xlsx", dry_run)


def row(world: Any, **values: str) -> list[str]:
    fields = {
        "email": str(world.trainees[0].person.email),
        "competency": "introduction.role",
        "level": "achieved",
        "kind": "assessor",
        "assessor": "assessor@example.org",
        "date": "03/10/2026",
        "evidence": "",
    }
    return list({**fields, **values}.values())


def count() -> int:
    return session.scalar(select(func.count()).select_from(Assessment)) or 0


def test_the_same_file_twice_changes_nothing(world: Any) -> None:
    rows = [row(world), row(world, level="leading", date="2026-10-04")]
    assert load(world, rows, dry_run=True).added == 2
    assert count() == 0
    assert load(world, rows).added == 2
    again = load(world, [row(world, evidence="seen"), *rows[1:]])
    assert (again.added, again.unchanged) == (0, 2)
    assert count() == 2


def test_every_error_is_listed_and_nothing_written(world: Any) -> None:
    rows = [
        row(world),
        row(world, email="stranger@example.org", level="great"),
        row(world, assessor="nobody@example.org", date="31/02/2026"),
        row(world, assessor=str(world.trainees[0].person.email)),
        row(world, kind="self"),
    ]
    with pytest.raises(Invalid) as error:
        load(world, rows)
    said = [str(one) for one in error.value.problems]
    assert len(said) == 6
    assert {one.partition(":")[0] for one in said} == {
        "row 3, column email",
        "row 3, column level",
        "row 4, column assessor",
        "row 4, column date",
        "row 5, column assessor",
        "row 6, column assessor",
    }
    assert count() == 0


def test_a_registrar_may_not(world: Any) -> None:
    with pytest.raises(Refused):
        load(world, [row(world)], actor="registrar")


def test_who_is_too_close_is_named_in_the_row_and_what_is_there_stays(world: Any) -> None:
    load(world, [row(world)])
    declare_conflict(world.actor("assessor"), world.trainees[0], world.person_id("assessor"))
    assert load(world, [row(world)]).unchanged == 1
    with pytest.raises(Invalid) as caught:
        load(world, [row(world), row(world, level="leading")])
    [problem] = caught.value.problems
    assert "too close" in str(problem)
    assert count() == 1
