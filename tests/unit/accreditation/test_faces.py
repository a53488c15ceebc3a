"""What a university says otherwise, laid over what the programme says; the eleven elements."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.accreditation.rules import faces
from trainer.accreditation.rules.elements import CONDITIONAL, WORDS, Element, missing
from trainer.accreditation.rules.faces import differing, laid_over, line_problems, text_of, tidy_ects
from trainer.curriculum.queries import read_programme
from trainer.curriculum.rules import Programme

ROOT = Path(__file__).parents[3]
LANGUAGES = ("ca", "es", "en")


def _programme() -> Programme:
    found = read_programme(ROOT / "curriculum/peer-support-worker/programme.yaml").programme
    assert found is not None
    return found


PROGRAMME = _programme()
WORDING = PROGRAMME.certificates["accreditation"]

texts = st.text(st.sampled_from("ab {}\n·"), max_size=12)
localised = st.dictionaries(st.sampled_from([*LANGUAGES, "xx"]), texts, max_size=4)
anything = st.fixed_dictionaries(
    {},
    optional={
        **{name: localised | st.none() for name in (*faces.WORDS, "lines")},
        "ects": st.sampled_from([None, "", "1.6", "3"]),
        "eqf_level": st.none() | st.integers(1, 8),
        "unheard": st.integers(),
    },
)


@given(anything)
def test_the_merge_has_an_answer_for_anything(own: dict[str, Any]) -> None:
    merged = laid_over(WORDING, own)
    assert set(merged.title) == set(LANGUAGES)
    assert all(merged.title[code].strip() for code in LANGUAGES)
    for code in LANGUAGES:
        assert text_of(merged.lines, code)
        assert all(set(line) >= set(LANGUAGES) for line in merged.lines)
        typed = faces.typed_lines((own.get("lines") or {}).get(code, ""))
        assert faces.typed_lines(text_of(merged.lines, code)) == (
            typed or faces.typed_lines(text_of(WORDING.lines, code))
        )
    assert merged.credential.ects
    assert merged.outcomes == WORDING.outcomes  # what was taught is the programme's to say


@given(anything)
def test_what_differs_is_all_that_has_to_be_kept(own: dict[str, Any]) -> None:
    given_words = {
        **own,
        **{name: {k: v for k, v in (own.get(name) or {}).items() if v.strip()} for name in faces.WORDS},
    }
    kept = differing(WORDING, given_words)
    assert laid_over(WORDING, kept) == laid_over(WORDING, given_words)
    # Shown in a form and saved as it stands, it stays what it is.
    shown = laid_over(WORDING, kept)
    spec = shown.credential
    again = {
        "title": shown.title,
        "lines": {code: text_of(shown.lines, code) for code in LANGUAGES},
        "ects": spec.ects,
        "eqf_level": spec.eqf_level,
        **{name: getattr(spec, name) for name in faces.WORDS if name != "title"},
    }
    assert differing(WORDING, again) == kept


def test_nothing_of_its_own_is_the_programme() -> None:
    assert laid_over(WORDING, {}) == WORDING
    shown = {"lines": {code: text_of(WORDING.lines, code) for code in LANGUAGES}, "title": WORDING.title}
    assert differing(WORDING, shown) == {}
    assert line_problems(WORDING, shown["lines"]) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{name}\nha fet {horas} hores", "{horas}"),
        ("{name}\nha fet {hours hores", "brace"),
        ("{name} ha fet {hours} hores", "on a line of its own"),
        ("{name}\n{name}\nha fet {hours} hores", "on a line of its own"),
        ("ha fet {hours} hores", "on a line of its own"),
        ("{name}\n" + "línia\n" * 12, "12 lines"),
        ("{name}\nha fet {attended_hours} hores", "{attended_hours}"),
        ("{name}\nha fet {__class__} hores", "{__class__}"),
    ],
)
def test_lines_are_refused_in_words(text: str, said: str) -> None:
    problems = line_problems(WORDING, {"ca": text})
    assert any(said in str(words) for code, words in problems if code == "ca"), problems


def test_two_languages_say_the_same() -> None:
    base = text_of(WORDING.lines, "ca")
    problems = line_problems(WORDING, {"ca": base.replace("{hours}", "moltes")})
    assert [(code, str(words)) for code, words in problems] == [
        ("ca", "Other languages of this text say more: {hours} is not here.")
    ]


@pytest.mark.parametrize(
    ("typed", "kept"), [(" 1,6 ", "1.6"), ("12", "12"), ("", ""), ("1.6.2", None), ("-3", None), ("a", None)]
)
def test_credits_as_people_type_them(typed: str, kept: str | None) -> None:
    assert tidy_ects(typed) == kept


def test_attendance_alone_gives_no_credits() -> None:
    attended = next(one for one in PROGRAMME.certificates.values() if one.attests_attendance)
    own = {"ects": "3", "eqf_level": 4, "lines": {"ca": "{name}\nhi va ser"}}
    assert laid_over(attended, own).credential == attended.credential
    assert "ects" not in differing(attended, own)
    said = [str(words) for code, words in line_problems(attended, own["lines"]) if code == "ca"]
    assert "Write {attended_hours} where the hours that were attended belong." in said
    fine = text_of(attended.lines, "ca").replace("{attended_hours}", "en total {attended_hours}")
    assert line_problems(attended, {"ca": fine}) == []


def test_every_element_of_the_annex_has_words() -> None:
    assert set(WORDS) == set(Element)
    assert len(Element) == 11


def test_what_is_missing_is_said() -> None:
    programme = PROGRAMME
    assert missing(programme, WORDING) == (Element.LEVEL,)
    complete = laid_over(WORDING, {"eqf_level": 4})
    assert missing(programme, complete) == ()
    spec = complete.credential
    for bare, element in (
        (replace(spec, ects="0.0"), Element.WORKLOAD),
        (replace(spec, assessment={**spec.assessment, "es": " "}), Element.ASSESSMENT),
        (replace(spec, participation={}), Element.PARTICIPATION),
        (replace(spec, quality_assurance={"ca": "x"}), Element.QUALITY_ASSURANCE),
        (replace(spec, country=""), Element.COUNTRY),
    ):
        assert missing(programme, replace(complete, credential=bare)) == (element,)
    assert {Element.LEVEL, Element.WORKLOAD} == CONDITIONAL
    without = replace(programme, modules=())
    assert missing(without, replace(complete, outcomes=())) == (Element.OUTCOMES,)
