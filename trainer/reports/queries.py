"""What the report of a course is made of, in a fixed number of statements."""

from __future__ import annotations

from trainer.cohorts.models import Course
from trainer.progress.queries import progress
from trainer.progress.rules import CourseProgress
from trainer.reports.rules import Line, Standing, lines


def course_report(course: Course) -> tuple[CourseProgress, list[Line]]:
    """The course's progress and its report, a line per entity and one for all."""
    found = progress(course)
    people = [
        Standing(one.entity, one.status, frozenset(name for name, gate in one.gates.items() if gate.passed))
        for one in found.people
    ]
    return found, lines(people, list(found.programme.gates))
