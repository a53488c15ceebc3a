"""Shares, certificates, canonical content, the light mark-up, and rules in words."""

from __future__ import annotations

import copy
from fractions import Fraction
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.programme import MAIN, MODULE
from trainer.curriculum.rules import (
    assessor_words,
    attendance_words,
    blocks,
    canonical,
    canonical_json,
    content_hash,
    exact_fraction,
    fill,
    gate_words,
    percent_text,
    placeholders,
    placement_words,
    programme_from,
    requirement_words,
    summary,
)
from trainer.curriculum.rules.prose import spans


def source() -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(MAIN)
    data["modules"] = [yaml.safe_load(MODULE.format(number=number)) for number in (1, 2)]
    return data


def programme() -> Any:
    content = canonical(source())
    return programme_from(content, content_hash(content))


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("80 %", Fraction(4, 5)),
        ("80%", Fraction(4, 5)),
        ("79.96 %", Fraction(1999, 2500)),
        ("2/3", Fraction(2, 3)),
        ("0.1%", Fraction(1, 1000)),
    ],
)
def test_shares_are_exact(text: str, share: Fraction) -> None:
    assert exact_fraction(text) == share


@pytest.mark.parametrize("text", ["80", "0.8", "80 per cent", "1/0", "", "-5 %", "٨٠ %", "8 0%"])
def test_other_shares_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        exact_fraction(text)


@given(st.fractions(min_value=0, max_value=1, max_denominator=10_000))
def test_a_share_as_text_is_the_same_share(share: Fraction) -> None:
    assert exact_fraction(percent_text(share)) == share


def test_places_are_found_and_filled_once() -> None:
    assert placeholders("{name} of {course}") == ["name", "course"]
    assert placeholders("{name of } {x") == ["name of ", "{"]
    assert (
        fill("{name}: {hours} h", {"name": "{hours} {0.__class__}", "hours": "40"})
        == "{hours} {0.__class__}: 40 h"
    )
    with pytest.raises(KeyError):
        fill("{other}", {"name": "x"})


def test_defaults_are_written_out() -> None:
    content = canonical(source())
    assert content["unit_minutes"] == 60
    assert content["attendance"] == {
        "base": "hours",
        "excused": {"counts_as": "absent", "cap": None},
        "late_joiners": "full_base",
        "pauses": "full_base",
        "note": None,
    }
    assert content["scale"]["assessors"] == {"required": 1, "decides": "latest"}
    written = source()
    written["attendance"] = {"base": "hours", "excused": {"counts_as": "absent"}}
    written["unit_minutes"] = 60
    assert content_hash(canonical(written)) == content_hash(content)


def test_the_hash_does_not_hang_on_the_order_of_keys_but_on_every_word() -> None:
    content = canonical(source())
    turned = {key: content[key] for key in reversed(content)}
    assert content_hash(turned) == content_hash(content)
    other = copy.deepcopy(content)
    other["modules"][1]["plan"][0]["what"]["ca"] += "."
    assert content_hash(other) != content_hash(content)
    gates = copy.deepcopy(content)
    gates["gates"].reverse()
    assert content_hash(gates) != content_hash(content)
    assert content_hash(content).startswith("sha256:")
    assert len(content_hash(content)) == 71


def test_canonical_json_is_utf8_and_has_no_floating_point() -> None:
    assert canonical_json({"b": 1, "a": "ç"}) == '{"a":"ç","b":1}'.encode()
    with pytest.raises(ValueError, match="floating point"):
        canonical_json({"a": [{"b": 0.5}]})


