"""Every SELECT of placements."""

from trainer.placement.queries.checks import (
    Span,
    entries_of,
    is_supervisor,
    log_period,
    logged_on,
    reference_choices,
    same_entry,
    spans_by_enrolment,
    spans_of,
)
from trainer.placement.queries.lists import (
    CourseLine,
    Line,
    PlacementRow,
    course_lines,
    line_of,
    lines_of_enrolment,
    lines_of_person,
    lines_of_reference,
    pauses_of,
)
from trainer.placement.queries.records import (
    FollowUpRow,
    LogRow,
    enrolment_of,
    follow_ups_of,
    log_entry,
    log_of,
    placement_by_id,
    waiver_of,
)
from trainer.placement.queries.sums import (
    facts,
    tallies_by_placement,
)

__all__ = [
    "CourseLine",
    "FollowUpRow",
    "Line",
    "LogRow",
    "PlacementRow",
    "Span",
    "course_lines",
    "enrolment_of",
    "entries_of",
    "facts",
    "follow_ups_of",
    "is_supervisor",
    "line_of",
    "lines_of_enrolment",
    "lines_of_person",
    "lines_of_reference",
    "log_entry",
    "log_of",
    "log_period",
    "logged_on",
    "pauses_of",
    "placement_by_id",
    "reference_choices",
    "same_entry",
    "spans_by_enrolment",
    "spans_of",
    "tallies_by_placement",
    "waiver_of",
]
