"""PAdES signatures: keys read, documents signed, signatures checked. Bytes from plain values."""

from trainer.accreditation.documents.signing.authority import make_test_keys
from trainer.accreditation.documents.signing.checking import SignatureReport, check_signatures
from trainer.accreditation.documents.signing.keyfiles import (
    KeyMaterial,
    certificates_in,
    parse,
    read_key_file,
)
from trainer.accreditation.documents.signing.kit import DocumentKey, NotSigned, SigningKit
from trainer.accreditation.documents.signing.signing import field_name, sign
from trainer.accreditation.documents.signing.stamping import is_inside, usable_address

__all__ = [
    "DocumentKey",
    "KeyMaterial",
    "NotSigned",
    "SignatureReport",
    "SigningKit",
    "certificates_in",
    "check_signatures",
    "field_name",
    "is_inside",
    "make_test_keys",
    "parse",
    "read_key_file",
    "sign",
    "usable_address",
]
