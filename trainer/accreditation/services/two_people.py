"""The two-person rule, said beforehand: whom the actor may not issue, among those who are approved. The number
itself is refused in services/reserving.py."""

from __future__ import annotations

from dataclasses import replace

from trainer.accreditation import queries
from trainer.accreditation.queries import CertificateRow
from trainer.accreditation.rules.two_people import against_issuing
from trainer.accreditation.services.eligibility import Candidate
from trainer.cohorts.models import Course
from trainer.core.access import Actor
from trainer.core.text import Text


def why_not_again(actor: Actor, certificate: CertificateRow) -> Text | None:
    """Why the actor neither reissues nor renews a certificate; None when they may."""
    rule = queries.two_people(certificate.university_id)
    return against_issuing(actor.person_id, queries.approver_of(certificate.id), rule)


def seen_by_issuer(actor: Actor, course: Course, found: list[Candidate]) -> list[Candidate]:
    """The candidates with what the rule adds to the reasons against those whom the actor approved."""
    rule = queries.two_people(course.university_id)
    seen = []
    for one in found:
        against = against_issuing(actor.person_id, one.row.approved_by, rule)
        if against is not None and one.eligibility.can_issue:
            one = replace(one, eligibility=replace(one.eligibility, reasons=(against,)))
        seen.append(one)
    return seen
