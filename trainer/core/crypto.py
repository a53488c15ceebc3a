"""Sealing of personal numbers and files, and salted fingerprints, with the key that lies outside the instance."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app

from trainer.core.errors import Refused
from trainer.core.text import msg

_NONCE = 12  # bytes, as AES-GCM wants it


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


def seal_bytes(data: bytes, purpose: str, of: str = "") -> bytes:
    """`data` encrypted for `purpose` ("file"), bound to what it is the data `of`; 28 bytes longer than it was."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(_key(purpose)).encrypt(nonce, data, of.encode())


def unseal_bytes(sealed: bytes, purpose: str, of: str = "") -> bytes:
    """The data back. Raises Refused when the sealing key, or what it was bound to, is another."""
    try:
        return AESGCM(_key(purpose)).decrypt(sealed[:_NONCE], sealed[_NONCE:], of.encode())
    except InvalidTag as error:
        raise Refused(msg("The sealing key of this instance is not the one this was sealed with.")) from error
