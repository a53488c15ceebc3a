"""Which judgement decides, and what never does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from trainer.competency.rules import Judgement, Kind, reached, stand
from trainer.curriculum.rules import AssessorRule, Level, Scale

SCALE = Scale(
    tuple(
        Level(code, {"en": code}, passing)
        for code, passing in (("no", False), ("some", False), ("yes", True), ("top", True))
    )
)
DAY = date(2026, 3, 1)
judgements = st.lists(
    st.builds(
        Judgement,
        competency_code=st.sampled_from(["a", "b"]),
        level_code=st.sampled_from(SCALE.codes),
        kind=st.sampled_from([kind.value for kind in Kind]),
        assessor_id=st.integers(1, 4),
        assessed_on=st.integers(0, 20).map(lambda days: DAY + timedelta(days)),
        id=st.integers(1, 10**6),
    ),
    max_size=25,
    unique_by=lambda one: one.id,
)
rules = st.sampled_from(["latest", "all", "any", "assessor", "reference_professional"])


def one(level: str, kind: str = "assessor", who: int = 1, day: int = 0, number: int = 1) -> Judgement:
    return Judgement("a", level, kind, who, DAY + timedelta(day), number)


@given(judgements, rules, st.integers(1, 2))
def test_a_self_assessment_never_decides(found: list[Judgement], decides: str, required: int) -> None:
    rule = AssessorRule(required, decides)
    with_own = stand(["a", "b"], found, SCALE, rule)
    without = stand(["a", "b"], [j for j in found if j.kind != Kind.SELF], SCALE, rule)
    assert {code: s.deciding for code, s in with_own.items()} == {
        code: s.deciding for code, s in without.items()
    }
    assert all(s.deciding is None or s.deciding.kind != Kind.SELF for s in with_own.values())


@given(judgements)
def test_latest_is_the_newest_of_any_assessor(found: list[Judgement]) -> None:
    for code, standing in stand(["a", "b"], found, SCALE, AssessorRule()).items():
        others = [j for j in found if j.competency_code == code and j.kind != Kind.SELF]
        if not others:
            assert standing.deciding is None
        else:
            assert standing.deciding == max(others, key=lambda j: (j.assessed_on, j.id))


@given(judgements, rules)
def test_the_order_of_reading_changes_nothing(found: list[Judgement], decides: str) -> None:
    rule = AssessorRule(1, decides)
    assert stand(["a"], found, SCALE, rule) == stand(["a"], list(reversed(found)), SCALE, rule)


@given(judgements, st.sampled_from(["latest", "all", "any"]))
def test_raising_a_level_never_lowers_a_standing(found: list[Judgement], decides: str) -> None:
    rule = AssessorRule(1, decides)
    before = reached(stand(["a", "b"], found, SCALE, rule), ["a", "b"], "yes", SCALE)
    raised = [replace(j, level_code="top") for j in found]
    after = reached(stand(["a", "b"], raised, SCALE, rule), ["a", "b"], "yes", SCALE)
    assert set(before) <= set(after)


def test_of_one_day_the_one_recorded_last_counts() -> None:
    standing = stand(["a"], [one("yes", number=2), one("some", number=1)], SCALE, AssessorRule())["a"]
    assert standing.level_code == "yes"


def test_a_later_lower_judgement_counts_too() -> None:
    standing = stand(["a"], [one("yes"), one("some", day=3, number=2)], SCALE, AssessorRule())["a"]
    assert standing.level_code == "some"


def test_two_assessors_may_differ_and_both_count_in_their_rule() -> None:
    found = [one("some"), one("yes", who=2, number=2)]
    assert stand(["a"], found, SCALE, AssessorRule(2, "all"))["a"].level_code == "some"
    assert stand(["a"], found, SCALE, AssessorRule(2, "any"))["a"].level_code == "yes"
    assert stand(["a"], found, SCALE, AssessorRule())["a"].disagreement
    assert stand(["a"], found[:1], SCALE, AssessorRule(2, "any"))["a"].deciding is None


def test_nothing_is_reached_without_an_assessment() -> None:
    assert reached(stand(["a"], [], SCALE, AssessorRule()), ["a"], "no", SCALE) == []
