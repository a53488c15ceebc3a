"""The built wheel, installed in an empty environment outside the checkout, serves the demo."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(autouse=True)
def no_network() -> None:
    """Installing asks the package registry."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "wheel",
            "--no-deps",
            "--no-build-isolation",
            "--quiet",
            "-w",
            str(folder),
            str(ROOT),
        ],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    [path] = folder.glob("*.whl")
    return path


def test_the_wheel_carries_everything(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for wanted in (
        "trainer/templates/base.html",
        "trainer/static/css/app.css",
        "trainer/translations/ca/LC_MESSAGES/messages.mo",
        "trainer/translations/es/LC_MESSAGES/messages.mo",
        "trainer/_data/migrations/env.py",
        "trainer/_data/curriculum/peer-support-worker/programme.yaml",
        "trainer/_data/curriculum/peer-support-worker/modules/01-introduction.yaml",
        "trainer/curriculum/schema.json",
    ):
        assert wanted in names
    assert any(name.endswith(".ttf") for name in names)
    assert not any(name.startswith(("tests/", "instance/")) for name in names)


def test_it_serves_the_demo_outside_the_checkout(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env" / "bin" / "python"
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    requirements = str(ROOT / "requirements" / "runtime.txt")
    subprocess.run([*install, "--require-hashes", "-r", requirements], check=True, capture_output=True)
    subprocess.run([*install, "--no-deps", str(wheel)], check=True, capture_output=True)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "LANG": "C.UTF-8",
        "TRAINER_BASE_URL": f"http://127.0.0.1:{port}",
    }
    trainer = str(tmp_path / "env" / "bin" / "trainer")
    made = subprocess.run(
        [trainer, "demo", "--format", "json"], env=environment, cwd=tmp_path, capture_output=True, text=True
    )
    assert made.returncode == 0, made.stderr
    assert {one["role"] for one in json.loads(made.stdout)["sign_ins"]} >= {
        "organiser",
        "trainee",
        "registrar",
    }
    server = subprocess.Popen([trainer, "serve", "--port", str(port)], env=environment, cwd=tmp_path)
    try:
        for _ in range(100):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/login", timeout=5) as answer:
                    page = answer.read().decode()
                break
            except OSError:
                time.sleep(0.2)
        assert 'lang="ca"' in page
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=30)
