"""What the pages of placements share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from trainer.core.access import current_actor
from trainer.core.errors import TrainerError
from trainer.core.i18n import say
from trainer.core.text import Text, minutes_text, msg
from trainer.core.web import chip_word
from trainer.placement import policy
from trainer.placement.models import Placement
from trainer.placement.queries import Line
from trainer.placement.rules import KIND_WORDS, STATE_WORDS, Hours

bp = Blueprint("placement", __name__, template_folder="../templates")
Page = str | Response | tuple[str, int]


@bp.app_context_processor
def words() -> dict[str, Any]:
    """What the templates of placements say with."""
    return {"placement_words": {"kinds": KIND_WORDS, "states": STATE_WORDS, "hours": hours_text}}


def hours_text(hours: Hours, need: int) -> Text:
    """The bar of hours in a sentence, for everyone who does not see it."""
    values = {
        "counted": minutes_text(hours.counted),
        "need": minutes_text(need),
        "waiting": minutes_text(hours.waiting),
    }
    if not need:
        return msg("%(counted)s are signed off, %(waiting)s wait for a signature.", **values)
    return msg("%(counted)s of %(need)s are signed off, %(waiting)s wait for a signature.", **values)


def home_of(placement: Placement) -> str:
    """The page of a placement for the actor: the worker's own, or the one that the others share."""
    if policy.is_worker(current_actor(), placement):
        return url_for("placement.mine", id=placement.id)
    return url_for("placement.placement", placement_id=placement.id)


def attempt(action: Callable[[], object]) -> list[str]:
    """Runs a command; gives what stood in its way, in words."""
    try:
        action()
    except TrainerError as error:
        return [say(error.text), *(say(one) for one in getattr(error, "problems", []))]
    return []


def pair(policy_: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    """A policy on the first of the two things that a loader gives."""

    def of_pair(actor: Any, things: tuple[Any, Any]) -> bool:
        return policy_(actor, things[0])

    of_pair.__module__, of_pair.__qualname__ = policy_.__module__, policy_.__qualname__
    return of_pair


def local_day(moment: datetime | None, zone: str) -> date | None:
    """The date of a moment in `zone`."""
    return None if moment is None else moment.astimezone(ZoneInfo(zone)).date()


def line_header() -> list[str]:
    """The columns of `line_cells`."""
    return [
        _("Host"),
        _("Service"),
        _("Reference professional"),
        _("First day"),
        _("Last day"),
        _("Status"),
        _("Agreed minutes a week"),
        _("Average minutes a week"),
        _("Signed-off minutes"),
        _("Minutes waiting for a signature"),
        _("Disputed minutes"),
        _("Needed minutes"),
    ]


def line_cells(line: Line) -> list[object]:
    """A placement in a row of a spreadsheet."""
    row = line.row
    return [
        row.host,
        row.service,
        row.reference or "",
        row.starts_on,
        row.ends_on,
        chip_word(row.status),
        row.weekly_minutes,
        line.average,
        line.own.counted,
        line.own.waiting,
        line.own.disputed,
        line.need,
    ]