def test_the_programme_finds_its_parts() -> None:
    found = programme()
    assert found.minutes == 120
    assert found.competency_codes == ("m1.first", "m1.second", "m2.first", "m2.second")
    assert found.competency("m2.first").principles == ("mutual",)
    assert found.module("m2").number == 2
    assert found.module_number(3) is None
    assert [begins for begins, _ in found.module("m1").timed_plan()] == [0, 40]
    assert found.module("m1").methods == ("circle", "break")
    assert found.scale.reaches("achieved", "achieved")
    assert not found.scale.reaches("not_yet", "achieved")
    assert list(found.gates) == ["start", "accreditation"]
    assert found.gate_issuing("accreditation").name == "accreditation"
    assert found.gate_opening("placement").name == "start"
    assert found.placement["weekly_hours"] == 5
    assert (found.language_for("ca"), found.language_for("es")) == ("ca", "en")
    for missing in (found.module, found.competency, found.scale.level):
        with pytest.raises(KeyError):
            missing("nothing")


def test_certificate_lines() -> None:
    wording = programme().certificates["accreditation"]
    assert wording.lines_in("ca", {"name": "Ada", "hours": "2"}) == ["Ada ha fet 2 hores."]
    assert wording.credential.eqf_level is None


def test_summary_is_the_contract() -> None:
    found = summary(programme(), "ca")
    assert list(found) == ["code", "version", "hash", "title", "scale", "modules", "gates"]
    assert found["scale"]["levels"][0] == {"code": "not_yet", "title": "Encara no", "passing": False}
    assert found["modules"][0] == {
        "number": 1,
        "code": "m1",
        "title": "Mòdul 1",
        "minutes": 60,
        "competencies": [{"code": "m1.first", "title": "Primera"}, {"code": "m1.second", "title": "Segona"}],
    }
    assert found["gates"]["start"] == [{"kind": "attendance", "at_least": "80 %"}]


def test_gates_in_words() -> None:
    found = programme()
    start, accreditation = found.gates.values()
    assert str(requirement_words(found, start.requirements[0])) == "Attend at least 80 % of the hours."
    assert requirement_words(found, accreditation.requirements[0]).values["gate"]["en"] == "Start"
    assert "every competency" in str(requirement_words(found, accreditation.requirements[1]))
    named = {"kind": "competencies", "level": "achieved", "which": ["m1.first", "m2.first"]}
    assert "” in: " in str(requirement_words(found, named))
    assert (
        str(requirement_words(found, {"kind": "placement_hours", "hours": 1}))
        == "Complete 1 hour of work practice."
    )
    assert "of later" in str(requirement_words(found, {"kind": "of later"}))
    assert str(gate_words(found, start)) == "Opens the work practice."
    assert gate_words(found, accreditation).values["title"]["ca"] == "Certificat"


def test_rules_in_words() -> None:
    found = programme()
    assert str(attendance_words(found)[0]) == "Attendance is counted in hours, to the minute."
    assert "the latest assessment decides" in str(assessor_words(found))
    assert "20 hours complete it" in str(placement_words(found)[0])


def test_light_mark_up() -> None:
    found = blocks(
        "**Title**\nOne line\nand the next\n\n- a *b*\n  goes on\n- c\n\n3. third\n4. fourth\n\n"
        "- [ ] box\n\n____\n____\n\n| x | y |\n|---|---|\n| 1 | 2 |\n\nend"
    )
    assert [block.kind for block in found] == [
        "heading", "paragraph", "bullets", "numbers", "checks", "write", "table", "paragraph",
    ]  # fmt: skip
    assert len(found[1].lines) == 2
    assert [span.style for span in found[2].lines[0]] == ["", "em", "", ""]
    assert (found[3].start, len(found[3].lines)) == (3, 2)
    assert found[5].start == 2
    assert len(found[6].rows) == 2


@given(st.text(max_size=200))
def test_mark_up_keeps_every_word(text: str) -> None:
    kept = "".join(
        span.text
        for block in blocks(text)
        for line in (*block.lines, *(cell for row in block.rows for cell in row))
        for span in line
    )
    words = [char for char in text if char.isalpha()]
    assert [char for char in kept if char.isalpha()] == words or "|" in text or "[x]" in text


def test_stars_that_mark_nothing_stay() -> None:
    assert spans("2 * 3 * 4")[0].text == "2 * 3 * 4"
