"""The requirement kind `placement_hours`: hours of placement, signed off, of the kinds that the programme counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from trainer.curriculum.rules import Programme
from trainer.gates.rules import Requirement, Status
from trainer.placement.queries import facts
from trainer.placement.rules import Facts, Kind, count, explain, next_step


class PlacementHoursEvaluator:
    """Rule: `hours`. `have` and `need` are whole minutes; `evidence` holds the Hours."""

    kind = "placement_hours"

    def facts(self, course_id: int, enrolment_ids: Sequence[int]) -> Mapping[int, Facts]:
        """Two statements for any number of people."""
        return facts(course_id, enrolment_ids)

    def evaluate(self, rule: Mapping[str, Any], facts: Any, programme: Programme) -> Requirement:
        """Met or not yet, never out of reach: hours can always be done, in this placement or in another. Pure."""
        known: Facts = facts or Facts()
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
