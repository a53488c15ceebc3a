"""keys create, import, list, rotate, retire: from the command line, and into a backup."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12

from tests.factories.stamps import certificate
from tests.integration.cli.harness import Trainer
from tests.integration.cli.story import mail
from tests.unit.accreditation.test_keyfiles import authority, file_of
from trainer.core.backup import read_backup

AS = ("--as", mail("registrar"))


def listed(trainer: Trainer) -> list[tuple[int | None, str, bool, bool]]:
    rows = trainer("keys", "list", "UNI", "--format", "json").ok().json
    return [(row["place"], row["label"], row["test"], row["retired"] is None) for row in rows]


def test_from_test_keys_to_real_ones(trainer: Trainer, tmp_path: Path) -> None:
    assert trainer("keys", "list", "--format", "json").ok().json == []
    made = trainer("keys", "create", "UNI", *AS, "--format", "json").ok()
    assert [(one["place"], one["test"]) for one in made.json] == [(1, True), (2, True)]
    assert set(made.json[0]) == {
        "university", "purpose", "place", "label", "algorithm", "fingerprint", "test", "from", "until",
        "added", "retired",
    }  # fmt: skip
    trainer("keys", "create", "UNI", *AS).refused("in use already")

    key = ec.generate_private_key(ec.SECP384R1())
    data = pkcs12.serialize_key_and_certificates(
        b"x", key, certificate("Núria Exemple", key, authority()), [authority()[1]],
        serialization.BestAvailableEncryption(b"clau d'or"),
    )  # fmt: skip
    file = trainer.file("rector.p12", data)
    place = ("--place", "1")
    trainer("keys", "import", "UNI", file, *place, *AS).refused("passphrase")
    trainer("keys", "import", "UNI", file, *place, *AS, "--passphrase-stdin", stdin="x\n").refused(
        "passphrase"
    )
    trainer("keys", "import", "UNI", file, *place, *AS, "--passphrase-stdin", stdin="clau d'or\n").refused(
        "already"
    )
    rotated = trainer(
        "keys", "rotate", "UNI", *place, "--file", file, "--passphrase-stdin", *AS, stdin="clau d'or\n"
    ).ok()
    assert "Núria Exemple" in rotated.out
    trainer("keys", "rotate", "UNI", *place, *AS).refused("give the file")
    trainer("keys", "rotate", "UNI", "--place", "2", *AS).ok()
    trainer("keys", "rotate", "UNI", "--credential", *AS).ok()
    trainer("keys", "retire", "UNI", "--place", "2", *AS).ok()
    assert [row for row in listed(trainer) if row[0]] == [
        (1, "Núria Exemple", False, True),
        (1, "Rector", True, False),
        (2, "Secretary", True, False),
        (2, "Secretary", True, False),
    ]
    assert "Núria Exemple" in trainer("keys", "list", "UNI").ok().out
    trainer("audit", "verify").ok()

    backup = tmp_path / "all.backup"
    trainer("backup", backup).ok()
    plain = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).split(b"\n")[1]
    members = read_backup(backup, None)
    assert members and not any(plain in one or b"PRIVATE KEY" in one for one in members.values())


@pytest.mark.parametrize(
    "words",
    [
        ("create", "UNI", "--as", mail("organiser")),
        ("create", "NOWHERE"),
        ("retire", "UNI", "--place", "4"),
        ("retire", "UNI", "--place", "9"),
        ("rotate", "UNI"),
        ("rotate", "UNI", "--place", "4"),
        ("rotate", "UNI", "--place", "1", "--credential"),
        ("import", "UNI", "/nowhere.p12", "--place", "1"),
        ("list", "NOWHERE"),
    ],
)
def test_what_cannot_be(trainer: Trainer, words: tuple[str, ...]) -> None:
    trainer("keys", *words).refused()


def test_files_that_are_no_keys(trainer: Trainer) -> None:
    now = datetime.now(UTC)
    key = ec.generate_private_key(ec.SECP256R1())
    old = certificate("Old", key, authority(), begin=now - timedelta(9), end=now - timedelta(1))
    for name, data in {"nonsense.p12": b"nonsense", "empty.pem": b"", "old.pem": file_of(key, old)}.items():
        trainer("keys", "import", "UNI", trainer.file(name, data), "--place", "3").refused()
