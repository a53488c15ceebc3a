"""Share links: the holder shows a certificate to somebody, with what is chosen and nothing else.
(docs/decisions/sharing.md)"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from trainer.accreditation import queries
from trainer.accreditation.models import Certificate, CertificateEvent, ShareLink
from trainer.accreditation.policy import is_holder
from trainer.accreditation.queries import CertificateRow
from trainer.accreditation.queries import looking as reading
from trainer.accreditation.rules.sharing import Shared, Shows, shared
from trainer.accreditation.rules.statuses import CertificateStatus
from trainer.audit.services import record
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.database import lock, transaction
from trainer.core.errors import Invalid, Missing, Refused
from trainer.core.text import msg

TOKEN_BYTES = 32
LONGEST_LABEL = 80
MOST_OPEN = 20


def create_link(
    actor: Actor, serial: str, label: str, shows: Collection[str], expires_on: date | None = None
) -> str:
    """A link that shows the chosen parts of the actor's own certificate until the end of `expires_on` (None: until it
    is withdrawn); gives its token.

    Raises Missing when the certificate is not the actor's, Refused for a replaced one and when there are many links
    already, Invalid when nothing or something unknown is chosen, for an overlong label, and for a past date.
    """
    row = _own(actor, serial)
    chosen = [str(one) for one in Shows if one in set(shows)]
    if not chosen or not set(shows) <= set(Shows):
        raise Invalid(msg("Choose at least one thing that the link shows."))
    label = " ".join(label.split())
    if len(label) > LONGEST_LABEL:
        raise Invalid(msg("Please keep it under %(most)d characters.", most=LONGEST_LABEL))
    today = clock.today()
    if expires_on is not None and expires_on < today:
        raise Invalid(msg("The last day has passed already."))
    with transaction() as session:
        certificate = lock(Certificate, row.id)
        if certificate.status == CertificateStatus.SUPERSEDED:
            raise Refused(msg("This certificate was replaced by a newer one, which can be shared instead."))
        if sum(link.is_open(today) for link in reading.links_of(row.id)) >= MOST_OPEN:
            raise Refused(
                msg("There are %(most)d links already. Withdraw one that is not needed.", most=MOST_OPEN)
            )
        link = ShareLink(
            certificate_id=row.id,
            token=secrets.token_urlsafe(TOKEN_BYTES),
            label=label,
            shows=chosen,
            created_at=clock.now(),
            expires_on=expires_on,
        )
        session.add(link)
        session.flush()
        _event(actor, row.id, "shared")
        record(
            actor,
            "certificate.shared",
            f"certificate:{row.id}",
            link=link.id,
            shows=chosen,
            expires_on=expires_on,
        )
        return link.token


def withdraw_link(actor: Actor, serial: str, link_id: int) -> None:
    """Withdraws a link; from then on it answers as one that never was. Twice is the same as once.

    Raises Missing when the certificate is not the actor's or the link not the certificate's.
    """
    row = _own(actor, serial)
    with transaction():
        link = lock(ShareLink, link_id)
        if link.certificate_id != row.id:
            raise Missing(msg("There is no such link."))
        if link.withdrawn_at is not None:
            return
        link.withdrawn_at = clock.now()
        _event(actor, row.id, "unshared")
        record(actor, "certificate.unshared", f"certificate:{row.id}", link=link.id)


@dataclass(frozen=True)
class Opened:
    """What a share link answers: what is shown, and of which certificate and link it is a look."""

    shown: Shared
    certificate_id: int
    link_id: int


def open_link(token: str) -> Opened | None:
    """What a link shows today; None for one that never was, was withdrawn or is over: nobody can tell which."""
    found = reading.link_by_token(token[:64])
    if found is None:
        return None
    link, certificate = found
    today = clock.today()
    if link.withdrawn_at is not None or (link.expires_on is not None and today > link.expires_on):
        return None
    return Opened(shared(certificate, link.shows, today), certificate.id, link.id)


def shared_document(token: str) -> tuple[str, bytes] | None:
    """File name and bytes of a shared document; None when the link does not show it (now)."""
    opened = open_link(token)
    if opened is None or not opened.shown.document:
        return None
    return f"{opened.shown.serial}.pdf", queries.document_of(opened.certificate_id)


def _own(actor: Actor, serial: str) -> CertificateRow:
    row = queries.certificate_row(serial)
    if row is None or not is_holder(actor, row):
        raise Missing(msg("There is no such certificate."))
    return row


def _event(actor: Actor, certificate_id: int, event: str) -> None:
    with transaction() as session:
        session.add(
            CertificateEvent(certificate_id=certificate_id, event=event, by=actor.person_id, at=clock.now())
        )
