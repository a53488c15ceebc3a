"""What assessments say of a competency, and what the programme makes of them. Pure.

Source: docs/domain.md, "Competency". A self-assessment stands beside the assessors', is never averaged with it and never gates.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from trainer.core.text import Text, msg

if TYPE_CHECKING:
    from trainer.curriculum.rules import AssessorRule, Scale


class Kind(StrEnum):
    """Who judged, and from where."""

    ASSESSOR = "assessor"
    PEER_ASSESSOR = "peer_assessor"
    REFERENCE_PROFESSIONAL = "reference_professional"
    SELF = "self"
    PRIOR_LEARNING = "prior_learning"


@dataclass(frozen=True, slots=True)
class Judgement:
    """One assessor's judgement of one competency; `id` rises in the order of recording."""

    competency_code: str
    level_code: str
    kind: str
    assessor_id: int
    assessed_on: date
    id: int


@dataclass(frozen=True, slots=True)
class CompetencyStanding:
    """Where a person stands in one competency: the judgement that decides, the newest self-assessment, and whether the
    assessors' newest judgements differ (both stay visible)."""

    competency_code: str
    deciding: Judgement | None = None
    own: Judgement | None = None
    disagreement: bool = False
    assessors: int = 0

    @property
    def level_code(self) -> str | None:
        return self.deciding.level_code if self.deciding else None


def _newest(judgements: Iterable[Judgement]) -> Judgement | None:
    # Of one day's judgements, the one recorded last counts: somebody changed their mind.
    return max(judgements, key=lambda one: (one.assessed_on, one.id), default=None)


def stand(
    codes: Sequence[str], judgements: Iterable[Judgement], scale: Scale, rule: AssessorRule
) -> dict[str, CompetencyStanding]:
    """The standing in each of `codes`, by the programme's rule: how many assessors, and whose judgement decides.

    latest: the newest of any assessor. all: the lowest of the assessors' newest. any: the highest. A kind: the newest of that
    kind. With fewer assessors than the rule asks for nothing is decided yet.
    """
    by_code: dict[str, list[Judgement]] = {code: [] for code in codes}
    for judgement in judgements:
        if judgement.competency_code in by_code:
            by_code[judgement.competency_code].append(judgement)
    return {code: _stand(code, found, scale, rule) for code, found in by_code.items()}


def _stand(code: str, found: list[Judgement], scale: Scale, rule: AssessorRule) -> CompetencyStanding:
    own = _newest(one for one in found if one.kind == Kind.SELF)
    others = [one for one in found if one.kind != Kind.SELF]
    latest: dict[int, Judgement] = {}
    for one in sorted(others, key=lambda one: (one.assessed_on, one.id)):
        latest[one.assessor_id] = one
    deciding: Judgement | None = None
    if len(latest) >= rule.required:
        match rule.decides:
            case "latest":
                deciding = _newest(others)
            case "all":
                deciding = min(latest.values(), key=lambda one: scale.rank(one.level_code), default=None)
            case "any":
                deciding = max(latest.values(), key=lambda one: scale.rank(one.level_code), default=None)
            case kind:
                deciding = _newest(one for one in others if one.kind == kind)
    return CompetencyStanding(
        competency_code=code,
        deciding=deciding,
        own=own,
        disagreement=len({one.level_code for one in latest.values()}) > 1,
        assessors=len(latest),
    )


def reached(
    standings: Mapping[str, CompetencyStanding], codes: Iterable[str], level: str, scale: Scale
) -> list[str]:
    """The codes whose deciding level is `level` or above."""
    return [
        code
        for code in codes
        if (standing := standings.get(code))
        and standing.level_code
        and scale.reaches(standing.level_code, level)
    ]


KIND_WORDS: dict[str, Text] = {
    Kind.ASSESSOR: msg("Assessor"),
    Kind.PEER_ASSESSOR: msg("Peer assessor with lived experience"),
    Kind.REFERENCE_PROFESSIONAL: msg("Reference professional"),
    Kind.SELF: msg("Self-assessment"),
    Kind.PRIOR_LEARNING: msg("Prior learning"),
}
