"""The requirement kind `placement_hours`: hours of placement, signed off, of the kinds that count."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from trainer.curriculum.rules import Programme
from trainer.gates.rules import Requirement, Status
from trainer.placement.rules import Facts, asked_of, explain_asked, reached, step_asked


class PlacementHoursEvaluator:
    """Rule: `hours`; `placement` (the one of that number by first day), `kinds`, `within` as wanted.

    `have` and `need` are whole minutes; `evidence` holds the Hours.
    """

    kind = "placement_hours"
    sources: tuple[str, ...] = ("placement",)

    def evaluate(
        self, rule: Mapping[str, Any], facts: Mapping[str, Any], programme: Programme, today: date
    ) -> Requirement:
        """Met or not yet; out of reach only once the time that the programme gives is over. Pure."""
        known: Facts = facts.get("placement") or Facts()
        asked = asked_of(rule, programme)
        found = reached(known, asked, today)
        missing = Status.UNREACHABLE if found.over else Status.NOT_YET
        return Requirement(
            kind=self.kind,
            status=Status.MET if found.hours.counted >= asked.need else missing,
            have=str(found.hours.counted),
            need=str(asked.need),
            explanation=explain_asked(found, asked),
            next_step=step_asked(found, asked),
            evidence=(found.hours,),
        )
