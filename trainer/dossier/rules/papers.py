"""Documents and parts of a portfolio: handed in, accepted or returned, and for how long an acceptance is good. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from trainer.core.months import span_after
from trainer.dossier.rules.entries import Entry, State, of_thing

DUE_SOON = timedelta(days=60)


class PaperState(StrEnum):
    """Where a document or a part stands. The last two are accepted, and the very last was good until a day that has passed."""

    MISSING = "missing"
    HANDED_IN = "handed_in"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    EXPIRING = "expiring"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class PaperStanding:
    """One document or part on a day.

    `accepted`: the acceptance that is good for longest. `waiting`: what was handed in since and nobody has answered.
    `returned`: the newest answer, where it gave the thing back.
    """

    code: str
    state: PaperState
    accepted: Entry | None = None
    waiting: Entry | None = None
    returned: Entry | None = None

    @property
    def good(self) -> bool:
        """True when it is accepted and its last day has not passed."""
        return self.state in (PaperState.ACCEPTED, PaperState.EXPIRING)

    @property
    def valid_until(self) -> date | None:
        """The last day on which the acceptance is good; None for ever, or where there is none."""
        return self.accepted.valid_until if self.accepted else None


def paper_standing(entries: Iterable[Entry], kind: str, code: str, today: date) -> PaperStanding:
    """Where one document or part stands on `today`.

    What was accepted stays so while a newer one is looked at; an answer that gives something back is about what was handed in
    before it, or, where nothing waits, takes the last acceptance back.
    """
    accepted: list[Entry] = []
    waiting: Entry | None = None
    returned: Entry | None = None
    for entry in of_thing(entries, kind, code):
        if entry.state == State.HANDED_IN:
            waiting = entry
        elif entry.state == State.ACCEPTED:
            accepted.append(entry)
            waiting = returned = None
        elif entry.state == State.RETURNED:
            if waiting is None and accepted:
                accepted.pop()
            waiting, returned = None, entry
    best = max(accepted, key=_good_for, default=None)
    return PaperStanding(code, _state(best, waiting, returned, today), best, waiting, returned)


def _good_for(entry: Entry) -> tuple[date, int]:
    return entry.valid_until or date.max, entry.id


def _state(best: Entry | None, waiting: Entry | None, returned: Entry | None, today: date) -> PaperState:
    if best is not None and (best.valid_until is None or today <= best.valid_until):
        soon = best.valid_until is not None and best.valid_until - today <= DUE_SOON
        return PaperState.EXPIRING if soon else PaperState.ACCEPTED
    if waiting is not None:
        return PaperState.HANDED_IN
    if returned is not None:
        return PaperState.RETURNED
    return PaperState.MISSING if best is None else PaperState.EXPIRED


def usual_end(accepted_on: date, valid_for: Mapping[str, int] | None) -> date | None:
    """The last day on which something accepted that day is good, by the programme's span; None for ever."""
    return span_after(accepted_on, valid_for) if valid_for else None
