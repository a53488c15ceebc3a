"""The requirement kind `placement_hours`: hours of placement, signed off, of the kinds that the programme counts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from trainer.curriculum.rules import Programme
from trainer.gates.rules import Requirement, Status
from trainer.placement.rules import Facts, Kind, count, explain, next_step


class PlacementHoursEvaluator:
    """Rule: `hours`. `have` and `need` are whole minutes; `evidence` holds the Hours."""

    kind = "placement_hours"
    sources: tuple[str, ...] = ("placement",)

    def evaluate(
        self, rule: Mapping[str, Any], facts: Mapping[str, Any], programme: Programme, today: date
    ) -> Requirement:
        """Met or not yet, never out of reach: hours can always be done, in this placement or in another. Pure."""
        known: Facts = facts.get("placement") or Facts()
        counting = (programme.placement or {}).get("counting_kinds", list(Kind))
        hours, need = count(known.tallies, counting), int(rule["hours"]) * 60
        return Requirement(
            kind=self.kind,
            status=Status.MET if hours.counted >= need else Status.NOT_YET,
            have=str(hours.counted),
            need=str(need),
            explanation=explain(hours, need, known),
            next_step=next_step(hours, need, known),
            evidence=(hours,),
        )
