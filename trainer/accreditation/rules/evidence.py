"""The evidence pack: what a decision rested on, frozen as canonical JSON and known by its SHA-256."""

import hashlib
import json
from typing import Any


def canonical(document: Any) -> str:
    """One document, one text: keys sorted, no spaces, characters as they are, numbers whole.

    Raises ValueError for what has no exact JSON form: floating-point numbers (nothing here is measured in
    them), keys that are not text, sets and the like.
    """
    _only_exact(document, "$")
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _only_exact(value: Any, where: str) -> None:
    if value is None or isinstance(value, (str, bool, int)):
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise ValueError(f"{where}: the key {key!r} is not text")
            _only_exact(inner, f"{where}.{key}")
        return
    if isinstance(value, (list, tuple)):
        for at, inner in enumerate(value):
            _only_exact(inner, f"{where}[{at}]")
        return
    raise ValueError(f"{where}: {type(value).__name__} has no exact form")


def sha256(data: bytes) -> str:
    """The SHA-256 of bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def evidence_hash(document: Any) -> str:
    """The name of an evidence pack: `sha256:` and the digest of its canonical form."""
    return "sha256:" + sha256(canonical(document).encode("utf-8"))
