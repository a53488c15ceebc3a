"""Commands on courses, enrolments and consents. Every one is audited."""

from trainer.cohorts.services.courses import create_course, update_course
from trainer.cohorts.services.enrolments import (
    add_by_hand,
    change_status,
    complete,
    complete_by_last_gate,
    enrol,
    invite_to_course,
    pause,
    resume,
    set_details,
    withdraw,
)
from trainer.cohorts.services.own import cancel_leave_request, give_consent, request_leave, withdraw_consent
from trainer.cohorts.services.versions import propose_version, review_version, withdraw_version

__all__ = [
    "add_by_hand",
    "cancel_leave_request",
    "change_status",
    "complete",
    "complete_by_last_gate",
    "create_course",
    "enrol",
    "give_consent",
    "invite_to_course",
    "pause",
    "propose_version",
    "request_leave",
    "resume",
    "review_version",
    "set_details",
    "update_course",
    "withdraw",
    "withdraw_consent",
    "withdraw_version",
]
