"""Open Badges credentials: their canonical form, their proof, and what is refused.

The signature is checked a third way here, beside the product's writer and its checker: by the specification, step by
step, with pyld and cryptography alone.
"""

from __future__ import annotations

import copy
import hashlib
import io
import json
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pyld import jsonld

from tests.unit.accreditation.test_documents import CODE, SHEET
from trainer.accreditation.documents.credential import (
    Place,
    UnknownTerm,
    badge,
    bake,
    bit,
    canonical,
    check,
    did_document,
    did_web,
    encoded_list,
    index_of,
    moment,
    multikey,
    picture,
    public_key_of,
    signed,
    status_document,
)
from trainer.accreditation.documents.credential.contexts import load_document
from trainer.accreditation.documents.credential.multibase import base58, unbase58
from trainer.accreditation.documents.credential.status import BLOCK

BASE = "https://training.example.org:8443"
DID = "did:web:training.example.org%3A8443"
PLACE = Place(BASE, DID, "UNI", 3, 23063)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
METHOD = f"{DID}#UNI-1"
AT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
FROZEN: dict[str, Any] = {
    "kind": "accreditation",
    "outcomes": ["Acompanyar des de l'experiència pròpia.", "Aplicar el model de recuperació."],
    "programme": {"code": "peer-support-worker", "version": "2026.1", "hash": "sha256:0"},
    "credential": {"country": "ES", "ects": "1.6", "eqf_level": 4},
    "specimen": False,
}
SCHEMA = json.loads(
    (Path(__file__).parents[2] / "data" / "ob_v3p0_achievementcredential_schema.json").read_bytes()
)


def make(sheet: Any = SHEET, frozen: Any = FROZEN, **values: Any) -> dict[str, Any]:
    fields = {
        "code": CODE,
        "issued_at": AT,
        "issued_on": date(2026, 11, 21),
        "expires_on": None,
        "email": "nuria@example.org",
        "common": SHEET.facts,
    }
    return badge(PLACE, sheet, frozen, **{**fields, **values})


def sign(document: dict[str, Any]) -> dict[str, Any]:
    return json.loads(json.dumps(signed(document, KEY, METHOD, moment(AT))))


def resolve(method: str) -> bytes | None:
    return KEY.public_key().public_bytes_raw() if method == METHOD else None


def by_pyld(document: Any) -> str:
    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": load_document}
    return jsonld.normalize(document, options)


@pytest.fixture(scope="module")
def whole() -> dict[str, Any]:
    return sign(make(expires_on=date(2028, 11, 21)))


# What anybody may have typed: every character but lone surrogates, which no text holds.
odd = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)


@settings(max_examples=40, deadline=None)
@given(
    name=odd,
    title=odd,
    university=odd,
    facts=st.lists(st.tuples(odd, odd), max_size=2),
    own=st.lists(st.tuples(odd, odd), max_size=1),
    outcomes=st.lists(odd, max_size=2),
    email=st.none() | st.emails(),
    ects=st.none() | st.decimals("0.1", 60, places=1).map(str),
    level=st.none() | st.integers(1, 8),
    expires=st.none() | st.dates(date(2026, 1, 1), date(2099, 1, 1)),
    kind=st.sampled_from(["accreditation", "completion", "attendance", "otro tipo"]),
    specimen=st.booleans(),
)
def test_canonical_form_is_that_of_pyld(
    name: str,
    title: str,
    university: str,
    facts: list[tuple[str, str]],
    own: list[tuple[str, str]],
    outcomes: list[str],
    email: str | None,
    ects: str | None,
    level: int | None,
    expires: date | None,
    kind: str,
    specimen: bool,
) -> None:
    sheet = replace(SHEET, name=name, title=title, university=university)
    spec = {"country": "ES", "ects": ects, "eqf_level": level}
    frozen = {**FROZEN, "kind": kind, "outcomes": outcomes, "credential": spec, "specimen": specimen}
    document = make(sheet, frozen, email=email, expires_on=expires, common=facts, own=own)
    assert canonical(document) == by_pyld(document)


def test_canonical_form_of_the_other_documents() -> None:
    listed = status_document(BASE, DID, 3, encoded_list([7], 9), AT)
    assert canonical(listed) == by_pyld(listed)
    keys = did_document(DID, [("UNI-1", multikey(bytes(32))), ("OTHER-1", multikey(bytes(31) + b"1"))])
    assert "assertionMethod" in by_pyld(keys)  # its contexts are bundled as well


