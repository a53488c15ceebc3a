"""Mail: rendered and kept in the outbox with the change it tells about, delivered afterwards."""

from __future__ import annotations

import smtplib
import ssl
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from sqlalchemy import select

from trainer.core import clock
from trainer.core.database import session, transaction
from trainer.core.i18n import in_language
from trainer.core.registered import render_text, setting
from trainer.messages.models import Outbox

ATTEMPTS = 8


def send(
    to_person_id: int | None, to_email: str, template: str, language: str | None, /, **values: Any
) -> None:
    """Queues one mail in the caller's transaction.

    `template` is FEATURE/mail/NAME; the rendered text begins with a line "Subject: …". `language` None means the
    instance's default.
    """
    with in_language(language or setting("BABEL_DEFAULT_LOCALE")):
        text = render_text(f"{template}.txt", base_url=setting("BASE_URL"), **values)
    first, _, body = text.strip().partition("\n")
    if not first.startswith("Subject:"):
        raise ValueError(f"{template}.txt must begin with a Subject line")
    queue(to_person_id, to_email, first.removeprefix("Subject:").strip(), body.strip() + "\n", language)


def queue(person_id: int | None, email: str, subject: str, body: str, language: str | None) -> None:
    """Puts a mail that is written already into the outbox (joins the caller's transaction, or makes one)."""
    mail = Outbox(
        person_id=person_id,
        email=email,
        subject=" ".join(subject.split())[:300],
        body=body,
        language=language or setting("BABEL_DEFAULT_LOCALE"),
    )
    if session().info.get("unguarded"):
        # A write of Flask-Security's own is open (a new password): the mail about it goes with it.
        session.add(mail)
        return
    with transaction() as current:
        current.add(mail)


def deliver(limit: int = 50) -> tuple[int, int]:
    """Delivers what waits; gives (sent, failed). A mail is claimed before it goes out, so that two workers never
    send it twice; a claim that was never confirmed is tried again later."""
    sent = failed = 0
    for mail_id in session.scalars(
        select(Outbox.id)
        .where(Outbox.sent_at.is_(None), Outbox.next_try_at <= clock.now(), Outbox.attempts < ATTEMPTS)
        .order_by(Outbox.id)
        .limit(limit)
    ).all():
        claimed = _claim(mail_id)
        if claimed is None:
            continue
        try:
            _transport(*claimed)
        except (OSError, smtplib.SMTPException) as error:
            failed += 1
            with transaction() as current:
                current.get_one(Outbox, mail_id).error = f"{type(error).__name__}: {error}"[:400]
        else:
            sent += 1
            with transaction() as current:
                row = current.get_one(Outbox, mail_id)
                row.sent_at, row.error, row.body = clock.now(), None, ""
    session.rollback()
    return sent, failed


def _claim(mail_id: int) -> tuple[str, str, str, datetime] | None:
    with transaction() as current:
        row = current.get(Outbox, mail_id, with_for_update={"skip_locked": True}, populate_existing=True)
        if row is None or row.sent_at is not None or row.next_try_at > clock.now():
            return None
        row.attempts += 1
        row.next_try_at = clock.now() + timedelta(minutes=2**row.attempts)
        return row.email, row.subject, row.body, row.created_at


def _transport(email: str, subject: str, body: str, created_at: datetime) -> None:
    """Hands one mail over: to a folder (file:…, the default) or to a server (smtp:, smtps:)."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = setting("MAIL_FROM"), email, subject
    message["Date"], message["Message-ID"] = format_datetime(created_at), make_msgid(domain="trainer.invalid")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body)
    address = urlsplit(setting("MAIL_URL"))
    if address.scheme == "file":
        folder = Path(unquote(address.path))
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = f"{clock.now():%Y%m%dT%H%M%S%f}.eml"
        (folder / name).write_bytes(bytes(message))
        return
    host, port = address.hostname or "localhost", address.port or (465 if address.scheme == "smtps" else 587)
    context = ssl.create_default_context()
    server: smtplib.SMTP
    if address.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, port, timeout=20, context=context)
    else:
        server = smtplib.SMTP(host, port, timeout=20)
    with server:
        if address.scheme == "smtp" and host not in {"localhost", "127.0.0.1"}:
            server.starttls(context=context)
        if address.username:
            server.login(unquote(address.username), unquote(address.password or ""))
        server.send_message(message)
