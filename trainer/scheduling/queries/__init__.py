"""Every SELECT of scheduling. Pages read column tuples; services load entities."""

from trainer.scheduling.queries.bookings import bookings_around, clashes_of, course_bookings
from trainer.scheduling.queries.feeds import (
    FeedRow,
    OpenFeed,
    SessionsSource,
    calendar_courses,
    course_events,
    events_where,
    feeds_of,
    open_feed,
    own_feed,
)
from trainer.scheduling.queries.sessions import (
    CourseSession,
    Handout,
    PersonName,
    SessionRow,
    handouts_of,
    module_titles,
    possible_trainers,
    session_document,
    session_of,
    sessions_of,
    trainers_of,
)
from trainer.scheduling.queries.venues import VenueRow, venue_by_id, venue_by_name, venues

__all__ = [
    "CourseSession",
    "FeedRow",
    "Handout",
    "OpenFeed",
    "PersonName",
    "SessionRow",
    "SessionsSource",
    "VenueRow",
    "bookings_around",
    "calendar_courses",
    "clashes_of",
    "course_bookings",
    "course_events",
    "events_where",
    "feeds_of",
    "handouts_of",
    "module_titles",
    "open_feed",
    "own_feed",
    "possible_trainers",
    "session_document",
    "session_of",
    "sessions_of",
    "trainers_of",
    "venue_by_id",
    "venue_by_name",
    "venues",
]
