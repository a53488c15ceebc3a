"""Everything that a programme asks of one person's dossier, thing by thing. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from trainer.curriculum.rules.numbers import exact_fraction
from trainer.dossier.rules.decisions import DecisionStanding, decision_standing
from trainer.dossier.rules.entries import Entry, Thing, live
from trainer.dossier.rules.papers import PaperStanding, PaperState, paper_standing
from trainer.dossier.rules.scores import ScoreStanding, score_standing, share

if TYPE_CHECKING:
    from trainer.curriculum.rules import Programme


@dataclass(frozen=True)
class Dossier:
    """Where one person's things stand, by code, in the programme's order."""

    documents: dict[str, PaperStanding]
    portfolio: dict[str, PaperStanding]
    tests: dict[str, ScoreStanding]
    decisions: dict[str, DecisionStanding]

    @property
    def papers(self) -> tuple[PaperStanding, ...]:
        return (*self.documents.values(), *self.portfolio.values())

    @property
    def to_look_at(self) -> int:
        """How many things wait for an answer by the training team."""
        return sum(one.waiting is not None for one in self.papers)

    @property
    def to_hand_in(self) -> int:
        """How many things the person still has to hand in, or hand in again."""
        return sum(
            one.waiting is None
            and one.state
            in (PaperState.MISSING, PaperState.RETURNED, PaperState.EXPIRED, PaperState.EXPIRING)
            for one in self.papers
        )


def asks_for_anything(programme: Programme) -> bool:
    """True when the programme has a document, a part of a portfolio, a test or a decision."""
    return bool(programme.documents or programme.portfolio or programme.tests or programme.decisions)


def dossier_of(programme: Programme, entries: Iterable[Entry], today: date) -> Dossier:
    """Everything that the programme asks for, as it stands for one person on `today`."""
    known = live(entries)
    return Dossier(
        {one.code: paper_standing(known, Thing.DOCUMENT, one.code, today) for one in programme.documents},
        {one.code: paper_standing(known, Thing.PORTFOLIO, one.code, today) for one in programme.portfolio},
        {one.code: score_standing(known, one.code, one.attempts) for one in programme.tests},
        {one.code: decision_standing(known, one.code) for one in programme.decisions},
    )


def asked_share(programme: Programme, code: str) -> Fraction | None:
    """The least share of the points that any gate asks of a test; None when no gate asks for it."""
    asked = [
        exact_fraction(rule["at_least"])
        for gate in programme.gates.values()
        for rule in gate.requirements
        if rule["kind"] == "test" and rule["test"] == code
    ]
    return min(asked, default=None)


def granted(programme: Programme, entries: Iterable[Entry]) -> dict[tuple[str, str], Fraction]:
    """What was accepted, passed or answered yes, each with how much that is worth: what decisions may rest on.

    A document is worth the day up to which it is good, a test its best share. Whatever is worth less afterwards was corrected.
    """
    standing = dossier_of(programme, entries, date.min)
    found: dict[tuple[str, str], Fraction] = {}
    for kind, papers in ((Thing.DOCUMENT, standing.documents), (Thing.PORTFOLIO, standing.portfolio)):
        for code, one in papers.items():
            if one.accepted is not None:
                found[kind, code] = Fraction((one.valid_until or date.max).toordinal())
    for code, score in standing.tests.items():
        if score.best is not None:
            found[Thing.TEST, code] = share(score.best)
    for code, decision in standing.decisions.items():
        if decision.yes:
            found[Thing.DECISION, code] = Fraction(1)
    return found


def corrected(
    before: dict[tuple[str, str], Fraction], after: dict[tuple[str, str], Fraction]
) -> frozenset[tuple[str, str]]:
    """What is worth less than before: something that was granted has changed."""
    return frozenset(key for key, worth in before.items() if key not in after or after[key] < worth)
