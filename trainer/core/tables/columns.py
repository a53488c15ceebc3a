"""Columns by name, in whatever case, accents and language, and every problem of a file in one go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, time

from trainer.core.errors import Invalid
from trainer.core.tables.reading import Row, Table
from trainer.core.tables.values import fold, parse_date, parse_time
from trainer.core.text import Text, msg

# Catalan and Spanish headings as people write them, and a few English ones; compared without case or accents.
ALIASES: dict[str, tuple[str, ...]] = {
    "given_name": ("nom", "nombre", "first name", "given names", "nom de pila", "nombre de pila"),
    "family_name": (
        "cognoms",
        "cognom",
        "apellidos",
        "apellido",
        "surname",
        "surnames",
        "last name",
        "family names",
    ),
    "email": (
        "e-mail",
        "mail",
        "correu",
        "correu electrònic",
        "correo",
        "correo electrónico",
        "adreça electrònica",
    ),
    "entity": ("entitat", "entidad", "organisation", "organització", "organización"),
    "language": ("llengua", "idioma", "lengua"),
    "joined_on": (
        "data d'alta",
        "alta",
        "fecha de alta",
        "inici",
        "data d'incorporació",
        "fecha de incorporación",
    ),
    "certificate_name": (
        "nom al certificat",
        "nom del certificat",
        "nombre en el certificado",
        "name on certificate",
    ),
    "national_id": (
        "dni",
        "nie",
        "dni/nie",
        "dni nie passaport",
        "dni nie pasaporte",
        "dni/nie/passport",
        "nif",
    ),
    "number": ("núm", "núm.", "número", "nombre", "sessió", "sesión", "session", "n", "no", "nº", "#"),
    "module": ("mòdul", "módulo"),
    "date": ("data", "fecha", "dia", "día"),
    "start": ("inici", "inicio", "hora d'inici", "hora de inicio", "hora inici", "hora inicio", "de", "from"),
    "end": ("fi", "fin", "final", "hora de fi", "hora de fin", "hora fi", "hora fin", "hora final", "to"),
    "venue": ("lloc", "lugar", "seu", "sede", "aula", "espai", "espacio", "place"),
    "status": ("estat", "estado"),
    "session": ("sessió", "sesión", "núm sessió", "núm. sesión", "número", "session number", "number"),
    "mark": ("assistència", "asistencia", "marca", "attendance"),
    "minutes": ("minuts", "minutos", "min"),
    "reason_code": ("motiu", "motivo", "codi del motiu", "código del motivo", "reason"),
    "competency": ("competència", "competencia"),
    "level": ("nivell", "nivel"),
    "kind": ("tipus", "tipo"),
    "assessor": (
        "avaluador",
        "avaluadora",
        "avaluador/a",
        "evaluador",
        "evaluadora",
        "evaluador/a",
        "avaluat per",
    ),
    "evidence": ("evidència", "evidencia", "evidències", "evidencias", "prova"),
    "tasks": ("tasques", "tareas", "tasca", "tarea"),
}


@dataclass(frozen=True)
class Column:
    """A column that an import knows. Aliases of `ALIASES` come with the name; more may be given."""

    name: str
    required: bool = True
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """A table with the import's own column names. An optional column that is not there reads as ''."""

    rows: list[Row]
    present: frozenset[str]
    headings: dict[str, str]
    warnings: list[Text] = field(default_factory=list)


