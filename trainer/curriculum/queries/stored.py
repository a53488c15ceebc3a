"""The versions of programmes that courses are pinned to, from the database."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import select

from trainer.core.database import session
from trainer.core.errors import Missing, TrainerError
from trainer.core.text import msg
from trainer.curriculum.models import ProgrammeVersion
from trainer.curriculum.rules import Programme, content_hash, programme_from

_KEPT = 64
_by_hash: OrderedDict[str, Programme] = OrderedDict()
# Ids belong to a database, so they are kept by engine; never from inside a transaction, whose ids a rollback frees.
_hashes: WeakKeyDictionary[Any, dict[int, str]] = WeakKeyDictionary()
_lock = threading.Lock()


def programme_of(version_id: int) -> Programme:
    """The programme of a stored version, kept in the process once it was read: a version never changes.

    The content is hashed again when it is read. Raises Missing for an unknown version, TrainerError when the stored
    content was altered.
    """
    programme = stored_programme(version_id)
    if programme is None:
        raise Missing(msg("This version of the programme is not here."))
    return programme


def stored_programme(version_id: int) -> Programme | None:
    """The programme of a stored version, or None when there is none."""
    hash = _hash_of(version_id)
    if hash is None:
        return None
    with _lock:
        if hash in _by_hash:
            _by_hash.move_to_end(hash)
            return _by_hash[hash]
    content = session.scalar(select(ProgrammeVersion.content).where(ProgrammeVersion.id == version_id))
    if content is None or content_hash(content) != hash:
        raise TrainerError(msg("The stored programme %(hash)s does not fit its hash: restore it.", hash=hash))
    programme = programme_from(content, hash)
    with _lock:
        _by_hash[hash] = programme
        while len(_by_hash) > _KEPT:
            _by_hash.popitem(last=False)
    return programme


def _hash_of(version_id: int) -> str | None:
    engine = session.get_bind(ProgrammeVersion)
    with _lock:
        kept = _hashes.get(engine, {}).get(version_id)
    if kept is not None:
        return kept
    hash = session.scalar(select(ProgrammeVersion.hash).where(ProgrammeVersion.id == version_id))
    if hash is not None and not session.info.get("writing"):
        with _lock:
            _hashes.setdefault(engine, {})[version_id] = hash
    return hash


def version_id_of(hash: str) -> int | None:
    """The id of the stored version with that hash, if there is one."""
    return session.scalar(select(ProgrammeVersion.id).where(ProgrammeVersion.hash == hash))


def pinned(code: str, version: str) -> Programme | None:
    """The newest stored content of that version of a programme, if a course was ever pinned to it."""
    found = session.scalars(
        select(ProgrammeVersion.id)
        .where(ProgrammeVersion.code == code, ProgrammeVersion.version == version)
        .order_by(ProgrammeVersion.id.desc())
        .limit(1)
    ).first()
    return None if found is None else stored_programme(found)
