"""Key files as they come: which are taken in, and what is said about the others."""

from __future__ import annotations

import contextlib
import random
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID

from tests.factories.stamps import certificate
from trainer.accreditation.documents.signing import make_test_keys, parse, read_key_file
from trainer.core.errors import Invalid

NOW = datetime.now(UTC)
PEM, PKCS8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
OPEN = serialization.NoEncryption()
DAY = timedelta(days=1)


@cache
def authority() -> tuple[Any, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    return key, certificate("Root authority", key)


def file_of(
    key: Any, own: x509.Certificate, *above: x509.Certificate, passphrase: bytes | None = None
) -> bytes:
    lock = serialization.BestAvailableEncryption(passphrase) if passphrase else OPEN
    parts = [key.private_bytes(PEM, PKCS8, lock), *(one.public_bytes(PEM) for one in (own, *above))]
    return b"".join(parts)


def said(error: pytest.ExceptionInfo[Invalid]) -> str:
    return " ".join(map(str, [error.value.text, *error.value.problems]))


@pytest.mark.parametrize("curve", [ec.SECP256R1(), ec.SECP384R1()])
def test_pem_and_pkcs12_give_the_same_key_with_its_chain_in_order(curve: ec.EllipticCurve) -> None:
    key = ec.generate_private_key(curve)
    own = certificate("Núria Exemple", key, authority())
    stranger = certificate("Somebody else", ec.generate_private_key(curve))
    pem = read_key_file(file_of(key, stranger, authority()[1], own), None, NOW)
    data = pkcs12.serialize_key_and_certificates(
        b"x", key, own, [stranger, authority()[1]], serialization.BestAvailableEncryption(b"obre'm")
    )
    bundle = read_key_file(data, "obre'm", NOW)
    assert pem.label == bundle.label == "Núria Exemple"
    assert pem.above == bundle.above == (authority()[1],)
    assert pem.fingerprint == bundle.fingerprint
    kept = parse(pem.private_pem(), pem.chain_pem())
    assert (kept.certificate, kept.above) == (own, (authority()[1],))


@pytest.mark.parametrize(
    ("passphrase", "words"), [(None, "locked with a passphrase"), ("wrong", "does not open")]
)
def test_a_passphrase_that_is_missing_or_wrong(passphrase: str | None, words: str) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    own = certificate("Núria", key, authority())
    lock = serialization.BestAvailableEncryption(b"right")
    for data in (
        file_of(key, own, passphrase=b"right"),
        pkcs12.serialize_key_and_certificates(b"x", key, own, None, lock),
    ):
        with pytest.raises(Invalid, match=words):
            read_key_file(data, passphrase, NOW)


def test_weak_and_strange_keys_are_refused() -> None:
    weak = rsa.generate_private_key(65537, 1024)
    with pytest.raises(Invalid, match="1024 bits"):
        read_key_file(file_of(weak, certificate("Weak", weak, authority())), None, NOW)
    curve = ec.generate_private_key(ec.SECP256K1())
    with pytest.raises(Invalid, match="of another kind"):
        read_key_file(file_of(curve, certificate("Coin", curve, authority())), None, NOW)
    edwards = ed25519.Ed25519PrivateKey.generate()
    with pytest.raises(Invalid, match="of another kind"):
        read_key_file(file_of(edwards, authority()[1]), None, NOW)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"begin": NOW - 9 * DAY, "end": NOW - DAY}, "ended on"),
        ({"begin": NOW + DAY}, "in force from"),
        ({"usage": {"digital_signature": False, "content_commitment": False}}, "key usage"),
        ({"purposes": [ExtendedKeyUsageOID.TIME_STAMPING]}, "time stamps"),
    ],
)
def test_certificates_that_cannot_sign_documents(values: dict[str, Any], words: str) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    with pytest.raises(Invalid) as error:
        read_key_file(file_of(key, certificate("Núria", key, authority(), **values)), None, NOW)
    assert words in said(error)


def test_an_authority_does_not_sign_documents() -> None:
    with pytest.raises(Invalid) as error:
        read_key_file(file_of(*authority()), None, NOW)
    assert "authority" in said(error)


def test_files_that_are_something_else() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    own = certificate("Núria", key, authority())
    for data in (
        b"",
        b"nonsense",
        b"\x30\x82",
        b"-----BEGIN NOTHING-----",
        own.public_bytes(PEM),
        b"x" * 2**17,
    ):
        with pytest.raises(Invalid):
            read_key_file(data, "x", NOW)
    with pytest.raises(Invalid, match="belongs to its private key"):
        read_key_file(file_of(ec.generate_private_key(ec.SECP256R1()), own), None, NOW)


def test_a_test_authority_says_that_it_is_one() -> None:
    made = make_test_keys("Universitat Exemple", {1: "Núria", 2: "x" * 100}, NOW)
    for one in made.values():
        assert "TEST" in one.certificate.issuer.rfc4514_string()
        assert "TEST" in one.certificate.subject.rfc4514_string()
        one.certificate.verify_directly_issued_by(one.above[0])
        assert len(one.lists) == 1
        assert one.lists[0].is_signature_valid(one.above[0].public_key())  # type: ignore[arg-type]
        read_key_file(one.private_pem().encode() + one.chain_pem().encode(), None, NOW)


@pytest.mark.parametrize(
    ("common", "shown"),
    [
        ("EXEMPLE PUIG NURIA - 12345678Z", "EXEMPLE PUIG NURIA"),
        ("Núria Exemple Puig - DNI 12345678Z (TCAT)", "Núria Exemple Puig (TCAT)"),
        ("NOMBRE MODELO ANA - NIF X1234567L", "NOMBRE MODELO ANA"),
        ("Universitat de Prova, seal 2026", "Universitat de Prova, seal 2026"),
        ("12345678Z", "12345678Z"),
    ],
)
def test_a_national_id_in_a_name_is_not_shown(common: str, shown: str) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    assert read_key_file(file_of(key, certificate(common, key, authority())), None, NOW).label == shown


def test_a_damaged_file_is_refused_in_words_wherever_the_damage_is() -> None:
    """As the page takes them in: no error but Invalid, for damage in every part of either kind of file."""
    material = make_test_keys("Universitat de prova", {1: "Núria Exemple"}, NOW)[1]
    pem = (material.private_pem() + material.chain_pem()).encode()
    broken = b"-----BEGIN X509 CRL-----\nQUFB\n-----END X509 CRL-----\n"
    with pytest.raises(Invalid):
        read_key_file(pem + broken, None, NOW)
    bundle = pkcs12.serialize_key_and_certificates(
        b"x", material.private, material.certificate, list(material.above), OPEN
    )
    chance = random.Random(7)
    for whole in (pem, bundle):
        for _turn in range(400):
            data = bytearray(whole)
            data[chance.randrange(len(data))] = chance.randrange(256)
            with contextlib.suppress(Invalid):
                kept = read_key_file(bytes(data), None, NOW)
                assert parse(kept.private_pem(), kept.chain_pem()).label == kept.label


def test_control_characters_in_a_common_name_go_no_further() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    material = read_key_file(file_of(key, certificate("Núria\x00 Exemple\x07", key, authority())), None, NOW)
    assert material.label == "Núria Exemple"
