""" "What if" on a course's facts: they are loaded once, altered in memory and decided again; nothing is written."""

from __future__ import annotations

from dataclasses import replace

from trainer.attendance.rules import programme_rules
from trainer.progress.queries.standing import Loaded
from trainer.progress.rules import CourseProgress
from trainer.progress.rules.what_if import WhatIf, altered, altered_programme


def supposing(loaded: Loaded, what_if: WhatIf) -> CourseProgress:
    """The course's progress if that were so. No statement. Raises ValueError for a rule that programmes do not know."""
    programme = altered_programme(loaded.case.programme, what_if.rules)
    facts = altered(loaded.case.facts["attendance"], what_if)
    case = replace(loaded.case, programme=programme, facts={**loaded.case.facts, "attendance": facts})
    rules = programme_rules(programme)
    decided = case.decide()
    cancelled = what_if.cancelled
    before = loaded.progress
    return replace(
        before,
        programme=programme,
        sessions=[
            replace(one, status="cancelled") if one.id in cancelled else one  # type: ignore[type-var]
            for one in before.sessions
        ],
        people=tuple(
            replace(
                one,
                attendance=facts[one.enrolment_id].stand(rules),
                gates=decided[one.enrolment_id],
            )
            for one in before.people
        ),
    )
