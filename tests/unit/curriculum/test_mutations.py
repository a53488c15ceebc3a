"""One mistake in a programme: it is refused with place and remedy, in one message, or it is a programme that decides."""

from __future__ import annotations

import random
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories.mutation_checks import survives
from tests.factories.mutations import changed, respelt, write
from tests.factories.seventh import SEVENTH
from tests.factories.standing import CURRICULUM
from trainer.curriculum.queries import Report, read_programme

SOURCES: dict[str, Any] = {
    name: yaml.load((CURRICULUM / name / "programme.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    for name in ("maine-ips", "texas-peer-specialist", "cert-iv-mental-health-peer-work")
}
SOURCES["seventh"] = yaml.safe_load(SEVENTH)


def sound(report: Report, chance: random.Random) -> None:
    """Either a programme that can be said and decided, or problems that say where and what."""
    if report.programme is not None:
        assert report.problems == ()
        survives(report.programme, chance)
        return
    lines = report.path.read_bytes().count(b"\n") + 1
    assert report.problems
    for problem in report.problems:
        assert problem.file == report.path and 1 <= problem.line <= lines
        assert problem.path and "%(" not in str(problem.text) and len(str(problem.text)) > 10


@given(seed=st.integers(0, 2**32), name=st.sampled_from(("seventh", "seventh", *SOURCES)))
@settings(max_examples=30, deadline=None)
def test_a_change_is_refused_in_words_or_decides(seed: int, name: str) -> None:
    chance = random.Random(seed)
    with TemporaryDirectory() as folder:
        source, _ = changed(chance, SOURCES[name])
        sound(read_programme(write(Path(folder), source)), chance)


@given(seed=st.integers(0, 2**32), text=st.just(SEVENTH))
@settings(max_examples=25, deadline=None)
def test_a_slip_of_the_hand_is_refused_in_words_or_decides(seed: int, text: str) -> None:
    chance = random.Random(seed)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "programme.yaml"
        path.write_bytes(respelt(chance, text)[0])
        sound(read_programme(path), chance)


ONE_MISTAKE = [
    ("  - number: 2\n    code: windows", "    number: 2\n    code: windows", "(file): not valid YAML"),
    ("sessions: [70, 50]", "sessions: [70, 50]\n    minutes: 120\n    title: {en: \"Windows\"}",
     "modules[2].minutes: several keys are here twice (`minutes`, `title`)"),
    ("tests:\n", "tets:\n", "tets: no such key: `tets`; did you mean `tests`?"),
    ("{code: quiz,", "{cod: quiz,", "tests[1].cod: no such key: `cod`; did you mean `code`?"),
    ("{code: quiz,", "{code: Quiz,", "tests[1].code: `Quiz` does not fit: Lower-case letters"),
    ("{code: quiz,", "{code: quizz,", "(did you mean `quizz`?) (the same at programme.yaml:64)"),
    ("placement: {weeks", "placment: {weeks", "placment: no such key: `placment`; did you mean `placement`?"),
    ("    opens: placement\n", "    opns: placement\n", "gates.first.opns: no such key: `opns`; did you mean `opens`?"),
    ("    issues: accreditation\n", "    isues: accreditation\n", "gates.accreditation.isues: no such key"),
    ("  accreditation:\n    title: {en: \"Acc", "  acreditation:\n    title: {en: \"Acc",
     "gates: a programme has at least the gate `accreditation`: say what accredits someone (did you mean `acreditation`?)"),
    ("certificates:\n  accreditation:", "certificates:\n  acreditation:",
     "gates.accreditation.issues: there is no wording for it: add `accreditation` under `certificates`, or name another "
     "(did you mean `acreditation`?)"),
    ("languages: [en]", "languages: [en, fr]", "languages[2]: no text is in `fr`: take it out of the list, or write "),
    ("languages: [en]", "languages: [fr]", "languages[1]: no text is in `fr`, but 25 are in `en`, which is not in this list"),
    ("languages: [en]", "languages: [English]", "languages[1]: `English` does not fit"),
    ("title: {en: \"Doors\"}", "title: {En: \"Doors\"}",
     "modules[1].title.En: `En` is not a language of the programme (en): did you mean `en`?"),
    ("title: {en: \"Doors\"}", "title: {}", "modules[1].title: empty: write it, or remove the key"),
    ("title: {en: \"Doors\"}", "title: [Doors]",
     "modules[1].title: a list is here, but the text belongs here once for each language (en: …)"),
    ("- {number: 1, code: doors,", "- {number: 4, code: doors,", "modules[1].number: this is module 1 of the list"),
    ("- {code: tree, title: {en: \"Tree\"}, passing: true}", "- tree", "scale.levels[2]: the text “tree” is here, but keys"),
    ("{code: windows.clean,", "{code: doors.open,", "the code `doors.open` is already taken by doors: choose another"),
    ("{number: 1, code: doors,", "{number: 1, code: windows,", "modules[2].code: `windows` is already number 1 of this list"),
    ("scale:\n", "scal:\n", "scal: no such key: `scal`; did you mean `scale`?"),
    ("out_of: 40", "out_of: 99999999999999999", "tests[1].out_of: the number 99999999999999999 is far too large"),
    ("base: sessions", "\tbase: sessions", "(file): a tab begins this line"),
    ("sessions: [70, 50]", "sessions: [70, -50]", "modules[2].sessions[2]: -50 is too little: at least 1"),
    ("question: {en: \"Is this", "question: {en: \"\"Is this", "(file): not valid YAML: a comma, a closing bracket or a quote"),
    ("ects: \"0.4\"", "ects: \"0.4", "(file): "),
    ("      country: ES\n      hours: 10\n", "", "credential.country: missing: add the keys `country`, `hours`"),
    ("- {en: \"{name} was there.\"}", "- {en: \"She was there.\"}", "accreditation.lines: no line holds {name}"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), ONE_MISTAKE)
def test_one_mistake_is_one_message(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert old in SEVENTH
    path = tmp_path / "programme.yaml"
    path.write_text(SEVENTH.replace(old, new, 1), encoding="utf-8")
    found = [f"{one.path}: {one.text}" for one in read_programme(path).problems]
    assert len(found) == 1, found
    assert expected in found[0]
