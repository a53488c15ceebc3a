"""A person's own pages: where they stand. Nothing here writes."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template

from trainer.attendance.queries import MarkRow
from trainer.cohorts.models import Enrolment
from trainer.cohorts.queries import own_enrolment
from trainer.core.access import access, current_actor, signed_in
from trainer.progress import queries, rules
from trainer.progress.policy import can_read_own
from trainer.progress.views.base import WORDS, bp, own_links


@dataclass(frozen=True)
class Mine:
    """One of a person's courses, ready to show."""

    enrolment: Enrolment
    course: rules.CourseProgress
    person: rules.PersonProgress | None
    timeline: rules.Timeline
    tipping: rules.SessionLike | None
    contacts: queries.Contacts

    @property
    def is_over(self) -> bool:
        return self.course.closed or self.enrolment.status in ("withdrawn", "completed")


def own(code: str) -> Enrolment | None:
    """The actor's own enrolment on a course."""
    return own_enrolment(current_actor(), code)


@bp.get("/me")
@signed_in
def me() -> str:
    """A person's own courses: where they stand, what is possible, what comes next, whom to ask."""
    mine = [_mine(enrolment) for enrolment in queries.own_enrolments(current_actor().person_id)]
    return render_template("progress/me.html", mine=mine, links=own_links(), **WORDS)


@bp.get("/me/courses/<code>")
@access(load=own, read=can_read_own)
def my_course(enrolment: Enrolment) -> str:
    """A person's own way through one course; printable."""
    return render_template(
        "progress/my_course.html", one=_mine(enrolment), links=own_links(enrolment.course.code), **WORDS
    )


def _mine(enrolment: Enrolment) -> Mine:
    found = queries.progress(enrolment.course, [enrolment.id])
    one = found.person(enrolment.id)
    marks: dict[int, MarkRow] = queries.marks_of(enrolment.course_id).get(enrolment.id, {}) if one else {}
    tipping = None
    if one is not None and one.attendance.tipping_session is not None:
        number = one.attendance.tipping_session
        tipping = next((session for session in found.sessions if session.number == number), None)
    return Mine(
        enrolment=enrolment,
        course=found,
        person=one,
        timeline=rules.timeline(found, one, marks) if one else rules.Timeline(),
        tipping=tipping,
        contacts=queries.contacts(enrolment.course),
    )
