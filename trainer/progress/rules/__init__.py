"""Where a course and its people stand, who needs a call and why, and how that is said. Pure."""

from trainer.progress.rules.calls import (
    Call,
    needs_call,
)
from trainer.progress.rules.facts import (
    ContactFact,
    CourseProgress,
    MarkLike,
    PersonProgress,
    SessionLike,
    gate_title,
)
from trainer.progress.rules.way import (
    Stop,
    Timeline,
    gaps_text,
    missing_mark,
    session_title,
    timeline,
    to_complete,
)
from trainer.progress.rules.words import (
    bar_text,
    forecast_text,
    lost_minutes,
    possible_text,
    requirement_title,
    standing_text,
    status_sentence,
    step_text,
    threshold_minutes,
)

__all__ = [
    "Call",
    "ContactFact",
    "CourseProgress",
    "MarkLike",
    "PersonProgress",
    "SessionLike",
    "Stop",
    "Timeline",
    "bar_text",
    "forecast_text",
    "gaps_text",
    "gate_title",
    "lost_minutes",
    "missing_mark",
    "needs_call",
    "possible_text",
    "requirement_title",
    "session_title",
    "standing_text",
    "status_sentence",
    "step_text",
    "threshold_minutes",
    "timeline",
    "to_complete",
]
