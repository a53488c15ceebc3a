"""What is taken away of make-ups: plain rows from plain values. Neither reasons nor anybody's words are in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from trainer.attendance.queries.make_ups import MakeUpRow
from trainer.attendance.rules.make_ups import status_text, way_text
from trainer.core.i18n import gettext as _
from trainer.core.i18n import say


def make_up_table(rows: Sequence[MakeUpRow], today: date) -> tuple[list[str], list[list[Any]]]:
    """Header and rows for CSV and XLSX. Minutes are whole; a make-up past its day says so."""
    header = [
        _("Name"),
        _("Missed session"),
        _("Date"),
        _("Module"),
        _("How"),
        _("Where"),
        _("When"),
        _("Minutes"),
        _("Until"),
        _("Status"),
        _("Past its day"),
        _("Asked on"),
        _("Made up on"),
    ]
    return header, [
        [
            row.name,
            row.number,
            row.missed_at.date(),
            row.module_code,
            say(way_text(row.way)),
            f"{row.target_course} {row.target_number}" if row.target_course else "",
            row.target_at.date() if row.target_at else None,
            row.minutes,
            row.until,
            say(status_text(row.status)),
            _("yes") if row.past(today) else "",
            row.asked_at.date(),
            row.done_at.date() if row.done_at else None,
        ]
        for row in rows
    ]
