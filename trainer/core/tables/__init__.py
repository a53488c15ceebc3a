"""Spreadsheets in and out: what people hand over, and what they take away.

Reading::

    table = read_table(file_name, data)                      # Invalid when it is no spreadsheet
    sheet = columns(table, [Column("email"), Column("minutes", required=False)])
    problems = Problems(sheet)
    for row in sheet.rows:
        email = problems.required(row, "email")              # "" and a problem when blank
        minutes = problems.integer(row, "minutes", 0, 600)   # None when blank or wrong
        ...
        problems.add(row, "email", msg("is not on the roster"))
    problems.check()                                         # Invalid with every `row N, column C: what`
    return ImportResult(added=…, changed=…, unchanged=…, warnings=sheet.warnings)

Writing::

    write_csv(["Name", "Minutes"], rows)          # bytes, UTF-8 with BOM
    write_xlsx("Attendance", ["Name", "Minutes"], rows)
"""

from trainer.core.tables.columns import Column, ImportResult, Problems, Sheet, columns
from trainer.core.tables.reading import Row, Table, read_table
from trainer.core.tables.values import parse_date, parse_time
from trainer.core.tables.writing import CSV_TYPE, XLSX_TYPE, write_csv, write_xlsx

__all__ = [
    "CSV_TYPE",
    "XLSX_TYPE",
    "Column",
    "ImportResult",
    "Problems",
    "Row",
    "Sheet",
    "Table",
    "columns",
    "parse_date",
    "parse_time",
    "read_table",
    "write_csv",
    "write_xlsx",
]
