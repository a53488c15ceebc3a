"""What is taken away of make-ups: plain rows from plain values. Neither reasons nor anybody's words are in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from trainer.attendance.queries.make_ups import MakeUpRow
from trainer.attendance.rules.make_ups import status_text, way_text
from trainer.core.clock import wall_time
from trainer.core.i18n import gettext as _
from trainer.core.i18n import localised, say


def make_up_table(
    rows: Sequence[MakeUpRow], today: date, zone: str, titles: Mapping[str, Mapping[str, str]]
) -> tuple[list[str], list[list[Any]]]:
    """Header and rows for CSV and XLSX, days as they are in the course's `zone`. Minutes are whole; a make-up past its day
    says so. `titles`: those of the modules, in every language, by code."""
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
            localised(titles.get(row.module_code)) or row.module_code,
            say(way_text(row.way)),
            f"{row.target_course} {row.target_number}" if row.target_course else "",
            row.target_at.date() if row.target_at else None,
            row.minutes,
            row.until,
            say(status_text(row.status)),
            _("yes") if row.past(today) else "",
            _day(row.asked_at, zone),
            _day(row.done_at, zone),
        ]
        for row in rows
    ]


def _day(moment: datetime | None, zone: str) -> date | None:
    at = wall_time(moment, zone)
    return at and at.date()
