"""Writing what attendance is made of: registers, notices, make-ups, transfers."""

from trainer.attendance.services.registers import (
    Conflict,
    SaveResult,
    hold_repeat,
    save_register,
    withdraw_register,
)

__all__ = ["Conflict", "SaveResult", "hold_repeat", "save_register", "withdraw_register"]
