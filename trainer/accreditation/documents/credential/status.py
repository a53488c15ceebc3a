"""The status list of a university's year (Bitstring Status List v1.0, W3C 2025): one bit a certificate."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from trainer.accreditation.documents.credential.badge import moment
from trainer.accreditation.documents.credential.contexts import CREDENTIALS

BLOCK = 2**17  # the smallest list that the specification allows: 131,072 entries
# Odd, so that multiplying by it modulo a power of two gives every index once; and large, so that certificates that
# were issued together do not stand together.
_SPREAD, _SHIFT = 0x9E3779B1, 0x5A17


def index_of(number: int) -> int:
    """The index of a certificate's number (from 1) in its list: another for each number, without a table."""
    block, inside = divmod(number - 1, BLOCK)
    return block * BLOCK + (inside * _SPREAD + _SHIFT) % BLOCK


def encoded_list(numbers: Iterable[int], last: int) -> str:
    """The list in which the certificates with these numbers are set, long enough for number `last`."""
    bits = bytearray(BLOCK // 8 * max(1, -(-last // BLOCK)))
    for number in numbers:
        index = index_of(number)
        bits[index // 8] |= 0x80 >> index % 8  # index 0 is the left-most bit
    packed = gzip.compress(bytes(bits), mtime=0)
    return "u" + base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


def bit(encoded: str, index: int) -> bool:
    """Whether an index is set in an encoded list. Raises ValueError when it is none."""
    if not encoded.startswith("u"):
        raise ValueError("no base64url")
    packed = base64.urlsafe_b64decode(encoded[1:] + "=" * (-len(encoded[1:]) % 4))
    return bool(gzip.decompress(packed)[index // 8] & 0x80 >> index % 8)


def status_document(base_url: str, did: str, number: int, encoded: str, since: datetime) -> dict[str, Any]:
    """The list as a credential, unsigned. `since` is the moment of its newest change."""
    address = f"{base_url}/status/{number}"
    return {
        "@context": [CREDENTIALS],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": did,
        "validFrom": moment(since),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encoded,
        },
    }
