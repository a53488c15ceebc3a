"""Spreadsheets as programs save them, and back."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from datetime import date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from trainer.core.errors import Invalid
from trainer.core.tables import (
    Column,
    Problems,
    columns,
    parse_date,
    parse_time,
    read_table,
    write_csv,
    write_xlsx,
)
from trainer.core.text import msg

CELLS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Co", "Cn")), max_size=30)
ROSTER = [Column("given_name"), Column("family_name"), Column("email"), Column("joined_on", required=False)]


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def reasons(error: Invalid) -> list[str]:
    return [str(problem) for problem in error.problems]


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=8), st.sampled_from(["csv", "xlsx"]))
@settings(max_examples=60, deadline=None)
def test_what_is_written_reads_back(rows: list[tuple[str, str, str]], kind: str) -> None:
    header = ["one", "two", "three"]
    data = write_csv(header, rows) if kind == "csv" else write_xlsx("Sheet", header, rows)
    # What a cell holds when it is typed: composed, without white space around it.
    expected = [[read_back(cell) for cell in row] for row in rows]
    found = [[row["one"], row["two"], row["three"]] for row in read_table("x", data).rows]
    assert found == [row for row in expected if any(row)]


def read_back(cell: str) -> str:
    return unicodedata.normalize("NFC", cell.strip().strip("\ufeff\u200b").strip()).strip()


@pytest.mark.parametrize(
    "start", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "  =1", "\uff1d1", "\uff0b1", "'=1", "\u200b=1"]
)
def test_no_exported_cell_can_run(start: str) -> None:
    line = write_csv(["a"], [[start]]).decode("utf-8-sig").split("\r\n", 1)[1]
    assert line.lstrip('"').startswith("'")


def test_csv_from_a_spanish_windows() -> None:
    text = (
        "Nombre;Apellidos;Correo electrónico;Fecha de alta\r\n"
        '"Íñigo";"Muñoz; hijo";i@x.es;3/9/2026\r\n\r\nLaia;Col·lell;l@x.cat;\r\n'
    )
    table = read_table("roster.csv", text.encode("cp1252"))
    sheet = columns(table, ROSTER)
    assert [row.number for row in sheet.rows] == [2, 4]
    assert sheet.rows[0].values == {
        "given_name": "Íñigo",
        "family_name": "Muñoz; hijo",
        "email": "i@x.es",
        "joined_on": "3/9/2026",
    }
    assert sheet.rows[1]["family_name"] == "Col·lell"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_every_separator_and_encoding(encoding: str, delimiter: str) -> None:
    text = (
        delimiter.join(["Nom", "Cognoms", "E-mail"])
        + "\n"
        + delimiter.join(["Zoë", "Ñandú", "z@x.org"])
        + "\n"
    )
    assert columns(read_table("x", text.encode(encoding)), ROSTER).rows[0]["family_name"] == "Ñandú"


def test_rows_keep_the_number_of_the_spreadsheet() -> None:
    data = b'given_name,family_name,email\n"two\nlines",B,a@x.org\n,,\nC,D,e@x.org\n'
    assert [row.number for row in read_table("x", data).rows] == [2, 4]
    assert read_table("x", b"sep=;\r\na;b\r\n1;2\r\n").rows[0].number == 2


def test_a_real_workbook() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Núm.", "DATA", "Inici", "Fi", "Mòdul", "Lloc", "Notes"])
    sheet.append([1, date(2026, 9, 8), time(10, 0), time(14, 0), "introduction", "Manresa", None])
    sheet.append([2.0, datetime(2026, 9, 15), datetime(2026, 9, 15, 10, 30), 0.5, "recovery", True, "x"])
    sheet.append([])
    sheet.merge_cells("A5:G5")
    sheet["A5"] = None
    sheet["A6"] = 3
    book.create_sheet("Empty")
    table = read_table("sessions.xlsx", saved(book))
    found = columns(
        table,
        [Column("number"), Column("date"), Column("start"), Column("end"), Column("module"), Column("venue")],
    )
    assert [row.number for row in found.rows] == [2, 3, 6]
    assert found.rows[0].values == {
        "number": "1",
        "date": "2026-09-08",
        "start": "10:00",
        "end": "14:00",
        "module": "introduction",
        "venue": "Manresa",
    }
    assert (found.rows[1]["number"], found.rows[1]["date"]) == ("2", "2026-09-15")
    assert [str(one) for one in found.warnings] == ["The column Notes is not known and was not read."]


def test_times_are_rounded_as_the_program_shows_them() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["t"])
    sheet.append([0.4166666665])
    sheet["A2"].number_format = "hh:mm"
    assert read_table("x.xlsx", saved(book)).rows[0]["t"] == "10:00"


def test_a_second_sheet_with_content_is_named() -> None:
    book = Workbook()
    assert book.active is not None
    book.active.append(["a"])
    book.create_sheet("Old").append(["b"])
    assert [str(one) for one in read_table("x", saved(book)).warnings] == [
        "Only the sheet Sheet was read; not: Old."
    ]


def test_missing_and_double_columns_are_named() -> None:
    with pytest.raises(Invalid) as caught:
        columns(read_table("x", b"Nom,given_name,joined_on\nA,B,C\n"), ROSTER)
    assert reasons(caught.value) == [
        "row 1, column given_name: this column is there twice",
        "row 1, column family_name: this column is missing",
        "row 1, column email: this column is missing",
    ]


def test_problems_name_row_and_column() -> None:
    sheet = columns(read_table("x", b"nom,family_name,email,joined_on\nA,B,,31/02/2026\n,B,c,x\n"), ROSTER)
    problems = Problems(sheet)
    for row in sheet.rows:
        problems.required(row, "given_name")
        problems.required(row, "email")
        problems.date(row, "joined_on")
    problems.add(2, "family_name", msg("is odd"))
    with pytest.raises(Invalid) as caught:
        problems.check()
    assert reasons(caught.value) == [
        "row 2, column email: is empty",
        "row 2, column joined_on: 31/02/2026 is not a date (YYYY-MM-DD or DD/MM/YYYY)",
        "row 2, column family_name: is odd",
        "row 3, column nom: is empty",
        "row 3, column joined_on: x is not a date (YYYY-MM-DD or DD/MM/YYYY)",
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n,,\n",
        b"\xd0\xcf\x11\xe0old workbook",
        b"PK\x03\x04 damaged",
        b"\x00\x01\x02\x81\x8d",
        b'a,b\n"open,1\n',
        b"a,b\n1,2,3\n",
        b"x" * 5_000_001,
        (",".join("a" for _ in range(300)) + "\n").encode(),
    ],
)
def test_what_is_no_spreadsheet_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid):
        read_table("x", data)


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("parts", "word"),
    [
        ({"[Content_Types].xml": b"<x/>", "xl/worksheets/sheet1.xml": b" " * 60_000_000}, "unpacks"),
        ({"[Content_Types].xml": b"<x/>", "xl/vbaProject.bin": b"1"}, "macros"),
        ({"[Content_Types].xml": b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"}, "macros"),
        ({"[Content_Types].xml": b"<!DOCTYPE x><x/>"}, "damaged"),
        ({"[Content_Types].xml": b"<x/>"}, "damaged"),
        ({"content.xml": b"<x/>"}, "not an .xlsx"),
    ],
)
def test_dangerous_workbooks_are_refused(parts: dict[str, bytes], word: str) -> None:
    with pytest.raises(Invalid, match=word):
        read_table("x.xlsx", packed(parts))


def test_dates_and_times() -> None:
    assert (
        parse_date("2026-09-08")
        == parse_date("8/9/2026")
        == parse_date("2026-09-08 00:00:00")
        == date(2026, 9, 8)
    )
    assert parse_time("9:05") == time(9, 5)
    for wrong in ("2026-13-01", "1/2/26", "", "2026-09-08 10:00", "9/8", "0000-01-01"):
        with pytest.raises(ValueError):
            parse_date(wrong)
    for wrong in ("24:00", "10", "10:60"):
        with pytest.raises(ValueError):
            parse_time(wrong)
