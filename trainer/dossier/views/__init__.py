"""Pages of the dossier: the person's own, the course's, one person's, results and decisions of a group, the university's."""

from trainer.dossier.views.base import bp

from trainer.dossier.views import answers, course, decisions, mine, results, university  # isort: skip

__all__ = ["answers", "bp", "course", "decisions", "mine", "results", "university"]
