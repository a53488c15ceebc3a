"""What a certificate attests and for how long it is good: what is refused, where, and what comes of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.factories.programme import spoil, write_programme
from trainer.curriculum.queries.reading import read_programme
from trainer.curriculum.rules import Programme, certificate_words

CREDENTIAL = """\
    credential:
      country: ES
      hours: 2
      assessment: {ca: "Cap", en: "None"}
      participation: {ca: "Presencial", en: "In person"}
      quality_assurance: {ca: "Interna", en: "Internal"}
"""
ATTENDANCE = (
    """\
  attendance:
    attests: attendance
    unless: accreditation
    title: {ca: "Assistència", en: "Attendance"}
    lines:
      - {ca: "{name}: {attended_hours}.", en: "{name}: {attended_hours}."}
"""
    + CREDENTIAL
)
VALIDITY = """\
    valid_for: {years: 2}
    remind_days: [30, 90]
    renewal:
      note: {ca: "Escriviu-nos.", en: "Write to us."}
"""


@pytest.fixture
def main(tmp_path: Path) -> Path:
    """The small programme with an attestation, and an accreditation that is good for two years."""
    path = write_programme(tmp_path / "small")
    spoil(path, "modules:\n", ATTENDANCE + "modules:\n")
    spoil(
        path,
        '  accreditation:\n    title: {ca: "Certificat"',
        "  accreditation:\n" + VALIDITY + '    title: {ca: "Certificat"',
    )
    return path


def programme(path: Path) -> Programme:
    report = read_programme(path)
    assert report.programme is not None, [str(one.text) for one in report.problems]
    return report.programme


def test_what_is_written_comes_back(main: Path) -> None:
    found = programme(main)
    one = found.certificates["accreditation"]
    assert (one.valid_for, one.remind_days) == ({"years": 2}, (90, 30))
    assert one.renewal == {"ca": "Escriviu-nos.", "en": "Write to us."}
    other = found.certificates["attendance"]
    assert (other.attests_attendance, other.unless, other.credential.ects) == (True, "accreditation", None)
    assert other.valid_for is None
    assert found.kinds == ("accreditation", "attendance")


def test_what_is_not_written_leaves_the_hash_as_it_was(tmp_path: Path) -> None:
    path = write_programme(tmp_path / "small")
    content = programme(path).content["certificates"]["accreditation"]
    assert set(content) == {"title", "lines", "outcomes", "credential"}
    before = programme(path).hash
    spoil(
        path,
        '  accreditation:\n    title: {ca: "Certificat"',
        '  accreditation:\n    attests: achievement\n    title: {ca: "Certificat"',
    )
    assert programme(path).hash == before


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{years: 2}", "{years: 2, months: 3}", "accreditation.valid_for: only one of these keys"),
        ("{years: 2}", "{}", "accreditation.valid_for: empty"),
        ("{years: 2}", "{years: 0}", "accreditation.valid_for.years: 0 is too little"),
        ("{years: 2}", '{years: "two"}', "accreditation.valid_for.years: the text “two” is here, but a whole"),
        ("{years: 2}", "{weeks: 2}", "accreditation.valid_for.weeks: no such key"),
        ("{years: 2}", "{months: 1}", "remind_days[1]: 30 days before its end it is not there yet"),
        ("[30, 90]", "[30, 30]", "remind_days: `30` is in this list twice"),
        ("[30, 90]", "[0]", "remind_days[1]: 0 is too little"),
        ('{ca: "Escriviu-nos.", en: "Write to us."}', '{ca: "Escriviu-nos."}', "renewal.note.en: the text"),
        ("    valid_for: {years: 2}\n", "", "accreditation.remind_days: without `valid_for` it is good for"),
        ("attests: attendance", "attests: presence", "attendance.attests: `presence` is not known here"),
        ("unless: accreditation", "unless: attendance", "unless: name the kind of certificate that makes"),
        ("unless: accreditation", "unless: diploma", "unless: name the kind of certificate that makes"),
        ("    attests: attendance\n", "", "attendance.unless: only an attestation has it"),
        ("    attests: attendance\n", "", "attendance.credential.ects: missing: add the key `ects`"),
        ("    attests: attendance\n", "", "lines[1].ca: {attended_hours} belongs only where `attests: at"),
        ("{attended_hours}.\", en: \"{name}: {attended_hours}", "x\", en: \"{name}: x", "no line holds {attended_hours}"),
        ("issues: accreditation", "issues: attendance", "gates.accreditation.issues: `attendance` attests"),
        ('assessment: {ca: "Cap"', 'ects: "1"\n      assessment: {ca: "Cap"', "credential.ects: attendance gives no cr"),
        (
            '    lines:\n      - {ca: "{name}: ',
            '    outcomes:\n      - {ca: "u", en: "one"}\n    lines:\n      - {ca: "{name}: ',
            "attendance.outcomes: attendance shows no learning outcomes",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place(main: Path, old: str, new: str, said: str) -> None:
    spoil(main, old, new)
    problems = [f"{one.path}: {one.text}" for one in read_programme(main).problems]
    assert any(said in one for one in problems), problems


def test_without_reminders_and_conditions_it_may_still_end(main: Path) -> None:
    spoil(main, "    remind_days: [30, 90]\n", "")
    found = programme(main).certificates["accreditation"]
    assert (found.valid_for, found.remind_days) == ({"years": 2}, ())


def test_the_programmes_page_says_it(main: Path) -> None:
    ends, reminds, asks, attends, beside = certificate_words(programme(main))
    assert str(ends).endswith("is good for 2 years.")
    assert asks.values["what"]["en"] == "Write to us."
    assert str(reminds) == "Its holder is reminded 90, 30 days before it ends."
    assert "attests attendance" in str(attends) and "is not given beside" in str(beside)
    spoil(main, "{years: 2}", "{months: 6}")
    assert str(certificate_words(programme(main))[0]).endswith("is good for 6 months.")
