"""What becomes of a certificate after it was issued. Its document never changes; its status does, and
says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from sqlalchemy import select

from trainer.accreditation import queries
from trainer.accreditation.models import Certificate, CertificateEvent
from trainer.accreditation.policy import can_download, is_holder
from trainer.accreditation.rules.statuses import REASONS, CertificateStatus, Reason, standing_of
from trainer.accreditation.services.eligibility import require
from trainer.audit.services import record
from trainer.cohorts.models import Enrolment
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.database import lock, transaction
from trainer.core.errors import Invalid, Missing, Refused
from trainer.core.i18n import in_language, say
from trainer.core.text import Text, msg
from trainer.messages import services as messages
from trainer.people.models import Person

LONGEST_NOTE = 2000


def find(code: str) -> Certificate:
    """The certificate with this code, however it was typed. Raises Missing."""
    certificate = queries.certificate_by_code(code)
    if certificate is None:
        raise Missing(msg("There is no certificate with this code."))
    return certificate


def revoke(actor: Actor, code: str, reason: str, note: str = "") -> None:
    """Revokes a certificate. `reason` is one of the public codes; `note` stays with the registrars. One that
    is to be good again from a day still to come can be revoked anew: that day is then dropped.

    Raises Missing, Refused, and Invalid for an unknown reason or an overlong note.
    """
    if reason not in set(Reason):
        raise Invalid(
            msg(
                "“%(reason)s” is no reason. There are: %(reasons)s.", reason=reason, reasons=", ".join(Reason)
            )
        )
    if len(note) > LONGEST_NOTE:
        raise Invalid(msg("Please keep it under %(most)d characters.", most=LONGEST_NOTE))

    def change(row: Certificate) -> None:
        if row.status == CertificateStatus.REVOKED and row.reinstated_from is not None:
            row.reason_code, row.reinstated_from = reason, None  # it goes on being revoked, without an end
            return
        _only(row, CertificateStatus.VALID, msg("Only a certificate that stands can be revoked."))
        row.status, row.reason_code, row.revoked_on = CertificateStatus.REVOKED, reason, clock.today()
        row.reinstated_from = row.flagged_at = None

    _change(actor, code, "revoked", change, reason=reason, note=note.strip())


def reinstate(actor: Actor, code: str, from_day: date | None = None) -> None:
    """Takes a revocation back from a day on (today when none is given): the certificate answers valid again,
    at once or, for a later day, when that day begins; until then it answers revoked, with its reason.

    A day that has passed may be named, but none before the revocation; the day of the revocation itself
    takes it back altogether. Another day can be named as long as the first has not come. Raises Missing,
    Refused, and Invalid for a day before the revocation.
    """
    today = clock.today()
    day = from_day or today

    def change(row: Certificate) -> None:
        _only(row, CertificateStatus.REVOKED, msg("Only a revoked certificate can be reinstated."))
        if row.revoked_on is not None and day < row.revoked_on:
            raise Invalid(
                msg(
                    "It was revoked on %(day)s: it can be reinstated from that day on, not from one before.",
                    day=row.revoked_on,
                )
            )
        row.reinstated_from = day
        settle(row, today)

    _change(actor, code, "reinstated", change, note=day.isoformat(), day=day)


def settle(row: Certificate, today: date) -> None:
    """Writes into the register what a day has made good: a revocation that ended by its date is over. What
    the certificate answers does not depend on it; whatever decides about the row does this first."""
    if row.status == CertificateStatus.REVOKED:
        row.status = standing_of(row.status, row.reinstated_from, today)
        if row.status != CertificateStatus.REVOKED:
            row.reason_code = None


def mark_reviewed(actor: Actor, code: str, note: str = "") -> None:
    """Takes the flag for review off: the registrar looked, and the certificate stands. Raises Missing,
    Refused."""

    def change(row: Certificate) -> None:
        if row.flagged_at is None:
            raise Refused(msg("This certificate is not flagged for review."))
        row.flagged_at = None

    _change(actor, code, "reviewed", change, note=note.strip()[:LONGEST_NOTE])


def _change(
    actor: Actor,
    code: str,
    event: str,
    change: Callable[[Certificate], None],
    *,
    reason: str | None = None,
    note: str = "",
    day: date | None = None,
) -> None:
    found = find(code)
    require(
        actor.has("registrar", found.university_id),
        msg("Only registrars of the issuing university decide about a certificate."),
    )
    certificate_id = found.id
    with transaction() as session:
        row = lock(Certificate, certificate_id)
        settle(row, clock.today())
        change(row)
        session.add(
            CertificateEvent(
                certificate_id=row.id,
                event=event,
                reason_code=reason,
                note=note,
                by=actor.person_id,
                at=clock.now(),
            )
        )
        record(
            actor,
            f"certificate.{event}",
            f"certificate:{row.id}",
            serial=row.serial,
            reason=reason,
            from_day=day,
        )
        if event in {"revoked", "reinstated"}:
            _tell(session.get_one(Certificate, row.id), event, reason, day)


def _only(row: Certificate, status: CertificateStatus, text: Text) -> None:
    if row.status == CertificateStatus.SUPERSEDED:
        raise Refused(
            msg("This certificate was replaced by a newer one, which can be decided about instead.")
        )
    if row.status != status:
        raise Refused(text)


def _tell(row: Certificate, event: str, reason: str | None, day: date | None) -> None:
    """Mails the holder what was decided, in the certificate's language."""
    with transaction() as session:
        person = session.scalars(
            select(Person)
            .join(Enrolment, Enrolment.person_id == Person.id)
            .where(Enrolment.id == row.enrolment_id)
        ).one()
    if person.email:
        sheet = row.frozen["sheet"]
        messages.send(
            person.id,
            person.email,
            "accreditation/mail/status",
            row.language,
            title=sheet["title"],
            university=sheet["university"],
            serial=row.serial,
            event=event,
            reason_words=_words(reason, row.language),
            later=day if day is not None and day > clock.today() else None,
        )


