"""Every SELECT of competencies, in a number of statements that does not grow with the people."""

from trainer.competency.queries.conflicts import (
    ConflictRow,
    conflicts_of,
    live_conflict,
    possible_assessors,
    reference_of,
    too_close,
    too_close_on_course,
)
from trainer.competency.queries.judged import (
    AssessmentRow,
    enrolment_of,
    has_lived_experience,
    history,
    identities,
    judgements,
    own_enrolment,
    standings,
)

__all__ = [
    "AssessmentRow",
    "ConflictRow",
    "conflicts_of",
    "enrolment_of",
    "has_lived_experience",
    "history",
    "identities",
    "judgements",
    "live_conflict",
    "own_enrolment",
    "possible_assessors",
    "reference_of",
    "standings",
    "too_close",
    "too_close_on_course",
]
