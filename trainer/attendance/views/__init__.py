"""Pages of attendance: registers, announced absences, make-ups, transfers."""

from trainer.attendance.views.base import bp

from trainer.attendance.views import registers, sheet  # isort: skip

__all__ = ["bp", "registers", "sheet"]
