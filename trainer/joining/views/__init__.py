"""Pages of joining: the organisers', the public one, the candidate's own, those of professionals and references."""

from trainer.joining.views.base import bp

from trainer.joining.views import candidate, course, mine, opening, proposing, public, references, sessions  # isort: skip

__all__ = ["bp", "candidate", "course", "mine", "opening", "proposing", "public", "references", "sessions"]
