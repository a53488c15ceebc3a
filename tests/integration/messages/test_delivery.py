"""Mail leaves the outbox once, to a folder or a server; what does not arrive is tried again later."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from trainer.core import clock
from trainer.core.database import session
from trainer.messages.models import Outbox
from trainer.messages.services import deliver, queue


class Conversation(socketserver.StreamRequestHandler):
    """Just enough SMTP to take one mail in."""

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        body: list[bytes] = []
        reading = False
        for line in self.rfile:
            if reading:
                if line == b".\r\n":
                    reading = False
                    self.server.mails.append(b"".join(body))  # type: ignore[attr-defined]
                    self.wfile.write(b"250 taken\r\n")
                else:
                    body.append(line)
            elif line.upper().startswith(b"DATA"):
                reading = True
                self.wfile.write(b"354 go on\r\n")
            elif line.upper().startswith(b"QUIT"):
                self.wfile.write(b"221 bye\r\n")
                return
            else:
                self.wfile.write(b"250 ok\r\n")


@pytest.fixture
def server() -> Iterator[Any]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation) as server:
        server.mails = []  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def rows() -> list[Outbox]:
    session.rollback()
    return list(session.scalars(select(Outbox)))


def test_to_a_server(ctx: Flask, server: Any) -> None:
    ctx.config["MAIL_URL"] = f"smtp://127.0.0.1:{server.server_address[1]}"
    queue(None, "aina@example.org", "Sessió moguda\nBcc: x@example.org", "Dimarts no ens veiem.\n", "ca")
    assert deliver() == (1, 0)
    [raw] = server.mails
    mail = message_from_bytes(raw, policy=policy.default)
    assert (mail["To"], mail["Subject"]) == ("aina@example.org", "Sessió moguda Bcc: x@example.org")
    assert mail["Bcc"] is None
    assert "Dimarts no ens veiem." in mail.get_content()
    [row] = rows()
    assert row.sent_at is not None
    assert row.body == ""
    assert deliver() == (0, 0)
    assert len(server.mails) == 1


def test_to_a_folder(ctx: Flask, tmp_path: Path) -> None:
    queue(None, "aina@example.org", "Hola", "Benvinguda.\n", None)
    assert deliver() == (1, 0)
    [file] = (tmp_path / "outbox").glob("*.eml")
    assert b"Benvinguda." in file.read_bytes()


def test_what_does_not_arrive_waits_and_is_tried_again(ctx: Flask, server: Any) -> None:
    ctx.config["MAIL_URL"] = "smtp://127.0.0.1:1"
    queue(None, "aina@example.org", "Hola", "Benvinguda.\n", None)
    assert deliver() == (0, 1)
    [row] = rows()
    assert (row.attempts, row.sent_at) == (1, None)
    assert row.error
    assert deliver() == (0, 0)
    ctx.config["MAIL_URL"] = f"smtp://127.0.0.1:{server.server_address[1]}"
    with clock.frozen(clock.now() + timedelta(minutes=5)):
        assert deliver() == (1, 0)
    assert len(server.mails) == 1
