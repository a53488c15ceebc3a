"""Where documents, parts, tests and decisions stand: by example, against an oracle, and replayed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.dossier.rules import (
    Entry,
    PaperState,
    decision_standing,
    live,
    paper_standing,
    score_standing,
    tidy_url,
    usual_end,
)
from trainer.dossier.rules.scores import points_needed, share

DAY = date(2026, 3, 2)
ORDER = [PaperState.MISSING, PaperState.EXPIRED, PaperState.EXPIRING, PaperState.ACCEPTED]


def paper(number: int, state: str, **more: Any) -> Entry:
    return Entry(number, "document", "id", state, more.pop("on", DAY), **more)


def state_of(*entries: Entry, today: date = DAY) -> PaperState:
    return paper_standing(entries, "document", "id", today).state


def test_a_document_goes_its_way() -> None:
    handed, accepted = paper(1, "handed_in"), paper(2, "accepted")
    returned = paper(2, "returned")
    assert state_of() is PaperState.MISSING
    assert state_of(handed) is PaperState.HANDED_IN
    assert state_of(handed, returned) is PaperState.RETURNED
    assert state_of(handed, returned, paper(3, "handed_in")) is PaperState.HANDED_IN
    assert state_of(handed, accepted) is PaperState.ACCEPTED
    assert state_of(replace(handed, code="other")) is PaperState.MISSING


def test_what_was_accepted_stays_while_a_newer_one_is_looked_at() -> None:
    before = (paper(1, "handed_in"), paper(2, "accepted"), paper(3, "handed_in"))
    standing = paper_standing(before, "document", "id", DAY)
    assert standing.state is PaperState.ACCEPTED
    assert standing.waiting == before[2]
    assert state_of(*before, paper(4, "returned")) is PaperState.ACCEPTED
    # With nothing handed in since, giving it back takes the acceptance itself back.
    assert state_of(*before[:2], paper(3, "returned")) is PaperState.RETURNED


def test_a_document_is_good_for_the_whole_of_its_last_day() -> None:
    last = DAY + timedelta(days=90)
    accepted = paper(1, "accepted", valid_until=last)
    assert state_of(accepted) is PaperState.ACCEPTED
    assert state_of(accepted, today=last - timedelta(days=61)) is PaperState.ACCEPTED
    assert state_of(accepted, today=last - timedelta(days=60)) is PaperState.EXPIRING
    assert state_of(accepted, today=last) is PaperState.EXPIRING
    assert state_of(accepted, today=last + timedelta(days=1)) is PaperState.EXPIRED
    renewed = paper(2, "handed_in")
    assert state_of(accepted, renewed, today=last + timedelta(days=1)) is PaperState.HANDED_IN


def test_the_usual_end_is_the_programmes_span() -> None:
    assert usual_end(date(2026, 8, 31), {"months": 6}) == date(2027, 2, 28)
    assert usual_end(date(2024, 2, 29), {"years": 1}) == date(2025, 2, 28)
    assert usual_end(DAY, None) is None


def test_a_mistake_is_taken_back() -> None:
    entries = (paper(1, "handed_in"), paper(2, "accepted"), paper(3, "void", voids_id=2))
    assert state_of(*entries) is PaperState.HANDED_IN
    assert [one.id for one in live(entries)] == [1]


states = st.sampled_from(["handed_in", "accepted", "returned"])
days = st.integers(0, 400).map(lambda n: DAY + timedelta(days=n))


@st.composite
def histories(draw: Any) -> list[Entry]:
    found: list[Entry] = []
    for number in range(1, draw(st.integers(0, 7)) + 1):
        state = draw(states)
        until = draw(st.none() | days) if state == "accepted" else None
        if found and draw(st.booleans()) and draw(st.booleans()):
            voids = draw(st.sampled_from([one.id for one in found]))
            found.append(paper(number, "void", voids_id=voids))
        else:
            found.append(paper(number, state, valid_until=until))
    return found


@given(histories(), days, st.none() | days)
def test_another_acceptance_never_worsens(entries: list[Entry], today: date, until: date | None) -> None:
    before = paper_standing(entries, "document", "id", today)
    after = paper_standing([*entries, paper(99, "accepted", valid_until=until)], "document", "id", today)
    if before.good:
        assert after.good
        assert ORDER.index(after.state) >= ORDER.index(before.state)


@given(histories(), days)
def test_voiding_the_newest_replays_the_entries_before_it(entries: list[Entry], today: date) -> None:
    if entries and entries[-1].state != "void":
        taken_back = [*entries, paper(99, "void", voids_id=entries[-1].id)]
        assert state_of(*taken_back, today=today) is state_of(*entries[:-1], today=today)


@given(histories(), days)
def test_the_order_of_loading_says_nothing(entries: list[Entry], today: date) -> None:
    assert paper_standing(reversed(entries), "document", "id", today) == paper_standing(
        entries, "document", "id", today
    )


def result(number: int, points: int, out_of: int = 20, day: int = 0) -> Entry:
    return Entry(number, "test", "t", "taken", DAY + timedelta(days=day), points=points, out_of=out_of)


def test_points_are_compared_exactly() -> None:
    seventy = Fraction(7, 10)
    assert not score_standing([result(1, 13)], "t", None).reaches(seventy)
    assert score_standing([result(1, 14)], "t", None).reaches(seventy)
    assert not score_standing([result(1, 699, 1000)], "t", None).reaches(seventy)
    assert points_needed(33, Fraction(2, 3)) == 22
    assert points_needed(30, seventy) == 21


results = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 10)).map(lambda pair: (min(pair), 30, pair[1])), max_size=5
)


@given(results, st.integers(1, 4) | st.none(), st.integers(0, 100))
def test_a_test_with_attempts_against_a_plain_count(
    taken: list[tuple[int, int, int]], attempts: int | None, percent: int
) -> None:
    entries = [result(number, *one) for number, one in enumerate(taken, start=1)]
    standing = score_standing(entries, "t", attempts)
    asked = Fraction(percent, 100)
    assert standing.reaches(asked) is any(points * 100 >= percent * whole for points, whole, _ in taken)
    assert standing.left == (None if attempts is None else max(0, attempts - len(taken)))
    if taken:
        assert standing.best is not None
        assert share(standing.best) == max(Fraction(points, whole) for points, whole, _ in taken)
    else:
        assert standing.best is standing.latest is None
    more = score_standing([*entries, result(99, 30, 30)], "t", attempts)
    assert more.reaches(asked)


@given(st.integers(1, 200), st.integers(0, 100))
def test_the_fewest_points_that_are_enough(out_of: int, percent: int) -> None:
    asked = Fraction(percent, 100)
    need = points_needed(out_of, asked)
    assert Fraction(need, out_of) >= asked
    assert need == 0 or Fraction(need - 1, out_of) < asked


def test_the_newest_answer_decides_by_its_day() -> None:
    def answer(number: int, state: str, day: int) -> Entry:
        return Entry(number, "decision", "d", state, DAY + timedelta(days=day))

    assert not decision_standing([], "d").yes
    assert decision_standing([answer(1, "yes", 0)], "d").yes
    assert not decision_standing([answer(1, "yes", 0), answer(2, "not_yet", 3)], "d").yes
    # A letter found later, of an earlier day, does not overturn what came after it.
    assert decision_standing([answer(1, "yes", 3), answer(2, "not_yet", 1)], "d").yes


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "example.org/x",
        "https://",
        "ftp://example.org",
        "https://a b",
        "https://x/" + "a" * 600,
    ],
)
def test_only_addresses_of_the_web_are_kept(text: str) -> None:
    with pytest.raises(ValueError, match="address"):
        tidy_url(text)


def test_an_address_is_kept_as_it_was_written() -> None:
    assert tidy_url(" https://example.org/a?b=1 ") == "https://example.org/a?b=1"
    assert tidy_url("") is None
