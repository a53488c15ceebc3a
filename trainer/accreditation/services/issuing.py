"""Issuing: the serial, the code, the document, and all of it or nothing.

The document bears its serial, so the number has to be known before the document is made; and making it takes
long: tens of milliseconds, seconds when a time-stamping service has to be asked. Nobody else should wait for
that. So a short transaction reserves the next number for a certificate, the document is made outside any
lock, and a second short transaction puts the certificate in the place of the reservation. Whoever is stopped
in between leaves a reservation, which the next to issue finishes: no number is lost, and none is given
twice. (docs/decisions/serials-without-gaps.md)
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from trainer.accreditation import queries
from trainer.accreditation.models import (
    Certificate,
    CertificateEvent,
    Proposal,
    Reservation,
)
from trainer.accreditation.policy import can_decide
from trainer.accreditation.rules.eligibility import Standing
from trainer.accreditation.rules.statuses import CertificateStatus, ProposalStatus
from trainer.accreditation.services import reserving
from trainer.accreditation.services.drafts import (
    Draft,
    Press,
    facts_of,
    make_draft,
    press_of,
    proof,
)
from trainer.accreditation.services.eligibility import KIND, Batch, eligible, require, require_kind
from trainer.accreditation.services.lifecycle import settle
from trainer.accreditation.services.reserving import being_made, reserve, reserve_again
from trainer.accreditation.services.two_people import seen_by_issuer
from trainer.audit.services import record
from trainer.cohorts.models import Course
from trainer.cohorts.services import complete_by_last_gate
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.database import lock, session, transaction
from trainer.core.errors import Missing, TrainerError
from trainer.core.text import msg
from trainer.curriculum.queries import programme_of
from trainer.messages import services as messages
from trainer.people.models import Person


def issue(
    actor: Actor, course: Course, kind: str = KIND, enrolment_ids: Collection[int] | None = None
) -> Batch:
    """Issues what is approved, or what of it belongs to the named. What was issued before stays as it
    is.

    A person's reasons against are looked at again: one whose facts changed after the approval, whose name no
    typeface can print, or whom the actor approved where two people decide, is refused while the others are
    issued. Raises Refused when the actor is no
    registrar of the course's university, Invalid for an unknown kind or a university text that cannot be
    printed.
    """
    require(can_decide(actor, course), msg("Only registrars of the course's university issue."))
    require_kind(course, kind)
    found = seen_by_issuer(actor, course, eligible(course, kind, enrolment_ids))
    ready = [one for one in found if one.eligibility.can_issue]
    ids = {one.enrolment_id for one in ready}
    if ready:
        proposals = sorted(one.row.proposal_id or 0 for one in ready)
        proof(proposals[0])
        issue_all(actor, proposals, press_of(course.university_id, actor))
    after = {one.enrolment_id: one for one in eligible(course, kind, enrolment_ids)} if ready else {}
    return Batch(
        tuple(after.get(one.enrolment_id, one) for one in ready),
        tuple(one for one in found if one.standing is Standing.ISSUED),
        tuple(one for one in found if one.standing is not Standing.ISSUED and one.enrolment_id not in ids),
    )


def issue_all(actor: Actor, proposal_ids: Collection[int], press: Press) -> None:
    """Issues the certificates of approved proposals, one whole certificate at a time; then finishes what
    others of the university left half done."""
    busy = []
    for proposal_id in proposal_ids:
        if being_made(proposal_id):
            busy.append(proposal_id)  # somebody else is at it: they are most likely done when we come back
        else:
            issue_one(actor, proposal_id, press)
    for proposal_id in busy:
        issue_one(actor, proposal_id, press)
    finish_interrupted(actor, press)


def issue_one(actor: Actor, proposal_id: int, press: Press | None = None) -> int:
    """Issues the certificate of one approved proposal and gives its id; issued already, the id of what
    there is.

    Raises Missing, Refused for a proposal that is not approved, Invalid for a name that cannot be printed.
    """
    if (done := _issued_from(proposal_id)) is not None:
        return done
    if press is None:
        proof(proposal_id)
        press = press_of(facts_of(proposal_id).university.id, actor)
    reserved = reserve(actor, proposal_id)
    return _complete(actor, reserved, press) if reserved else _issued(proposal_id)


def reissue(actor: Actor, code: str) -> int:
    """Issues a certificate anew with the next serial and what holds today (a changed name, say); gives
    its id. It ends on the day on which the old one would have.

    The old one is superseded in the same transaction, and the holder's choice to hide the name goes over to
    the new one. Raises Missing, Refused for one that was revoked or superseded, Invalid for a name that
    cannot be printed.
    """
    return _again(actor, code, "reissue", None)


def renew(actor: Actor, code: str, until: date) -> int:
    """Issues a certificate anew for a further period, which ends with the day `until`; gives its id.

    Whether it may be renewed, and until when, is decided before (services.lifecycle). Raises as `reissue`.
    """
    return _again(actor, code, "renewal", until)


def _again(actor: Actor, code: str, cause: str, until: date | None) -> int:
    old = queries.certificate_by_code(code)
    if old is None:
        raise Missing(msg("There is no certificate with this code."))
    require(
        actor.has("registrar", old.university_id), msg("Only registrars of the issuing university reissue.")
    )
    proof(old.proposal_id)
    press = press_of(old.university_id, actor)
    reserved = reserve_again(actor, old.id, cause, until)
    return _complete(actor, reserved, press)


def _complete(actor: Actor, reservation_id: int, press: Press) -> int:
    """Makes the document of a reservation and puts the certificate in its place; gives its id. Whoever comes
    second finds the certificate of the first."""
    while True:
        reservation = session.get(Reservation, reservation_id, populate_existing=True)
        if reservation is None:
            raise Missing(msg("This is not here (any more)."))
        where = (reservation.university_id, reservation.year, reservation.number)
        draft = make_draft(reservation, press)
        with transaction():
            try:
                held = lock(Reservation, reservation_id)
            except Missing:
                return queries.certificate_numbered(*where)
            if not _name_still_holds(draft):
                continue  # it was corrected while the document was made: make it with the new name
            return _put(actor, held, draft)


def _name_still_holds(draft: Draft) -> bool:
    """Whether the name is the one that was printed; within a transaction, until whose end it stays so."""
    return lock(Person, draft.person_id).certificate_name == draft.stored_name


def _put(actor: Actor, held: Reservation, draft: Draft) -> int:
    """The certificate in the place of its reservation; within a transaction."""
    with transaction() as session:
        proposal = lock(Proposal, held.proposal_id)
        old = lock(Certificate, held.supersedes_id) if held.supersedes_id else None
        inherited: dict[str, Any] = {}
        if old is not None:
            inherited = _inherited(old, held)
            old.status, old.reason_code, old.flagged_at = CertificateStatus.SUPERSEDED, None, None
            _event(actor, old.id, "superseded")
            session.flush()  # before the new row: one standing certificate a person and kind
        else:
            proposal.status = ProposalStatus.ISSUED
            # Before anything is recorded: rows are locked first, the audit's chain last, as everywhere.
            if _is_of_last_gate(proposal):
                complete_by_last_gate(actor, proposal.enrolment_id)
        certificate_id = _write(actor, held, draft, old, inherited)
        session.delete(held)
        return certificate_id


def _inherited(old: Certificate, held: Reservation) -> dict[str, Any]:
    """What goes over to a successor: the holder's choice; and what was decided or found out about the old one
    while the new one was made. A revocation then holds for the successor, for as long as it was to last."""
    settle(old, clock.today())
    inherited: dict[str, Any] = {"withheld": old.withheld}
    if old.flagged_at is not None and old.flagged_at >= held.reserved_at:
        inherited["flagged_at"] = old.flagged_at
    if old.status == CertificateStatus.REVOKED:
        for name in ("status", "reason_code", "revoked_on", "reinstated_from"):
            inherited[name] = getattr(old, name)
    return inherited


def finish_interrupted(actor: Actor, press: Press) -> int:
    """Finishes what others of this university began and left half done for longer than THEIRS; gives how
    many. One that still cannot be made is left for another time."""
    finished = 0
    for reservation_id in queries.interrupted(press.university_id, clock.now() - reserving.THEIRS):
        try:
            _complete(actor, reservation_id, press)
            finished += 1
        except TrainerError:
            continue
    return finished


def _is_of_last_gate(proposal: Proposal) -> bool:
    """True when the programme has no gate after the one that this document stands for."""
    course = session.get_one(Course, proposal.course_id)
    *_, last = programme_of(course.programme_version_id).gates.values()
    return last.issues == proposal.kind


def _event(actor: Actor, certificate_id: int, event: str, reason: str | None = None) -> None:
    with transaction() as session:
        session.add(
            CertificateEvent(
                certificate_id=certificate_id,
                event=event,
                reason_code=reason,
                by=actor.person_id,
                at=clock.now(),
            )
        )


def _write(
    actor: Actor,
    held: Reservation,
    draft: Draft,
    old: Certificate | None,
    inherited: Mapping[str, Any],
) -> int:
    """The certificate, its first event, the audit entry and the mail; within a transaction."""
    with transaction() as session:
        certificate = Certificate(
            university_id=held.university_id,
            year=held.year,
            number=held.number,
            serial=held.serial,
            code=held.code,
            kind=held.kind,
            enrolment_id=held.enrolment_id,
            proposal_id=held.proposal_id,
            name=draft.sheet.name,
            language=draft.sheet.language,
            frozen=draft.frozen,
            pdf=draft.pdf,
            sha256=draft.sha256,
            credential=draft.credential,
            signatures=draft.signatures,
            supersedes_id=old.id if old else None,
            issued_at=draft.issued_at,
            issued_on=held.issued_on,
            issued_by=held.reserved_by,  # who decided; whoever finishes it after an interruption only prints
            expires_on=held.expires_on,
            **{"status": CertificateStatus.VALID, **inherited},
        )
        session.add(certificate)
        session.flush()
        _event(actor, certificate.id, "renewed" if held.cause == "renewal" else "issued")
        if certificate.status == CertificateStatus.REVOKED:
            _event(actor, certificate.id, "revoked", certificate.reason_code)
        if certificate.flagged_at is not None:
            _event(actor, certificate.id, "flagged")
        record(
            actor,
            {"issue": "certificate.issued", "reissue": "certificate.reissued"}.get(
                held.cause, "certificate.renewed"
            ),
            f"certificate:{certificate.id}",
            serial=certificate.serial,
            sha256=draft.sha256,
            enrolment=held.enrolment_id,
            supersedes=old.serial if old else None,
        )
        if draft.email:
            messages.send(
                draft.person_id,
                draft.email,
                "accreditation/mail/issued",
                draft.sheet.language,
                name=draft.sheet.name,
                title=draft.sheet.title,
                university=draft.sheet.university,
                serial=certificate.serial,
                address=draft.sheet.address,
                replaces=old.serial if old else None,
            )
        return certificate.id


def _issued_from(proposal_id: int) -> int | None:
    """The newest certificate of a proposal; None when none is out."""
    return session.scalars(
        select(Certificate.id)
        .where(Certificate.proposal_id == proposal_id)
        .order_by(Certificate.id.desc())
        .limit(1)
    ).first()


def _issued(proposal_id: int) -> int:
    found = _issued_from(proposal_id)
    if found is None:
        raise RuntimeError("a proposal is marked issued and has no certificate")
    return found