@pytest.mark.parametrize(
    ("kind", "spec", "values"),
    [
        ("accreditation", {}, {"expires_on": date(2028, 1, 31)}),
        ("completion", {"ects": "12"}, {"email": None}),
        ("attendance", {"ects": "", "eqf_level": None}, {"own": [("Temps", "31 hores")]}),
    ],
)
@pytest.mark.parametrize("specimen", [False, True])
def test_the_1edtech_schema_holds(kind: str, spec: Any, values: Any, specimen: bool) -> None:
    said = {**FROZEN["credential"], **spec}
    document = sign(make(SHEET, {**FROZEN, "kind": kind, "credential": said, "specimen": specimen}, **values))
    validator = jsonschema.Draft201909Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
    assert [error.message for error in validator.iter_errors(document)] == []
    assert document["name"].startswith("SPECIMEN") is specimen


def test_proof_by_the_specification(whole: dict[str, Any]) -> None:
    """vc-di-eddsa 3.2: the hash of the canonical options, then that of the canonical document."""
    document = copy.deepcopy(whole)
    (proof,) = document.pop("proof")
    value = proof.pop("proofValue")
    options = {**proof, "@context": document["@context"]}
    message = b"".join(hashlib.sha256(by_pyld(one).encode()).digest() for one in (options, document))
    digits = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
    number = 0
    for character in value[1:]:
        number = number * 58 + digits.index(character)
    key = Ed25519PublicKey.from_public_bytes(KEY.public_key().public_bytes_raw())
    key.verify(number.to_bytes(64, "big"), message)
    with pytest.raises(InvalidSignature):
        key.verify(number.to_bytes(64, "big"), message[:-1] + b"0")


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, (dict, list)):
        for key, one in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(one, (*path, key))
    else:
        yield path


def test_a_change_anywhere_is_found(whole: dict[str, Any]) -> None:
    assert check(whole, resolve).valid
    seen = 0
    for path in leaves(whole):
        changed = copy.deepcopy(whole)
        place = changed
        for step in path[:-1]:
            place = place[step]
        old = place[path[-1]]
        place[path[-1]] = (
            (not old) if isinstance(old, bool) else old + 1 if isinstance(old, float) else f"{old}x"
        )
        assert not check(changed, resolve).valid, path
        seen += 1
    assert seen > 45


def test_something_taken_away_or_added_is_found(whole: dict[str, Any]) -> None:
    for path in (["validUntil"], ["credentialStatus"], ["credentialSubject", "achievement", "criteria"]):
        less = copy.deepcopy(whole)
        place = less
        for step in path[:-1]:
            place = place[step]
        del place[path[-1]]
        assert check(less, resolve).problem == "signature"
    more = copy.deepcopy(whole)
    more["credentialSubject"]["identifier"].append({"type": "IdentityObject", "identityHash": "Algú altre"})
    assert check(more, resolve).problem == "signature"


def test_what_is_refused_before_the_signature(whole: dict[str, Any]) -> None:
    (proof,) = whole["proof"]

    def problem(**changes: Any) -> str:
        return check({**whole, **changes}, resolve).problem

    assert problem(proof=[]) == problem(proof=None) == "proof"
    assert problem(proof=[{**proof, "cryptosuite": "eddsa-jcs-2022"}]) == "proof"
    assert problem(proof=[{**proof, "@context": {}}]) == "proof"
    assert problem(proof=[{**proof, "proofPurpose": "authentication"}]) == "purpose"
    assert problem(proof=[{**proof, "verificationMethod": "did:web:example.net#UNI-1"}]) == "issuer"
    assert problem(proof=[{**proof, "verificationMethod": f"{DID}#UNI-2"}]) == "key"
    assert problem(proof=[proof, {**proof, "proofValue": "z1"}]) == "signature"
    assert problem(**{"@context": [*whole["@context"], "https://example.org/more"]}) == "contexts"
    assert problem(**{"@context": whole["@context"][:2]}) == "contexts"
    assert problem(evidence={"@context": {"x": "urn:x"}, "x": "y"}) == "contexts"
    assert problem(diagnosis="F20") == "unknown_term"
    assert problem(type=[*whole["type"], "Doctorate"]) == "unknown_term"
    assert problem(issuer=None) == "issuer"
    assert check({}, resolve).problem == "contexts"
    assert check({**whole, "credentialSubject": [[["x"]]]}, resolve).problem


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ((), {"nickname": "x"}),
        ((), {"type": ["VerifiableCredential", "Doctorate"]}),
        (("credentialSubject",), {"birthday": "2000-01-01"}),
        (("credentialSubject", "achievement"), {"hours": 40}),
        (("credentialSubject", "achievement", "criteria"), {"hidden": "x"}),
        (("credentialSubject", "achievement"), {"creditsAvailable": 5.0}),
        (("credentialSubject", "achievement"), {"name": 5}),
        (("issuer",), {"id": "no address"}),
    ],
)
def test_what_no_context_defines_is_not_signed(path: tuple[str, ...], value: dict[str, Any]) -> None:
    document = make()
    place = document
    for step in path:
        place = place[step]
    place.update(value)
    with pytest.raises(UnknownTerm):
        signed(document, KEY, METHOD, moment(AT))


