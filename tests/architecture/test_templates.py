"""Templates parse, and carry nothing inline: the content security policy would drop it without a word."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted(ROOT.glob("trainer/**/templates/**/*.html")) + sorted(
    ROOT.glob("trainer/templates/**/*.html")
)
INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*\ssrc=)|href=\"javascript:", re.I)
WORDS = re.compile(r"\b(failed|dropouts?|dropped out|patients?|(?<!no )diagnos\w+|suffer\w*)\b", re.I)


def test_templates_were_found() -> None:
    assert len(TEMPLATES) > 40


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_is_inline(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.S)
    assert INLINE.findall(text) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_words_do_not_label(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}", "", path.read_text(encoding="utf-8"), flags=re.S)
    assert WORDS.findall(text) == []
