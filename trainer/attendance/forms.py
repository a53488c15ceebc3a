"""What the register's page and its script send, checked for shape."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import Length

from trainer.attendance.queries import RegisterRow
from trainer.attendance.rules import NEEDS_MINUTES, MarkInput, MarkKind, valid_reason_code
from trainer.core.errors import Invalid
from trainer.core.forms import Form, required
from trainer.core.text import Text, msg

LONGEST_BATCH = 1000
LONGEST_SHEET = 5000
LONGEST_CELL = 40


class WithdrawForm(Form):
    """Why a register is taken back."""

    reason = StringField(
        _l("Why is the register withdrawn?"),
        validators=[required(), Length(max=500)],
        description=_l("The reason stays in the history. Leave out anything about people's health."),
    )


@dataclass(slots=True)
class Sent:
    """A register as it came: what changed since the page was made, and every value to show again."""

    marks: dict[int, MarkInput] = field(default_factory=dict)
    versions: dict[int, int] = field(default_factory=dict)
    shown: dict[int, tuple[str, str, str]] = field(default_factory=dict)
    problems: list[tuple[int, Text]] = field(default_factory=list)
    picked: frozenset[int] = frozenset()


_REST = {"all_present": MarkKind.PRESENT.value, "all_absent": MarkKind.ABSENT.value}


def page_value(kind: str, minutes: int | str | None, code: str) -> str:
    """A mark in one word, for the page to remember what it was made with."""
    shown_minutes = minutes if kind in NEEDS_MINUTES and minutes is not None else ""
    return f"{kind}:{shown_minutes}:{code if kind == MarkKind.EXCUSED else ''}"


def read_page(
    form: Mapping[str, str], rows: Iterable[RegisterRow], *, do: str = "save", picked: Collection[int] = ()
) -> Sent:
    """The fields `mark-ID`, `minutes-ID`, `code-ID`, `was-ID` and `version-ID` of each row.

    Rows that say what they said when the page was made are left out, so that they overwrite nobody's work. `do` is the
    button: "all_present" and "all_absent" mark everyone expected who is still unmarked, "picked:KIND" those `picked`.
    """
    sent = Sent(picked=frozenset(picked))
    rest = _REST.get(do)
    chosen = do.removeprefix("picked:") if do.startswith("picked:") else ""
    if chosen not in MarkKind.__members__.values():
        chosen = ""
    for row in rows:
        key = row.enrolment_id
        kind = form.get(f"mark-{key}", "")
        if kind not in MarkKind.__members__.values():
            continue
        if rest and row.expected and kind == MarkKind.UNMARKED:
            kind = rest
        if chosen and key in picked:
            kind = chosen
        minutes = form.get(f"minutes-{key}", "").strip() if kind in NEEDS_MINUTES else ""
        code = form.get(f"code-{key}", "").strip() if kind == MarkKind.EXCUSED else ""
        sent.shown[key] = (kind, minutes, code)
        if page_value(kind, minutes, code) == form.get(f"was-{key}"):
            continue
        version = form.get(f"version-{key}", "")
        if _is_number(version):
            sent.versions[key] = int(version)
        if kind in NEEDS_MINUTES and not (minutes.isascii() and minutes.isdigit() and len(minutes) < 6):
            sent.problems.append((key, msg("%(name)s: how many minutes were they there?", name=row.name)))
        elif not valid_reason_code(code):
            sent.problems.append((key, msg("%(name)s: this reason is not on the list.", name=row.name)))
        else:
            sent.marks[key] = MarkInput(MarkKind(kind), int(minutes) if minutes else None, code)
    return sent


def read_json(document: Any) -> tuple[dict[int, MarkInput], dict[int, int], str | None]:
    """Marks, versions and reason of {"marks": {ID: {"kind", "minutes", "code"}}, "versions": {ID: n}, "reason"}.

    Raises Invalid for any other shape.
    """
    try:
        marks = {int(key): _mark(value) for key, value in document["marks"].items()}
        versions = {int(key): int(value) for key, value in (document.get("versions") or {}).items()}
        reason = _reason(document)
        if len(marks) > LONGEST_BATCH:
            raise ValueError
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Invalid(msg("The page sent something that this version does not read. Reload it.")) from None
    return marks, versions, reason


def _is_number(text: str) -> bool:
    """A whole number that a column holds; Python refuses to read one of thousands of digits."""
    return text.isascii() and text.isdigit() and len(text) < 10


def _reason(document: Mapping[str, Any]) -> str | None:
    """Why marks change. What no form can send, JSON can: NULs are left out, half a character (a ValueError) is refused."""
    reason = document.get("reason")
    if reason is None:
        return None
    if not isinstance(reason, str):
        raise ValueError
    reason.encode()
    return reason.replace("\0", "")


def _mark(value: Mapping[str, Any]) -> MarkInput:
    minutes, code = value.get("minutes"), value.get("code") or ""
    if isinstance(minutes, bool) or not isinstance(minutes, int | None) or not isinstance(code, str):
        raise ValueError
    return MarkInput(MarkKind(value["kind"]), minutes, code)


def read_sheet(document: Any) -> tuple[dict[int, dict[int, str]], dict[int, dict[int, int]], str | None]:
    """Texts, versions and reason of {"cells": {SESSION: {ID: {"text", "version"}}}, "reason"}, by session and person.

    Raises Invalid for any other shape.
    """
    try:
        cells = {int(key): dict(value) for key, value in document["cells"].items()}
        reason = _reason(document)
        texts = {key: {int(who): _text(one) for who, one in value.items()} for key, value in cells.items()}
        versions = {
            key: {int(who): int(one["version"]) for who, one in value.items()} for key, value in cells.items()
        }
        if sum(len(value) for value in texts.values()) > LONGEST_SHEET:
            raise ValueError
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Invalid(msg("The page sent something that this version does not read. Reload it.")) from None
    return texts, versions, reason


def _text(cell: Mapping[str, Any]) -> str:
    text = cell["text"]
    if not isinstance(text, str) or len(text) > LONGEST_CELL:
        raise ValueError
    return text


def read_sheet_page(
    form: Mapping[str, str], session_ids: Collection[int]
) -> tuple[dict[int, dict[int, str]], dict[int, dict[int, int]]]:
    """The fields `c-SESSION-ID` of the sheet that say something else than `seen-SESSION`, "ID.VERSION.TEXT ID.VERSION.…"."""
    texts: dict[int, dict[int, str]] = {}
    versions: dict[int, dict[int, int]] = {}
    for session_id in session_ids:
        for one in form.get(f"seen-{session_id}", "").split():
            who, version, was = (*one.split(".", 2), "", "")[:3]
            now = form.get(f"c-{session_id}-{who}")
            if now is None or not (_is_number(who) and _is_number(version)) or now.strip() == was:
                continue
            texts.setdefault(session_id, {})[int(who)] = now[:LONGEST_CELL]
            versions.setdefault(session_id, {})[int(who)] = int(version)
    return texts, versions
