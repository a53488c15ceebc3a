"""Writing what attendance is made of: registers, notices, make-ups, transfers."""

from trainer.attendance.services.registers import Conflict, SaveResult, save_register, withdraw_register

__all__ = ["Conflict", "SaveResult", "save_register", "withdraw_register"]
