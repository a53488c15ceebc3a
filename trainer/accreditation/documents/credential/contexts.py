"""The JSON-LD contexts that credentials are written with: bundled, and nothing else is ever loaded."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from pyld import jsonld  # type: ignore[import-untyped]

_FOLDER = Path(__file__).with_name("contexts")

CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
DID = "https://www.w3.org/ns/did/v1"
MULTIKEY = "https://w3id.org/security/multikey/v1"

_FILES = {
    CREDENTIALS: "credentials-v2.json",
    OPEN_BADGES: "open-badges-3.0.3.json",
    EXTENSIONS: "open-badges-extensions.json",
    DID: "did-v1.json",
    MULTIKEY: "multikey-v1.json",
}


@cache
def context(address: str) -> dict[str, Any]:
    """The bundled context of an address. Raises KeyError for any other."""
    found: dict[str, Any] = json.loads((_FOLDER / _FILES[address]).read_text(encoding="utf-8"))
    return found


def load_document(address: str, options: Any = None) -> dict[str, Any]:
    """A document loader for pyld that knows the bundled contexts and refuses every other address."""
    if address not in _FILES:
        raise jsonld.JsonLdError(
            "This context is not bundled.",
            "jsonld.LoadDocumentError",
            {"url": address},
            "loading document failed",
        )
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": address,
        "document": context(address),
    }
