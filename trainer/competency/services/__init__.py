"""Recording what is said of competencies: assessments, what they rest on, and who is too close to assess whom."""

from trainer.competency.services.assessments import (
    AssessmentInput,
    CellProblems,
    record_assessments,
    record_group,
)
from trainer.competency.services.conflicts import declare_conflict, end_conflict

__all__ = [
    "AssessmentInput",
    "CellProblems",
    "declare_conflict",
    "end_conflict",
    "record_assessments",
    "record_group",
]
