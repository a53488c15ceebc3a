"""The requirement kind `competencies`: which of the programme's competencies are at the level that is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from trainer.competency.rules import Judgement, reached, stand
from trainer.core.text import Text, msg, nmsg
from trainer.curriculum.rules import Programme
from trainer.gates.rules import Requirement, Status


class CompetenciesEvaluator:
    """Rule: `level` (a code of the scale, by default the first that passes), `which` ("all", or a list of codes)."""

    kind = "competencies"
    sources: tuple[str, ...] = ("competency",)

    def evaluate(
        self, rule: Mapping[str, Any], facts: Mapping[str, Any], programme: Programme, today: date
    ) -> Requirement:
        """Met when all that are asked for are at the level; else not yet: a competency can always be assessed again."""
        scale = programme.scale
        found: list[Judgement] = facts.get("competency") or []
        level = rule.get("level") or next(one.code for one in scale.levels if one.passing)
        which = rule.get("which", "all")
        codes = list(programme.competency_codes) if which == "all" else list(which)
        standings = stand(codes, found, scale, scale.assessors)
        done = reached(standings, codes, level, scale)
        missing = [code for code in codes if code not in done]
        unseen = [code for code in missing if standings[code].deciding is None]
        need: Any = dict(scale.level(level).title)
        explanation: Text
        if not missing:
            explanation = nmsg(
                "The one competency is at “%(level)s” or above.",
                "All %(num)d competencies are at “%(level)s” or above.",
                len(codes),
                level=need,
            )
        elif not done and len(unseen) == len(codes):
            explanation = nmsg(
                "%(num)d competency is to be assessed.",
                "%(num)d competencies are to be assessed.",
                len(codes),
            )
        else:
            explanation = msg(
                "%(done)d of %(all)d competencies are at “%(level)s” or above; not yet: %(titles)s.",
                done=len(done),
                all=len(codes),
                level=need,
                titles=_titles(missing, programme),
            )
        next_step = None
        if missing:
            first: Any = dict(programme.competency(missing[0]).title)
            next_step = (
                msg("Ask the training team for an assessment, beginning with “%(title)s”.", title=first)
                if unseen
                else msg("Agree with an assessor how to show “%(title)s” again.", title=first)
            )
        return Requirement(
            kind=self.kind,
            status=Status.NOT_YET if missing else Status.MET,
            have=str(len(done)),
            need=str(len(codes)),
            explanation=explanation,
            next_step=next_step,
            evidence=tuple(standings[code].deciding.id for code in done if standings[code].deciding),  # type: ignore[union-attr]
        )


def _titles(codes: Sequence[str], programme: Programme) -> Text:
    """Up to three titles, and how many more."""
    shown = [dict(programme.competency(code).title) for code in codes[:3]]
    rest = len(codes) - len(shown)
    if len(shown) == 1:
        return msg("“%(a)s”", a=shown[0])
    if len(shown) == 2:
        return msg("“%(a)s” and “%(b)s”", a=shown[0], b=shown[1])
    if not rest:
        return msg("“%(a)s”, “%(b)s” and “%(c)s”", a=shown[0], b=shown[1], c=shown[2])
    return nmsg(
        "“%(a)s”, “%(b)s”, “%(c)s” and %(num)d more",
        "“%(a)s”, “%(b)s”, “%(c)s” and %(num)d more",
        rest,
        a=shown[0],
        b=shown[1],
        c=shown[2],
    )
