"""Giving a certificate its number: a short transaction, before the document is made."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from trainer.accreditation import queries
from trainer.accreditation.models import Certificate, Proposal, Reservation, SerialCounter
from trainer.accreditation.rules.codes import new_code
from trainer.accreditation.rules.serials import serial
from trainer.accreditation.rules.statuses import CertificateStatus, ProposalStatus
from trainer.accreditation.rules.two_people import against_issuing
from trainer.accreditation.rules.validity import expires_on
from trainer.accreditation.services.drafts import facts_of, issue_day
from trainer.accreditation.services.lifecycle import settle
from trainer.audit.services import record
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.database import lock, session, transaction
from trainer.core.errors import Refused
from trainer.core.text import msg
from trainer.curriculum.queries import programme_of

# How long somebody else's reservation is left to them: making a document takes seconds at most.
THEIRS = timedelta(seconds=30)


def reserve(actor: Actor, proposal_id: int) -> int | None:
    """Reserves the next number for a proposal and gives the reservation; one that was left there is taken up.
    None when the certificate is out already."""
    for attempt in range(3):
        facts = facts_of(proposal_id)
        university, today = facts.university, issue_day(facts.course)
        programme = programme_of(facts.course.programme_version_id)
        wording = programme.certificates[facts.proposal.kind]
        try:
            with transaction():
                proposal = lock(Proposal, proposal_id)
                if proposal.status == ProposalStatus.ISSUED:
                    return None
                if (left := _reservation_for(proposal)) is not None:
                    return left
                if proposal.status != ProposalStatus.APPROVED:
                    raise Refused(msg("This proposal is not approved."))
                if _standing(proposal):
                    raise Refused(msg("There is a certificate of this kind for the person already."))
                _two_people(actor, university.id, proposal)
                return _take(
                    actor,
                    Reservation(
                        university_id=university.id,
                        year=today.year,
                        kind=proposal.kind,
                        cause="issue",
                        enrolment_id=proposal.enrolment_id,
                        proposal_id=proposal.id,
                        issued_on=today,
                        expires_on=expires_on(today, wording.valid_for),
                    ),
                    university.code,
                )
        except IntegrityError:
            # Two began a university's year in the same moment; the other's counter is there now.
            if attempt == 2:
                raise
    return None


def reserve_again(actor: Actor, old_id: int, cause: str, until: date | None) -> int:
    with transaction() as session:
        row = lock(Certificate, old_id)
        settle(row, clock.today())
        if row.status == CertificateStatus.SUPERSEDED:
            raise Refused(msg("This certificate was replaced already: reissue the newer one."))
        if row.status == CertificateStatus.REVOKED:
            raise Refused(msg("This certificate was revoked: reinstate it before you reissue it."))
        proposal = session.get_one(Proposal, row.proposal_id)
        if (left := _reservation_for(proposal)) is not None:
            return left
        _two_people(actor, row.university_id, proposal)
        facts = facts_of(proposal.id)
        today = issue_day(facts.course)
        reservation = Reservation(
            university_id=row.university_id,
            year=today.year,
            kind=row.kind,
            cause=cause,
            enrolment_id=row.enrolment_id,
            proposal_id=row.proposal_id,
            supersedes_id=row.id,
            issued_on=today,
            expires_on=until or row.expires_on,
        )
        return _take(actor, reservation, facts.university.code)


def _two_people(actor: Actor, university_id: int, proposal: Proposal) -> None:
    """Raises Refused where the university wants two people and the actor is the one who approved."""
    against = against_issuing(actor.person_id, proposal.approved_by, queries.two_people(university_id))
    if against is not None:
        raise Refused(against)


def _take(actor: Actor, reservation: Reservation, university_code: str) -> int:
    """Gives the reservation the next number of its university and year; within a transaction."""
    with transaction() as session:
        counter = _locked_counter(reservation.university_id, reservation.year)
        counter.last += 1
        reservation.number = counter.last
        reservation.serial = serial(university_code, reservation.year, counter.last)
        reservation.code = new_code()
        reservation.reserved_by, reservation.reserved_at = actor.person_id, clock.now()
        session.add(reservation)
        session.flush()
        record(
            actor,
            "certificate.reserved",
            f"proposal:{reservation.proposal_id}",
            serial=reservation.serial,
            enrolment=reservation.enrolment_id,
            cause=reservation.cause,
        )
        return reservation.id


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


def _reservation_for(proposal: Proposal) -> int | None:
    with transaction() as session:
        return session.scalar(
            select(Reservation.id).where(
                Reservation.enrolment_id == proposal.enrolment_id, Reservation.kind == proposal.kind
            )
        )


def being_made(proposal_id: int) -> bool:
    """Whether somebody reserved the number of this proposal's certificate a moment ago."""
    since = clock.now() - THEIRS
    return (
        session.scalar(
            select(Reservation.id).where(
                Reservation.proposal_id == proposal_id, Reservation.reserved_at >= since
            )
        )
        is not None
    )
