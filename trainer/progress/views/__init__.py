"""Pages of progress: the trainee's own, the course's grid, one person explained, who needs a call, and "what if"."""

from trainer.progress.views.base import bp

from trainer.progress.views import care, course, files, own, versions, what_if  # isort: skip

__all__ = ["bp", "care", "course", "files", "own", "versions", "what_if"]
