"""A served demo instance and a real browser on it.

The journeys leave pictures in tests/browser/shots/; with SHOTS=1 in the environment so does every other page.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

from tests.conftest import DATABASE, copy_database

ROOT = Path(__file__).parents[2]
SHOTS = Path(__file__).parent / "shots"
TRAINER = Path(sys.executable).parent / "trainer"
DESKTOP = {"width": 1280, "height": 900}
TABLET = {"width": 1024, "height": 768}
PHONE = {"width": 360, "height": 740}
NARROW = {"width": 320, "height": 640}
RULES: dict[str, Any] = {
    "type": "tag",
    "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
# What can differ when only the colours and the width of a page that was scanned do.
LOOKS: dict[str, Any] = {
    "type": "rule",
    "values": ["color-contrast", "target-size", "scrollable-region-focusable"],
}


@pytest.fixture(autouse=True)
def no_network() -> None:
    """The browser has its own process; the guard of the other tests would stop playwright's pipe."""


@dataclass(frozen=True)
class Served:
    """Where the demo is served, its instance, and who can sign in."""

    url: str
    instance: Path
    sign_ins: dict[str, dict[str, str]]
    environment: dict[str, str]

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs `trainer …` on this instance."""
        return subprocess.run(
            [str(TRAINER), *arguments], env=self.environment, capture_output=True, text=True
        )


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture(scope="session")
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A demo of this process's own; with TEST_DATABASE=postgresql on PostgreSQL, so that every page is seen on both."""
    folder = tmp_path_factory.mktemp("demo")
    port = free_port()
    environment = {
        **{
            key: value
            for key, value in os.environ.items()
            if not key.startswith(("TRAINER_", "DATABASE_URL"))
        },
        "TRAINER_INSTANCE": str(folder / "instance"),
        "TRAINER_SEAL_KEY_FILE": str(folder / "seal.key"),
        "TRAINER_BASE_URL": f"http://127.0.0.1:{port}",
    }
    if DATABASE != "sqlite":
        environment["DATABASE_URL"] = copy_database(request, None, folder / "unused", f"demo_{os.getpid()}")
    made = subprocess.run(
        [str(TRAINER), "demo", "--format", "json"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    sign_ins = {one["role"]: one for one in json.loads(made.stdout)["sign_ins"]}
    log = (folder / "server.log").open("w")
    server = subprocess.Popen(
        [str(TRAINER), "serve", "--port", str(port)], env=environment, stdout=log, stderr=subprocess.STDOUT
    )
    url = f"http://127.0.0.1:{port}"
    for _ in range(100):
        try:
            urllib.request.urlopen(f"{url}/readyz", timeout=2)
            break
        except OSError:
            time.sleep(0.2)
    else:
        pytest.fail((folder / "server.log").read_text())
    yield Served(url, folder / "instance", sign_ins, environment)
    server.send_signal(signal.SIGTERM)
    server.wait(timeout=30)


def chromium() -> str:
    """The browser to drive: $CHROMIUM, else the system's."""
    for name in (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"):
        if name and (path := shutil.which(name)):
            return path
    pytest.fail("no Chromium here: run scripts/system-packages, or set CHROMIUM")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(),
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
            ],
        )
        yield browser
        browser.close()


Open = Callable[..., Page]


@pytest.fixture
def open_as(browser: Browser, served: Served, states: dict[str, Any]) -> Iterator[Open]:
    """`open_as("organiser", viewport=TABLET, language="ca", dark=False)`: a page, signed in; "visitor" is not."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def make(
        role: str,
        viewport: dict[str, int] = DESKTOP,
        language: str = "ca",
        dark: bool = False,
        scripts: bool = True,
    ) -> Page:
        context = browser.new_context(
            base_url=served.url,
            viewport=viewport,  # type: ignore[arg-type]
            locale={"ca": "ca-ES", "es": "es-ES", "en": "en-GB"}[language],
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            has_touch=viewport is not DESKTOP,
            storage_state=states.get(role),
            accept_downloads=True,
            java_script_enabled=scripts,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: problems.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda message: (
                problems.append(f"{page.url}: {message.text}")
                if message.type == "error" and "status of 4" not in message.text
                else None
            ),
        )
        if role != "visitor" and role not in states:
            sign_in = served.sign_ins[role]
            page.goto("/login")
            page.fill("[name=email]", sign_in["email"])
            page.fill("[name=password]", sign_in["password"])
            page.click("form:has([name=password]) [type=submit]")
            page.wait_for_url(lambda url: "/login" not in url)
            states[role] = context.storage_state()
        return page

    yield make
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture(scope="session")
def states() -> dict[str, Any]:
    """Signed-in sessions by role, kept so that each person signs in once a run."""
    return {}


def faults(page: Page, name: str, rules: dict[str, Any] | None = RULES) -> list[str]:
    """What is wrong with the page: axe's violations of `rules`, and that it scrolls sideways."""
    if os.environ.get("SHOTS"):
        picture(page, name)
    found = []
    if rules:
        answer = Axe().run(page, options={"runOnly": rules, "resultTypes": ["violations"]})
        found = [
            f"{name}: {one['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:300]}"
            for one in answer.response["violations"]
            for node in one["nodes"]
        ]
    width = page.evaluate("document.documentElement.scrollWidth")
    if width > page.viewport_size["width"]:  # type: ignore[index]
        found.append(f"{name}: scrolls sideways: {width}")
    return found


def picture(page: Page, name: str) -> None:
    """The whole page as it is now, for people to look at."""
    SHOTS.mkdir(exist_ok=True)
    for attempt in range(3):
        try:
            page.screenshot(path=str(SHOTS / f"{name}.png"), full_page=True)
        except Error:  # a busy machine now and then gives no picture; the checks do not rest on it
            if attempt == 2:
                raise
            page.wait_for_timeout(500)
        else:
            return


def look(page: Page, name: str, rules: dict[str, Any] | None = RULES) -> None:
    """A picture, a scan for accessibility, and no scrolling sideways; fails with everything that is wrong."""
    picture(page, name)
    found = faults(page, name, rules)
    assert not found, "\n".join(found)
