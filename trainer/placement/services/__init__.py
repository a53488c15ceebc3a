"""Commands on placements, their logs and follow-ups. Every one is audited."""

from trainer.placement.services.agreements import (
    Agreement,
    change_agreement,
    close_placement,
    default_functions,
    open_placement,
    pause_placement,
    resume_placement,
)
from trainer.placement.services.follow_ups import record_follow_up
from trainer.placement.services.logs import (
    LogInput,
    add_log,
    change_log,
    dispute,
    remove_log,
    sign_off,
    withdraw_dispute,
)

__all__ = [
    "Agreement",
    "LogInput",
    "add_log",
    "change_agreement",
    "change_log",
    "close_placement",
    "default_functions",
    "dispute",
    "open_placement",
    "pause_placement",
    "record_follow_up",
    "remove_log",
    "resume_placement",
    "sign_off",
    "withdraw_dispute",
]
