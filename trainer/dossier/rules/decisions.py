"""A question that a named role answers: yes, or not yet. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from trainer.dossier.rules.entries import Entry, State, Thing, of_thing


@dataclass(frozen=True, slots=True)
class DecisionStanding:
    """The answers to one question, in order of their day; the newest decides."""

    code: str
    answers: tuple[Entry, ...] = ()

    @property
    def latest(self) -> Entry | None:
        return self.answers[-1] if self.answers else None

    @property
    def yes(self) -> bool:
        return self.latest is not None and self.latest.state == State.YES


def decision_standing(entries: Iterable[Entry], code: str) -> DecisionStanding:
    """Where one decision stands."""
    answers = [
        one for one in of_thing(entries, Thing.DECISION, code) if one.state in (State.YES, State.NOT_YET)
    ]
    return DecisionStanding(code, tuple(sorted(answers, key=lambda one: (one.on, one.id))))


def put_forward(entries: Iterable[Entry], code: str) -> Entry | None:
    """The request to the university that waits for an answer, if there is one: a decision "handed in" since the last answer."""
    waiting: Entry | None = None
    for entry in of_thing(entries, Thing.DECISION, code):
        waiting = entry if entry.state == State.HANDED_IN else None
    return waiting
