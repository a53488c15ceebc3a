"""Recording what is said of competencies: assessments, and what they rest on."""

from trainer.competency.services.assessments import AssessmentInput, record_assessments

__all__ = ["AssessmentInput", "record_assessments"]
