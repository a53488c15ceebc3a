"""Pages of placements: the reference professional's, the worker's, the organiser's."""

from trainer.placement.views.base import bp

from trainer.placement.views import course, entries, mine, placement  # isort: skip

__all__ = ["bp", "course", "entries", "mine", "placement"]
