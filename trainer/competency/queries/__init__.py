"""Every SELECT of competencies, in a number of statements that does not grow with the people."""

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
    "enrolment_of",
    "has_lived_experience",
    "history",
    "identities",
    "judgements",
    "own_enrolment",
    "standings",
]
