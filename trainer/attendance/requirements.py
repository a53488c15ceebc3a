"""The requirement kinds on attendance: a share of the base, a limit on absences, what may not be missed at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from trainer.attendance.queries import Inputs
from trainer.attendance.rules import (
    AttendanceRule,
    amount_plain,
    explain,
    explain_absences,
    explain_unmissable,
    next_step,
    next_step_absences,
    next_step_unmissable,
    rule_of,
    unmissable,
)
from trainer.curriculum.rules import Programme
from trainer.curriculum.rules.numbers import exact_fraction
from trainer.gates.rules import Requirement

SOURCES = ("attendance",)


def _inputs(facts: Mapping[str, Any]) -> Inputs:
    return facts.get("attendance") or Inputs()


class AttendanceEvaluator:
    """`have` and `need`: whole minutes where hours count, else sessions; `evidence` holds the Attendance."""

    kind = "attendance"
    sources: tuple[str, ...] = SOURCES

    def evaluate(
        self, rule: Mapping[str, Any], facts: Mapping[str, Any], programme: Programme, today: date
    ) -> Requirement:
        """Decide one attendance requirement. Pure."""
        standing = _inputs(facts).weigh(rule_of(programme, rule))
        return Requirement(
            kind=self.kind,
            status=standing.status,
            have=amount_plain(standing.credited),
            need=amount_plain(standing.need, up=True),
            explanation=explain(standing),
            next_step=next_step(standing),
            evidence=(standing,),
        )


class MaxAbsencesEvaluator:
    """`have`: what was missed, `need`: what may be missed at most; whole minutes, or sessions where they are counted.

    Met once nothing that is still open could break the limit; `evidence` holds the Attendance.
    """

    kind = "max_absences"
    sources: tuple[str, ...] = SOURCES

    def evaluate(
        self, rule: Mapping[str, Any], facts: Mapping[str, Any], programme: Programme, today: date
    ) -> Requirement:
        """Decide one limit on absences. Pure."""
        standing = _inputs(facts).weigh(rule_of(programme, rule))
        return Requirement(
            kind=self.kind,
            status=standing.status,
            have=amount_plain(standing.base - standing.credited - standing.open, up=True),
            need=amount_plain(standing.base - standing.need),
            explanation=explain_absences(standing),
            next_step=next_step_absences(standing),
            evidence=(standing,),
        )


class UnmissableEvaluator:
    """`have` and `need` count modules (or sessions, where the rule names sessions); `evidence` holds the Unmissable.

    What counts is time in the room and, unless the rule says otherwise, a make-up: an excused absence is none, whatever the
    programme credits for it elsewhere. A late joiner or a pause changes nothing either.
    """

    kind = "unmissable"
    sources: tuple[str, ...] = SOURCES

    def evaluate(
        self, rule: Mapping[str, Any], facts: Mapping[str, Any], programme: Programme, today: date
    ) -> Requirement:
        """Decide what may not be missed. Pure."""
        counted = replace(
            AttendanceRule.from_document(programme.attendance),
            late_joiners_from_joining=False,
            pauses_excluded=False,
            make_ups_count=rule.get("make_up", True),
        )
        below = exact_fraction(rule["at_least"]) if rule.get("at_least") else None
        found = unmissable(
            _inputs(facts).weigh(counted).lines, rule.get("modules"), rule.get("sessions"), below
        )
        titles: dict[str, Any] = {module.code: dict(module.title) for module in programme.modules}
        return Requirement(
            kind=self.kind,
            status=found.status,
            have=str(len(found.kept)),
            need=str(found.need),
            explanation=explain_unmissable(found, titles),
            next_step=next_step_unmissable(found, titles, make_up=rule.get("make_up", True)),
            evidence=(found,),
        )