@dataclass(frozen=True)
class ImportResult:
    """What an import did, or with a dry run would do: rows added, changed and already so."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    warnings: list[Text] = field(default_factory=list)


def columns(table: Table, spec: Sequence[Column]) -> Sheet:
    """Match the headings of a table with the columns an import knows.

    Raises Invalid naming every required column that is missing and every column given twice. A heading that
    nobody knows becomes a warning.
    """
    known: dict[str, str] = {}
    for column in spec:
        for alias in (*column.aliases, *ALIASES.get(column.name, ())):
            known.setdefault(fold(alias), column.name)
    known.update({fold(column.name): column.name for column in spec})

    headings: dict[str, str] = {}
    problems: list[Text] = []
    warnings = list(table.warnings)
    for title in table.header:
        name = known.get(fold(title))
        if name is None:
            if title:
                warnings.append(msg("The column %(column)s is not known and was not read.", column=title))
        elif name in headings:
            problems.append(_problem(table.header_row, title, msg("this column is there twice")))
        else:
            headings[name] = title
    problems += [
        _problem(table.header_row, column.name, msg("this column is missing"))
        for column in spec
        if column.required and column.name not in headings
    ]
    if problems:
        raise Invalid(msg("Nothing was imported: the columns are not those of this import."), problems)
    rows = [
        Row(row.number, {c.name: row[headings[c.name]] if c.name in headings else "" for c in spec})
        for row in table.rows
    ]
    # A row whose only cells are in columns that nobody knows is blank for this import.
    rows = [row for row in rows if any(row.values.values())]
    return Sheet(rows, frozenset(headings), headings, warnings)


class Problems:
    """Collects what is wrong with a file, so that it is mended in one go: `row N, column C: what`."""

    def __init__(self, sheet: Sheet | None = None) -> None:
        self._headings = sheet.headings if sheet else {}
        self._found: list[tuple[int, Text]] = []

    def __bool__(self) -> bool:
        return bool(self._found)

    def __len__(self) -> int:
        return len(self._found)

    @property
    def texts(self) -> list[Text]:
        """What was found, in the order of the rows."""
        return [text for _, text in sorted(self._found, key=lambda item: item[0])]

    def add(self, row: Row | int, column: str, what: Text) -> None:
        """Note a problem with one cell. A heading in another language is named as it is written."""
        number = row if isinstance(row, int) else row.number
        heading = self._headings.get(column, column)
        shown = column if fold(heading) == fold(column) else heading
        self._found.append((number, _problem(number, shown, what)))

    def check(self) -> None:
        """Raise Invalid with all problems, if there are any."""
        if self._found:
            raise Invalid(msg("Nothing was imported: the file has errors."), self.texts)

    def required(self, row: Row, column: str) -> str:
        """The cell; '' and a problem when it is blank."""
        if not row[column]:
            self.add(row, column, msg("is empty"))
        return row[column]

    def date(self, row: Row, column: str, *, required: bool = False) -> date | None:
        """The cell as a date; None when blank (a problem if required) or when it is no date (a problem)."""
        if not row[column]:
            self._blank(row, column, required)
            return None
        try:
            return parse_date(row[column])
        except ValueError:
            self.add(
                row,
                column,
                msg("%(value)s is not a date (YYYY-MM-DD or DD/MM/YYYY)", value=_short(row[column])),
            )
            return None

    def time(self, row: Row, column: str, *, required: bool = False) -> time | None:
        """The cell as a time of day; None when blank (a problem if required) or no time (a problem)."""
        if not row[column]:
            self._blank(row, column, required)
            return None
        try:
            return parse_time(row[column])
        except ValueError:
            self.add(row, column, msg("%(value)s is not a time (HH:MM)", value=_short(row[column])))
            return None

    def integer(self, row: Row, column: str, low: int, high: int, *, required: bool = False) -> int | None:
        """The cell as a whole number from `low` to `high`; None when blank or wrong, like `date`."""
        text = row[column]
        if not text:
            self._blank(row, column, required)
            return None
        if not (text.isascii() and text.removeprefix("-").isdigit() and len(text) < 10):
            self.add(row, column, msg("%(value)s is not a whole number", value=_short(text)))
            return None
        if not low <= int(text) <= high:
            self.add(
                row,
                column,
                msg(
                    "%(value)s is not between %(low)s and %(high)s", value=text, low=str(low), high=str(high)
                ),
            )
            return None
        return int(text)

    def choice(self, row: Row, column: str, allowed: Iterable[str], *, required: bool = True) -> str:
        """The cell in lower case when it is one of `allowed`; '' and a problem when it is not."""
        names = list(allowed)
        value = row[column].casefold()
        if not value:
            self._blank(row, column, required)
            return ""
        if value not in names:
            self.add(
                row,
                column,
                msg("%(value)s is not one of: %(names)s", value=_short(row[column]), names=", ".join(names)),
            )
            return ""
        return value

    def _blank(self, row: Row, column: str, required: bool) -> None:
        if required:
            self.add(row, column, msg("is empty"))


def _problem(row: int, column: str, what: Text) -> Text:
    return msg("row %(row)s, column %(column)s: %(what)s", row=str(row), column=column, what=what)


def _short(value: str) -> str:
    return value if len(value) <= 60 else value[:59] + "…"
