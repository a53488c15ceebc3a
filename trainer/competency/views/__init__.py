"""Pages of competencies: the course's matrix, one person, one module to assess, and the self-assessment."""

from trainer.competency.views.base import bp

from trainer.competency.views import appeals, assessing, claims, evidence, group, importing, matrix, person  # isort: skip

__all__ = ["appeals", "assessing", "bp", "claims", "evidence", "group", "importing", "matrix", "person"]
