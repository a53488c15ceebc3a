"""What can show a competency. Pure."""

from __future__ import annotations

from enum import StrEnum
from urllib.parse import urlsplit

from trainer.core.text import Text, msg

LONGEST_TITLE = 200
LONGEST_LINK = 500
LONGEST_WORDS = 4000


class EvidenceKind(StrEnum):
    """How a competency is shown."""

    NOTE = "note"
    FILE = "file"
    LINK = "link"
    SESSION = "session"


EVIDENCE_WORDS: dict[str, Text] = {
    EvidenceKind.NOTE: msg("Note"),
    EvidenceKind.FILE: msg("File"),
    EvidenceKind.LINK: msg("Link"),
    EvidenceKind.SESSION: msg("Session"),
}


def link_problem(url: str) -> Text | None:
    """Why an address cannot be kept as a link; None when it can. Only the web, and no password inside."""
    try:
        parts = urlsplit(url)
        host, port_is_fine = parts.hostname, parts.port is None or parts.port > 0
    except ValueError:
        host, port_is_fine, parts = None, False, urlsplit("")
    if parts.scheme not in ("http", "https") or not host or not port_is_fine:
        return msg("A link begins with https:// or http://, and then says where.")
    if any(sign.isspace() or not sign.isprintable() for sign in url):
        return msg("A link has no spaces in it.")
    if parts.username is not None or parts.password is not None:
        return msg("A link must not carry a name or a password.")
    if len(url) > LONGEST_LINK:
        return msg("A link has at most %(most)d characters.", most=LONGEST_LINK)
    return None