def _words(reason: str | None, language: str) -> str:
    with in_language(language):
        return say(REASONS[reason]) if reason else ""


def flag_for_review(actor: Actor, enrolment_id: int) -> int:
    """Flags the standing certificates of an enrolment whose facts were corrected after issue, and gives
    their number.

    Nothing else changes: a person decides. Joins the caller's transaction, or makes one.
    """
    with transaction() as session:
        rows = session.scalars(
            select(Certificate).where(
                Certificate.enrolment_id == enrolment_id,
                queries.stands(clock.today()),
                Certificate.flagged_at.is_(None),
            )
        ).all()
        for row in rows:
            row.flagged_at = clock.now()
            session.add(
                CertificateEvent(certificate_id=row.id, event="flagged", by=actor.person_id, at=clock.now())
            )
            record(actor, "certificate.flagged", f"certificate:{row.id}", serial=row.serial)
        return len(rows)


def set_withheld(actor: Actor, serial: str, withheld: bool) -> None:
    """Hides the holder's name and title from public verification, or shows them again. The holder alone
    decides.

    Raises Missing when there is no such certificate or it is somebody else's.
    """
    row = queries.certificate_row(serial)
    if row is None or not is_holder(actor, row):
        raise Missing(msg("There is no such certificate."))
    with transaction() as session:
        certificate = lock(Certificate, row.id)
        if certificate.withheld == withheld:
            return
        certificate.withheld = withheld
        event = "withheld" if withheld else "shown"
        session.add(CertificateEvent(certificate_id=row.id, event=event, by=actor.person_id, at=clock.now()))
        record(actor, f"certificate.{event}", f"certificate:{row.id}", serial=row.serial)


def export(actor: Actor, code: str) -> tuple[str, bytes]:
    """File name and frozen bytes of a certificate. Raises Missing, Refused."""
    found = find(code)
    row = queries.certificate_row(found.serial)
    if row is None or not can_download(actor, row):
        raise Refused(
            msg("Only the holder, the university's registrars and the course's organisers have it.")
        )
    return f"{found.serial}.pdf", queries.document_of(found.id)
