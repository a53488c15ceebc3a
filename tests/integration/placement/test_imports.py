"""The log from a spreadsheet: all or nothing, repeatable, signed off by being imported."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from tests.factories.world import SYSTEM
from tests.integration.placement.conftest import Placed, place
from trainer.core.database import session
from trainer.core.errors import Invalid, Refused
from trainer.core.tables import read_table, write_csv, write_xlsx
from trainer.placement import queries, services
from trainer.placement.imports import import_placement_log
from trainer.placement.models import PlacementLog
from trainer.placement.services import LogInput

HEADER = ["email", "date", "minutes", "kind", "tasks"]


def rows_of(placed: Placed) -> list[list[Any]]:
    email = placed.world.trainees[0].person.email
    return [
        [email, "2026-10-06", 240, "direct", "Grup d'ajuda mútua"],
        [email, "07/10/2026", 60, "Supervisió", ""],
        [email, "2026-10-07", 60, "team", ""],
    ]


def take(
    placed: Placed, rows: list[list[Any]], actor: Any = None, dry_run: bool = False
) -> tuple[int, int, int]:
    table = read_table("log.csv", write_csv(HEADER, rows))
    result = import_placement_log(actor or placed.organiser, placed.world.course, table, "log.csv", dry_run)
    return (result.added, result.changed, result.unchanged)


def total(placed: Placed) -> int:
    return queries.line_of(placed.placement.id).total.counted


def test_imported_hours_count_and_repeat_changes_nothing(placed: Placed) -> None:
    rows = rows_of(placed)
    assert take(placed, rows, dry_run=True) == (3, 0, 0)
    assert total(placed) == 0
    assert take(placed, rows) == (3, 0, 0)
    assert total(placed) == 360
    assert take(placed, [*rows, rows[0]]) == (0, 0, 4)
    rows[0][2] = 300
    assert take(placed, rows) == (0, 1, 2)
    assert total(placed) == 420
    assert [one.signed_off_by for one in session.scalars(select(PlacementLog))] == [None] * 3


def test_a_workbook_and_the_command_line(placed: Placed) -> None:
    data = write_xlsx("log", ["Correu", "Data", "Minuts", "Tipus", "Tasques"], [
        [placed.world.trainees[0].person.email.upper(), date(2026, 10, 6), 240, "directe", "Grup"],
    ])  # fmt: skip
    result = import_placement_log(SYSTEM, placed.world.course, read_table("log.xlsx", data), "log.xlsx")
    assert (result.added, total(placed)) == (1, 240)


def test_what_waited_is_signed_off_by_the_file(placed: Placed) -> None:
    services.add_log(placed.worker, placed.placement, LogInput(date(2026, 10, 7), 60, "team"))
    assert take(placed, rows_of(placed)) == (2, 1, 0)
    assert total(placed) == 360


def test_every_error_by_row_and_nothing_written(placed: Placed) -> None:
    place(placed.world, 1, starts_on=date(2026, 11, 2))
    first, second, third = (str(one.person.email) for one in placed.world.trainees[:3])
    services.pause_placement(placed.organiser, placed.placement, date(2026, 11, 9))
    rows = [
        *rows_of(placed),
        ["nobody@example.org", "2026-10-06", 60, "direct", ""],
        [third, "2026-10-06", 60, "direct", ""],
        [second, "2026-10-06", 60, "direct", ""],
        [first, "2026-11-30", 60, "direct", ""],
        [first, "2026-11-10", 60, "direct", ""],
        [first, "2026-13-10", "many", "holidays", ""],
        [first, "2026-10-06", 241, "direct", "Grup d'ajuda mútua"],
        [first, "2026-10-06", 1400, "training", ""],
    ]
    with pytest.raises(Invalid) as invalid:
        take(placed, rows)
    assert [str(one) for one in invalid.value.problems] == [
        "row 5, column email: nobody@example.org is not on this course",
        "row 6, column email: this person has no placement yet: open one first",
        "row 7, column date: no placement of this person covers that day",
        "row 8, column date: lies in the future",
        "row 9, column date: the placement was paused on that day",
        "row 10, column date: 2026-13-10 is not a date (YYYY-MM-DD or DD/MM/YYYY)",
        "row 10, column minutes: many is not a whole number",
        "row 10, column kind: holidays is not one of: direct, team, supervision, reflection, training",
        "row 11, column minutes: says something else than row 2",
        "row 12, column minutes: makes more than 24 hours on that day",
    ]
    assert session.scalars(select(PlacementLog)).all() == []


@pytest.mark.parametrize("role", ["trainee", "trainer", "reference", "registrar", "other_organiser"])
def test_only_organisers_import(placed: Placed, role: str) -> None:
    with pytest.raises(Refused):
        take(placed, rows_of(placed), actor=placed.world.actor(role))
