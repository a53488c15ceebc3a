"""Recording assessments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from trainer.audit.services import record
from trainer.cohorts.models import Enrolment
from trainer.competency.models import Assessment
from trainer.competency.policy import can_assess_person, can_assess_self
from trainer.competency.rules import Kind
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.database import lock, session, transaction
from trainer.core.errors import Invalid, Refused
from trainer.core.text import msg
from trainer.curriculum.queries import programme_of
from trainer.curriculum.rules import Programme


@dataclass(frozen=True)
class AssessmentInput:
    """What one assessment says, before it is recorded."""

    competency_code: str
    level_code: str
    kind: str
    assessor_id: int
    assessed_on: date
    evidence: str | None = None
    note: str | None = None


def record_assessments(
    actor: Actor, enrolment: Enrolment, inputs: Sequence[AssessmentInput]
) -> list[Assessment]:
    """Appends assessments of one person; all or nothing.

    Raises Refused when somebody would assess themself, or has no right to assess this person; Invalid for a competency or level
    that the course's programme does not have, or a date to come.
    """
    with transaction():
        enrolment = lock(Enrolment, enrolment.id)
        programme = programme_of(enrolment.course.programme_version_id)
        today = clock.today(enrolment.course.timezone)
        rows = []
        for one in inputs:
            _check(actor, enrolment, one, programme, today)
            rows.append(
                Assessment(
                    enrolment_id=enrolment.id,
                    competency_code=one.competency_code,
                    level_code=one.level_code,
                    kind=one.kind,
                    assessor_id=one.assessor_id,
                    assessed_on=one.assessed_on,
                    evidence=one.evidence or None,
                    note=one.note or None,
                    recorded_by=actor.person_id,
                    recorded_at=clock.now(),
                )
            )
        session.add_all(rows)
        session.flush()
        for row in rows:
            record(
                actor,
                "assessment.recorded",
                f"assessment:{row.id}",
                enrolment=enrolment.id,
                competency=row.competency_code,
                level=row.level_code,
                kind=row.kind,
                assessor=row.assessor_id,
                on=row.assessed_on,
            )
        return rows


def _check(
    actor: Actor, enrolment: Enrolment, one: AssessmentInput, programme: Programme, today: date
) -> None:
    own = one.assessor_id == enrolment.person_id
    if one.kind == Kind.SELF:
        if not own:
            raise Refused(msg("A self-assessment is the person's own."))
        if not (can_assess_self(actor, enrolment) or can_assess_person(actor, enrolment)):
            raise Refused(msg("You may not assess this person."))
    else:
        if own:
            raise Refused(msg("Nobody assesses themself, but for the self-assessment."))
        if not can_assess_person(actor, enrolment):
            raise Refused(msg("You may not assess this person."))
    if one.competency_code not in programme.competency_codes:
        raise Invalid(msg("The programme has no competency %(code)s.", code=one.competency_code))
    if one.level_code not in programme.scale.codes:
        raise Invalid(msg("The scale has no level %(code)s.", code=one.level_code))
    if one.kind not in {kind.value for kind in Kind}:
        raise Invalid(msg("%(kind)s is no kind of assessment.", kind=one.kind))
    if one.assessed_on > today:
        raise Invalid(msg("An assessment cannot be dated in the future."))
