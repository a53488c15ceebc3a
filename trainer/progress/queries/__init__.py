"""Progress of a course or a person, from what the features below know, in a fixed number of statements."""

from __future__ import annotations

from trainer.attendance.queries import MarkRow, grid
from trainer.progress.queries.log import ContactRow as ContactRow
from trainer.progress.queries.log import contact_log as contact_log
from trainer.progress.queries.since import Since as Since
from trainer.progress.queries.since import changes_since as changes_since
from trainer.progress.queries.standing import Loaded as Loaded
from trainer.progress.queries.standing import end_of_day as end_of_day
from trainer.progress.queries.standing import load as load
from trainer.progress.queries.standing import progress as progress
from trainer.progress.queries.supposing import supposing as supposing
from trainer.progress.queries.targets import Target as Target
from trainer.progress.queries.targets import make_up_sessions as make_up_sessions
from trainer.progress.queries.whom import Contact as Contact
from trainer.progress.queries.whom import Contacts as Contacts
from trainer.progress.queries.whom import contacts as contacts
from trainer.progress.queries.whom import own_enrolments as own_enrolments
from trainer.progress.rules import Call, CourseProgress
from trainer.progress.rules import needs_call as decide_calls


def needs_call(course_progress: CourseProgress) -> list[Call]:
    """Who needs a call this week and why (see rules.needs_call)."""
    return decide_calls(course_progress)


def marks_of(course_id: int) -> dict[int, dict[int, MarkRow]]:
    """Every mark of the course by enrolment and session. One statement."""
    return grid(course_id)
