"""What an address asks for: a day in the past, and which people in which order."""

from __future__ import annotations

from datetime import date, datetime

from flask import request

from trainer.cohorts.models import Course
from trainer.core.errors import Invalid
from trainer.core.text import msg
from trainer.progress import queries, rules


def moment(course: Course) -> datetime | None:
    """`?as_of=YYYY-MM-DD`: the end of that day in the course's zone; None for the present. Raises Invalid."""
    asked = request.args.get("as_of", "").strip()
    if not asked:
        return None
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        raise Invalid(msg("“%(day)s” is not a day: write it as 2026-11-21.", day=asked[:40])) from None
    return queries.end_of_day(course, day)


def choice() -> rules.Choice:
    """Who is shown and in which order; anything unknown is left out."""
    args = request.args
    sort = args.get("sort", "name")
    return rules.Choice(
        call=bool(args.get("call")),
        gate=args.get("gate", ""),
        status=args.get("status", ""),
        entity=args.get("entity", ""),
        sort=sort if sort in rules.SORTS else "name",
    )


def kept() -> dict[str, str]:
    """The parts of the address that its exports carry on."""
    names = ("as_of", "call", "gate", "status", "entity", "sort")
    return {name: request.args[name] for name in names if request.args.get(name)}
