"""The programmes that are shipped load, and nothing in the code knows them by name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from trainer.curriculum.queries import read_programme
from trainer.curriculum.queries.folders import main_files

ROOT = Path(__file__).parents[2]
MAIN_FILES = main_files([ROOT / "curriculum"])


@pytest.mark.parametrize("path", MAIN_FILES, ids=lambda path: path.parent.name)
def test_every_shipped_programme_is_right(path: Path) -> None:
    report = read_programme(path)
    assert [f"{one.file.name}:{one.line}: {one.path}: {one.text}" for one in report.problems] == []


@pytest.mark.parametrize("path", MAIN_FILES, ids=lambda path: path.parent.name)
def test_no_file_lies_there_unused(path: Path) -> None:
    used = {file.resolve() for file in read_programme(path).files}
    assert {file.resolve() for file in path.parent.rglob("*.yaml")} == used


def test_the_default_programme_is_the_published_course() -> None:
    programme = read_programme(ROOT / "curriculum" / "peer-support-worker" / "programme.yaml").programme
    assert programme is not None
    assert programme.languages == ("ca", "es", "en")
    assert [module.minutes for module in programme.modules] == [240] * 10
    assert [
        module.plan
        for module in programme.modules
        if sum(item.method == "break" for item in module.plan) != 1
    ] == []
    assert {name: [one["kind"] for one in gate.requirements] for name, gate in programme.gates.items()} == {
        "placement": ["attendance"],
        "accreditation": ["gate", "competencies"],
        "completion": ["gate", "placement_hours"],
    }
    assert all(module.handouts for module in programme.modules)
    assert set(programme.principles) == {code for one in programme.competencies for code in one.principles}
    assert set(programme.chime) == {code for one in programme.competencies for code in one.chime}


def test_no_rule_knows_a_programme_by_name() -> None:
    """Nothing of one programme is written in the code, but for the demo, which plays it."""
    programme = read_programme(MAIN_FILES[0]).programme
    assert programme is not None
    names = [
        programme.code,
        *programme.competency_codes,
        *(module.code for module in programme.modules if "-" in module.code),
    ]
    pattern = re.compile("|".join(re.escape(name) for name in names))
    knowing = [
        str(path.relative_to(ROOT))
        for path in sorted(ROOT.glob("trainer/**/*.py"))
        if "demo" not in str(path) and pattern.search(path.read_text(encoding="utf-8"))
    ]
    assert knowing == []
