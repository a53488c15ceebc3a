"""Pages of competencies: the course's matrix, one person, one module to assess, and the self-assessment."""

from trainer.competency.views.base import bp

from trainer.competency.views import assessing, group, importing, matrix, person  # isort: skip

__all__ = ["assessing", "bp", "group", "importing", "matrix", "person"]
