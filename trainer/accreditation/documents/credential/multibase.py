"""Base 58 (Bitcoin's alphabet), and public keys as Multikey: what did:web documents and proofs are written in."""

from __future__ import annotations

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_VALUE = {character: value for value, character in enumerate(_ALPHABET)}
_ED25519 = b"\xed\x01"  # multicodec ed25519-pub, as a varint
_KEY = 32


def base58(data: bytes) -> str:
    """`data` as multibase base58btc: a "z" and the digits."""
    number, digits = int.from_bytes(data, "big"), []
    while number:
        number, rest = divmod(number, 58)
        digits.append(_ALPHABET[rest])
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "z" + _ALPHABET[0] * zeros + "".join(reversed(digits))


def unbase58(text: str) -> bytes:
    """The bytes of a multibase base58btc text. Raises ValueError for anything else."""
    if not text.startswith("z") or len(text) > 200:
        raise ValueError("no base58btc")
    digits, number = text[1:], 0
    for character in digits:
        if character not in _VALUE:
            raise ValueError("no base58btc")
        number = number * 58 + _VALUE[character]
    zeros = len(digits) - len(digits.lstrip(_ALPHABET[0]))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def multikey(public_key: bytes) -> str:
    """An Ed25519 public key (32 bytes) as publicKeyMultibase."""
    return base58(_ED25519 + public_key)


def public_key_of(text: str) -> bytes:
    """The Ed25519 public key (32 bytes) of a publicKeyMultibase. Raises ValueError for any other kind."""
    data = unbase58(text)
    if not data.startswith(_ED25519) or len(data) != len(_ED25519) + _KEY:
        raise ValueError("no Ed25519 public key")
    return data[len(_ED25519) :]
