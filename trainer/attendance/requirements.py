"""The requirement kind `attendance`: at least a share of the base, by the programme's own way of counting."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from trainer.attendance.queries import Inputs
from trainer.attendance.rules import AttendanceRule, amount_plain, explain, next_step
from trainer.curriculum.rules import Programme
from trainer.curriculum.rules.numbers import exact_fraction
from trainer.gates.rules import Requirement


class AttendanceEvaluator:
    """`have` and `need`: whole minutes where hours count, else sessions; `evidence` holds the Attendance."""

    kind = "attendance"
    sources: tuple[str, ...] = ("attendance",)

    def evaluate(
        self, rule: Mapping[str, Any], facts: Mapping[str, Any], programme: Programme, today: date
    ) -> Requirement:
        """Decide one attendance requirement. Pure."""
        asked = AttendanceRule.from_document(programme.attendance, exact_fraction(rule["at_least"]))
        standing = (facts.get("attendance") or Inputs()).weigh(asked)
        return Requirement(
            kind=self.kind,
            status=standing.status,
            have=amount_plain(standing.credited),
            need=amount_plain(standing.need, up=True),
            explanation=explain(standing),
            next_step=next_step(standing),
            evidence=(standing,),
        )
