"""What the registers say that people attended, for its attestation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from trainer.accreditation.models import Proposal
from trainer.accreditation.rules.attestation import Attended
from trainer.attendance.queries import course_rule, inputs
from trainer.attendance.rules import attended_minutes
from trainer.cohorts.models import Course
from trainer.core import clock
from trainer.core.database import session


def attended(course: Course, statuses: Mapping[int, str]) -> dict[int, Attended]:
    """The attendance of these people, by enrolment with its status. A fixed number of statements.

    The course has ended when it was closed, its last day has passed, or no session of it is still planned
    (a repeat for those who missed one is none of the course's own).
    """
    rule = course_rule(course.id)
    found = {}
    for enrolment_id, one in inputs(course.id, list(statuses)).items():
        held = [
            attended_minutes(one.marks[session_.id], session_.length)
            for session_ in one.sessions
            if session_.status == "held" and not session_.extra and session_.id in one.marks
        ]
        on = {session_.status for session_ in one.sessions if not session_.extra}
        found[enrolment_id] = Attended(
            attended_minutes=sum(held),
            credited_minutes=one.weigh(rule).credited_minutes,
            sessions=sum(minutes > 0 for minutes in held),
            left=statuses[enrolment_id] == "withdrawn",
            course_over=course.status == "closed"
            or (course.ends_on is not None and clock.today(course.timezone) > course.ends_on)
            or ("held" in on and "planned" not in on),
        )
    return found


def evidence_of(proposal_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """The frozen evidence of proposals. One statement."""
    rows = session.execute(select(Proposal.id, Proposal.evidence).where(Proposal.id.in_(proposal_ids)))
    return dict(rows.tuples().all())
