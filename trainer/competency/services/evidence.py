"""Adding evidence of a competency, and taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete

from trainer.audit.services import record
from trainer.cohorts.models import Enrolment
from trainer.competency import queries
from trainer.competency.models import Evidence, EvidenceFor
from trainer.competency.policy import can_add_evidence, can_withdraw_evidence
from trainer.competency.rules import LONGEST_TITLE, LONGEST_WORDS, EvidenceKind, link_problem
from trainer.core import clock, files
from trainer.core.access import Actor
from trainer.core.database import lock, session, transaction
from trainer.core.errors import Invalid, Missing, Refused
from trainer.core.text import msg
from trainer.curriculum.queries import programme_of
from trainer.scheduling.models import Session

MOST = 200  # pieces of evidence for one person on one course


@dataclass(frozen=True)
class Upload:
    """A file as it came from a browser."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True)
class EvidenceInput:
    """One thing that shows one or several competencies. What belongs to another kind is left aside."""

    kind: str
    codes: Sequence[str]
    title: str = ""
    words: str = ""
    url: str = ""
    session_id: int | None = None
    happened_on: date | None = None
    upload: Upload | None = None


def add_evidence(actor: Actor, enrolment: Enrolment, one: EvidenceInput) -> Evidence:
    """Adds a note, a file, a link or a session that was observed; for whom it was added can read it, and so can the staff.

    Raises Refused for somebody who may not, Invalid for what is missing or not usable (files: see core.files.keep), for a
    competency that the programme does not have, and for a session that is not the course's or has not begun.
    """
    with transaction():
        enrolment = lock(Enrolment, enrolment.id)
        if not can_add_evidence(actor, enrolment):
            raise Refused(msg("You may not add this."))
        codes = list(dict.fromkeys(one.codes))
        _check(enrolment, one, codes)
        file = None
        if one.kind == EvidenceKind.FILE and one.upload is not None:
            file = files.keep(actor.person_id, one.upload.name, one.upload.media_type, one.upload.data)
        meeting = _meeting(enrolment, one.session_id) if one.kind == EvidenceKind.SESSION else None
        row = Evidence(
            enrolment_id=enrolment.id,
            kind=one.kind,
            title=one.title.strip() or (file.name if file else ""),
            words=one.words.strip(),
            url=one.url.strip() if one.kind == EvidenceKind.LINK else None,
            file_id=file.id if file else None,
            session_id=meeting.id if meeting else None,
            happened_on=meeting.starts_local.date() if meeting else one.happened_on,
            added_by=actor.person_id,
            added_at=clock.now(),
        )
        session.add(row)
        session.flush()
        session.add_all(EvidenceFor(evidence_id=row.id, competency_code=code) for code in codes)
        record(
            actor,
            "evidence.added",
            f"evidence:{row.id}",
            enrolment=enrolment.id,
            kind=row.kind,
            competencies=codes,
            session=row.session_id,
            file=row.file_id,
        )
        return row


def record_observation(
    actor: Actor, enrolment: Enrolment, session_id: int, codes: Sequence[str], words: str = ""
) -> Evidence:
    """Adds that competencies were seen at a session. Raises as `add_evidence`."""
    return add_evidence(
        actor, enrolment, EvidenceInput(EvidenceKind.SESSION, codes, words=words, session_id=session_id)
    )


def withdraw_evidence(actor: Actor, evidence_id: int) -> bool:
    """Takes evidence back. True when it was deleted, its file with it: what an assessment or a claim rests on stays to
    be read, and serves for nothing new.

    Raises Missing when it is not there, Refused unless the actor added it or is an organiser.
    """
    with transaction():
        found = queries.one_evidence(evidence_id)
        if found is None:
            raise Missing(msg("This is not here (any more)."))
        lock(Enrolment, found.enrolment.id)  # whoever assesses at this moment has finished, or waits
        if not can_withdraw_evidence(actor, found):
            raise Refused(msg("Only who added this can take it back."))
        evidence, file = found.evidence, found.evidence.file
        stays = queries.rests_anything(evidence_id)
        if stays:
            evidence.withdrawn_at = evidence.withdrawn_at or clock.now()
        else:
            session.execute(delete(EvidenceFor).where(EvidenceFor.evidence_id == evidence_id))
            session.delete(evidence)
            session.flush()
            if file is not None:
                session.delete(file)
        record(
            actor,
            "evidence.withdrawn",
            f"evidence:{evidence_id}",
            enrolment=found.enrolment.id,
            deleted=not stays,
        )
        return not stays


def _check(enrolment: Enrolment, one: EvidenceInput, codes: Sequence[str]) -> None:
    programme = programme_of(enrolment.course.programme_version_id)
    if not codes:
        raise Invalid(msg("Choose at least one competency that this shows."))
    for code in codes:
        if code not in programme.competency_codes:
            raise Invalid(msg("The programme has no competency %(code)s.", code=code))
    if one.kind not in {kind.value for kind in EvidenceKind}:
        raise Invalid(msg("%(kind)s is no kind of evidence.", kind=one.kind))
    if len(one.title.strip()) > LONGEST_TITLE or len(one.words.strip()) > LONGEST_WORDS:
        raise Invalid(msg("At most %(most)d characters.", most=LONGEST_WORDS))
    if one.happened_on is not None and one.happened_on > clock.today(enrolment.course.timezone):
        raise Invalid(msg("This day is still to come."))
    match one.kind:
        case EvidenceKind.NOTE if not one.words.strip():
            raise Invalid(msg("Write a few words about it."))
        case EvidenceKind.LINK:
            if problem := link_problem(one.url.strip()):
                raise Invalid(problem)
        case EvidenceKind.FILE if one.upload is None or not one.upload.name:
            raise Invalid(msg("Choose a file first."))
        case EvidenceKind.SESSION if one.session_id is None:
            raise Invalid(msg("Choose a session."))
    if queries.how_many(enrolment.id) >= MOST:
        raise Invalid(msg("There are %(most)d pieces of evidence already. Take some back first.", most=MOST))


def _meeting(enrolment: Enrolment, session_id: int | None) -> Session:
    meeting = session.get(Session, session_id)
    if meeting is None or meeting.course_id != enrolment.course_id or meeting.status == "cancelled":
        raise Invalid(msg("This is no session of this course."))
    if meeting.starts_local.date() > clock.today(meeting.timezone):
        raise Invalid(msg("This session has not taken place."))
    return meeting
