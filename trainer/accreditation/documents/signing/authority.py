"""A certificate authority of one's own, for trying things out: it proves nothing to anybody outside."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from trainer.accreditation.documents.signing.keyfiles import KeyMaterial

YEARS = 3


def make_test_keys(organisation: str, names: Mapping[int, str], moment: datetime) -> dict[int, KeyMaterial]:
    """A key and certificate for the signatory of each place, issued by a new authority named after
    `organisation`.

    The authority's own key is forgotten at once: what it issued here is all that it ever issues. So its
    revocation list is final; it comes with each key.
    """
    begin, end = moment - timedelta(days=1), moment + timedelta(days=365 * YEARS)
    authority = ec.generate_private_key(ec.SECP256R1())
    issuer = _name(organisation, f"{organisation[:50]} TEST CA")
    root = (
        _builder(issuer, issuer, authority, authority, begin, end)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(authority=True), critical=True)
        .sign(authority, hashes.SHA256())
    )
    revoked = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer)
        .last_update(begin)
        .next_update(end)
        .add_extension(x509.CRLNumber(1), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key()), critical=False
        )
        .sign(authority, hashes.SHA256())
    )
    made = {}
    for place, name in names.items():
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = (
            _builder(_name(organisation, name), issuer, key, authority, begin, end)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(authority=False), critical=True)
            .sign(authority, hashes.SHA256())
        )
        made[place] = KeyMaterial(key, certificate, (root,), (revoked,))
    return made


def _name(organisation: str, common: str) -> x509.Name:
    # X.520 bounds both at 64 characters.
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation[:64]),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "TEST"),
            x509.NameAttribute(NameOID.COMMON_NAME, common[:64]),
        ]
    )


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    authority: ec.EllipticCurvePrivateKey,
    begin: datetime,
    end: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key()), critical=False
        )
    )


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )
