"""Reading CSV and XLSX as spreadsheet programs save them, within limits that protect the server."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from trainer.core.errors import Invalid
from trainer.core.tables.values import cell_text, clean
from trainer.core.text import Text, msg

MAX_BYTES = 5_000_000
MAX_UNPACKED = 50_000_000
MAX_PARTS = 2_000
MAX_ROWS = 20_000
MAX_COLUMNS = 200
_DELIMITERS = ",;\t"


@dataclass(frozen=True)
class Row:
    """One row that holds something. `number` is the row of the spreadsheet: the header is usually 1."""

    number: int
    values: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.values.get(column, "")


@dataclass(frozen=True)
class Table:
    """What a file holds: header cells as written, and the rows below that are not blank."""

    name: str
    header: tuple[str, ...]
    header_row: int
    rows: list[Row]
    warnings: list[Text] = field(default_factory=list)


def read_table(name: str, data: bytes) -> Table:
    """Read a CSV (comma, semicolon or tab; UTF-8, UTF-16 with a mark, or Windows-1252) or an XLSX file.

    Dates become 'YYYY-MM-DD', times 'HH:MM', whole numbers '42'; blank rows are left out, and rows keep the
    number that the spreadsheet program shows. The kind is told from the bytes, not from the name.
    Raises Invalid when the file is too large, holds macros, is damaged, or has no header.
    """
    if len(data) > MAX_BYTES:
        raise Invalid(msg("The file is larger than %(limit)s MB.", limit=str(MAX_BYTES // 1_000_000)))
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Invalid(
            msg(
                "This is an older or password-protected workbook. Save it as .xlsx or CSV without a password."
            )
        )
    if data.startswith(b"PK"):
        return _table(name, *_workbook_rows(data), strict=False)
    return _table(name, _csv_rows(_decoded(data)), [], strict=True)


def _table(name: str, rows: Iterable[tuple[int, list[str]]], warnings: list[Text], *, strict: bool) -> Table:
    header: tuple[str, ...] = ()
    header_row = 0
    found: list[Row] = []
    stray: dict[int, int] = {}
    for number, cells in rows:
        if not any(cells):
            continue
        if len(_trimmed(cells)) > MAX_COLUMNS:
            raise Invalid(msg("The file has more than %(limit)s columns.", limit=str(MAX_COLUMNS)))
        if not header_row:
            header, header_row = tuple(_trimmed(cells)), number
            continue
        if len(found) >= MAX_ROWS:
            raise Invalid(msg("The file has more than %(limit)s rows.", limit=str(MAX_ROWS)))
        for index, cell in enumerate(cells):
            if cell and (index >= len(header) or not header[index]):
                stray.setdefault(index, number)
        values = {
            title: cell for title, cell in zip(header, _padded(cells, len(header)), strict=False) if title
        }
        if any(values.values()):
            found.append(Row(number, values))
    if not header_row:
        raise Invalid(msg("The file is empty."))
    beyond = [number for index, number in stray.items() if index >= len(header)]
    if strict and beyond:
        # In a CSV this is an unquoted separator inside a cell, so every later cell of the row is misplaced.
        lines = [
            msg(
                "row %(row)s: has more cells than the header; is a cell with a separator not in quotes?",
                row=str(n),
            )
            for n in sorted(set(beyond))
        ]
        raise Invalid(msg("The file cannot be read safely."), lines)
    warnings = warnings + [
        msg("Column %(column)s has no heading and was not read.", column=_letter(index))
        for index in sorted(stray)
    ]
    return Table(name, header, header_row, found, warnings)


def _decoded(data: bytes) -> str:
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeError:
            continue
        if "\x00" not in text:
            return text
        break
    raise Invalid(msg("This is not a spreadsheet that can be read. Save it as .xlsx or as CSV (UTF-8)."))


def _csv_rows(text: str) -> Iterator[tuple[int, list[str]]]:
    # "sep=;" is a note from Excel to itself, which it does not count as a row.
    first, _, rest = text.partition("\n")
    if len(first.strip()) == 5 and first.lower().startswith("sep="):
        return _records(rest, first[4])
    return _records(text, _delimiter(text))


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Invalid(
                msg("The file cannot be read safely."),
                [msg("row %(row)s: a cell's quotation marks do not match.", row=str(number))],
            ) from error
        yield number, [clean(cell) for cell in cells]


def _delimiter(text: str) -> str:
    """The separator that gives the header the most cells, then the one that most rows agree with."""
    best, best_score = ",", (0, 0)
    for candidate in _DELIMITERS:
        try:
            sample = [
                cells for (_, cells), _ in zip(_records(text, candidate), range(40), strict=False) if cells
            ]
        except Invalid:
            continue
        width = len(sample[0]) if sample else 0
        score = (width, sum(1 for cells in sample if len(_trimmed(cells)) <= width))
        if score > best_score:
            best, best_score = candidate, score
    return best


def _workbook_rows(data: bytes) -> tuple[Iterator[tuple[int, list[str]]], list[Text]]:
    _refuse_unsafe(data)
    # Imported here: it is slow to load, and most commands never read a workbook.
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"] or book.worksheets
        for sheet in sheets:
            # Some programs write a wrong size, and rows beyond it would be lost.
            sheet.reset_dimensions()  # type: ignore[union-attr,unused-ignore]
        rows = list(_sheet_rows(sheets[0])) if sheets else []
        others = [sheet.title for sheet in sheets[1:] if any(any(c) for _, c in _sheet_rows(sheet, most=20))]
    except Invalid:
        raise
    except Exception as error:  # openpyxl raises whatever its parsers raise
        raise Invalid(msg("The workbook is damaged. Save it again as .xlsx or CSV.")) from error
    warnings = []
    if others:
        warnings = [
            msg(
                "Only the sheet %(sheet)s was read; not: %(others)s.",
                sheet=sheets[0].title,
                others=", ".join(others),
            )
        ]
    return iter(rows), warnings


def _sheet_rows(sheet: object, most: int | None = None) -> Iterator[tuple[int, list[str]]]:
    held = 0
    for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):  # type: ignore[attr-defined]
        if most is not None and number > most:
            return
        if all(cell is None for cell in cells):
            continue
        texts = _trimmed([cell_text(cell) for cell in cells])
        held += 1
        if held > MAX_ROWS + 1:
            raise Invalid(msg("The file has more than %(limit)s rows.", limit=str(MAX_ROWS)))
        yield number, texts


def _refuse_unsafe(data: bytes) -> None:
    """Raise Invalid for macros, for what is no workbook, and for what unpacks to more than the limit."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            # zipfile never reads more than the size that the directory states, so the stated sizes bind.
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise Invalid(
                    msg("The workbook unpacks to more than %(limit)s MB.", limit=str(MAX_UNPACKED // 10**6))
                )
            names = {part.filename.lower() for part in parts}
            if "[content_types].xml" not in names:
                raise Invalid(msg("This is not an .xlsx workbook. Save it as .xlsx or CSV."))
            kinds = b""
            for part in parts:
                if part.filename.lower().endswith((".xml", ".rels")):
                    content = archive.read(part)
                    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
                        raise Invalid(msg("The workbook is damaged. Save it again as .xlsx or CSV."))
                    if part.filename.lower() == "[content_types].xml":
                        kinds = content.lower()
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise Invalid(msg("The workbook is damaged. Save it again as .xlsx or CSV.")) from error
    if b"macroenabled" in kinds or any(name.endswith("vbaproject.bin") for name in names):
        raise Invalid(msg("Workbooks with macros are not accepted. Save it as .xlsx or CSV."))


def _trimmed(cells: list[str]) -> list[str]:
    end = len(cells)
    while end and not cells[end - 1]:
        end -= 1
    return cells[:end]


def _padded(cells: list[str], width: int) -> list[str]:
    return cells[:width] + [""] * (width - len(cells))


def _letter(index: int) -> str:
    """The name that spreadsheet programs give a column: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
