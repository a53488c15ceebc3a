"""Claims that a competency was learnt before, and the answers to them."""

from __future__ import annotations

from trainer.audit.services import record
from trainer.cohorts.models import Enrolment
from trainer.competency import queries
from trainer.competency.models import PriorLearning
from trainer.competency.policy import can_assess_self, can_decide_claim, owns_claim
from trainer.competency.rules import (
    ClaimStatus,
    EvidenceKind,
    Kind,
    claim_problem,
    decider_problem,
    prior_learning_terms,
    source_problem,
)
from trainer.competency.services.assessments import AssessmentInput, record_assessments
from trainer.competency.services.evidence import EvidenceInput, Upload, add_evidence
from trainer.competency.services.mail import tell
from trainer.competency.services.words import tidy_words
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.database import lock, session, transaction
from trainer.core.errors import Invalid, Missing, Refused
from trainer.core.text import msg
from trainer.curriculum.queries import programme_of


def claim(
    actor: Actor,
    enrolment: Enrolment,
    code: str,
    level: str,
    words: str,
    evidence_id: int | None = None,
    upload: Upload | None = None,
    *,
    kind: str = "",
) -> PriorLearning:
    """Asks that a competency be recognised at a level: `words` say where it was learnt, beside evidence that is there already
    or a file; without either, the words are kept as the evidence. `kind`: one of those that the programme names.

    Raises Refused where the programme recognises no prior learning, and for anybody but the person; Invalid for what is missing
    or cannot be claimed (rules.claim_problem).
    """
    with transaction():
        enrolment = lock(Enrolment, enrolment.id)
        programme = programme_of(enrolment.course.programme_version_id)
        terms = prior_learning_terms(programme)
        if not can_assess_self(actor, enrolment):
            raise Refused(msg("Only the person asks for this."))
        if terms is None:
            raise Refused(msg("This programme does not recognise prior learning."))
        if enrolment.status not in ("enrolled", "paused"):
            raise Refused(msg("One asks for this while on the course."))
        if code not in programme.competency_codes or level not in programme.scale.codes:
            raise Invalid(msg("Choose a competency and a level."))
        if problem := source_problem(kind, terms):
            raise Invalid(problem)
        words = tidy_words(words, msg("Write a few words about where and how you learnt it."))
        earlier = [
            one
            for one in queries.claims_of(enrolment.id)
            if one.status in (ClaimStatus.ASKED, ClaimStatus.RECOGNISED)
        ]
        if any(one.competency_code == code and one.status == ClaimStatus.ASKED for one in earlier):
            raise Invalid(msg("You asked for this already; the answer is on its way."))
        standing = queries.standings(enrolment.course_id, programme, [enrolment.id]).get(enrolment.id, {})
        problem = claim_problem(
            code,
            level,
            programme.scale,
            terms,
            reached=standing[code].level_code if code in standing else None,
            open_or_recognised=[one.competency_code for one in earlier],
        )
        if problem is not None:
            raise Invalid(problem)
        row = PriorLearning(
            enrolment_id=enrolment.id,
            competency_code=code,
            level_code=level,
            kind=kind,
            words=words,
            evidence_id=_evidence(actor, enrolment, code, words, evidence_id, upload),
            status=ClaimStatus.ASKED,
            asked_at=clock.now(),
        )
        session.add(row)
        session.flush()
        record(
            actor,
            "prior_learning.asked",
            f"prior_learning:{row.id}",
            enrolment=enrolment.id,
            competency=code,
            level=level,
            evidence=row.evidence_id,
        )
        course = enrolment.course
        tell(
            queries.organisers(course.organisation_id, clock.today(course.timezone)),
            "waits",
            course,
            f"/courses/{course.code}/competencies/claims/{row.id}",
        )
        return row


def _evidence(
    actor: Actor, enrolment: Enrolment, code: str, words: str, evidence_id: int | None, upload: Upload | None
) -> int:
    if evidence_id is not None:
        found = queries.one_evidence(evidence_id)
        if found is None or found.enrolment.id != enrolment.id or found.evidence.withdrawn_at is not None:
            raise Invalid(msg("This evidence is not here (any more)."))
        return evidence_id
    kind = EvidenceKind.NOTE if upload is None else EvidenceKind.FILE
    return add_evidence(actor, enrolment, EvidenceInput(kind, [code], words=words, upload=upload)).id


def withdraw_claim(actor: Actor, claim_id: int) -> PriorLearning:
    """Takes a claim back before it is answered. Raises Missing, Refused for anybody but the person, and afterwards."""
    with transaction():
        found = _locked(claim_id)
        if not owns_claim(actor, found):
            raise Refused(msg("Only the person takes this back."))
        row = found.claim
        row.status = ClaimStatus.WITHDRAWN
        record(actor, "prior_learning.withdrawn", f"prior_learning:{row.id}", enrolment=row.enrolment_id)
        return row


def decide_claim(actor: Actor, claim_id: int, recognised: bool, words: str) -> PriorLearning:
    """Answers a claim: recognised, it becomes an assessment of kind prior_learning that rests on the evidence; not yet, the
    words say what is missing.

    Raises Missing; Refused once it was answered, and for whoever may not decide (rules.decider_problem); Invalid for a "not
    yet" without words.
    """
    with transaction():
        found = _locked(claim_id)
        row, enrolment = found.claim, found.enrolment
        if not can_decide_claim(actor, found):
            raise Refused(msg("You may not assess this person."))
        against = decider_problem(
            actor.person_id, enrolment.person_id, queries.too_close(enrolment.person_id)
        )
        if against is not None:
            raise Refused(against)
        missing = msg("Say what is missing, in words that the person can read.")
        words = tidy_words(words, None if recognised else missing)
        if recognised:
            row.assessment_id = _assess(actor, enrolment, row, words)
        row.status = ClaimStatus.RECOGNISED if recognised else ClaimStatus.NOT_YET
        row.decided_by, row.decided_at, row.outcome = actor.person_id, clock.now(), words
        record(
            actor,
            "prior_learning.decided",
            f"prior_learning:{row.id}",
            enrolment=enrolment.id,
            status=str(row.status),
            assessment=row.assessment_id,
        )
        tell(
            [enrolment.person],
            "answered",
            enrolment.course,
            f"/me/courses/{enrolment.course.code}/prior-learning",
        )
        return row


def _assess(actor: Actor, enrolment: Enrolment, row: PriorLearning, words: str) -> int:
    there = queries.one_evidence(row.evidence_id) if row.evidence_id is not None else None
    usable = there is not None and there.evidence.withdrawn_at is None
    said = AssessmentInput(
        row.competency_code,
        row.level_code,
        Kind.PRIOR_LEARNING,
        actor.person_id or 0,
        clock.today(enrolment.course.timezone),
        note=words or None,
        evidence_ids=(row.evidence_id,) if usable and row.evidence_id is not None else (),
    )
    [assessment] = record_assessments(actor, enrolment, [said])
    return assessment.id


def _locked(claim_id: int) -> queries.OneClaim:
    """The claim with its enrolment, which is locked first. Raises Missing; Refused once it was answered."""
    found = queries.one_claim(claim_id)
    if found is None:
        raise Missing(msg("This is not here (any more)."))
    lock(Enrolment, found.enrolment.id)
    row = lock(PriorLearning, claim_id)
    if row.status != ClaimStatus.ASKED:
        raise Refused(msg("This was answered or taken back already."))
    return queries.OneClaim(row, found.enrolment)
