"""Which judgement decides, and what never does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from trainer.competency.rules import ANY, Judgement, Kind, missing_text, reached, stand
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
    max_size=12,
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


KINDS = ("assessor", "peer_assessor", "reference_professional", "prior_learning")
asked_kinds = st.dictionaries(st.sampled_from(KINDS), st.integers(1, 2), max_size=3)


def oracle(found: list[Judgement], decides: str, required: int, kinds: dict[str, int]) -> Judgement | None:
    """The rule by brute force: every way to give the places to people; then who decides."""
    others = sorted((j for j in found if j.kind != "self"), key=lambda j: (j.assessed_on, j.id))
    if decides not in ("latest", "all", "any"):
        kinds = {**kinds, decides: max(1, kinds.get(decides, 0))}
    places = [kind for kind, number in kinds.items() for _ in range(number)]
    people = sorted({j.assessor_id for j in others})
    can = {who: {j.kind for j in others if j.assessor_id == who} for who in people}
    seated = any(
        all(kind in can[who] for kind, who in zip(places, order, strict=True))
        for order in permutations(people, len(places))
    )
    if len(people) < required or not seated:
        return None
    held = [[j for j in others if j.assessor_id == who][-1] for who in people]
    by_level = sorted(held, key=lambda j: (SCALE.rank(j.level_code), j.assessed_on, j.id))
    if not held:
        return None
    if decides == "all":
        return by_level[0]
    if decides == "any":
        return by_level[-1]
    if decides == "latest":
        return others[-1]
    return [j for j in others if j.kind == decides][-1]


@given(judgements, rules, st.integers(1, 3), asked_kinds)
def test_what_decides_is_what_trying_everything_finds(
    found: list[Judgement], decides: str, required: int, kinds: dict[str, int]
) -> None:
    standing = stand(["a"], found, SCALE, AssessorRule(required, decides), kinds=kinds)["a"]
    expected = oracle([j for j in found if j.competency_code == "a"], decides, required, kinds)
    assert standing.level_code == (expected.level_code if expected else None)
    assert (standing.deciding is None) == bool(standing.missing)


@given(judgements, rules, st.integers(1, 3), asked_kinds, st.data())
def test_one_more_judgement_as_good_never_worsens(
    found: list[Judgement], decides: str, required: int, kinds: dict[str, int], data: st.DataObject
) -> None:
    rule = AssessorRule(required, decides)
    before = stand(["a"], found, SCALE, rule, kinds=kinds)["a"]
    floor = SCALE.rank(before.level_code) if before.level_code else 0
    further = one(
        data.draw(st.sampled_from(SCALE.codes[floor:])),
        data.draw(st.sampled_from(KINDS)),
        data.draw(st.integers(1, 6)),
        data.draw(st.integers(0, 20)),
        10**7,
    )
    after = stand(["a"], [*found, further], SCALE, rule, kinds=kinds)["a"]
    assert before.level_code is None or (
        after.level_code and SCALE.reaches(after.level_code, before.level_code)
    )
    assert sum(number for _, number in after.missing) <= sum(number for _, number in before.missing)


@given(judgements, rules, st.integers(1, 2), asked_kinds)
def test_what_is_said_to_be_missing_is_enough(
    found: list[Judgement], decides: str, required: int, kinds: dict[str, int]
) -> None:
    rule = AssessorRule(required, decides)
    before = stand(["a"], found, SCALE, rule, kinds=kinds)["a"]
    wanted = [kind for kind, number in before.missing for _ in range(number)]
    further = [
        one("yes", "assessor" if kind == ANY else kind, 100 + n, 30, 10**7 + n)
        for n, kind in enumerate(wanted)
    ]
    assert not stand(["a"], [*found, *further], SCALE, rule, kinds=kinds)["a"].missing
    if further:
        assert stand(["a"], [*found, *further[1:]], SCALE, rule, kinds=kinds)["a"].missing


@given(judgements, rules, st.data())
def test_what_an_appeal_changed_decides_nothing(
    found: list[Judgement], decides: str, data: st.DataObject
) -> None:
    ids = data.draw(st.frozensets(st.sampled_from([j.id for j in found]) if found else st.nothing()))
    rule = AssessorRule(1, decides)
    by_id = stand(["a", "b"], found, SCALE, rule, overruled=ids)
    by_mark = stand(["a", "b"], [replace(j, overruled=j.id in ids) for j in found], SCALE, rule)
    for code in ("a", "b"):
        assert (mine := by_id[code].deciding) is None or mine.id not in ids
        assert by_mark[code].level_code == by_id[code].level_code
        assert not ids & {voice.id for voice in by_id[code].voices}


def test_what_the_overruled_had_replaced_does_not_come_back() -> None:
    found = [one("some"), one("no", day=2, number=2), one("yes", who=2, day=5, number=3)]
    standing = stand(["a"], found, SCALE, AssessorRule(1, "all"), overruled=frozenset({2}))["a"]
    assert (standing.level_code, standing.disagreement) == ("yes", False)
    again = [*found, one("some", day=9, number=4)]  # the same assessor, later: counts like anybody's
    assert (
        stand(["a"], again, SCALE, AssessorRule(1, "all"), overruled=frozenset({2}))["a"].level_code == "some"
    )


def test_what_is_missing_is_said_by_kind() -> None:
    rule = AssessorRule(3)
    kinds = {"peer_assessor": 1, "reference_professional": 1}
    standing = stand(["a"], [one("yes")], SCALE, rule, kinds=kinds)["a"]
    assert standing.deciding is None
    assert standing.missing == (("peer_assessor", 1), ("reference_professional", 1))
    assert str(missing_text(standing.missing)) == "one more peer assessor and one more reference professional"
    bare = stand(["a"], [], SCALE, AssessorRule(4), kinds=kinds)["a"]
    assert str(missing_text(bare.missing)) == (
        "one more peer assessor, one more reference professional and 2 more people who assess"
    )


def test_somebody_with_two_capacities_fills_one_place_where_they_are_needed() -> None:
    both = [one("yes", "assessor"), one("yes", "peer_assessor", day=1, number=2)]
    kinds = {"assessor": 1, "peer_assessor": 1}
    assert stand(["a"], both, SCALE, AssessorRule(), kinds=kinds)["a"].missing == (("peer_assessor", 1),)
    second = [*both, one("yes", "assessor", who=2, number=3)]
    assert not stand(["a"], second, SCALE, AssessorRule(), kinds=kinds)["a"].missing


def test_prior_learning_counts_as_an_assessors_of_its_own_kind() -> None:
    found = [one("yes", "prior_learning")]
    assert stand(["a"], found, SCALE, AssessorRule())["a"].level_code == "yes"
    assert stand(["a"], found, SCALE, AssessorRule(1, "assessor"))["a"].missing == (("assessor", 1),)
