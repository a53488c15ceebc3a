"""That a certificate was looked up from outside: kept for its holder to see, without who it was."""

from __future__ import annotations

import logging
from datetime import timedelta

from sqlalchemy import insert, literal, select
from sqlalchemy.exc import SQLAlchemyError

from trainer.accreditation import queries
from trainer.accreditation.models import CertificateLook
from trainer.accreditation.policy import can_download
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.database import WRITE
from trainer.extensions import db

# Reloading a page, or a second request by the same program, is the same look.
SAME = timedelta(minutes=1)
_log = logging.getLogger(__name__)


def note_look(actor: Actor, certificate_id: int, how: str, share_link_id: int | None = None) -> bool:
    """Notes that a certificate was looked up `how`: by code, document, link or credential; gives whether it counts.

    The holder's own look does not, nor one of the staff who have the document anyway, when they are signed in. Like
    the access log it is written on a connection of its own, also while a page is read; an answer never
    fails because it could not be noted.
    """
    if actor.signed_in:
        row = queries.certificate_row_by_id(certificate_id)
        if row is None or can_download(actor, row):
            return False
    moment = clock.now()
    recent = (
        select(CertificateLook.id)
        .where(
            CertificateLook.certificate_id == certificate_id,
            CertificateLook.how == how,
            CertificateLook.share_link_id.is_not_distinct_from(share_link_id),
            CertificateLook.at > moment - SAME,
        )
        .exists()
    )
    at = CertificateLook.__table__.c.at.type
    new = select(
        literal(certificate_id),
        literal(how),
        literal(share_link_id, CertificateLook.__table__.c.share_link_id.type),
        literal(moment, at),
    ).where(~recent)
    try:
        with db.engine.connect().execution_options(**{WRITE: True}) as connection, connection.begin():
            columns = ["certificate_id", "how", "share_link_id", "at"]
            done = connection.execute(insert(CertificateLook).from_select(columns, new))
            return bool(done.rowcount)
    except SQLAlchemyError:
        _log.exception("a look at certificate %d was not noted", certificate_id)
        return False
