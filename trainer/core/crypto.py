"""Sealing of personal numbers, and salted fingerprints, with the key that lies outside the instance."""

from __future__ import annotations

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken
from flask import current_app

from trainer.core.errors import Refused
from trainer.core.text import msg


def _key(purpose: str) -> bytes:
    secret = str(current_app.config["SEAL_KEY"]).encode()
    return hmac.new(secret, purpose.encode(), hashlib.sha256).digest()


def seal(value: str, purpose: str) -> str:
    """`value` encrypted for `purpose` ("national-id"); each call gives another text."""
    return Fernet(base64.urlsafe_b64encode(_key(purpose))).encrypt(value.encode()).decode()


def unseal(sealed: str, purpose: str) -> str:
    """The value back. Raises Refused when the sealing key is not the one it was sealed with."""
    try:
        return Fernet(base64.urlsafe_b64encode(_key(purpose))).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Refused(msg("The sealing key of this instance is not the one this was sealed with.")) from error


def fingerprint(value: str, purpose: str = "audit") -> str:
    """A salted digest of a personal value: proves a later match, tells nothing by itself."""
    return hmac.new(_key("fingerprint:" + purpose), value.encode(), hashlib.sha256).hexdigest()[:32]
