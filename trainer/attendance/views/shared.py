"""What the pages of absences, make-ups and transfers share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import flash

from trainer.attendance.rules import make_ups as make_up_rules
from trainer.attendance.rules import notices as notice_rules
from trainer.attendance.rules import reason_code_text
from trainer.cohorts.models import Course
from trainer.core.errors import Invalid, Refused
from trainer.core.i18n import localised, say
from trainer.core.tables import parse_date
from trainer.core.text import msg
from trainer.scheduling.queries import SessionRow, module_titles

# What the templates say with: the words are the rules', the templates only place them.
WORDS: dict[str, Any] = {
    "kind_text": notice_rules.kind_text,
    "own_kind_text": notice_rules.own_kind_text,
    "decision_text": notice_rules.decision_text,
    "way_text": make_up_rules.way_text,
    "status_text": make_up_rules.status_text,
    "words_text": make_up_rules.words_text,
    "reason_text": reason_code_text,
}


def attempt(command: Callable[[], object], done: str) -> bool:
    """Runs a command of a page with one button; flashes what came of it. True when it worked."""
    try:
        command()
    except (Invalid, Refused) as error:
        flash(say(error.text), "error")
        return False
    flash(done, "success")
    return True


def titles_of(course: Course) -> Callable[[SessionRow], str]:
    """A function from a session's row to its title in the reader's language."""
    modules = module_titles(course)

    def title(row: SessionRow) -> str:
        return row.title or localised(modules.get(row.module_code)) or row.module_code

    return title


def whole_number(text: str | None) -> int | None:
    """A number as a form sends it; None when nothing was sent. Raises Invalid."""
    found = (text or "").strip()
    if not found:
        return None
    if not (found.isascii() and found.isdigit() and len(found) < 10):  # ids of rows too
        raise Invalid(msg("“%(text)s” is no whole number.", text=found[:20]))
    return int(found)


def one_day(text: str | None) -> date | None:
    """A date as a form sends it; None when nothing was sent. Raises Invalid."""
    if not (text or "").strip():
        return None
    try:
        return parse_date(str(text))
    except ValueError:
        raise Invalid(msg("That is not a date.")) from None
