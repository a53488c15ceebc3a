"""A programme read from files: every problem with its file, line and path."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.factories.programme import spoil, write_programme
from trainer.curriculum.queries import read_programme, reports
from trainer.curriculum.queries.folders import main_files


@pytest.fixture
def main(tmp_path: Path) -> Path:
    return write_programme(tmp_path / "small")


def problems(main: Path) -> list[str]:
    return [
        f"{one.file.relative_to(main.parent)}:{one.line}: {one.path}: {one.text}"
        for one in read_programme(main).problems
    ]


def only(main: Path) -> str:
    found = problems(main)
    assert len(found) == 1, found
    return found[0]


def test_the_small_programme_is_right(main: Path) -> None:
    report = read_programme(main)
    assert report.problems == ()
    assert report.programme is not None
    assert [file.name for file in report.files] == ["programme.yaml", "1.yaml", "2.yaml"]


def test_layout_and_comments_change_no_hash(main: Path, tmp_path: Path) -> None:
    before = read_programme(main).programme
    spoil(main, "code: small\n", "# a comment\n\ncode:   'small'\n")
    after = read_programme(main).programme
    assert before is not None
    assert after is not None
    assert before.hash == after.hash


CASES = [
    (
        "modules/2.yaml",
        "minutes: 20",
        "minutes: 15",
        "modules/2.yaml:25: plan: the activities add up to 55 minutes",
    ),
    (
        "modules/2.yaml",
        "minutes: 20",
        "minutes: 21",
        "modules/2.yaml:25: plan: the activities add up to 61 minutes",
    ),
    (
        "modules/1.yaml",
        "minutes: 20",
        "minutes: 020",
        "modules/1.yaml:30: plan[2].minutes: YAML reads 020 as another",
    ),
    (
        "modules/1.yaml",
        "minutes: 20",
        'minutes: "20"',
        "modules/1.yaml:30: plan[2].minutes: the text “20” is here, but",
    ),
    (
        "modules/1.yaml",
        "lived_experience: true",
        "lived_experience: false",
        "modules/1.yaml:6: taught_by: at least one",
    ),
    (
        "modules/1.yaml",
        "lived_experience: true",
        "lived_experience: yes",
        "8: taught_by[1].lived_experience: yes is read",
    ),
    (
        "modules/1.yaml",
        '  - {ca: "tres", en: "three"}\n',
        "",
        "modules/1.yaml:9: outcomes: 2 here: at least 3 belong",
    ),
    (
        "modules/1.yaml",
        'ca: "dos", en: "two"',
        'ca: "dos"',
        "modules/1.yaml:11: outcomes[2].en: the text in this lang",
    ),
    (
        "modules/1.yaml",
        'ca: "dos", en',
        'no: "to", ca: "dos", en',
        "11: outcomes[2].no: the key no is read by YAML as",
    ),
    (
        "modules/1.yaml",
        'ca: "dos", en',
        'fr: "deux", ca: "dos", en',
        "11: outcomes[2].fr: `fr` is not a language of",
    ),
    (
        "modules/1.yaml",
        '{ca: "dos", en: "two"}',
        "two",
        "outcomes[2]: the text “two” is here, but the text belongs here o",
    ),
    ("modules/1.yaml", '"dos"', '" "', "modules/1.yaml:11: outcomes[2].ca: empty: write it"),
    (
        "modules/1.yaml",
        "method: circle",
        "method: dance",
        "modules/1.yaml:28: plan[1].method: no such method: `dance`",
    ),
    (
        "modules/1.yaml",
        "number: 1",
        "number: 3",
        "modules/1.yaml:1: number: this is module 1 of the list but its number",
    ),
    ("modules/1.yaml", "aim:", "aims:", "modules/1.yaml:4: aims: no such key: `aims`; did you mean `aim`?"),
    (
        "modules/2.yaml",
        "m2.first",
        "m1.first",
        "modules/2.yaml:14: competencies[1].code: the code `m1.first` is already",
    ),
    (
        "modules/2.yaml",
        "code: m2\n",
        "code: m1\n",
        "modules/2.yaml:2: code: `m1` is already number 1 of this list",
    ),
    (
        "modules/1.yaml",
        "code: m1\n",
        "code: Mòdul 1\n",
        "modules/1.yaml:2: code: `Mòdul 1` does not fit: Lower-case",
    ),
    (
        "modules/1.yaml",
        "principles: [mutual]",
        "principles: [mutal]",
        "16: competencies[1].principles[1]: `mutal` is not u",
    ),
    (
        "modules/1.yaml",
        "not_yet: {",
        "notyet: {",
        "competencies[1].descriptors: the level `not_yet` has no descriptor",
    ),
    (
        "modules/1.yaml",
        "not_yet: {",
        "notyet: {",
        "competencies[1].descriptors.notyet: the scale has no level `notyet`",
    ),
    (
        "modules/1.yaml",
        "minutes: 60",
        "minutes: 60\nminutes: 61",
        "modules/1.yaml:6: minutes: the key `minutes` is here tw",
    ),
    (
        "modules/1.yaml",
        "minutes: 60",
        "minutes: 60.0",
        "modules/1.yaml:5: minutes: 60.0 would be a rounded number",
    ),
    (
        "modules/1.yaml",
        "code: sheet",
        "code: *sheet",
        "modules/1.yaml:35: handouts[1].code: aliases (*sheet) are not",
    ),
    ("programme.yaml", "passing: true", "passing: false", "programme.yaml:7: scale.levels: no level passes"),
    (
        "programme.yaml",
        "passing: false",
        "passing: true",
        "programme.yaml:7: scale.levels: every level passes",
    ),
    (
        "programme.yaml",
        "methods:",
        "methods:\n  circle: {ca: x, en: y}",
        "circle: the key `circle` is here twice, first on",
    ),
    (
        "programme.yaml",
        '"80 %"',
        '"0 %"',
        "requirements[1].at_least: write a share above nothing and at most the whole",
    ),
    (
        "programme.yaml",
        '"80 %"',
        '"101 %"',
        "programme.yaml:21: gates.start.requirements[1].at_least: write a share ab",
    ),
    (
        "programme.yaml",
        '"80 %"',
        "0.8",
        "gates.start.requirements[1].at_least: 0.8 would be a rounded number",
    ),
    (
        "programme.yaml",
        '"80 %"',
        "80",
        "gates.start.requirements[1].at_least: the number 80 is here, but a text belongs",
    ),
    (
        "programme.yaml",
        '"80 %"',
        '"most"',
        "requirements[1].at_least: `most` does not fit: An exact share between quotes",
    ),
    (
        "programme.yaml",
        "gate: start",
        "gate: begin",
        "requirements[1].gate: no such gate: `begin`: add it under `gates`",
    ),
    (
        "programme.yaml",
        "level: achieved",
        "level: perfect",
        "requirements[2].level: the scale has no level `perfect`",
    ),
    (
        "programme.yaml",
        "level: achieved",
        "level: not_yet",
        "requirements[2].level: the level `not_yet` does not pass",
    ),
    (
        "programme.yaml",
        "which: all",
        "which: [m9.x]",
        "requirements[2].which[1]: no module has the competency `m9.x`",
    ),
    (
        "programme.yaml",
        "which: all",
        "which: some",
        "requirements[2].which: `some` is not known here: write one of all",
    ),
    (
        "programme.yaml",
        "kind: gate,",
        "kind: gait,",
        "requirements[1].kind: `gait` is not known here: write one of att",
    ),
    (
        "programme.yaml",
        "issues: accreditation",
        "issues: diploma",
        "issues: there is no wording for it: add `diploma`",
    ),
    (
        "programme.yaml",
        "issues: accreditation",
        "issues: diploma",
        "certificates.accreditation: no gate issues it",
    ),
    (
        "programme.yaml",
        '  accreditation:\n    title: {ca: "A',
        '  final:\n    title: {ca: "A',
        "gates: a programme has at lea",
    ),
    (
        "programme.yaml",
        '"{name} ha fet',
        '"{nom} ha fet',
        "certificates.accreditation.lines[1].ca: no such place: {nom}",
    ),
    (
        "programme.yaml",
        '"{name} ha fet',
        '"Algú ha fet',
        "certificates.accreditation.lines[1].ca: {name} stands in anot",
    ),
    (
        "programme.yaml",
        '"{name} ha fet',
        '"{name} ha {fet',
        "certificates.accreditation.lines[1].ca: no such place: {{}",
    ),
    (
        "programme.yaml",
        "languages: [ca, en]",
        "languages: [ca, en, en]",
        "programme.yaml:3: languages[3]: `en` is already number 2",
    ),
    (
        "programme.yaml",
        'version: "1"',
        "version: 1.0",
        "programme.yaml:2: version: 1.0 would be a rounded number: write it as",
    ),
    (
        "programme.yaml",
        "opens: placement",
        "opens: door",
        "gates.start.opens: `door` is not known here: write one of pla",
    ),
    (
        "programme.yaml",
        "placement: {weeks",
        "placements: {weeks",
        "placements: no such key: `placements`; did you mean `placement`?",
    ),
    ("programme.yaml", "country: ES", "country: NO", "credential.country: NO is read by YAML as false"),
    ("programme.yaml", "country: ES", 'country: "NO"', "ok"),
    (
        "programme.yaml",
        "modules/2.yaml",
        "modules/3.yaml",
        "programme.yaml:42: modules[2]: there is no file `modules/3.yam",
    ),
    (
        "programme.yaml",
        "modules/2.yaml",
        "modules/1.yaml",
        "programme.yaml:42: modules[2]: the file `modules/1.yaml` is ",
    ),
    (
        "programme.yaml",
        "modules/2.yaml",
        "../x.yaml",
        "programme.yaml:42: modules[2]: lies outside the programme's fold",
    ),
    (
        "programme.yaml",
        "modules/2.yaml",
        "/etc/passwd",
        "programme.yaml:42: modules[2]: lies outside the programme's fo",
    ),
    ("programme.yaml", "modules/2.yaml", "modules", "programme.yaml:42: modules[2]: not a YAML file"),
]


@pytest.mark.parametrize(("file", "old", "new", "expected"), CASES)
def test_problems_have_place_and_remedy(main: Path, file: str, old: str, new: str, expected: str) -> None:
    spoil(main.parent / file, old, new)
    found = problems(main)
    if expected == "ok":
        assert found == []
    else:
        assert any(expected in line for line in found), found
        assert len(found) <= 3, found


def test_every_problem_is_told_at_once(main: Path) -> None:
    spoil(main, "gate: start", "gate: begin")
    spoil(main.parent / "modules" / "1.yaml", "minutes: 20", "minutes: 15")
    spoil(main.parent / "modules" / "1.yaml", "method: circle", "method: dance")
    spoil(main.parent / "modules" / "2.yaml", "lived_experience: true", "lived_experience: false")
    assert [line.split(":")[0] for line in problems(main)] == [
        "programme.yaml",
        "modules/1.yaml",
        "modules/1.yaml",
        "modules/2.yaml",
    ]


def test_gates_in_a_circle(main: Path) -> None:
    spoil(main, '{kind: attendance, at_least: "80 %"}', "{kind: gate, gate: accreditation}")
    assert only(main).startswith(
        "programme.yaml:17: gates.start: gates wait for each other in a circle (start → accreditation"
    )


def test_a_gate_that_waits_for_itself(main: Path) -> None:
    spoil(main, "gate: start", "gate: accreditation")
    assert "gates.accreditation: gates wait for each other in a circle" in only(main)


def test_credits_have_to_agree(main: Path) -> None:
    spoil(main, "methods:", 'credits: {workload_hours: 40, hours_per_ects: 25, ects: "1.5"}\nmethods:')
    assert "credits.ects: 1.5 credits of 25 hours are 37.5 hours, but workload_hours is 40" in only(main)


def test_syntax_names_the_line_of_the_file_that_has_it(main: Path) -> None:
    spoil(main.parent / "modules" / "2.yaml", "aim: {", "aim: ca: {")
    assert only(main).startswith("modules/2.yaml:4: (file): not valid YAML")


def test_a_link_out_of_the_folder_is_not_followed(main: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.yaml"
    outside.write_text("number: 2\n")
    os.remove(main.parent / "modules" / "2.yaml")
    (main.parent / "modules" / "2.yaml").symlink_to(outside)
    assert "lies outside the programme's folder" in only(main)


def test_a_module_may_stand_in_the_main_file(main: Path) -> None:
    from tests.factories.programme import MODULE

    text = MODULE.format(number=2).replace("minutes: 20", "minutes: 19")
    inline = "  - " + text.replace("\n", "\n    ").rstrip()
    spoil(main, "  - modules/2.yaml", inline)
    assert only(main).startswith("programme.yaml:66: modules[2].plan: the activities add up to 59 minutes")


@pytest.mark.parametrize(
    "text", ["", "[]", "just words", "- a\n- b\n", "modules: 3\n", "gates: []\nscale: 4\n", "{}"]
)
def test_nonsense_is_a_problem_and_never_an_exception(main: Path, text: str) -> None:
    main.write_text(text)
    report = read_programme(main)
    assert report.programme is None
    assert report.problems


def test_one_bad_programme_does_not_hide_the_others(tmp_path: Path) -> None:
    write_programme(tmp_path / "curricula" / "good", "good")
    bad = write_programme(tmp_path / "curricula" / "bad", "bad")
    bad.write_text("code: [", encoding="utf-8")
    found = reports([tmp_path / "curricula"])
    assert [one.programme.code if one.programme else None for one in found] == [None, "good"]


def test_a_code_that_is_taken(tmp_path: Path) -> None:
    write_programme(tmp_path / "a" / "one", "same")
    write_programme(tmp_path / "b" / "two", "same")
    first, second = reports([tmp_path / "a", tmp_path / "b"])
    assert first.programme is not None
    assert second.programme is None
    assert "the code `same` belongs to" in str(second.problems[0].text)


def test_files_are_read_again_only_when_they_change(tmp_path: Path) -> None:
    main = write_programme(tmp_path / "c" / "small")
    [before] = reports([tmp_path / "c"])
    [again] = reports([tmp_path / "c"])
    assert again.programme is before.programme
    spoil(main.parent / "modules" / "1.yaml", '"To try"', '"To try out"')
    [after] = reports([tmp_path / "c"])
    assert before.programme is not None
    assert after.programme is not None
    assert after.programme.hash != before.programme.hash


def test_where_programmes_are_looked_for(tmp_path: Path) -> None:
    own = write_programme(tmp_path / "own")
    write_programme(tmp_path / "many" / "one")
    (tmp_path / "many" / "single.yaml").write_text("code: x\n")
    (tmp_path / "many" / "README.md").write_text("no programme\n")
    (tmp_path / "many" / "empty").mkdir()
    found = main_files([tmp_path / "many", tmp_path / "own", tmp_path / "nowhere"])
    assert found == [tmp_path / "many/one/programme.yaml", tmp_path / "many/single.yaml", own]
