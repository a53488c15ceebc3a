"""What a programme asks of placements: so many hours, of one placement or of all, by a day. Pure.

Source: docs/domain.md, "Programmes are data": one placement after another, hours within so many months, what counts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from trainer.core.months import span_after
from trainer.core.text import Text, minutes_text, msg
from trainer.placement.rules.log import (
    Done,
    Facts,
    Hours,
    Kind,
    LogState,
    PlacementSpan,
    Tally,
    count,
    explain,
    next_step,
)

if TYPE_CHECKING:
    from trainer.curriculum.rules import Programme


@dataclass(frozen=True, slots=True)
class Asked:
    """One requirement. `need`: minutes; `kinds`: what counts; `number`: the placement by first day, None for all of them;
    `within`: how long after that placement's first day (or the first one's) hours count."""

    need: int
    kinds: frozenset[str]
    number: int | None = None
    within: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Reached:
    """What of it is there. `facts`: those of the placements that count; `until`: the last day on which hours count."""

    hours: Hours
    facts: Facts
    until: date | None = None
    over: bool = False  # that day has passed, and what is logged until then cannot be enough


def asked_of(rule: Mapping[str, Any], programme: Programme) -> Asked:
    """The requirement as values; without `kinds` of its own it counts those that the programme counts."""
    counting = rule.get("kinds") or (programme.placement or {}).get("counting_kinds") or list(Kind)
    return Asked(
        need=int(rule["hours"]) * 60,
        kinds=frozenset(str(kind) for kind in counting),
        number=rule.get("placement"),
        within=rule.get("within"),
    )


def reached(facts: Facts, asked: Asked, today: date) -> Reached:
    """Sums up what counts for one requirement; hours that wait for a signature or are disputed may still come to count."""
    if asked.number is None and asked.within is None:
        return Reached(count(facts.tallies, asked.kinds), facts)
    spans = sorted(facts.spans, key=lambda span: (span.starts_on, span.id))
    if asked.number is not None:
        spans = spans[asked.number - 1 : asked.number]
    until = span_after(spans[0].starts_on, asked.within) if spans and asked.within else None
    tallies = tuple(
        Tally(one.kind, one.state, one.minutes)
        for span in spans
        for one in span.done
        if until is None or one.on <= until
    )
    hours = count(tallies, asked.kinds)
    late = until is not None and today > until
    possible = hours.counted + hours.waiting + hours.disputed
    chosen = Facts(
        tallies,
        agreed=bool(spans),
        open=any(span.open for span in spans) and not late,
        spans=tuple(spans),
    )
    return Reached(hours, chosen, until, late and possible < asked.need)


def explain_asked(found: Reached, asked: Asked) -> Text:
    """Where the hours stand, in words: of which placement, and until when they count."""
    said = explain(found.hours, asked.need, found.facts)
    if not found.facts.agreed and asked.number is not None:
        said = msg(
            "It is not agreed yet; %(need)s are needed.",
            need=minutes_text(asked.need),
        )
    elif found.over:
        said = msg(
            "%(have)s of %(need)s were done by %(day)s, the last day that counts.",
            have=minutes_text(found.hours.counted),
            need=minutes_text(asked.need),
            day=found.until,
        )
    elif found.until is not None and found.hours.counted < asked.need:
        said = msg("%(said)s Hours count until %(day)s.", said=said, day=found.until)
    if asked.number is None:
        return said
    return msg("Placement %(number)s: %(said)s", number=str(asked.number), said=said)


def step_asked(found: Reached, asked: Asked) -> Text | None:
    """What to do next for the hours; None once they are there."""
    if found.hours.counted >= asked.need:
        return None
    if found.over:
        return msg("The time for these hours is over: talk with the training team about what is possible.")
    if not found.facts.agreed and asked.number is not None:
        return msg("Agree placement %(number)s with the training team.", number=str(asked.number))
    return next_step(found.hours, asked.need, found.facts)


def days_of(
    span: PlacementSpan, need: int | None, kinds: Collection[str]
) -> tuple[date | None, date | None, bool]:
    """The days on which a placement was begun and done, and whether the latter still waits for signatures.

    Begun: the first day with hours that nobody disputes. Done: the day on which the hours that count reach `need` minutes;
    where nothing is asked, the last day with hours of a placement that is closed.
    """
    days = [one for one in span.done if one.state != LogState.DISPUTED and one.minutes > 0]
    begun = min((one.on for one in days), default=None)
    if need is None:
        last = max((one.on for one in days), default=None)
        return begun, (None if span.open else last), False
    counting = [one for one in days if one.kind in kinds]
    signed = _day_reached((one for one in counting if one.state == LogState.SIGNED), need)
    if signed is not None:
        return begun, signed, False
    waiting = _day_reached(counting, need)
    return begun, waiting, waiting is not None


def _day_reached(done: Iterable[Done], need: int) -> date | None:
    total, by_day = 0, dict[date, int]()
    for one in done:
        by_day[one.on] = by_day.get(one.on, 0) + one.minutes
    for day in sorted(by_day):
        total += by_day[day]
        if total >= need:
            return day
    return None
