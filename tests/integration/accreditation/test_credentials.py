"""Credentials: made, served, listed as revoked, and their keys."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from tests.factories.world import World
from trainer.accreditation import queries
from trainer.accreditation.documents.credential import CredentialKit, check, public_key_of
from trainer.accreditation.documents.wording import Facts, Issuer, compose
from trainer.accreditation.services import credentials
from trainer.core import clock
from trainer.curriculum.queries import programme_of

CODE = "0123-4567-89AB-CDEF-GHJK-MNPQ-RS"


def resolver() -> Any:
    """Keys as somebody outside finds them: in the DID document, among those for assertions."""
    document = json.loads(json.dumps(credentials.did_document()))
    keys = {one["id"]: one["publicKeyMultibase"] for one in document["verificationMethod"]}
    return lambda method: public_key_of(keys[method]) if method in document["assertionMethod"] else None


def test_a_university_gets_its_key_once(world: World) -> None:
    first = credentials.issuer_kit(world.university.id)
    again = credentials.issuer_kit(world.university.id)
    assert isinstance(first, CredentialKit)
    assert first.method == again.method == "did:web:localhost#UNI-1"
    assert first.key.private_bytes_raw() == again.key.private_bytes_raw()
    assert queries.credential_key_count(world.university.id) == 1
