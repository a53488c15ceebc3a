"""Asking another assessor to look at an assessment again, and the answers."""

from __future__ import annotations

from trainer.audit.services import record
from trainer.cohorts.models import Enrolment
from trainer.cohorts.policy import can_assess
from trainer.competency import queries
from trainer.competency.models import Appeal, Assessment
from trainer.competency.policy import can_assess_self, can_assign_appeal, can_decide_appeal, owns_appeal
from trainer.competency.rules import (
    AppealStatus,
    Kind,
    answer_by,
    appeal_problem,
    appeal_terms,
    decider_problem,
    is_open,
    outcome_problem,
)
from trainer.competency.services.assessments import AssessmentInput, record_assessments
from trainer.competency.services.mail import tell
from trainer.competency.services.words import tidy_words
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.database import lock, session, transaction
from trainer.core.errors import Invalid, Missing, Refused
from trainer.core.registered import registered
from trainer.core.text import msg
from trainer.curriculum.queries import programme_of
from trainer.people.models import Person


def appeal(actor: Actor, code: str, assessment_id: int, words: str) -> Appeal:
    """Asks for another look at one of the actor's own assessments on the course `code`.

    One that was taken back can be asked for again in time. Raises Missing when it is not theirs, Refused when it cannot be
    appealed (rules.appeal_problem), Invalid without words.
    """
    with transaction():
        found = queries.own_assessment(code, actor.person_id, assessment_id)
        if found is None:
            raise Missing(msg("This is not here (any more)."))
        enrolment = lock(Enrolment, found.enrolment.id)
        if not can_assess_self(actor, enrolment):
            raise Refused(msg("Only the person asks for this."))
        asked = queries.own_assessment(code, actor.person_id, assessment_id) or found  # read behind the lock
        course = enrolment.course
        today = clock.today(course.timezone)
        terms = appeal_terms(programme_of(course.programme_version_id))
        problem = appeal_problem(
            asked.assessment.kind,
            queries.recorded_on(asked.assessment.recorded_at, course),
            today,
            terms,
            earlier=asked.earlier.status if asked.earlier else None,
            is_answer=asked.is_answer,
        )
        if problem is not None:
            raise Refused(problem)
        words = tidy_words(words, msg("Write a few words about how you see it."))
        row = asked.earlier or Appeal(enrolment_id=enrolment.id, assessment_id=assessment_id)
        row.words, row.made_at, row.answer_by = words, clock.now(), answer_by(today, terms)
        row.status, row.assigned_to, row.assigned_at = AppealStatus.OPEN, None, None
        session.add(row)
        session.flush()
        record(
            actor,
            "appeal.made",
            f"appeal:{row.id}",
            enrolment=enrolment.id,
            assessment=assessment_id,
            answer_by=row.answer_by,
        )
        tell(
            queries.organisers(course.organisation_id, today),
            "appeal",
            course,
            f"/courses/{course.code}/competencies/appeals/{row.id}",
        )
        return row


def assign_appeal(actor: Actor, appeal_id: int, person_id: int) -> Appeal:
    """Gives an appeal to another assessor, or to yet another one as long as it is not answered.

    Raises Missing; Refused for anybody but an organiser, and once it was answered; Invalid for somebody who does not assess
    this person, or must not look at this (rules.decider_problem).
    """
    with transaction():
        found = _locked(appeal_id)
        row, enrolment = found.appeal, found.enrolment
        if not can_assign_appeal(actor, found):
            raise Refused(msg("An organiser chooses who looks at it; nobody does so for themself."))
        if person_id not in {who for who, _name in queries.possible_assessors(enrolment, enrolment.course)}:
            raise Invalid(msg("This person does not assess here."))
        against = decider_problem(
            person_id,
            enrolment.person_id,
            queries.too_close(enrolment.person_id),
            found.assessment.assessor_id,
        )
        if against is not None:
            raise Invalid(against)
        if row.assigned_to == person_id:
            return row
        row.status, row.assigned_to, row.assigned_at = AppealStatus.ASSIGNED, person_id, clock.now()
        record(actor, "appeal.assigned", f"appeal:{row.id}", enrolment=enrolment.id, to=person_id)
        course = enrolment.course
        tell(
            [session.get_one(Person, person_id)],
            "given",
            course,
            f"/courses/{course.code}/competencies/appeals/{row.id}",
        )
        tell([enrolment.person], "assigned", course, f"/me/courses/{course.code}/appeals")
        return row


