"""Pages of attendance: registers, announced absences, make-ups, transfers."""

from trainer.attendance.views.base import bp

from trainer.attendance.views import files, make_ups, notices, own, registers, sheet, transfers  # isort: skip

__all__ = ["bp", "files", "make_ups", "notices", "own", "registers", "sheet", "transfers"]
