"""Commands of scheduling: load, decide by rule, write, audit."""

from trainer.scheduling.services.changes import (
    NO_HANDOUT,
    add_handout,
    cancel,
    edit,
    mark_held,
    mark_planned,
    move,
    remove_handout,
    set_effective_minutes,
    set_trainers,
    shares_changed,
    touch,
)
from trainer.scheduling.services.feeds import NO_CALENDAR, choose_titles, create_feed, renew_feed, revoke_feed
from trainer.scheduling.services.holidays import public_holiday
from trainer.scheduling.services.planning import (
    Preview,
    add_session,
    new_session,
    plan,
    preview,
    settled,
    warnings_of,
)
from trainer.scheduling.services.venues import VenueValues, add_venue, change_venue, ensure_venue

__all__ = [
    "NO_CALENDAR",
    "NO_HANDOUT",
    "Preview",
    "VenueValues",
    "add_handout",
    "add_session",
    "add_venue",
    "cancel",
    "change_venue",
    "choose_titles",
    "create_feed",
    "edit",
    "ensure_venue",
    "mark_held",
    "mark_planned",
    "move",
    "new_session",
    "plan",
    "preview",
    "public_holiday",
    "remove_handout",
    "renew_feed",
    "revoke_feed",
    "set_effective_minutes",
    "set_trainers",
    "settled",
    "shares_changed",
    "touch",
    "warnings_of",
]
