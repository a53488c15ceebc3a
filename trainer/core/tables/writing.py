"""Exports: CSV for any program, XLSX for a double click. No cell can run when it is opened."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from trainer.core.tables.values import cell_text, neutral

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Characters that XML, and so a workbook, cannot hold.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A CSV file: commas, UTF-8 with the mark that Excel needs, cells that would run neutralised."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_text(cell) for cell in header])
    for row in rows:
        writer.writerow([_text(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig", "replace")


def write_xlsx(title: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A workbook of one sheet: bold header that stays in view, numbers and dates as such, text as text."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title).strip("' ")[:31] or "1")
    widths = [len(str(cell)) for cell in header]
    kept = [[_value(cell) for cell in row] for row in rows]
    for row in kept:
        for index, cell in enumerate(row[: len(widths)]):
            widths[index] = max(widths[index], len(str(cell if cell is not None else "")))
    for index, width in enumerate(widths):
        sheet.column_dimensions[_column(index)].width = min(max(width + 2, 8), 60)
    sheet.freeze_panes = "A2"
    bold = []
    for title_cell in header:
        cell = WriteOnlyCell(sheet, str(_value(title_cell)))
        cell.font = Font(bold=True)
        bold.append(cell)
    sheet.append(bold)
    for row in kept:
        sheet.append([_as_text(sheet, cell) if isinstance(cell, str) else cell for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _as_text(sheet: object, value: str) -> object:
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, value)  # type: ignore[arg-type,unused-ignore]
    # Without this a text such as "#N/A" would be stored as an error and "=1" as a formula.
    cell.data_type = "s"
    return cell


def _column(index: int) -> str:
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(index + 1))


def _text(value: object) -> str:
    return neutral(value) if isinstance(value, str) else cell_text(value)


def _value(value: object) -> object:
    if isinstance(value, str):
        return _UNWRITABLE.sub("", neutral(value))[:32_767]
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)  # a workbook knows no time zones; callers give local time
    if value is None or isinstance(value, bool | int | float | Decimal):
        return value
    return value if hasattr(value, "isoformat") else str(value)
