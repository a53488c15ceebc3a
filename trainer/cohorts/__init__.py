"""Courses, enrolment and consent."""
