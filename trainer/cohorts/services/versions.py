"""Moving a running course to another version of its programme: one person proposes, another decides.

A course is pinned so that nobody's rules change under them; when they have to, it is seen beforehand whom it moves, said why,
and done by two people. Earlier decisions stay what they were: replay uses the version that held then.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from trainer.audit.services import record
from trainer.cohorts.models import Course, Enrolment, VersionChange
from trainer.cohorts.policy import can_manage, can_review_version
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.database import lock, session, transaction
from trainer.core.errors import Invalid, Missing, Refused
from trainer.core.registered import registered
from trainer.core.text import msg
from trainer.curriculum.models import ProgrammeVersion
from trainer.curriculum.services import pin

LONGEST = 1000


def propose_version(actor: Actor, course: Course, reason: str, effects: dict[str, Any]) -> VersionChange:
    """Proposes to move the course to its programme as the files stand now. `effects` is what was shown: counts, no names.

    Raises Invalid without a reason, where nothing differs, or while another proposal is open; Refused for who is no organiser.
    """
    reason = _said(reason, msg("Say why the course should move: it stays with the proposal."))
    with transaction():
        row = lock(Course, course.id)
        if not can_manage(actor, row):
            raise Refused(msg("Only an organiser of the course may do this."))
        if session.scalar(
            select(VersionChange.id).where(
                VersionChange.course_id == row.id, VersionChange.status == "proposed"
            )
        ):
            raise Invalid(msg("A proposal is open already: decide on it first."))
        own = session.get_one(ProgrammeVersion, row.programme_version_id)
        version = pin(own.code)
        if version.id == row.programme_version_id:
            raise Invalid(msg("The course is on this version already."))
        change = VersionChange(
            course_id=row.id,
            from_version_id=row.programme_version_id,
            to_version_id=version.id,
            status="proposed",
            reason=reason,
            effects=effects,
            proposed_by=actor.person_id,
            proposed_at=clock.now(),
        )
        session.add(change)
        session.flush()
        record(
            actor,
            "course.version_proposed",
            f"course:{row.id}",
            change=change.id,
            before=change.from_version_id,
            after=change.to_version_id,
        )
        return change


def review_version(actor: Actor, change: VersionChange, *, accept: bool, note: str = "") -> VersionChange:
    """Decides on a proposal: done at once, or declined with the reason.

    Raises Refused for the proposer and for who is no organiser, Missing when it is decided already, Invalid when it is declined
    without a word, or the course has moved meanwhile.
    """
    with transaction():
        row = lock(VersionChange, change.id)
        course = lock(Course, row.course_id)
        if not can_review_version(actor, course, row.proposed_by):
            raise Refused(msg("Another organiser than the one who proposed it decides."))
        if row.status != "proposed":
            raise Missing(msg("This proposal is decided already."))
        if not accept:
            note = _said(note, msg("Say why the course stays on its version."))
        elif course.programme_version_id != row.from_version_id:
            raise Invalid(msg("The course has moved meanwhile: decline this, and propose again."))
        row.status = "done" if accept else "declined"
        row.reviewed_by, row.reviewed_at = actor.person_id, clock.now()
        row.review_note = note.strip()[:LONGEST]
        if accept:
            course.programme_version_id = row.to_version_id
            _rules_changed(actor, course.id)
        record(
            actor,
            "course.version_moved" if accept else "course.version_declined",
            f"course:{course.id}",
            change=row.id,
            before=row.from_version_id,
            after=row.to_version_id,
        )
        return row


def _rules_changed(actor: Actor, course_id: int) -> None:
    """What was issued rests on the rules that held: it stays, and somebody looks at it again (domain page, Accreditation 4)."""
    session.flush()
    for enrolment_id in session.scalars(
        select(Enrolment.id)
        .where(Enrolment.course_id == course_id, Enrolment.status != "invited")
        .order_by(Enrolment.id)
    ).all():
        registered("trainer_facts_corrected")(actor, enrolment_id)


def withdraw_version(actor: Actor, change: VersionChange) -> None:
    """Takes a proposal back. Raises Refused for anybody but who made it, Missing when it is decided already."""
    with transaction():
        row = lock(VersionChange, change.id)
        if actor.person_id is None or actor.person_id != row.proposed_by:
            raise Refused(msg("Only who proposed it takes it back."))
        if row.status != "proposed":
            raise Missing(msg("This proposal is decided already."))
        row.status, row.reviewed_by, row.reviewed_at = "withdrawn", actor.person_id, clock.now()
        record(actor, "course.version_withdrawn", f"course:{row.course_id}", change=row.id)


def _said(text: str, missing: Any) -> str:
    text = text.strip()
    if not text:
        raise Invalid(missing)
    if len(text) > LONGEST:
        raise Invalid(msg("The reason is longer than %(most)d characters.", most=LONGEST))
    return text
