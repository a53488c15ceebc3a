"""Keys as universities have them: a PKCS#12 file (.p12, .pfx), or PEM with key, certificate and chain."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID, NameOID

from trainer.core.errors import Invalid
from trainer.core.text import Text, msg

# Spanish authorities put the national id into the common name: "EXEMPLE PUIG NURIA - 12345678Z", "Núria Exemple
# - DNI 12345678Z (TCAT)". It has no business on a page, nor in the answer of a verification.
_NUMBER = re.compile(
    r"[\s,;:–-]*\b(?:(?:DNI|NIF|NIE|CIF|IDC?ES)\b[\s:–-]*)?[XYZKLM]?\d{7,8}-?[A-Z]\b", re.IGNORECASE
)

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

LARGEST_FILE = 64 * 2**10
LEAST_RSA = 2048
_MOST_RSA = 8192  # one signature with more takes seconds
_CURVES = {"secp256r1": "P-256", "secp384r1": "P-384"}
_LONGEST_CHAIN = 8


@dataclass(frozen=True)
class KeyMaterial:
    """A private key with its certificate, the certificates above it (nearest first), and what revocation
    lists came along."""

    private: PrivateKey = field(repr=False)
    certificate: x509.Certificate
    above: tuple[x509.Certificate, ...] = ()
    lists: tuple[x509.CertificateRevocationList, ...] = ()

    @property
    def label(self) -> str:
        """Whose certificate it is: its common name without a personal number, else whatever its subject
        says."""
        for attribute in self.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME):
            return _plain(without_number(str(attribute.value)))[:200]
        return _plain(self.certificate.subject.rfc4514_string())[:200]

    @property
    def algorithm(self) -> str:
        """ "RSA 3072" or "EC P-256"."""
        return algorithm_of(self.private)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, in hexadecimal."""
        return self.certificate.fingerprint(hashes.SHA256()).hex()

    @property
    def not_before(self) -> datetime:
        return self.certificate.not_valid_before_utc

    @property
    def not_after(self) -> datetime:
        return self.certificate.not_valid_after_utc

    def private_pem(self) -> str:
        """The private key in clear, as PKCS#8: to be sealed at once."""
        return self.private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode("ascii")

    def chain_pem(self) -> str:
        """The own certificate, those above it, and the revocation lists: nothing secret."""
        pem = serialization.Encoding.PEM
        certificates = [one.public_bytes(pem) for one in (self.certificate, *self.above)]
        return b"".join([*certificates, *(one.public_bytes(pem) for one in self.lists)]).decode("ascii")


def algorithm_of(key: PrivateKey) -> str:
    """The algorithm of a key that may sign. Raises Invalid for any other, and for one that is too weak."""
    if isinstance(key, rsa.RSAPrivateKey):
        if key.key_size < LEAST_RSA:
            raise Invalid(
                msg(
                    "This is an RSA key of %(bits)d bits, which is too weak. Ask for one of at least 2048 bits, "
                    "or for P-256.",
                    bits=key.key_size,
                )
            )
        if key.key_size <= _MOST_RSA:
            return f"RSA {key.key_size}"
    if isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name in _CURVES:
        return f"EC {_CURVES[key.curve.name]}"
    raise Invalid(
        msg(
            "Documents are signed with RSA (2048 to 8192 bits) or with an elliptic curve (P-256, P-384). "
            "This key is of another kind."
        )
    )


def without_number(name: str) -> str:
    """A common name without the national id that stands in it; the name as it is when nothing else would be
    left."""
    plain = " ".join(_NUMBER.sub("", name).split())
    return plain or " ".join(name.split())


def _plain(name: str) -> str:
    """Without control characters, which no page shows and not every database keeps."""
    return "".join(letter for letter in name if letter.isprintable())


def parse(private_pem: str, chain_pem: str) -> KeyMaterial:
    """A key as it is kept: `KeyMaterial.private_pem` and `chain_pem`, read back."""
    private = serialization.load_pem_private_key(private_pem.encode(), password=None)
    if not isinstance(private, (rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey)):
        raise TypeError("no key that signs documents is kept here")
    own, *above = certificates_in(chain_pem)
    return KeyMaterial(private, own, tuple(above), tuple(_lists(chain_pem.encode())))


def certificates_in(chain_pem: str) -> list[x509.Certificate]:
    """The certificates of a chain as it is kept, own one first."""
    return x509.load_pem_x509_certificates(chain_pem.encode())


def read_key_file(data: bytes, passphrase: str | None, moment: datetime) -> KeyMaterial:
    """The key in an uploaded file, looked over: it fits its certificate, the certificate is in force at
    `moment` and is meant for signatures.

    Raises Invalid that says what is wrong and what to do.
    """
    if not data or len(data) > LARGEST_FILE:
        raise Invalid(msg("The file is empty or larger than a key is. Choose a .p12, .pfx or .pem file."))
    secret = passphrase.encode() if passphrase else None
    try:
        material = _from_pem(data, secret) if b"-----BEGIN" in data else _from_pkcs12(data, secret)
        problems = list(_problems(material, moment))
        # What is wrong with a name or a date further up comes out only when it is read, as it will be later.
        _ = (material.label, material.not_before, material.chain_pem())
    except (ValueError, TypeError, UnsupportedAlgorithm, x509.DuplicateExtension):
        raise Invalid(_UNREADABLE) from None
    if problems:
        raise Invalid(msg("This key cannot sign documents."), problems)
    return material


