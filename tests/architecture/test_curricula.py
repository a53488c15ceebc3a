"""The programmes that are shipped load, and nothing in the code knows them by name."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from tests.factories.seventh import SEVENTH
from tests.factories.standing import EVALUATORS
from trainer.curriculum.queries import read_programme, schema
from trainer.curriculum.queries.folders import main_files
from trainer.curriculum.rules import requirement_words
from trainer.gates.rules import Status, evaluate_gates

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


PUBLISHED_AS = ("EX-IN", "PeerWorks", "Ontario", "Texas", "Maine", "Cert IV", "Certificate IV", "Osonament")


def names_of(path: Path) -> set[str]:
    """The codes of everything in a programme, and of its folder, that could not be a plain English word."""
    programme = read_programme(path).programme
    assert programme is not None
    things = (*programme.documents, *programme.portfolio, *programme.tests, *programme.decisions)
    codes = {
        programme.code,
        path.parent.name,
        *programme.competency_codes,
        *programme.gates,
        *programme.certificates,
        *(module.code for module in programme.modules),
        *(thing.code for thing in things),
    }
    return {code for code in codes if "-" in code or "." in code}


def dotted(text: str) -> set[str]:
    """Every word of a text, and what of it stands before each dot: a name counts with something after its dot too."""
    words = set(re.findall(r"(?<![\w.-])[\w-]+(?:\.[\w-]+)*", text))
    return {word[:end] for word in words for end in [*(at.start() for at in re.finditer(r"\.", word)), None]}


def test_no_rule_knows_a_programme_by_name() -> None:
    """Nothing of a programme that is shipped is written in the code, but for the demo, which plays one."""
    names = {*PUBLISHED_AS, *(name for path in MAIN_FILES for name in names_of(path))}
    words = {name.lower() for name in names if re.fullmatch(r"[\w-]+(\.[\w-]+)*", name)}
    phrases = sorted(re.escape(name) for name in names if name.lower() not in words)
    pattern = re.compile(rf"(?<![\w.-])({'|'.join(phrases or ['(?!)'])})(?![\w-])", re.IGNORECASE)
    knowing = {
        f"{path.relative_to(ROOT)}: {found}"
        for path in sorted(ROOT.glob("trainer/**/*.py"))
        if "demo" not in str(path)
        for text in [path.read_text(encoding="utf-8")]
        for found in {*(words & dotted(text.lower())), *pattern.findall(text)}
    }
    assert knowing == set()


def test_six_programmes_are_shipped_with_their_sources() -> None:
    programmes = [read_programme(path).programme for path in MAIN_FILES]
    assert len([one for one in programmes if one]) == 6
    for programme in programmes:
        assert programme is not None
        assert programme.languages == ("ca", "es", "en")
        assert programme.sources and all(source.author for source in programme.sources)
        assert "not" in (programme.note or {"en": "not"})["en"]


def test_a_seventh_programme_needs_no_code(tmp_path: Path) -> None:
    """Made up, of every kind of requirement there is: it is read, said in words, and every kind has an evaluator."""
    main = tmp_path / "evening-school" / "programme.yaml"
    main.parent.mkdir()
    main.write_text(SEVENTH, encoding="utf-8")
    report = read_programme(main)
    assert [f"{one.line}: {one.path}: {one.text}" for one in report.problems] == []
    programme = report.programme
    assert programme is not None
    rules = [rule for gate in programme.gates.values() for rule in gate.requirements]
    known = schema()["definitions"]["requirement"]["properties"]["kind"]["enum"]
    assert {rule["kind"] for rule in rules} == set(known) == EVALUATORS.kinds
    assert not [one for one in rules if "Meet the requirement" in str(requirement_words(programme, one))]
    results = evaluate_gates(programme, {}, EVALUATORS, today=date(2026, 5, 4))
    assert {name: gate.status for name, gate in results.items()} == dict.fromkeys(
        programme.gates, Status.NOT_YET
    )
    assert all(one.next_step for gate in results.values() for one in gate.requirements)


def test_the_smallest_programme_of_the_manual_is_right(tmp_path: Path) -> None:
    manual = (ROOT / "curriculum" / "README.md").read_text(encoding="utf-8")
    (written,) = re.findall(r"```yaml\n(code: .*?)```", manual, re.DOTALL)
    main = tmp_path / "night-school.yaml"
    main.write_text(written, encoding="utf-8")
    assert [str(one.text) for one in read_programme(main).problems] == []
