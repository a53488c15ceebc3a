"""Pages of sessions, the planner, venues, and calendars to subscribe to."""

from trainer.scheduling.views.base import bp

from trainer.scheduling.views import calendars, course, editing, venues  # isort: skip

__all__ = ["bp", "calendars", "course", "editing", "venues"]
