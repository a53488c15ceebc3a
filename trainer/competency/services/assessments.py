"""Recording assessments: of one person, and of a whole group after a session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from trainer.audit.services import record
from trainer.cohorts.models import Course, Enrolment
from trainer.competency import queries
from trainer.competency.models import Assessment, AssessmentEvidence, Evidence, EvidenceFor
from trainer.competency.policy import can_assess_person, can_assess_self
from trainer.competency.rules import Judgement, Kind
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.database import lock, session, transaction
from trainer.core.errors import Invalid, Missing, Refused, TrainerError
from trainer.core.text import Text, msg, nmsg
from trainer.curriculum.queries import programme_of
from trainer.curriculum.rules import Programme
from trainer.scheduling.queries import SessionRow

Cell = tuple[int, str]
"""An enrolment and a competency's code."""


@dataclass(frozen=True)
class AssessmentInput:
    """What one assessment says, before it is recorded. `evidence_ids`: the Evidence of this person that it rests on."""

    competency_code: str
    level_code: str
    kind: str
    assessor_id: int
    assessed_on: date
    evidence: str | None = None
    note: str | None = None
    evidence_ids: tuple[int, ...] = ()


class CellProblems(Invalid):
    """A group's assessments that could not be recorded: what stands in the way, by cell."""

    def __init__(self, cells: Mapping[Cell, Text]) -> None:
        super().__init__(
            nmsg(
                "Nothing was saved: %(num)d field needs another look.",
                "Nothing was saved: %(num)d fields need another look.",
                len(cells),
            )
        )
        self.cells = dict(cells)


@dataclass(frozen=True)
class _Ground:
    """What every assessment of one writing is checked against."""

    actor: Actor
    programme: Programme
    today: date
    too_close: frozenset[tuple[int, int]]  # (assessor, enrolment)
    references: frozenset[int]  # enrolments whose reference professional the actor is


def record_assessments(
    actor: Actor, enrolment: Enrolment, inputs: Sequence[AssessmentInput]
) -> list[Assessment]:
    """Appends assessments of one person; all or nothing.

    Raises Refused when somebody would assess themself, is too close to this person, or has no right to assess them; Invalid for
    a competency or level that the course's programme does not have, a date to come, or evidence that is not this person's.
    """
    with transaction():
        enrolment = lock(Enrolment, enrolment.id)
        ground = _ground(actor, enrolment.course, [enrolment])
        for one in inputs:
            _check(ground, enrolment, one)
        _check_evidence(enrolment, {key for one in inputs for key in one.evidence_ids})
        return _append(actor, [(enrolment, one) for one in inputs])


def record_group(
    actor: Actor,
    course: Course,
    meeting: SessionRow,
    chosen: Mapping[Cell, str],
    *,
    kind: str,
    assessed_on: date,
    words: str = "",
) -> list[Assessment]:
    """Appends what an assessor saw of a group at a session: `chosen` gives the level by cell; all or nothing.

    Each assessment rests on the session as evidence, with `words` about it. What the assessor says already, word for word, is
    not said again: a form sent twice writes once. Raises CellProblems with what is wrong in each cell, Invalid for a session
    that did not take place yet, Missing for a session of another course.
    """
    with transaction():
        if meeting.course_id != course.id:
            raise Missing(msg("This is not here (any more)."))
        if meeting.is_cancelled or meeting.starts_at > clock.now():
            raise Invalid(msg("This session has not taken place."))
        if assessed_on < meeting.starts_local.date():
            raise Invalid(msg("The assessment is dated before the session."))
        people = _lock_all(course, {enrolment_id for enrolment_id, _ in chosen})
        ground = _ground(actor, course, list(people.values()))
        cells: dict[Cell, Text] = {}
        wanted: list[tuple[Enrolment, AssessmentInput]] = []
        for (enrolment_id, code), level in chosen.items():
            enrolment = people.get(enrolment_id)
            if enrolment is None:
                cells[enrolment_id, code] = msg("This person is not on this course.")
                continue
            one = AssessmentInput(code, level, kind, actor.person_id or 0, assessed_on)
            try:
                _check(ground, enrolment, one)
            except TrainerError as error:
                cells[enrolment_id, code] = error.text
            else:
                wanted.append((enrolment, one))
        if cells:
            raise CellProblems(cells)
        wanted = _not_said_yet(course, wanted)
        rows = _append(actor, wanted)
        _observed(actor, meeting, rows, words)
        return rows


def _not_said_yet(
    course: Course, wanted: Sequence[tuple[Enrolment, AssessmentInput]]
) -> list[tuple[Enrolment, AssessmentInput]]:
    held: dict[tuple[int, str, int], Judgement] = {}
    there = queries.judgements(course.id, [enrolment.id for enrolment, _ in wanted])
    for enrolment_id, found in there.items():
        for one in sorted(found, key=lambda one: (one.assessed_on, one.id)):
            if one.kind != Kind.SELF:
                held[enrolment_id, one.competency_code, one.assessor_id] = one

    def said(enrolment: Enrolment, one: AssessmentInput) -> bool:
        last = held.get((enrolment.id, one.competency_code, one.assessor_id))
        return last is not None and (last.level_code, last.kind, last.assessed_on) == (
            one.level_code,
            one.kind,
            one.assessed_on,
        )

    return [(enrolment, one) for enrolment, one in wanted if not said(enrolment, one)]


