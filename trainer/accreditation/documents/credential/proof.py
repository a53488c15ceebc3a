"""Proofs of the suite eddsa-rdfc-2022 (Data Integrity EdDSA Cryptosuites v1.0, W3C 2025): made, and checked.

Made with our own canonical writer (quads.py), checked with pyld's: the two have nothing in common but the contexts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pyld import jsonld  # type: ignore[import-untyped]

from trainer.accreditation.documents.credential.contexts import (
    CREDENTIALS,
    EXTENSIONS,
    OPEN_BADGES,
    load_document,
)
from trainer.accreditation.documents.credential.multibase import base58, unbase58
from trainer.accreditation.documents.credential.quads import canonical

SUITE = "eddsa-rdfc-2022"
# Contexts of what we issue, in this order and no others: terms of a context that somebody added would
# change what the rest means.
_CONTEXTS = ([CREDENTIALS, OPEN_BADGES, EXTENSIONS], [CREDENTIALS])
_OPTIONS = frozenset({"type", "cryptosuite", "created", "verificationMethod", "proofPurpose", "proofValue"})
_UNKNOWN = "urn:unknown-term:"


@dataclass(frozen=True)
class Checked:
    """Whether a document is as it was signed. `problem`: "" when it is, else one of: form, contexts,
    unknown_term, proof, purpose, issuer, key, signature."""

    problem: str = ""

    @property
    def valid(self) -> bool:
        return not self.problem


def signed(document: Mapping[str, Any], key: Ed25519PrivateKey, method: str, created: str) -> dict[str, Any]:
    """The document with its proof by `key`, whose verification method is `method`. `created` is an XSD
    dateTime. Raises UnknownTerm when not everything in the document would be covered by the proof."""
    options = {
        "type": "DataIntegrityProof",
        "cryptosuite": SUITE,
        "created": created,
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
    }
    contexts = document["@context"]
    digest = _digest(canonical({"@context": contexts, **options})) + _digest(canonical(document))
    # An array, because the 1EdTech schema wants one.
    return {**document, "proof": [{**options, "proofValue": base58(key.sign(digest))}]}


def _digest(quads: str) -> bytes:
    return hashlib.sha256(quads.encode()).digest()


def check(document: Mapping[str, Any], resolve_key: Callable[[str], bytes | None]) -> Checked:
    """Whether a credential or status list is whole, as its issuer signed it.

    `resolve_key` gives the public key (32 bytes) of a verification method that its issuer uses for
    assertions, None for any other. Dates and status are not looked at. Never raises for a bad document.
    """
    try:
        return Checked(_problem(document, resolve_key))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, jsonld.JsonLdError):
        return Checked("form")


def _problem(document: Mapping[str, Any], resolve_key: Callable[[str], bytes | None]) -> str:
    content = {key: value for key, value in document.items() if key != "proof"}
    if document.get("@context") not in _CONTEXTS or _contexts_inside(content):
        return "contexts"
    proofs = document.get("proof")
    proofs = [proofs] if isinstance(proofs, Mapping) else proofs
    if not isinstance(proofs, list) or not proofs:
        return "proof"
    if not all_known(content):
        return "unknown_term"
    digest = _digest(_pyld(content))
    issuer = document.get("issuer")
    issuer_id = issuer.get("id") if isinstance(issuer, Mapping) else issuer
    for proof in proofs:
        if problem := _problem_of(proof, digest, str(issuer_id), document["@context"], resolve_key):
            return problem
    return ""


def _problem_of(
    proof: Mapping[str, Any],
    digest: bytes,
    issuer: str,
    contexts: list[str],
    resolve_key: Callable[[str], bytes | None],
) -> str:
    if set(proof) != _OPTIONS or proof["type"] != "DataIntegrityProof" or proof["cryptosuite"] != SUITE:
        return "proof"
    if proof["proofPurpose"] != "assertionMethod":
        return "purpose"
    method = proof["verificationMethod"]
    if method.partition("#")[0] != issuer:
        return "issuer"
    public_key = resolve_key(method)
    if public_key is None:
        return "key"
    options = {key: value for key, value in proof.items() if key != "proofValue"}
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(
            unbase58(proof["proofValue"]), _digest(_pyld({"@context": contexts, **options})) + digest
        )
    except (InvalidSignature, ValueError):
        return "signature"
    return ""


def _contexts_inside(content: Any, outermost: bool = True) -> bool:
    if isinstance(content, Mapping):
        if not outermost and "@context" in content:
            return True
        return any(_contexts_inside(value, False) for key, value in content.items() if key != "@context")
    return isinstance(content, list) and any(_contexts_inside(one, False) for one in content)


def _pyld(document: Mapping[str, Any]) -> str:
    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": load_document}
    return str(jsonld.normalize(dict(document), options))


def all_known(document: Mapping[str, Any]) -> bool:
    """True when every property and type of the document is defined by its contexts. JSON-LD drops the others
    in silence, and with them the proof's hold on them."""
    widened = {**document, "@context": [*document["@context"], {"@vocab": _UNKNOWN}]}
    expanded = jsonld.expand(widened, {"documentLoader": load_document})
    return _known(expanded)


def _known(expanded: Any) -> bool:
    if isinstance(expanded, Mapping):
        names = [*expanded, *expanded.get("@type", ())] if "@value" not in expanded else [*expanded]
        names += [expanded["@id"]] if "@id" in expanded else []
        return not any(_lost(name) for name in names) and all(_known(value) for value in expanded.values())
    return not isinstance(expanded, list) or all(_known(one) for one in expanded)


def _lost(name: str) -> bool:
    """Not an address: what it stands for would be dropped, or depend on where the document lies."""
    return name.startswith(_UNKNOWN) or (":" not in name and not name.startswith("@"))
