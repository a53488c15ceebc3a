"""Pages of courses: their list, one course, its people, and a person's own consents."""

from trainer.cohorts.views.base import bp

from trainer.cohorts.views import courses, enrolment, own, people, roster_import  # isort: skip

__all__ = ["bp", "courses", "enrolment", "own", "people", "roster_import"]
