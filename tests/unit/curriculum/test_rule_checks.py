"""Requirements and rules of a programme: what they name and ask for, every mistake with its place and remedy; and in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.factories.seventh import SEVENTH
from trainer.curriculum.queries import read_programme
from trainer.curriculum.queries.shape import shape_findings
from trainer.curriculum.rules import (
    attendance_words,
    canonical,
    check,
    content_hash,
    placement_words,
    programme_from,
    requirement_words,
    rule_words,
    things_words,
)

SPOILT = [
    ("modules: [doors], at_least", "modules: [dors], at_least",
     "gates.first.requirements.3.modules.0: `dors` is not the code of a module"),
    ("test: quiz, at_least", "test: exam, at_least", "gates.first.requirements.6.test: `exam` is not the code of a test"),
    ("decision: welcome}\\n      - {kind: order", "decision: farewell}\\n      - {kind: order",
     "gates.accreditation.requirements.7.decision: `farewell` is not the code of a decision"),
    ("which: [agreement]", "which: [promise]", "requirements.5.which.0: `promise` is not the code of a document: add it under "
     "`documents`, or name another (there are statement, agreement)"),
    ("which: [diary]", "which: [album]", "requirements.6.which.0: `album` is not the code of a part of the portfolio"),
    ("{portfolio: diary}", "{portfolio: album}", "requirements.8.steps.3.portfolio: `album` is not the code of a part"),
    ("{kind: documents, which: all}", "{kind: portfolio, which: all}", None),
    ('share: "12.5 %"', 'share: "100 %"', "requirements.2.at_most.share: less than the whole may be missed"),
    ('at_least: "75 %"', 'at_least: "101 %"', "requirements.1.at_least: write a share above nothing"),
    ('at_least: "60 %"', 'at_least: "0 %"', "requirements.6.at_least: write a share above nothing"),
    ('below: "50 %"', 'below: "150 %"', "requirements.0.below: write a share above nothing"),
    ("at_most: {hours: 2}", 'below: "50 %", at_most: {hours: 2}', "requirements.1.below: says when a whole session counts"),
    ("at_most: {sessions: 1}", "at_most: {sessions: 3}", "requirements.0.at_most.sessions: the programme has 3 sessions"),
    ("which: [doors.open, windows.clean], at_least: 1", "which: [doors.open, windows.clean], at_least: 3",
     "requirements.2.at_least: asks for 3 of 2"),
    ("which: [doors.open", "which: [doors.shut", "requirements.2.which.0: no module has the competency `doors.shut`"),
    ("sessions: [2, 3]", "sessions: [2, 4]", "requirements.4.sessions.1: the modules are taught in 3 sessions"),
    ("{kind: unmissable, sessions: [2, 3]}", "{kind: unmissable}", "requirements.4.modules: name the `modules`"),
    ("{kind: unmissable, sessions: [2, 3]}", "{kind: unmissable, sessions: [2], modules: [doors]}",
     "requirements.4.sessions: `modules` are named already"),
    ("make_ups:\\n    ways: [session, task]", "make_ups:\\n    ways: [session, magic]",
     "attendance.make_ups.ways.1: `magic` is not"),
    ("not_for: [doors]", "not_for: [floors]", "attendance.make_ups.not_for.0: `floors` is not the code of a module"),
    ("within: {weeks: 6}", "within: {weeks: 6, years: 1}", "attendance.make_ups.within: only one of these keys"),
    ("placement: 1, kinds", "kinds", "requirements.3.within: say from which placement's first day"),
    ("placement: {weeks", "x_placement: {weeks",
     "requirements.3: asks for placement hours, but the programme has no `placement`"),
    ("placement: {weeks", "x_placement: {weeks", "requirements.8.steps.2.placement: the programme has no `placement`"),
    ("steps: [{module: doors}, {test: quiz}, {placement: 1}, {portfolio: diary}, {decision: welcome}]",
     "steps: [{module: doors}]", "requirements.8.steps: one step has no order"),
    ("{test: quiz}, {placement: 1}", "{module: doors}, {placement: 1}", "requirements.8.steps.1: is step 1 already"),
    ("{test: quiz}, {placement: 1}", "{placement: 2}, {placement: 1}",
     "requirements.8.steps.2.placement: placements are counted by their first day: 1 comes before 2"),
    ("counts_as: credited", "counts_as: absent", "attendance.excused.cap: an excused absence counts like any other"),
    ("required: 3", "required: 1", "scale.assessors.kinds: the kinds add up to 2 assessors, but `required` is 1"),
    ("decides: all", "decides: reference_professional",
     "scale.assessors.decides: `reference_professional` decides, but is not"),
    ("at_most: 1}", "at_most: 9}", "prior_learning.at_most: the programme has 2 competencies"),
    ("{code: agreement,", "{code: statement,", "documents.1.code: `statement` is already number 1 of this list"),
    ("sessions: [70, 50]", "sessions: [70, 49]",
     "modules.1.sessions: the sessions add up to 119 minutes, but the module has 120"),
    ("by: trainer", "by: anybody", "decisions.0.by: `anybody` is not known here"),
    ("kind: order", "kind: sequence", "requirements.8.kind: `sequence` is not known here"),
    ("out_of: 40", 'out_of: "40"', "tests.0.out_of: the text “40” is here, but a whole number"),
    ("follow_up_minutes: 0", "follow_up_minutes: -1", "placement.follow_up_minutes: -1 is too little"),
    ("scale:\\n", "scala:\\n", "scale: modules have competencies: say on which scale"),
]  # fmt: skip


def source(text: str = SEVENTH) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(text)
    return data


def programme(text: str = SEVENTH) -> Any:
    content = canonical(source(text))
    return programme_from(content, content_hash(content))


@pytest.mark.parametrize(("old", "new", "expected"), SPOILT)
def test_every_mistake_is_explained_with_its_place(old: str, new: str, expected: str | None) -> None:
    old, new = old.replace("\\n", "\n"), new.replace("\\n", "\n")
    assert old in SEVENTH
    spoilt = source(SEVENTH.replace(old, new, 1))
    found = [
        f"{'.'.join(map(str, one.path))}: {one.text}" for one in [*shape_findings(spoilt), *check(spoilt)]
    ]
    if expected is None:
        assert found == []
    else:
        assert any(expected in one for one in found), found


def test_rules_without_competencies_or_scale() -> None:
    """A programme may have neither; what then asks for them is told."""
    data = source()
    del data["scale"]
    for module in data["modules"]:
        module.pop("competencies")
    found = {".".join(map(str, one.path)): str(one.text) for one in check(data)}
    assert set(found) == {"gates.accreditation.requirements.2", "prior_learning"}
    data["gates"]["accreditation"]["requirements"].pop(2)
    del data["prior_learning"]
    assert shape_findings(data) == check(data) == []
    content = canonical(data)
    shown = programme_from(content, content_hash(content))
    assert shown.scale.levels == () and shown.competency_codes == () and shown.methods == {}


def test_a_plan_needs_methods() -> None:
    data = source()
    data["modules"][0]["plan"] = [
        {"minutes": 100, "title": {"en": "Talk"}, "method": "circle", "what": {"en": "Talk"}}
    ]
    assert [str(one.text) for one in check(data)] == [
        "the programme lists no methods: add `circle` under `methods`"
    ]


def test_what_is_not_written_changes_no_hash(tmp_path: Path) -> None:
    """Courses are pinned to hashes: the keys that came later are in the content only where a source has them."""
    plain = canonical(source())
    later = {"note", "appeals", "prior_learning", "documents", "portfolio", "tests", "decisions"}
    assert later <= set(plain)
    data = source()
    for key in later:
        del data[key]
    for key in ("make_ups", "notice"):
        del data["attendance"][key]
    content = canonical(data)
    assert not later & set(content) and set(content["attendance"]) == {
        "base", "excused", "late_joiners", "pauses", "note"}  # fmt: skip
    assert "sessions" not in content["modules"][0] and "aim" not in content["modules"][0]


def test_the_first_versions_keep_their_hash() -> None:
    """The hash of a programme as it was written before any of the later keys: computed then, kept here."""
    from tests.factories.programme import MAIN, MODULE

    data = source(MAIN)
    data["modules"] = [yaml.safe_load(MODULE.format(number=number)) for number in (1, 2)]
    assert content_hash(canonical(data)) == (
        "sha256:6a4038a1bfafe3531cc5992aeef36bce77015331f5323a3f618691065196f7bd"
    )


def test_every_kind_in_words() -> None:
    found = programme()
    said = {
        name: [str(requirement_words(found, one)) for one in gate.requirements]
        for name, gate in found.gates.items()
    }
    assert said["first"][0] == "Miss at most one session. A session counts as missed under 50 % of it."
    assert said["first"][1].startswith("Miss at most 2 hours. It is about these modules: 2 “")
    assert said["first"][2] == "Miss at most 12.5 % of the sessions."
    assert "Each asks for at least 80 %. They cannot be made up." in said["first"][3]
    assert said["first"][4] == "Miss none of these sessions: 2, 3."
    assert "2/3 of the sessions of these modules" in said["first"][5]
    assert said["first"][6].startswith("Reach at least 60 % of the points in") and said["first"][6].endswith(
        "3 times."
    )
    assert "” in one of these: " in said["accreditation"][2]
    assert said["accreditation"][3] == (
        "Complete 30 hours of work practice in placement 1. What counts: direct support, team meetings. "
        "They are done within 5 months of its first day."
    )
    assert said["accreditation"][4] == "Hand in every document."
    assert "decided by the training team" in said["accreditation"][7]
    assert said["accreditation"][8].startswith("In this order, each begun after the one before: module 1; ")


def test_rules_in_words() -> None:
    found = programme()
    attendance = [str(one) for one in attendance_words(found)]
    assert "Announce an absence 48 hours before, if you can; later is fine too." in attendance
    assert (
        "What was missed can be made up, as agreed: another session of the same module, agreed work."
        in attendance
    )
    assert "It is made up within 6 weeks." in attendance
    assert "At most 2 sessions can be made up." in attendance
    assert len([one for one in attendance if one.startswith("These modules cannot be made up: 1 “")]) == 1
    rules = [str(one) for one in rule_words(found)]
    assert rules[0] == "Among them, at least: 1 × assessors, 1 × assessors with lived experience."
    assert rules[1].startswith("Within 20 days of an assessment") and rules[1].endswith("within 10 days.")
    assert rules[3:] == ["It can come from: work, training.", "One competency can be claimed."]
    assert [str(heading) for heading, _ in things_words(found)] == ["Documents", "Portfolio", "Tests"]
    assert str(things_words(found)[0][1][0][2]) == "Good for 1 year."
    assert not [one for one in placement_words(found) if "follow-up" in str(one)]


def test_meetings() -> None:
    found = programme()
    assert [module.meetings for module in found.modules] == [(100,), (70, 50)]


def test_a_file_of_a_seventh_programme(tmp_path: Path) -> None:
    main = tmp_path / "evening.yaml"
    main.write_text(SEVENTH.replace("{test: quiz}, {placement", "{test: exam}, {placement"), encoding="utf-8")
    (problem,) = read_programme(main).problems
    assert problem.path == "gates.accreditation.requirements[9].steps[2].test"
    assert SEVENTH.splitlines()[problem.line - 1].startswith("      - {kind: order")