def decide_appeal(actor: Actor, appeal_id: int, changed: bool, level: str | None, words: str) -> Appeal:
    """Answers an appeal: the assessment stands, or a new one overrules it (rules.stand); either way the words say why.

    Raises Missing; Refused for anybody but who it was given to, for whoever must not look at it (rules.decider_problem), and
    once it was answered; Invalid for an outcome without words, or with the same level (rules.outcome_problem).
    """
    with transaction():
        found = _locked(appeal_id)
        row, first, enrolment = found.appeal, found.assessment, found.enrolment
        if not can_decide_appeal(actor, found):
            raise Refused(msg("Only who it was given to answers this."))
        against = decider_problem(
            actor.person_id, enrolment.person_id, queries.too_close(enrolment.person_id), first.assessor_id
        )
        if against is not None:
            raise Refused(against)
        problem = outcome_problem(changed, level, first.level_code, words)
        if problem is not None:
            raise Invalid(problem)
        words = tidy_words(words)
        if changed:
            said = AssessmentInput(
                first.competency_code,
                level or "",
                _kind(actor, enrolment, first),
                actor.person_id or 0,
                clock.today(enrolment.course.timezone),
                note=words,
                evidence_ids=tuple(_evidence(enrolment, first)),
            )
            [assessment] = record_assessments(actor, enrolment, [said])
            row.outcome_assessment_id = assessment.id
        row.status = AppealStatus.CHANGED if changed else AppealStatus.UPHELD
        row.decided_by, row.decided_at, row.outcome = actor.person_id, clock.now(), words
        record(
            actor,
            "appeal.decided",
            f"appeal:{row.id}",
            enrolment=enrolment.id,
            status=str(row.status),
            assessment=row.outcome_assessment_id,
        )
        if changed:  # a certificate may rest on what is overruled (domain page, Accreditation 4)
            registered("trainer_facts_corrected")(actor, enrolment.id)
        tell([enrolment.person], "answered", enrolment.course, f"/me/courses/{enrolment.course.code}/appeals")
        return row


def withdraw_appeal(actor: Actor, appeal_id: int) -> Appeal:
    """Takes an appeal back before it is answered. Raises Missing, Refused for anybody but the person, and afterwards."""
    with transaction():
        found = _locked(appeal_id)
        if not owns_appeal(actor, found):
            raise Refused(msg("Only the person takes this back."))
        row = found.appeal
        row.status = AppealStatus.WITHDRAWN
        record(actor, "appeal.withdrawn", f"appeal:{row.id}", enrolment=row.enrolment_id)
        return row


def _kind(actor: Actor, enrolment: Enrolment, first: Assessment) -> Kind:
    """As who the second assessor speaks: as the first did, where they can."""
    if not can_assess(actor, enrolment.course):
        return Kind.REFERENCE_PROFESSIONAL
    peer = first.kind == Kind.PEER_ASSESSOR
    if peer and queries.has_lived_experience(actor.person_id, enrolment.course.organisation_id):
        return Kind.PEER_ASSESSOR
    return Kind.ASSESSOR


def _evidence(enrolment: Enrolment, first: Assessment) -> list[int]:
    """What the first assessment rested on and can still serve."""
    usable = {row.id for row in queries.evidence_of(enrolment.id) if row.withdrawn_at is None}
    return [one for one in queries.resting_on(enrolment.id).of_assessment.get(first.id, []) if one in usable]


def _locked(appeal_id: int) -> queries.OneAppeal:
    """The appeal with its enrolment, which is locked first, as everywhere. Raises Missing; Refused once it was answered."""
    found = queries.one_appeal(appeal_id)
    if found is None:
        raise Missing(msg("This is not here (any more)."))
    lock(Enrolment, found.enrolment.id)
    row = lock(Appeal, appeal_id)
    if not is_open(row.status):
        raise Refused(msg("This was answered or taken back already."))
    return queries.OneAppeal(row, found.assessment, found.enrolment)
