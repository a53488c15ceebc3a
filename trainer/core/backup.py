"""One file that holds everything: every table as JSON lines and the instance's own files, optionally sealed.

A logical dump, so that a backup moves between SQLite and PostgreSQL. The sealing key is not in it: whoever finds a backup
still cannot open national ids or keys (contract, Settings).
"""

from __future__ import annotations

import base64
import gzip
import io
import json
import os
import secrets
import tarfile
import zlib
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from sqlalchemy import Table, func, insert, inspect, select, text

from trainer.core import schema
from trainer.core.database import WRITE
from trainer.core.errors import Invalid, Refused
from trainer.core.text import msg
from trainer.extensions import db

MAGIC = b"TRAINER-BACKUP-1\n"
SEALED = b"TRAINER-SEALED-1\n"
INSTANCE_FILES = ("trainer.toml", "secret.key")
# Counters of the last minutes, not data.
LEFT_OUT = frozenset({"rate_counter"})


def write_backup(target: Path, instance: Path, passphrase: str | None) -> int:
    """Writes the backup to `target` (mode 0600, replaced only when whole); gives the number of rows."""
    buffer = io.BytesIO()
    rows = 0
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive, db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            # One moment for all tables.
            connection.execute(text("set transaction isolation level repeatable read"))
        _add(archive, "revision", (schema.current() or "").encode())
        for table in _tables():
            lines = []
            for row in connection.execute(select(table).order_by(*table.primary_key.columns)):
                lines.append(json.dumps({k: _encode(v) for k, v in row._mapping.items()}, ensure_ascii=False))
            rows += len(lines)
            _add(archive, f"tables/{table.name}.jsonl", "\n".join(lines).encode())
        for name in INSTANCE_FILES:
            if (path := instance / name).is_file():
                _add(archive, f"instance/{name}", path.read_bytes())
    data = MAGIC + buffer.getvalue()
    if passphrase:
        data = _seal(data, passphrase)
    temporary = target.with_name(target.name + ".part")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, target)
    return rows


def read_backup(source: Path, passphrase: str | None) -> dict[str, bytes]:
    """The members of a backup by name. Raises Invalid when the file is none, or the passphrase does not open it."""
    data = source.read_bytes()
    if data.startswith(SEALED):
        if not passphrase:
            raise Invalid(msg("This backup is sealed: give its passphrase with --passphrase-stdin."))
        data = _unseal(data, passphrase)
    if not data.startswith(MAGIC):
        raise Invalid(msg("%(file)s is not a backup of this product.", file=source.name))
    members: dict[str, bytes] = {}
    try:
        # Unpacked whole first: only then is the checksum looked at, and a flipped bit found.
        unpacked = gzip.decompress(data[len(MAGIC) :])
        with tarfile.open(fileobj=io.BytesIO(unpacked), mode="r:") as archive:
            for member in archive.getmembers():
                extracted = archive.extractfile(member)
                if extracted is not None:
                    members[member.name] = extracted.read()
    except (tarfile.TarError, OSError, EOFError, zlib.error) as error:
        raise Invalid(msg("%(file)s is damaged and cannot be read.", file=source.name)) from error
    return members


def holds_rows() -> bool:
    """Whether any table of the database has a row; one without tables has none."""
    present = set(inspect(db.engine).get_table_names())
    with db.engine.connect() as connection:
        return any(
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in _tables()
            if table.name in present
        )


def restore_rows(members: dict[str, bytes]) -> int:
    """Fills the (migrated, empty) database; all or nothing. Gives the number of rows.

    Raises Refused when the database holds anything, or the backup is of another version of the schema.
    """
    revision = members.get("revision", b"").decode()
    if revision != schema.current():
        raise Refused(
            msg(
                "This backup is of version %(found)s of the database, and this program makes %(wanted)s: "
                "restore it with the version that wrote it, then upgrade.",
                found=revision or "?",
                wanted=schema.current() or "?",
            )
        )
    count = 0
    with db.engine.connect().execution_options(**{WRITE: True}) as connection, connection.begin():
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        for table in _tables():
            if connection.execute(select(func.count()).select_from(table)).scalar_one():
                raise Refused(msg("This instance is not empty: restore into a new one."))
        for table in _tables():
            # Not splitlines(): a text may hold other characters that end a line.
            lines = members.get(f"tables/{table.name}.jsonl", b"").decode().split("\n")
            rows = [
                {key: _decode(value) for key, value in json.loads(line).items()} for line in lines if line
            ]
            for start in range(0, len(rows), 500):
                connection.execute(insert(table), rows[start : start + 500])
            count += len(rows)
            if rows and connection.dialect.name == "postgresql":
                _advance_sequence(connection, table)
    return count


def _advance_sequence(connection: Any, table: Table) -> None:
    for column in table.primary_key.columns:
        name = connection.execute(
            text("select pg_get_serial_sequence(:table, :column)"),
            {"table": f'"{table.name}"', "column": column.name},
        ).scalar_one()
        if name:
            top = connection.execute(select(func.max(column))).scalar_one()
            connection.execute(text("select setval(:name, :top)"), {"name": name, "top": top})


def _tables() -> list[Table]:
    return [table for table in db.metadata.sorted_tables if table.name not in LEFT_OUT]


def _add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(data)
    member.mode = 0o600
    archive.addfile(member, io.BytesIO(data))


def _encode(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"$bytes": base64.b64encode(value).decode()}
    if isinstance(value, datetime):
        return {"$datetime": value.isoformat()}
    if isinstance(value, date):
        return {"$date": value.isoformat()}
    if isinstance(value, time):
        return {"$time": value.isoformat()}
    if isinstance(value, (dict, list)):
        return {"$json": value}
    return value


def _decode(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    [(kind, content)] = value.items()
    match kind:
        case "$bytes":
            return base64.b64decode(content)
        case "$datetime":
            return datetime.fromisoformat(content)
        case "$date":
            return date.fromisoformat(content)
        case "$time":
            return time.fromisoformat(content)
        case _:
            return content


def _key(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=2**16, r=8, p=1).derive(passphrase.encode())


def _seal(data: bytes, passphrase: str) -> bytes:
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    return SEALED + salt + nonce + AESGCM(_key(passphrase, salt)).encrypt(nonce, data, SEALED)


def _unseal(data: bytes, passphrase: str) -> bytes:
    body = data[len(SEALED) :]
    salt, nonce, sealed = body[:16], body[16:28], body[28:]
    try:
        return AESGCM(_key(passphrase, salt)).decrypt(nonce, sealed, SEALED)
    except (InvalidTag, ValueError) as error:
        raise Invalid(msg("The passphrase does not open this backup, or the file was changed.")) from error
