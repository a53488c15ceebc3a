"""The requirement kind `competencies`: which of the programme's competencies are at the level that is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from trainer.competency.rules import CompetencyStanding, Judgement, missing_text, reached, stand
from trainer.core.text import Text, msg, nmsg
from trainer.curriculum.rules import Programme
from trainer.gates.rules import Requirement, Status


class CompetenciesEvaluator:
    """Rule: `level` (a code of the scale, by default the first that passes), `which` ("all", or a list of codes) and
    `at_least` (how many of them; by default all)."""

    kind = "competencies"
    sources: tuple[str, ...] = ("competency",)

    def evaluate(
        self, rule: Mapping[str, Any], facts: Mapping[str, Any], programme: Programme, today: date
    ) -> Requirement:
        """Met when as many as are asked for are at the level; else not yet: a competency can always be assessed again."""
        scale = programme.scale
        found: list[Judgement] = facts.get("competency") or []
        level = rule.get("level") or next(one.code for one in scale.levels if one.passing)
        which = rule.get("which", "all")
        codes = list(programme.competency_codes) if which == "all" else list(which)
        wanted = min(int(rule.get("at_least") or len(codes)), len(codes))
        standings = stand(codes, found, scale, scale.assessors)
        done = reached(standings, codes, level, scale)
        missing = [code for code in codes if code not in done] if len(done) < wanted else []
        return Requirement(
            kind=self.kind,
            status=Status.NOT_YET if missing else Status.MET,
            have=str(len(done)),
            need=str(wanted),
            explanation=_explain(codes, done, missing, wanted, level, standings, programme),
            next_step=_next_step(missing, level, standings, programme),
            evidence=tuple(one.id for code in done if (one := standings[code].deciding)),
        )


def _explain(
    codes: Sequence[str],
    done: Sequence[str],
    missing: Sequence[str],
    wanted: int,
    level: str,
    standings: Mapping[str, CompetencyStanding],
    programme: Programme,
) -> Text:
    title: Any = dict(programme.scale.level(level).title)
    if wanted < len(codes):
        values = {"done": len(done), "of": len(codes), "level": title}
        if not missing:
            return nmsg(
                "%(done)d of %(of)d competencies are at “%(level)s” or above; %(num)d is asked for.",
                "%(done)d of %(of)d competencies are at “%(level)s” or above; %(num)d are asked for.",
                wanted,
                **values,
            )
        return nmsg(
            "%(done)d of %(of)d competencies are at “%(level)s” or above; %(num)d more is asked for, whichever it is.",
            "%(done)d of %(of)d competencies are at “%(level)s” or above; %(num)d more are asked for, whichever they are.",
            wanted - len(done),
            **values,
        )
    if not missing:
        return nmsg(
            "The one competency is at “%(level)s” or above.",
            "All %(num)d competencies are at “%(level)s” or above.",
            len(codes),
            level=title,
        )
    if all(not standings[code].voices for code in codes):
        return nmsg(
            "%(num)d competency is to be assessed.", "%(num)d competencies are to be assessed.", len(codes)
        )
    return msg(
        "%(done)d of %(all)d competencies are at “%(level)s” or above; not yet: %(titles)s.",
        done=len(done),
        all=len(codes),
        level=title,
        titles=_titles(missing, programme),
    )


def _next_step(
    missing: Sequence[str], level: str, standings: Mapping[str, CompetencyStanding], programme: Programme
) -> Text | None:
    """What would change it, for the competency that is nearest: one that waits for an assessor, then one that nobody has
    assessed, then one to be shown again."""
    if not missing:
        return None
    waiting = [code for code in missing if standings[code].voices and standings[code].missing]
    unseen = [code for code in missing if not standings[code].voices]
    first = (waiting or unseen or list(missing))[0]
    title: Any = dict(programme.competency(first).title)
    if waiting:
        return msg(
            "For “%(title)s”, ask for %(missing)s.",
            title=title,
            missing=missing_text(standings[first].missing),
        )
    if unseen:
        return msg("Ask the training team for an assessment, beginning with “%(title)s”.", title=title)
    return msg("Agree with an assessor how to show “%(title)s” again.", title=title)


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
