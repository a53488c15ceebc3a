"""Issuing: the serial, the code, the document, and all of it or nothing.

The document bears its serial, so the number has to be known before the document is made; and numbers have
no gaps, so it may only be taken together with the certificate. Making the document takes tens of
milliseconds, in which nobody else should wait. So the next number is read without a lock, the document is
made for it, and a short transaction then takes the number only if it still is the next one; otherwise
everything is made again for the new number. One certificate, one transaction: a process that is killed
leaves whole certificates and no half ones. (docs/decisions/serials-without-gaps.md)
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from trainer.accreditation import queries
from trainer.accreditation.models import (
    Certificate,
    CertificateEvent,
    Proposal,
    SerialCounter,
)
from trainer.accreditation.policy import can_decide
from trainer.accreditation.rules.eligibility import Standing
from trainer.accreditation.rules.statuses import CertificateStatus, ProposalStatus
from trainer.accreditation.services.drafts import Draft, facts_of, issue_day, make_draft
from trainer.accreditation.services.eligibility import KIND, Batch, eligible, issuing_gate, require
from trainer.audit.services import record
from trainer.cohorts.models import Course
from trainer.cohorts.services import complete_by_last_gate
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.database import lock, session, transaction
from trainer.core.errors import Missing, Refused
from trainer.core.text import msg
from trainer.curriculum.queries import programme_of
from trainer.messages import services as messages
from trainer.people.models import Person

# Rounds of making the document outside the lock before it is made inside it: each lost round means that
# somebody else issued, so this ends; the limit only bounds the wasted work when very many issue at once.
ROUNDS = 5


def issue(
    actor: Actor, course: Course, kind: str = KIND, enrolment_ids: Collection[int] | None = None
) -> Batch:
    """Issues what is approved, or what of it belongs to the named. What was issued before stays as it
    is.

    A person's reasons against are looked at again: one whose facts changed after the approval, or whose
    name no typeface can print, is refused while the others are issued. Raises Refused when the actor is no
    registrar of the course's university, Invalid for an unknown kind or a university text that cannot be
    printed.
    """
    require(can_decide(actor, course), msg("Only registrars of the course's university issue."))
    issuing_gate(course, kind)
    found = eligible(course, kind, enrolment_ids)
    ready = [one for one in found if one.eligibility.can_issue]
    ids = {one.enrolment_id for one in ready}
    for one in sorted(ready, key=lambda one: one.row.proposal_id or 0):
        issue_one(actor, one.row.proposal_id or 0)
    after = {one.enrolment_id: one for one in eligible(course, kind, enrolment_ids)} if ready else {}
    return Batch(
        tuple(after.get(one.enrolment_id, one) for one in ready),
        tuple(one for one in found if one.standing is Standing.ISSUED),
        tuple(one for one in found if one.standing is not Standing.ISSUED and one.enrolment_id not in ids),
    )


def issue_one(actor: Actor, proposal_id: int) -> int:
    """Issues the certificate of one approved proposal and gives its id; issued already, the id of what
    there is.

    Raises Missing, Refused for a proposal that is not approved, Invalid for a name that cannot be printed.
    """

    def put(draft: Draft) -> int | None:
        proposal = lock(Proposal, proposal_id)
        if proposal.status == ProposalStatus.ISSUED:
            return _issued_from(proposal_id)
        if proposal.status != ProposalStatus.APPROVED:
            raise Refused(msg("This proposal is not approved."))
        if _standing(proposal):
            raise Refused(msg("There is a certificate of this kind for the person already."))
        if not _take(draft):
            return None
        proposal.status = ProposalStatus.ISSUED
        certificate_id = _write(actor, draft, None)
        if _is_of_last_gate(proposal):
            complete_by_last_gate(actor, proposal.enrolment_id)
        return certificate_id

    return _make_and_put(proposal_id, put)


def reissue(actor: Actor, code: str) -> int:
    """Issues a certificate anew with the next serial and what holds today (a changed name, say); gives
    its id.

    The old one is superseded in the same transaction, and the holder's choice to hide the name goes over to
    the new one. Raises Missing, Refused for one that was revoked or superseded, Invalid for a name that
    cannot be printed.
    """
    old = queries.certificate_by_code(code)
    if old is None:
        raise Missing(msg("There is no certificate with this code."))
    require(
        actor.has("registrar", old.university_id), msg("Only registrars of the issuing university reissue.")
    )
    old_id, proposal_id = old.id, old.proposal_id

    def put(draft: Draft) -> int | None:
        row = lock(Certificate, old_id)
        if row.status == CertificateStatus.SUPERSEDED:
            raise Refused(msg("This certificate was replaced already: reissue the newer one."))
        if row.status == CertificateStatus.REVOKED:
            raise Refused(msg("This certificate was revoked: reinstate it before you reissue it."))
        if not _take(draft):
            return None
        row.status = CertificateStatus.SUPERSEDED
        with transaction() as session:
            session.add(
                CertificateEvent(
                    certificate_id=old_id, event="superseded", by=actor.person_id, at=clock.now()
                )
            )
            session.flush()  # before the new row: one standing certificate a person and kind
        return _write(actor, draft, row)

    return _make_and_put(proposal_id, put)


def _make_and_put(proposal_id: int, put: Any) -> int:
    for _ in range(ROUNDS):
        draft = make_draft(proposal_id)
        try:
            with transaction():
                certificate_id: int | None = put(draft)
        except IntegrityError:
            # Two began a university's year in the same moment; the other's counter is there now.
            continue
        if certificate_id is not None:
            return certificate_id
    with transaction():
        facts = facts_of(proposal_id)
        _locked_counter(facts.university.id, issue_day(facts.course).year)  # nobody else takes a number now
        certificate_id = put(make_draft(proposal_id))
    if certificate_id is None:
        raise RuntimeError("the next serial moved although it was locked")
    return certificate_id


def _locked_counter(university_id: int, year: int) -> SerialCounter:
    """The counter of a university's year, locked until the transaction ends; made when it is the year's
    first."""
    with transaction() as session:
        counter = session.scalar(
            select(SerialCounter)
            .where(SerialCounter.organisation_id == university_id, SerialCounter.year == year)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        if counter is None:
            counter = SerialCounter(organisation_id=university_id, year=year, last=0)
            session.add(counter)
            session.flush()
        return counter


def _take(draft: Draft) -> bool:
    """Takes the draft's number if it is the next one and its name still is the person's."""
    with transaction() as session:
        counter = _locked_counter(draft.university_id, draft.year)
        name = session.scalar(select(Person.certificate_name).where(Person.id == draft.person_id))
        if counter.last + 1 != draft.number or name != draft.stored_name:
            return False
        counter.last = draft.number
        session.flush()
        return True


def _is_of_last_gate(proposal: Proposal) -> bool:
    """True when the programme has no gate after the one that this document stands for."""
    course = session.get_one(Course, proposal.course_id)
    *_, last = programme_of(course.programme_version_id).gates.values()
    return last.issues == proposal.kind


def _write(actor: Actor, draft: Draft, old: Certificate | None) -> int:
    """The certificate, its first event, the audit entry and the mail; within a transaction."""
    with transaction() as session:
        proposal = session.get_one(Proposal, draft.proposal_id)
        certificate = Certificate(
            university_id=draft.university_id,
            year=draft.year,
            number=draft.number,
            serial=draft.sheet.serial,
            code=draft.code,
            kind=proposal.kind,
            enrolment_id=proposal.enrolment_id,
            proposal_id=proposal.id,
            name=draft.sheet.name,
            language=draft.sheet.language,
            frozen=draft.frozen,
            pdf=draft.pdf,
            sha256=draft.sha256,
            status=CertificateStatus.VALID,
            supersedes_id=old.id if old else None,
            issued_at=clock.now(),
            issued_on=draft.issued_on,
            issued_by=actor.person_id,
            withheld=old.withheld if old else False,
        )
        session.add(certificate)
        session.flush()
        session.add(
            CertificateEvent(
                certificate_id=certificate.id, event="issued", by=actor.person_id, at=clock.now()
            )
        )
        record(
            actor,
            "certificate.reissued" if old else "certificate.issued",
            f"certificate:{certificate.id}",
            serial=certificate.serial,
            sha256=draft.sha256,
            enrolment=proposal.enrolment_id,
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


def _standing(proposal: Proposal) -> bool:
    with transaction() as session:
        return (
            session.scalar(
                select(Certificate.id).where(
                    Certificate.enrolment_id == proposal.enrolment_id,
                    Certificate.kind == proposal.kind,
                    Certificate.status != CertificateStatus.SUPERSEDED,
                )
            )
            is not None
        )


def _issued_from(proposal_id: int) -> int:
    with transaction() as session:
        return session.scalars(
            select(Certificate.id)
            .where(Certificate.proposal_id == proposal_id)
            .order_by(Certificate.id.desc())
            .limit(1)
        ).one()
