"""Certificates that end: their holders are reminded, their registrars renew them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from trainer.accreditation import queries
from trainer.accreditation.models import Certificate, CertificateEvent
from trainer.accreditation.queries import Ending
from trainer.accreditation.rules import validity
from trainer.accreditation.rules.statuses import answer_of
from trainer.accreditation.services import issuing
from trainer.accreditation.services.eligibility import require
from trainer.accreditation.services.lifecycle import find, settle
from trainer.audit.services import record
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.database import lock, transaction
from trainer.core.errors import Refused
from trainer.core.text import Text, msg
from trainer.curriculum.queries import programme_of
from trainer.curriculum.rules import CertificateWording
from trainer.messages import services as messages


@dataclass(frozen=True)
class Reminded:
    """What a round of reminders did: mails sent, and holders who have no address."""

    sent: int = 0
    without_address: int = 0


def wording_of(programme_version_id: int, kind: str) -> CertificateWording | None:
    """What the programme says of a kind of certificate; None when it no longer says anything."""
    return programme_of(programme_version_id).certificates.get(kind)


def why_not_renewed(row: queries.CertificateRow) -> tuple[Text, ...]:
    """In words why a certificate cannot be renewed today; empty when it can."""
    today = clock.today()
    wording = wording_of(row.course.programme_version_id, row.kind)
    return validity.why_not_renewed(
        answer_of(row.status, row.expires_on, today, row.reinstated_from),
        row.expires_on,
        wording.remind_days if wording else (),
        today,
    )


def renew(actor: Actor, code: str) -> int:
    """Renews a certificate that ends: a new one with the next serial supersedes it; gives its id.

    The new one is good for as long as the programme says, counted from today or from the end of the old one,
    whichever is later. Raises Missing, and Refused when the actor is no registrar of the issuing university,
    and outside the time for it: from the first reminder on, and after the end.
    """
    found = find(code)
    require(
        actor.has("registrar", found.university_id),
        msg("Only registrars of the issuing university renew a certificate."),
    )
    row = queries.certificate_row(found.serial)
    assert row is not None
    if against := why_not_renewed(row):
        raise Refused(against[0])
    wording = wording_of(row.course.programme_version_id, row.kind)
    today = clock.today(row.course.timezone)
    end = validity.expires_on(
        validity.counted_from(today, row.expires_on), wording.valid_for if wording else None
    )
    if end is None:  # the frozen programme says so today; the certificate was issued by another rule
        raise Refused(msg("The programme no longer says how long this certificate is good."))
    return issuing.renew(actor, row.code, end)


def remind(now: datetime | None = None) -> Reminded:
    """Mails the holders of the certificates that end soon, once for each of the programme's days before the
    end; safe to repeat at any time. One that was renewed, replaced or revoked reminds nobody.

    Whoever was missed on an earlier day gets the nearest reminder alone. What revocations have ended by
    their date is written into the register on the way.
    """
    with clock.frozen(now or clock.now()):
        for certificate_id in queries.due_again(clock.today()):
            with transaction():
                settle(lock(Certificate, certificate_id), clock.today())
        sent = without = 0
        today = clock.today()
        for one in queries.ending(today, today + timedelta(days=validity.LONGEST_NOTICE)):
            told = _remind(one)
            sent += told is True
            without += told is False
        return Reminded(sent, without)


def _remind(one: Ending) -> bool | None:
    """Reminds one holder if it is time: True when a mail went out, False without an address, None if not."""
    wording = wording_of(one.programme_version_id, one.kind)
    if wording is None or not wording.remind_days:
        return None
    today = clock.today(one.timezone)
    if validity.reminder_due(one.expires_on, wording.remind_days, one.reminded, today) is None:
        return None
    if not one.email:
        return False
    with transaction() as session:
        row = lock(Certificate, one.certificate_id)
        # Looked at again under the lock: another process may be at it, too.
        sent = queries.reminded([row.id]).get(row.id, ())
        days = validity.reminder_due(row.expires_on, wording.remind_days, sent, today)
        stands = answer_of(row.status, row.expires_on, today, row.reinstated_from) == "valid"
        if days is None or row.expires_on is None or not stands:
            return None
        session.add(CertificateEvent(certificate_id=row.id, event="reminded", note=str(days), at=clock.now()))
        record(
            Actor(system=True), "certificate.reminded", f"certificate:{row.id}", serial=row.serial, days=days
        )
        sheet = row.frozen["sheet"]
        messages.send(
            one.person_id,
            one.email,
            "accreditation/mail/ending",
            row.language,
            name=row.name,
            title=sheet["title"],
            university=sheet["university"],
            serial=row.serial,
            end=row.expires_on,
            asks=_note(wording, row.language),
        )
        return True


def _note(wording: CertificateWording, language: str) -> str:
    note = wording.renewal or {}
    return note.get(language) or next(iter(note.values()), "")
