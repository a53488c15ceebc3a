"""What assessments say of a competency, and what the programme makes of them. Pure.

Source: docs/domain.md, "Competency". A self-assessment stands beside the assessors', is never averaged with it and never gates.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from trainer.core.text import Text, msg, nmsg

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
    """One assessor's judgement of one competency; `id` rises in the order of recording.

    `overruled`: an appeal changed it; it stays to be read and decides nothing any more.
    """

    competency_code: str
    level_code: str
    kind: str
    assessor_id: int
    assessed_on: date
    id: int
    overruled: bool = False


ANY = "any"
"""In what is missing: an assessment by somebody who has not assessed yet, of whatever kind."""


@dataclass(frozen=True, slots=True)
class CompetencyStanding:
    """Where a person stands in one competency.

    `deciding`: the judgement that decides; None as long as an assessment is `missing`. `own`: the newest self-assessment.
    `voices`: the judgement that each assessor holds now, newest first; where they differ, all stay visible. `missing`: pairs of
    kind (or ANY) and number.
    """

    competency_code: str
    deciding: Judgement | None = None
    own: Judgement | None = None
    disagreement: bool = False
    assessors: int = 0
    voices: tuple[Judgement, ...] = ()
    missing: tuple[tuple[str, int], ...] = ()

    @property
    def level_code(self) -> str | None:
        return self.deciding.level_code if self.deciding else None


def _when(one: Judgement) -> tuple[date, int]:
    # Of one day's judgements, the one recorded last counts: somebody changed their mind.
    return (one.assessed_on, one.id)


def _newest(judgements: Iterable[Judgement]) -> Judgement | None:
    return max(judgements, key=_when, default=None)


def stand(
    codes: Sequence[str],
    judgements: Iterable[Judgement],
    scale: Scale,
    rule: AssessorRule,
    *,
    kinds: Mapping[str, int] | None = None,
    overruled: frozenset[int] = frozenset(),
) -> dict[str, CompetencyStanding]:
    """The standing in each of `codes`, by the programme's rule: how many assessors, of which kinds, and who decides.

    latest: the newest of any assessor. all: the lowest of the judgements that the assessors hold now. any: the highest. A kind:
    the newest of that kind. As long as an assessment that the rule asks for is missing, nothing is decided yet.

    An assessor counts once, however often they judged, and holds their newest judgement; prior learning is its own kind and
    counts with the assessors'. `kinds` (by default the rule's) says how many are asked for of each kind. `overruled`: ids of
    judgements that an appeal changed, beside those that say so themselves: neither they nor what they had replaced count.
    """
    wanted = dict(rule.kinds if kinds is None else kinds)
    if rule.decides not in ("latest", "all", "any"):
        wanted[rule.decides] = max(1, wanted.get(rule.decides, 0))
    by_code: dict[str, list[Judgement]] = {code: [] for code in codes}
    for judgement in judgements:
        if judgement.competency_code in by_code:
            by_code[judgement.competency_code].append(judgement)
    return {code: _stand(code, found, scale, rule, wanted, overruled) for code, found in by_code.items()}


def _stand(
    code: str,
    found: list[Judgement],
    scale: Scale,
    rule: AssessorRule,
    kinds: Mapping[str, int],
    overruled: frozenset[int],
) -> CompetencyStanding:
    own = _newest(one for one in found if one.kind == Kind.SELF)
    others = _in_force([one for one in found if one.kind != Kind.SELF], overruled)
    held: dict[int, Judgement] = {}
    for one in sorted(others, key=_when):
        held[one.assessor_id] = one
    voices = tuple(sorted(held.values(), key=_when, reverse=True))
    missing = _missing(others, rule.required, kinds)
    deciding: Judgement | None = None
    if not missing:
        match rule.decides:
            case "latest":
                deciding = _newest(voices)
            case "all":
                deciding = min(voices, key=lambda one: scale.rank(one.level_code), default=None)
            case "any":
                deciding = max(voices, key=lambda one: scale.rank(one.level_code), default=None)
            case kind:
                deciding = _newest(one for one in others if one.kind == kind)
    return CompetencyStanding(
        competency_code=code,
        deciding=deciding,
        own=own,
        disagreement=len({one.level_code for one in voices}) > 1,
        assessors=len(voices),
        voices=voices,
        missing=missing,
    )


def _in_force(found: Sequence[Judgement], overruled: frozenset[int]) -> list[Judgement]:
    """What counts: not the overruled, nor what their assessor had said before and replaced by them."""
    until: dict[int, tuple[date, int]] = {}
    for one in found:
        if one.overruled or one.id in overruled:
            until[one.assessor_id] = max(_when(one), until.get(one.assessor_id, _when(one)))
    return [one for one in found if one.assessor_id not in until or _when(one) > until[one.assessor_id]]


def _missing(
    judgements: Iterable[Judgement], required: int, kinds: Mapping[str, int]
) -> tuple[tuple[str, int], ...]:
    """What the rule still asks for, by kind in its order, then of any kind; nobody fills two places.

    Who judged in two capacities fills the place in which they are needed: a bipartite matching, with a handful of places.
    """
    capacities: dict[int, set[str]] = {}
    for one in judgements:
        capacities.setdefault(one.assessor_id, set()).add(one.kind)
    places = [kind for kind, number in kinds.items() for _ in range(number)]
    taken: dict[int, int] = {}  # assessor -> place

    def seat(place: int, tried: set[int]) -> bool:
        for who in sorted(capacities):
            if who in tried or places[place] not in capacities[who]:
                continue
            tried.add(who)
            if who not in taken or seat(taken[who], tried):
                taken[who] = place
                return True
        return False

    empty = [places[place] for place in range(len(places)) if not seat(place, set())]
    missing = [(kind, empty.count(kind)) for kind in kinds if kind in empty]
    further = required - len(capacities) - len(empty)
    if further > 0:
        missing.append((ANY, further))
    return tuple(missing)


def missing_text(missing: Sequence[tuple[str, int]]) -> Text:
    """What is missing in words: “one more peer assessor”, “one more assessor and 2 more reference professionals”."""
    texts = [_one_missing(kind, number) for kind, number in missing]
    said = texts[-1]
    for place, text in enumerate(reversed(texts[:-1])):
        said = (
            msg("%(first)s and %(second)s", first=text, second=said)
            if not place
            else msg("%(first)s, %(rest)s", first=text, rest=said)
        )
    return said


def _one_missing(kind: str, number: int) -> Text:
    match kind:
        case Kind.ASSESSOR:
            return nmsg("one more trainer or assessor", "%(num)d more trainers or assessors", number)
        case Kind.PEER_ASSESSOR:
            return nmsg("one more peer assessor", "%(num)d more peer assessors", number)
        case Kind.REFERENCE_PROFESSIONAL:
            return nmsg("one more reference professional", "%(num)d more reference professionals", number)
        case Kind.PRIOR_LEARNING:
            return nmsg("one recognition of prior learning", "%(num)d recognitions of prior learning", number)
    return nmsg("one more person who assesses", "%(num)d more people who assess", number)


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
