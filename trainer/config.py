"""Settings: typed, from the environment, then instance/trainer.toml, then defaults. Imports nothing of ours."""

from __future__ import annotations

import hashlib
import os
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PACKAGE = Path(__file__).resolve().parent
# The example value that documents carry; an instance that starts with it would share its sessions with every reader.
FORBIDDEN_SECRETS = frozenset({"", "change-me", "secret", "dev", "development"})


class SettingsError(Exception):
    """A setting is missing or unusable; the message names it and the remedy."""


def resource_dir(name: str) -> Path:
    """Folder `name` ("migrations", "curriculum"): from the wheel's own data, else from the checkout."""
    packaged = PACKAGE / "_data" / name
    return packaged if packaged.is_dir() else PACKAGE.parent / name


@dataclass(frozen=True)
class Settings:
    """All settings of an instance. Paths are absolute; durations are in seconds where a name says so."""

    instance: Path
    database_url: str
    base_url: str
    curricula: tuple[Path, ...]
    secret_key: str
    seal_key: str
    trusted_hosts: tuple[str, ...]
    mail_url: str
    mail_from: str
    proxies: int
    default_language: str = "ca"

    @property
    def secure(self) -> bool:
        """True when the public address is https: cookies are then marked Secure."""
        return self.base_url.startswith("https://")

    @property
    def curricula_folders(self) -> list[Path]:
        """Folders searched for programmes: the shipped ones first."""
        return [resource_dir("curriculum"), *self.curricula]


def curricula_folders(environ: Mapping[str, str] | None = None) -> list[Path]:
    """Folders searched for programmes, the shipped ones first; no instance is needed."""
    environ = os.environ if environ is None else environ
    named = environ.get("TRAINER_CURRICULA") or str(
        local_settings(instance_folder(environ)).get("TRAINER_CURRICULA", "")
    )
    return [resource_dir("curriculum"), *paths_in(named)]


def paths_in(names: str) -> tuple[Path, ...]:
    """The paths of a colon-separated setting."""
    return tuple(Path(part).expanduser().resolve() for part in names.split(":") if part)


def local_settings(instance: Path) -> dict[str, Any]:
    """What trainer.toml of the instance says; empty when there is none. Raises SettingsError when it cannot be read."""
    file = instance / "trainer.toml"
    if not file.is_file():
        return {}
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: {error}") from error


def instance_folder(environ: Mapping[str, str] | None = None) -> Path:
    """The instance folder named by TRAINER_INSTANCE, by default instance/ in the working directory."""
    environ = os.environ if environ is None else environ
    return Path(environ.get("TRAINER_INSTANCE") or "instance").expanduser().resolve()


def seal_key_file(instance: Path, environ: Mapping[str, str]) -> Path:
    """Where the sealing key lies when it is not given in the environment: outside the instance and its backups."""
    if named := environ.get("TRAINER_SEAL_KEY_FILE"):
        return Path(named).expanduser().resolve()
    root = Path(environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    tag = hashlib.sha256(str(instance).encode()).hexdigest()[:16]
    return root / "trainer" / f"{tag}.key"


def write_secret(path: Path) -> str:
    """Creates `path` with a new random secret readable by the owner alone; an existing file is read instead."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        value = secrets.token_urlsafe(48)
        file.write(value + "\n")
        file.flush()
        os.fsync(file.fileno())
    return value


def read_settings(environ: Mapping[str, str] | None = None, *, create: bool = False) -> Settings:
    """Reads the settings; with `create` (the commands init and demo) makes folder and secrets that are missing.

    Raises SettingsError when the instance was not initialised, or a secret is one of the documented examples.
    """
    environ = os.environ if environ is None else environ
    instance = instance_folder(environ)
    if create:
        instance.mkdir(parents=True, exist_ok=True, mode=0o700)
    local = local_settings(instance)

    def get(name: str, default: str = "") -> str:
        return str(environ.get(name) or local.get(name) or default)

    secret = get("TRAINER_SECRET_KEY")
    if not secret:
        path = instance / "secret.key"
        if not create and not path.is_file():
            raise SettingsError(
                f"{instance} is not an instance yet: run `trainer init` (or `trainer demo`) first"
            )
        secret = write_secret(path) if create else path.read_text(encoding="ascii").strip()
    seal = get("TRAINER_SEAL_KEY")
    if not seal:
        path = seal_key_file(instance, environ)
        if not create and not path.is_file():
            raise SettingsError(
                f"the sealing key {path} is missing: run `trainer init`, or restore it from where you keep it "
                "(set TRAINER_SEAL_KEY_FILE)"
            )
        seal = write_secret(path) if create else path.read_text(encoding="ascii").strip()
    for name, value in (("TRAINER_SECRET_KEY", secret), ("TRAINER_SEAL_KEY", seal)):
        if value.lower() in FORBIDDEN_SECRETS or len(value) < 24:
            raise SettingsError(f"{name} must be a random value of at least 24 characters")

    base_url = get("TRAINER_BASE_URL", "http://127.0.0.1:5000").rstrip("/")
    address = urlsplit(base_url)
    if address.scheme not in {"http", "https"} or not address.hostname:
        raise SettingsError("TRAINER_BASE_URL must be an address such as https://training.example.org")
    hosts = [host.strip() for host in get("TRAINER_TRUSTED_HOSTS").split(",") if host.strip()]
    if not hosts:
        hosts = [address.hostname]
        if address.hostname in {"127.0.0.1", "localhost"}:
            hosts = ["127.0.0.1", "localhost"]
    database = get("DATABASE_URL", f"sqlite:///{instance / 'trainer.sqlite3'}")
    # Hosting panels hand out postgres:// and postgresql://; psycopg 3 is the driver that is installed.
    for prefix in ("postgres://", "postgresql://"):
        if database.startswith(prefix):
            database = "postgresql+psycopg://" + database.removeprefix(prefix)
    if not database.startswith(("sqlite:", "postgresql+psycopg:")):
        raise SettingsError("DATABASE_URL must begin with sqlite: or postgresql+psycopg:")
    try:
        proxies = int(get("TRAINER_PROXIES", "0"))
    except ValueError:
        raise SettingsError("TRAINER_PROXIES must be the number of proxies in front, such as 1") from None
    return Settings(
        instance=instance,
        database_url=database,
        base_url=base_url,
        curricula=paths_in(get("TRAINER_CURRICULA")),
        secret_key=secret,
        seal_key=seal,
        trusted_hosts=tuple(hosts),
        mail_url=get("TRAINER_MAIL_URL", f"file://{instance / 'outbox'}"),
        mail_from=get("TRAINER_MAIL_FROM", f"trainer@{address.hostname}"),
        proxies=proxies,
        default_language=get("TRAINER_LANGUAGE", "ca"),
    )
