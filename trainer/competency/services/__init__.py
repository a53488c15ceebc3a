"""Recording what is said of competencies: assessments, what they rest on, and who is too close to assess whom."""

from trainer.competency.services.appeals import appeal, assign_appeal, decide_appeal, withdraw_appeal
from trainer.competency.services.assessments import (
    AssessmentInput,
    CellProblems,
    record_assessments,
    record_group,
)
from trainer.competency.services.claims import claim, decide_claim, withdraw_claim
from trainer.competency.services.conflicts import declare_conflict, end_conflict
from trainer.competency.services.evidence import (
    EvidenceInput,
    Upload,
    add_evidence,
    record_observation,
    withdraw_evidence,
)

__all__ = [
    "AssessmentInput",
    "CellProblems",
    "EvidenceInput",
    "Upload",
    "add_evidence",
    "appeal",
    "assign_appeal",
    "claim",
    "decide_appeal",
    "decide_claim",
    "declare_conflict",
    "end_conflict",
    "record_assessments",
    "record_group",
    "record_observation",
    "withdraw_appeal",
    "withdraw_claim",
    "withdraw_evidence",
]
