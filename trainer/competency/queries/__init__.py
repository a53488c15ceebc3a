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
from trainer.competency.queries.evidence import (
    EvidenceRow,
    OneEvidence,
    evidence_of,
    how_many,
    one_evidence,
    resting_on,
    rests_anything,
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
    "EvidenceRow",
    "OneEvidence",
    "conflicts_of",
    "enrolment_of",
    "evidence_of",
    "has_lived_experience",
    "history",
    "how_many",
    "identities",
    "judgements",
    "live_conflict",
    "one_evidence",
    "own_enrolment",
    "possible_assessors",
    "reference_of",
    "resting_on",
    "rests_anything",
    "standings",
    "too_close",
    "too_close_on_course",
]
