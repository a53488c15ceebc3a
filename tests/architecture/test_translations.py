"""Every string a person can see is in the catalogues, in Catalan and Spanish, with its places intact."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).parents[2]
PLACES = re.compile(r"%\((\w+)\)[sd]")
KEYWORDS = ["lazy_gettext", "_l", "msg", "nmsg:1,2", "gettext", "_", "ngettext:1,2"]


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> polib.POFile:
    target = tmp_path_factory.mktemp("pot") / "messages.pot"
    command = [
        str(Path(sys.executable).parent / "pybabel"),
        "-q",
        "extract",
        "-F",
        "babel.cfg",
        "-o",
        str(target),
    ]
    for keyword in KEYWORDS:
        command += ["-k", keyword]
    subprocess.run([*command, "trainer"], cwd=ROOT, check=True, capture_output=True)
    return polib.pofile(str(target))


@pytest.mark.parametrize("language", ["ca", "es"])
def test_catalogue_is_complete(extracted: polib.POFile, language: str) -> None:
    catalogue = polib.pofile(str(ROOT / f"trainer/translations/{language}/LC_MESSAGES/messages.po"))
    entries = {(entry.msgid, entry.msgid_plural): entry for entry in catalogue if not entry.obsolete}
    missing, wrong = [], []
    for source in extracted:
        entry = entries.get((source.msgid, source.msgid_plural))
        if entry is None or entry.fuzzy or not entry.translated():
            missing.append(source.msgid)
            continue
        for text in entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]:
            wanted = set(PLACES.findall(source.msgid + source.msgid_plural))
            found = set(PLACES.findall(text))
            # A singular may leave the number out ("one session").
            if found - wanted or wanted - found - {"num"}:
                wrong.append((source.msgid, text))
    assert missing == []
    assert wrong == []


def test_most_words_were_found(extracted: polib.POFile) -> None:
    assert len(extracted) > 500