def test_signing_and_checking_ask_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_rest: Any, **_more: Any) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    document = sign(make())
    assert check(document, resolve).valid
    for address in (
        "https://www.w3.org/ns/credentials/examples/v2",
        "file:///etc/passwd",
        "http://localhost/",
    ):
        with pytest.raises(jsonld.JsonLdError):
            load_document(address)


def test_what_it_says_and_what_not() -> None:
    document = make(frozen={**FROZEN, "evidence": "sha256:e", "course": {"title": "Curs de tardor"}})
    name, email = document["credentialSubject"]["identifier"]
    assert (name["identityType"], name["identityHash"], name["hashed"]) == ("name", SHEET.name, False)
    expected = hashlib.sha256(("nuria@example.org" + email["salt"]).encode()).hexdigest()
    assert email["identityHash"] == f"sha256${expected}"
    text = json.dumps(document, ensure_ascii=False)
    assert "nuria@" not in text and "Curs de tardor" not in text
    other = make(code=CODE[:-1] + "0")["credentialSubject"]["identifier"][1]
    assert other["salt"] != email["salt"]
    achievement = document["credentialSubject"]["achievement"]
    assert SHEET.name not in json.dumps(achievement, ensure_ascii=False)
    assert achievement["creditsAvailable"] == 1.6
    assert achievement["id"] == f"{BASE}/achievements/UNI/peer-support-worker/2026.1/accreditation/ca"


def test_days() -> None:
    assert make()["awardedDate"] == "2026-11-21T09:30:00Z"
    # Half past midnight in Vic is still the day before in UTC; the document says the 22nd.
    late = make(issued_at=datetime(2026, 11, 21, 23, 30, tzinfo=UTC), issued_on=date(2026, 11, 22))
    assert (late["awardedDate"], late["validFrom"]) == ("2026-11-22T00:00:00Z", "2026-11-21T23:30:00Z")
    assert "validUntil" not in late
    assert make(expires_on=date(2028, 11, 21))["validUntil"] == "2028-11-21T23:59:59Z"


def test_every_number_has_an_index_of_its_own() -> None:
    first = [index_of(number) for number in range(1, BLOCK + 1)]
    assert sorted(first) == list(range(BLOCK))
    assert BLOCK <= index_of(BLOCK + 1) < 2 * BLOCK
    assert index_of(BLOCK + 1) - BLOCK == first[0]


@settings(max_examples=20, deadline=None)
@given(numbers=st.sets(st.integers(1, BLOCK + 5000), max_size=30), probe=st.integers(1, BLOCK + 5000))
def test_status_list(numbers: set[int], probe: int) -> None:
    last = max(numbers | {probe})
    encoded = encoded_list(numbers, last)
    assert all(bit(encoded, index_of(number)) for number in numbers)
    assert bit(encoded, index_of(probe)) is (probe in numbers)


@given(st.binary(max_size=70))
def test_base58(data: bytes) -> None:
    assert unbase58(base58(data)) == data


def test_keys_and_names() -> None:
    # The example of did:key, 4.1: an Ed25519 key begins with z6Mk.
    public = KEY.public_key().public_bytes_raw()
    assert multikey(public).startswith("z6Mk") and public_key_of(multikey(public)) == public
    for wrong in ("", "x", "z0", "zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme", multikey(public)[:-2]):
        with pytest.raises(ValueError):
            public_key_of(wrong)
    assert did_web(BASE) == DID
    assert did_web("http://LOCALHOST") == "did:web:localhost"


def test_badge_as_a_picture() -> None:
    text = json.dumps(sign(make()), ensure_ascii=False)
    image = Image.open(
        io.BytesIO(bake(picture("Certificat d'acreditació", "Universitat", 2026, "#14555a"), text))
    )
    image.load()
    assert image.size == (600, 600)
    assert image.text["openbadgecredential"] == text  # type: ignore[attr-defined]
    with pytest.raises(ValueError):
        bake(b"GIF89a", text)
