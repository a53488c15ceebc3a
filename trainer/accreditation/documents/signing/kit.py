"""What signing needs, prepared once for any number of documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from asn1crypto import crl as asn1_crl
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding
from pyhanko.sign import signers
from pyhanko.sign.signers.pdf_cms import select_suitable_signing_md
from pyhanko.sign.signers.pdf_signer import PreSignValidationStatus
from pyhanko.sign.timestamps import TimeStamper
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from trainer.accreditation.documents.signing.appearance import characters_of
from trainer.accreditation.documents.signing.keyfiles import KeyMaterial
from trainer.accreditation.documents.signing.lettering import Lettering, lettering
from trainer.accreditation.documents.signing.stamping import StampService
from trainer.core.errors import Refused
from trainer.core.text import msg

_HASHES: dict[str, type[hashes.HashAlgorithm]] = {
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}


class NotSigned(Refused):
    """The document could not be signed, and the next one could not either: a key that is not in force, or a
    time stamp service that does not answer."""


class HeldSigner(signers.SimpleSigner):
    """pyHanko's signer with the private key parsed once: reading an RSA key takes many times longer than
    using it."""

    def __init__(self, material: KeyMaterial) -> None:
        above = SimpleCertificateStore()
        above.register_multiple([_asn1(one) for one in material.above])
        super().__init__(
            signing_cert=_asn1(material.certificate),
            signing_key=asn1_keys.PrivateKeyInfo.load(
                material.private.private_bytes(
                    serialization.Encoding.DER,
                    serialization.PrivateFormat.PKCS8,
                    serialization.NoEncryption(),
                )
            ),
            cert_registry=above,
        )
        self._held = material.private

    def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
        chosen = _HASHES[digest_algorithm]()
        if isinstance(self._held, ec.EllipticCurvePrivateKey):
            return self._held.sign(data, ec.ECDSA(chosen))
        return self._held.sign(data, padding.PKCS1v15(), chosen)


def _asn1(certificate: object) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(
        certificate.public_bytes(serialization.Encoding.DER)  # type: ignore[attr-defined]
    )


@dataclass
class DocumentKey:
    """The key of one place, ready to sign. By language: `captions`, the small line above its owner's name on
    the page, and `position`, what its owner is."""

    place: int
    material: KeyMaterial = field(repr=False)
    captions: Mapping[str, str]
    position: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.label = self.material.label
        self.fingerprint = self.material.fingerprint
        self.signer = HeldSigner(self.material)
        certificate = self.signer.signing_cert
        assert certificate is not None
        self.digest = select_suitable_signing_md(certificate.public_key)
        self.lists = [
            asn1_crl.CertificateList.load(one.public_bytes(serialization.Encoding.DER))
            for one in self.material.lists
        ]
        chain = (self.material.certificate, *self.material.above)
        # The certificates, one signature, and what CMS and CAdES wrap around them.
        self.size = sum(len(one.public_bytes(serialization.Encoding.DER)) for one in chain) + 2560
        # What was found out for long-term validation; holds for the batch.
        self.context: ValidationContext | None = None
        self.status: PreSignValidationStatus | None = None

    def check(self, moment: datetime) -> None:
        """Raises NotSigned when the certificate is not in force at `moment`."""
        if moment >= self.material.not_after:
            raise NotSigned(
                msg(
                    "The key of %(name)s (signature %(place)d) ended on %(day)s. Put a new one in its place: "
                    "`trainer keys rotate`, or the page Signing keys of the university.",
                    name=self.label,
                    place=self.place,
                    day=self.material.not_after.date(),
                )
            )
        if moment < self.material.not_before:
            raise NotSigned(
                msg(
                    "The key of %(name)s (signature %(place)d) is in force from %(day)s on only.",
                    name=self.label,
                    place=self.place,
                    day=self.material.not_before.date(),
                )
            )


class SigningKit:
    """The keys of a university and how it signs with them.

    `timestamp_url` is an RFC 3161 service (empty: PAdES B-B); with `long_term`, B-LTA instead of B-T. `stamper`
    stands in for the service in tests.
    """

    def __init__(
        self,
        keys: Iterable[DocumentKey],
        *,
        timestamp_url: str = "",
        long_term: bool = False,
        zone: str = "Europe/Madrid",
        stamper: TimeStamper | None = None,
    ) -> None:
        self.keys = tuple(sorted(keys, key=lambda key: key.place))
        if not self.keys:
            raise ValueError("a kit without a key signs nothing")
        self.zone = zone
        self.stamper = stamper or (StampService(timestamp_url) if timestamp_url else None)
        self.long_term = long_term and self.stamper is not None
        texts: list[str] = []
        languages = {"en"}
        for key in self.keys:
            texts += [key.label, *key.captions.values(), *key.position.values()]
            languages |= set(key.captions)
        self.lettering: Lettering = lettering(characters_of(texts, languages, zone))
        self.stamp_size: int | None = None

    @property
    def places(self) -> tuple[int, ...]:
        """The places that sign, in order; 1 certifies."""
        return tuple(key.place for key in self.keys)

    @property
    def level(self) -> str:
        """The PAdES level of what this kit signs."""
        if self.stamper is None:
            return "B-B"
        return "B-LTA" if self.long_term else "B-T"

    def only(self, places: Iterable[int]) -> SigningKit | None:
        """The kit without the keys of other places, for a document on which fewer people sign; None when
        none is left."""
        wanted = set(places)
        keys = [key for key in self.keys if key.place in wanted]
        if len(keys) == len(self.keys):
            return self
        if not keys:
            return None
        kit = SigningKit(keys, zone=self.zone, stamper=self.stamper)
        kit.long_term, kit.stamp_size = self.long_term, self.stamp_size
        return kit

    def check(self, moment: datetime) -> None:
        """Raises NotSigned when a key is not in force at `moment`."""
        for key in self.keys:
            key.check(moment)
