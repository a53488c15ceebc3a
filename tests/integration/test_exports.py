"""Lists that are taken away as spreadsheets say what their pages show; nothing in them runs."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import load_workbook

from trainer.core.database import transaction


@pytest.mark.parametrize(
    ("role", "path", "first", "cell"),
    [
        ("organiser", "/courses", "Code", "TEST-1"),
        ("admin", "/admin/audit", "Number", "course.created"),
        ("admin", "/admin/people", "Name", "Organiser Prova"),
        ("admin", "/admin/organisations", "Name", "UNI"),
        ("trainer", "/venues", "Name", "Manresa"),
    ],
)
def test_a_list_as_csv_and_as_a_workbook(world, client_as, role, path, first, cell):
    with transaction():
        world.course.title = "=1+1"
    client = client_as(role)
    text = client.get(f"{path}.csv").data.decode("utf-8-sig")
    assert text.startswith(first) and cell in text and ",=1" not in text
    sheet = load_workbook(BytesIO(client.get(f"{path}.xlsx").data)).active
    values = [one.value for row in sheet.iter_rows() for one in row]
    assert values[0] == first and any(cell == one for one in values)
    assert all(one.data_type != "f" for row in sheet.iter_rows() for one in row)
    assert f"{path}.csv" in client.get(path).text
    assert client.get(f"{path}.pdf").status_code == 404