def _observed(actor: Actor, meeting: SessionRow, rows: Sequence[Assessment], words: str) -> None:
    """The session as evidence, one piece for each person, for all that was seen of them there."""
    pieces: dict[int, Evidence] = {}
    for row in rows:
        if row.enrolment_id not in pieces:
            pieces[row.enrolment_id] = Evidence(
                enrolment_id=row.enrolment_id,
                kind="session",
                title="",
                words=words,
                session_id=meeting.id,
                happened_on=meeting.starts_local.date(),
                added_by=actor.person_id,
                added_at=clock.now(),
            )
    session.add_all(pieces.values())
    session.flush()
    for row in rows:
        piece = pieces[row.enrolment_id]
        session.add(EvidenceFor(evidence_id=piece.id, competency_code=row.competency_code))
        session.add(AssessmentEvidence(assessment_id=row.id, evidence_id=piece.id))
    for piece in pieces.values():
        record(
            actor,
            "evidence.added",
            f"evidence:{piece.id}",
            enrolment=piece.enrolment_id,
            kind=piece.kind,
            session=piece.session_id,
        )


def _lock_all(course: Course, enrolment_ids: set[int]) -> dict[int, Enrolment]:
    """The enrolments of this course among the ids, locked in one statement, in one order for everybody."""
    rows = session.scalars(
        select(Enrolment)
        .where(Enrolment.course_id == course.id, Enrolment.id.in_(enrolment_ids))
        .order_by(Enrolment.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in rows}


def _ground(actor: Actor, course: Course, enrolments: Sequence[Enrolment]) -> _Ground:
    return _Ground(
        actor,
        programme_of(course.programme_version_id),
        clock.today(course.timezone),
        frozenset(queries.too_close_on_course(course.id)),
        frozenset(queries.reference_of(actor.person_id, [one.id for one in enrolments]))
        if actor.holds("supervisor")
        else frozenset(),
    )


def _check(ground: _Ground, enrolment: Enrolment, one: AssessmentInput) -> None:
    actor, programme = ground.actor, ground.programme
    own = one.assessor_id == enrolment.person_id
    if one.kind == Kind.SELF:
        if not own:
            raise Refused(msg("A self-assessment is the person's own."))
        if not (can_assess_self(actor, enrolment) or can_assess_person(actor, enrolment)):
            raise Refused(msg("You may not assess this person."))
    else:
        if own:
            raise Refused(msg("Nobody assesses themself, but for the self-assessment."))
        if not (can_assess_person(actor, enrolment) or _as_reference(ground, enrolment, one)):
            raise Refused(msg("You may not assess this person."))
        if (one.assessor_id, enrolment.id) in ground.too_close:
            raise Refused(msg("Somebody who declared to be too close to this person does not assess them."))
    if one.competency_code not in programme.competency_codes:
        raise Invalid(msg("The programme has no competency %(code)s.", code=one.competency_code))
    if one.level_code not in programme.scale.codes:
        raise Invalid(msg("The scale has no level %(code)s.", code=one.level_code))
    if one.kind not in {kind.value for kind in Kind}:
        raise Invalid(msg("%(kind)s is no kind of assessment.", kind=one.kind))
    if one.assessed_on > ground.today:
        raise Invalid(msg("An assessment cannot be dated in the future."))


def _as_reference(ground: _Ground, enrolment: Enrolment, one: AssessmentInput) -> bool:
    """A reference professional says what they saw of their own people, in their own name and capacity alone."""
    return (
        one.kind == Kind.REFERENCE_PROFESSIONAL
        and one.assessor_id == ground.actor.person_id
        and enrolment.id in ground.references
    )


def _check_evidence(enrolment: Enrolment, evidence_ids: set[int]) -> None:
    if not evidence_ids:
        return
    there = session.scalars(
        select(Evidence.id).where(
            Evidence.id.in_(evidence_ids),
            Evidence.enrolment_id == enrolment.id,
            Evidence.withdrawn_at.is_(None),
        )
    )
    if evidence_ids - set(there):
        raise Invalid(msg("This evidence is not here (any more)."))


def _append(actor: Actor, wanted: Sequence[tuple[Enrolment, AssessmentInput]]) -> list[Assessment]:
    rows = [
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
        for enrolment, one in wanted
    ]
    session.add_all(rows)
    session.flush()
    for row, (_enrolment, one) in zip(rows, wanted, strict=True):
        session.add_all(AssessmentEvidence(assessment_id=row.id, evidence_id=key) for key in one.evidence_ids)
        record(
            actor,
            "assessment.recorded",
            f"assessment:{row.id}",
            enrolment=row.enrolment_id,
            competency=row.competency_code,
            level=row.level_code,
            kind=row.kind,
            assessor=row.assessor_id,
            on=row.assessed_on,
        )
    return rows
