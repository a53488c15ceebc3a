"""Until when one can appeal, when an answer is due, and who decides; links that can be kept."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.competency.rules import (
    PRIOR_WORDS,
    AppealStatus,
    AppealTerms,
    PriorLearningTerms,
    answer_by,
    appeal_problem,
    claim_problem,
    decider_problem,
    is_overdue,
    last_day_to_appeal,
    link_problem,
    outcome_problem,
    source_problem,
)
from trainer.curriculum.queries import schema
from trainer.curriculum.rules import Level, Scale

DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))
TERMS = st.builds(AppealTerms, st.integers(1, 400), st.integers(1, 400))
SCALE = Scale(tuple(Level(code, {"en": code}, code == "c") for code in "abc"))


@given(DAYS, TERMS, st.integers(-5, 900))
def test_one_can_appeal_up_to_the_last_day_and_not_after(
    recorded: date, terms: AppealTerms, after: int
) -> None:
    today = recorded + timedelta(days=after)
    problem = appeal_problem("assessor", recorded, today, terms, earlier=None, is_answer=False)
    assert (problem is None) == (after <= terms.within_days)
    assert (problem is None) == (today <= last_day_to_appeal(recorded, terms))


@given(DAYS, TERMS, st.sampled_from(AppealStatus), st.integers(0, 900))
def test_an_appeal_is_overdue_only_while_open_and_after_its_day(
    made: date, terms: AppealTerms, status: AppealStatus, after: int
) -> None:
    late = is_overdue(status, answer_by(made, terms), made + timedelta(days=after))
    assert late == (status in ("open", "assigned") and after > terms.answer_days)


@given(st.sampled_from(AppealStatus))
def test_only_one_that_was_taken_back_can_be_made_again(earlier: AppealStatus) -> None:
    day = date(2026, 11, 2)
    problem = appeal_problem("assessor", day, day, AppealTerms(), earlier=earlier, is_answer=False)
    assert (problem is None) == (earlier == "withdrawn")
    assert appeal_problem("self", day, day, AppealTerms(), earlier=earlier, is_answer=False)
    assert appeal_problem("assessor", day, day, AppealTerms(), earlier=earlier, is_answer=True)


@given(
    st.none() | st.integers(1, 5),
    st.integers(1, 5),
    st.sets(st.integers(1, 5)),
    st.none() | st.integers(1, 5),
)
def test_nobody_decides_who_is_the_person_too_close_or_judged_first(
    who: int | None, person: int, too_close: set[int], first: int | None
) -> None:
    free = who is not None and who != person and who not in too_close and who != first
    assert (decider_problem(who, person, too_close, first) is None) == free


@given(
    st.booleans(), st.none() | st.sampled_from("abc"), st.sampled_from("abc"), st.sampled_from(["", " ", "x"])
)
def test_an_outcome_says_why_and_a_change_changes(
    changed: bool, level: str | None, first: str, words: str
) -> None:
    fine = bool(words.strip()) and (not changed or (level is not None and level != first))
    assert (outcome_problem(changed, level, first, words) is None) == fine


@given(
    st.none() | st.integers(1, 3),
    st.none() | st.sampled_from("abc"),
    st.sampled_from("abc"),
    st.lists(st.sampled_from("wxyz"), unique=True),
)
def test_claims_are_counted_by_competency(
    most: int | None, reached: str | None, level: str, others: list[str]
) -> None:
    problem = claim_problem(
        "w", level, SCALE, PriorLearningTerms((), most), reached=reached, open_or_recognised=others
    )
    free = most is None or len(set(others) - {"w"}) < most
    assert (problem is None) == (free and (reached is None or reached < level))


@pytest.mark.parametrize(
    "url", ["https://example.org", "http://example.org:8080/a?b=c#d", "https://exàmple.cat/à"]
)
def test_links_to_the_web_are_kept(url: str) -> None:
    assert link_problem(url) is None


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org",
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://example.org",
        "https://",
        "https://me:secret@example.org",
        "https://example.org/a b",
        "https://example.org/\u202eb",
        "https://[",
        "https://example.org:99999",
        "https://example.org/" + "a" * 500,
    ],
)
def test_other_links_are_not(url: str) -> None:
    assert link_problem(url) is not None


def test_every_kind_of_prior_learning_has_words_and_only_those_that_are_named_are_taken() -> None:
    programme = schema()["definitions"]["programme"]
    kinds = programme["properties"]["prior_learning"]["properties"]["kinds"]["items"]["enum"]
    assert set(kinds) == set(PRIOR_WORDS)
    some = PriorLearningTerms(("work", "training"))
    assert [one for one in [*kinds, ""] if source_problem(one, some) is None] == ["training", "work"]
    assert [one for one in [*kinds, ""] if source_problem(one, PriorLearningTerms()) is None] == [""]