def _from_pkcs12(data: bytes, secret: bytes | None) -> KeyMaterial:
    try:
        found = pkcs12.load_pkcs12(data, secret)
    except ValueError as error:
        if "password" in str(error).lower():
            raise Invalid(_WRONG_PASSPHRASE if secret else _LOCKED) from None
        raise Invalid(_UNREADABLE) from None
    except UnsupportedAlgorithm:
        raise Invalid(_OLD_ENCRYPTION) from None
    if found.key is None:
        raise Invalid(msg("The file holds no private key. Export it again, together with its private key."))
    if found.cert is None:
        raise Invalid(_NO_CERTIFICATE)
    others = [one.certificate for one in found.additional_certs]
    return _material(found.key, [found.cert.certificate, *others], [])


def _from_pem(data: bytes, secret: bytes | None) -> KeyMaterial:
    try:
        certificates = x509.load_pem_x509_certificates(data)
    except ValueError:
        raise Invalid(_NO_CERTIFICATE) from None
    blocks = [block for block in _blocks(data) if b"PRIVATE KEY-----" in block.split(b"\n", 1)[0]]
    if len(blocks) != 1:
        raise Invalid(
            msg("The file holds no private key, or several. It has to hold one key and its certificate.")
        )
    encrypted = b"ENCRYPTED" in blocks[0]
    try:
        key = serialization.load_pem_private_key(blocks[0], secret if encrypted else None)
    except (TypeError, ValueError):
        raise Invalid((_WRONG_PASSPHRASE if secret else _LOCKED) if encrypted else _UNREADABLE) from None
    except UnsupportedAlgorithm:
        raise Invalid(_OLD_ENCRYPTION) from None
    return _material(key, certificates, _lists(data))


_WRONG_PASSPHRASE = msg("The passphrase does not open this file.")
_LOCKED = msg("The file is locked with a passphrase: give that too.")
_UNREADABLE = msg("This is no key file that can be read. Choose a .p12, .pfx or .pem file.")
_NO_CERTIFICATE = msg("The file holds no certificate. Export it again, together with the certificate chain.")
_OLD_ENCRYPTION = msg("The file is encrypted in a way that is no longer safe. Export it again with AES.")


def _blocks(data: bytes) -> list[bytes]:
    return [b"-----BEGIN" + part for part in data.split(b"-----BEGIN")[1:]]


def _lists(data: bytes) -> list[x509.CertificateRevocationList]:
    return [
        x509.load_pem_x509_crl(block) for block in _blocks(data) if block.startswith(b"-----BEGIN X509 CRL")
    ]


def _material(
    key: object, certificates: list[x509.Certificate], lists: list[x509.CertificateRevocationList]
) -> KeyMaterial:
    if not isinstance(key, (rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey)):
        raise Invalid(
            msg(
                "Documents are signed with RSA (2048 to 8192 bits) or with an elliptic curve (P-256, P-384). "
                "This key is of another kind."
            )
        )
    algorithm_of(key)
    public = key.public_key()
    own = next((one for one in certificates if one.public_key() == public), None)
    if own is None:
        raise Invalid(msg("No certificate in the file belongs to its private key."))
    return KeyMaterial(key, own, tuple(_above(own, certificates)), tuple(lists))


def _above(own: x509.Certificate, certificates: list[x509.Certificate]) -> list[x509.Certificate]:
    """The certificates that lead from `own` upwards, as far as the file has them; what leads nowhere is left
    out."""
    chain: list[x509.Certificate] = []
    last = own
    while last.issuer != last.subject and len(chain) < _LONGEST_CHAIN:
        issuer = next((one for one in certificates if one not in chain and _issued(one, last)), None)
        if issuer is None:
            break
        chain.append(issuer)
        last = issuer
    return chain


def _issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except Exception:  # whatever is wrong with it, it is not the issuer
        return False
    return True


def _problems(material: KeyMaterial, moment: datetime) -> list[Text]:
    found: list[Text] = []
    certificate = material.certificate
    if moment >= material.not_after:
        found.append(
            msg(
                "Its certificate ended on %(day)s. Ask whoever issued it for a new one.",
                day=material.not_after.date(),
            )
        )
    elif moment < material.not_before:
        found.append(msg("Its certificate is in force from %(day)s on only.", day=material.not_before.date()))
    try:
        usage = certificate.extensions.get_extension_for_oid(ExtensionOID.KEY_USAGE).value
    except x509.ExtensionNotFound:
        usage = None
    if isinstance(usage, x509.KeyUsage) and not (usage.content_commitment or usage.digital_signature):
        found.append(msg("Its certificate is not meant for signatures (key usage)."))
    try:
        basic = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
    except x509.ExtensionNotFound:
        basic = None
    if basic is not None and basic.ca:
        found.append(
            msg("Its certificate is that of an authority. A person's or a seal's certificate is needed.")
        )
    try:
        purposes = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        purposes = None
    if purposes is not None and set(purposes) == {ExtendedKeyUsageOID.TIME_STAMPING}:
        found.append(msg("Its certificate is meant for time stamps, not for documents."))
    return found
