"""The requirement kinds `documents`, `portfolio`, `test` and `decision`, decided on a person's dossier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from trainer.core.text import Text
from trainer.curriculum.rules import Programme
from trainer.curriculum.rules.numbers import exact_fraction
from trainer.dossier.rules import (
    Entry,
    Thing,
    decision_standing,
    live,
    paper_standing,
    score_standing,
)
from trainer.dossier.rules.scores import points_needed
from trainer.dossier.rules.words import (
    decision_step,
    explain_decision,
    explain_documents,
    explain_portfolio,
    explain_score,
    first_step,
    score_step,
)
from trainer.gates.rules import Requirement, Status

SOURCES = ("dossier",)


class DocumentsEvaluator:
    """Rule: `which`, all or codes. `have` and `need` count documents; `evidence` holds a PaperStanding each.

    Never out of reach: a document can always be handed in. One whose last day has passed does not count from the day after.
    """

    kind = "documents"
    sources: tuple[str, ...] = SOURCES

    def evaluate(
        self, rule: Mapping[str, Any], facts: Mapping[str, Any], programme: Programme, today: date
    ) -> Requirement:
        """Decide one requirement. Pure."""
        return _papers(self.kind, Thing.DOCUMENT, rule, facts, programme.documents, today)


class PortfolioEvaluator:
    """Rule: `which`, all or codes. `have` and `need` count parts; `evidence` holds a PaperStanding each. Never out of reach."""

    kind = "portfolio"
    sources: tuple[str, ...] = SOURCES

    def evaluate(
        self, rule: Mapping[str, Any], facts: Mapping[str, Any], programme: Programme, today: date
    ) -> Requirement:
        """Decide one requirement. Pure."""
        return _papers(self.kind, Thing.PORTFOLIO, rule, facts, programme.portfolio, today)


def _papers(
    kind: str,
    thing: Thing,
    rule: Mapping[str, Any],
    facts: Mapping[str, Any],
    specs: Sequence[Any],
    today: date,
) -> Requirement:
    titles = {one.code: one.title for one in specs}
    asked = list(titles) if rule["which"] == "all" else list(rule["which"])
    entries = live(_entries(facts))
    standings = tuple(paper_standing(entries, thing, code, today) for code in asked)
    have, need = sum(one.good for one in standings), len(standings)
    met = have == need
    explanation: Text = (
        explain_documents(have, need) if thing is Thing.DOCUMENT else explain_portfolio(have, need)
    )
    return Requirement(
        kind=kind,
        status=Status.MET if met else Status.NOT_YET,
        have=str(have),
        need=str(need),
        explanation=explanation,
        next_step=None if met else first_step(standings, titles),
        evidence=standings,
    )


class TestEvaluator:
    """Rule: `test`, `at_least`. `have`: the points of the best result; `need`: the fewest that are enough, both out of the
    whole of that result (before any, of the programme's). `evidence` holds the ScoreStanding."""

    kind = "test"
    sources: tuple[str, ...] = SOURCES
    __test__ = False  # no test of ours, whatever its name

    def evaluate(
        self, rule: Mapping[str, Any], facts: Mapping[str, Any], programme: Programme, today: date
    ) -> Requirement:
        """Met when a result is at least that share, exactly; out of reach once every attempt was taken. Pure."""
        spec = next(one for one in programme.tests if one.code == rule["test"])
        asked = exact_fraction(rule["at_least"])
        standing = score_standing(_entries(facts), spec.code, spec.attempts)
        best = standing.best
        missing = Status.UNREACHABLE if standing.left == 0 else Status.NOT_YET
        status = Status.MET if standing.reaches(asked) else missing
        return Requirement(
            kind=self.kind,
            status=status,
            have=str(best.points if best else 0),
            need=str(points_needed((best.out_of if best else None) or spec.out_of, asked)),
            explanation=explain_score(standing, asked, spec.title),
            next_step=score_step(standing, asked, spec.title),
            evidence=(standing,),
        )


class DecisionEvaluator:
    """Rule: `decision`. `have` and `need` are 0 or 1; `evidence` holds the DecisionStanding. Never out of reach."""

    kind = "decision"
    sources: tuple[str, ...] = SOURCES

    def evaluate(
        self, rule: Mapping[str, Any], facts: Mapping[str, Any], programme: Programme, today: date
    ) -> Requirement:
        """Met when the newest answer of the role that the programme names is yes. Pure."""
        spec = next(one for one in programme.decisions if one.code == rule["decision"])
        standing = decision_standing(_entries(facts), spec.code)
        return Requirement(
            kind=self.kind,
            status=Status.MET if standing.yes else Status.NOT_YET,
            have="1" if standing.yes else "0",
            need="1",
            explanation=explain_decision(standing, spec.title),
            next_step=decision_step(standing, spec.by, spec.title),
            evidence=(standing,),
        )


def _entries(facts: Mapping[str, Any]) -> Sequence[Entry]:
    return facts.get("dossier") or ()
