"""Who issues: the did:web of the instance and the public keys of its universities."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from trainer.accreditation.documents.credential.contexts import DID, MULTIKEY


@dataclass(frozen=True)
class CredentialKit:
    """What the credentials of one university are signed with; opened once for any number of them."""

    university_id: int
    university_code: str
    base_url: str
    did: str
    method: str  # of the key: did:web:…#UNI-1
    key: Ed25519PrivateKey = field(repr=False)


def did_web(base_url: str) -> str:
    """The DID of the instance with this address; a port is written %3A (did:web, 3.1). A path is left out:
    the document lies at the host's /.well-known/did.json."""
    address = urlsplit(base_url)
    port = f"%3A{address.port}" if address.port else ""
    return f"did:web:{(address.hostname or '').lower()}{port}"


def did_document(did: str, keys: Iterable[tuple[str, str]]) -> Mapping[str, Any]:
    """The DID's document. `keys`: name ("UNI-1") and publicKeyMultibase of every key that ever signed; a retired
    one stays, or what it signed could not be checked any more."""
    methods = [
        {"id": f"{did}#{name}", "type": "Multikey", "controller": did, "publicKeyMultibase": key}
        for name, key in keys
    ]
    return {
        "@context": [DID, MULTIKEY],
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }
