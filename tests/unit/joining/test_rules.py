"""Places, the order of the waiting list, who is to be answered: the arithmetic, against what it must never do."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.core.access import Actor
from trainer.joining import policy, rules
from trainer.joining.rules import MOVES, Outcome, Places, Status, Waiting

ENTITIES = st.sampled_from([None, 1, 2, 3])
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


@st.composite
def openings(draw: st.DrawFn) -> Places:
    kept = draw(st.dictionaries(st.sampled_from([1, 2, 3]), st.integers(0, 5), max_size=3))
    return Places(sum(kept.values()) + draw(st.integers(0, 6)), kept)


def take(places: Places, entity: int | None) -> Places:
    return Places(places.total, places.kept, {**places.used, entity: places.used.get(entity, 0) + 1})


@given(openings(), st.lists(ENTITIES, max_size=40))
def test_nobody_ever_gets_a_place_that_is_not_there(places: Places, arriving: list[int | None]) -> None:
    for entity in arriving:
        if places.free_for(entity):
            places = take(places, entity)
        assert places.held <= places.total
        assert 0 <= places.free_for(None) <= places.free
    # Whoever came, an entity can still fill what is kept for it.
    for entity, number in places.kept.items():
        assert places.free_for(entity) >= max(0, number - places.used.get(entity, 0))


@given(openings(), st.lists(ENTITIES, max_size=40))
def test_places_are_taken_one_at_a_time_until_none_is_left(
    places: Places, arriving: list[int | None]
) -> None:
    """A brute-force seating, each seat a thing of its own, agrees with the arithmetic."""
    seats: list[int | None] = [e for e, n in places.kept.items() for _ in range(n)]
    seats += [None] * (places.total - len(seats))
    for entity in arriving:
        own = [seat for seat in seats if seat == entity and entity is not None]
        possible = own or [seat for seat in seats if seat is None]
        assert bool(possible) == bool(places.free_for(entity))
        assert places.free_for(entity) == len(own) + seats.count(None)
        if possible:
            seats.remove(possible[0])
            places = take(places, entity)


@given(openings(), st.dictionaries(ENTITIES, st.integers(0, 9)))
def test_more_people_than_places_leave_none_free(places: Places, used: dict[int | None, int]) -> None:
    """Places were taken away after they were held: nothing negative, and no offer beyond the whole."""
    now = Places(places.total, places.kept, used)
    for entity in (None, 1, 2, 3):
        assert 0 <= now.free_for(entity) <= max(0, now.total - now.held)


queues = st.lists(st.tuples(ENTITIES, st.integers(0, 5)), max_size=8).map(
    lambda rows: [Waiting(n, entity, MOMENT + timedelta(days=days)) for n, (entity, days) in enumerate(rows)]
)


@given(openings(), queues)
def test_the_next_on_the_list_is_who_waited_longest_of_those_who_can(
    places: Places, queue: list[Waiting]
) -> None:
    first = rules.next_up(queue, places)
    able = [one for one in queue if places.free_for(one.entity_id)]
    assert (first is None) == (not able)
    if first is not None:
        assert all((first.since, first.id) <= (one.since, one.id) for one in able)
        assert rules.turn_problem(queue, places, first.id) is None
        others = [one for one in able if one.id != first.id]
        assert all(rules.turn_problem(queue, places, one.id) for one in others)
    assert rules.turn_problem(queue, places, 99) is None  # who is not on the list waits for nobody


def test_kept_places_come_first_and_the_others_stay_for_all() -> None:
    places = Places(4, {1: 2}, {1: 1})
    assert (places.free_for(1), places.free_for(None), places.free_for(2)) == (3, 2, 2)
    assert Places(4, {1: 2}, {None: 2}).free_for_all == 0
    assert Places(4, {1: 2}, {None: 2}).free_for(1) == 2


def test_an_offer_needs_the_application_the_confirmation_and_a_place() -> None:
    free, full, kept = Places(1), Places(1, {}, {None: 1}), Places(1, {1: 1})

    def problem(places: Places, consented: bool = True, needs: bool = False, confirmed: bool = False) -> str:
        found = rules.offer_problem(
            places, None, consented=consented, needs_confirmation=needs, confirmed=confirmed
        )
        return str(found or "")

    assert problem(free) == ""
    assert "not complete" in problem(free, consented=False)
    assert "professional" in problem(free, needs=True)
    assert problem(free, needs=True, confirmed=True) == ""
    assert "No place is free" in problem(full)
    assert "other entities" in problem(kept)


def test_every_status_can_be_said_and_nobody_is_stuck_but_who_joined() -> None:
    for status in Status:
        assert str(rules.status_text(status))
        assert status is Status.ACCEPTED or MOVES[status]
        assert rules.why_not(status, status)
    assert all(Status.WITHDRAWN in MOVES[one] for one in Status if one not in {"accepted", "withdrawn"})
    assert not rules.may_move("proposed", "applied")  # nothing counts before the person's own yes
    assert not rules.may_move("proposed", "offered")


@pytest.mark.parametrize("status", list(Status))
def test_who_was_not_told_waits_for_an_answer(status: Status) -> None:
    told = MOMENT
    assert rules.wants_answer(status, None) == (
        status in {Status.INTERESTED, Status.APPLIED} or status in set(Outcome)
    )
    assert rules.wants_answer(status, told) == (status in {Status.INTERESTED, Status.APPLIED})


def test_what_is_wrong_with_an_opening_is_said_all_at_once() -> None:
    first, last = date(2026, 3, 1), date(2026, 2, 1)
    problems = rules.opening_problems(first, last, date(2026, 1, 1), 3, {1: 2, 2: 2})
    assert len(problems) == 3
    assert rules.opening_problems(last, first, first, 4, {1: 2, 2: 2}) == []
    assert rules.is_open(first, first, first)
    assert not rules.is_open(first, first, first + timedelta(days=1))


def test_words_fall_back_to_the_language_of_the_course() -> None:
    words = {"ca": "Hola", "es": " ", "en": "Hello"}
    assert rules.words_in(words, "en", "ca") == ("en", "Hello")
    assert rules.words_in(words, "es", "ca") == ("ca", "Hola")
    assert rules.words_in({"es": "Hola"}, "en", "ca") == ("es", "Hola")
    assert rules.words_in(None, "en", "ca") == ("", "")
    assert rules.unanswered_questions({"pay": words}) == list(rules.QUESTIONS[1:])
    assert all(str(rules.question_text(code)) for code in rules.QUESTIONS)


def test_erasure_waits_for_the_day_and_for_an_open_offer() -> None:
    day = date(2026, 5, 1)
    after = day + timedelta(days=1)
    assert not rules.due_for_erasure("withdrawn", None, day, day)
    assert rules.due_for_erasure("withdrawn", None, day, after)
    assert not rules.due_for_erasure("offered", after, day, after)
    assert rules.due_for_erasure("offered", day, day, after)


def test_an_application_names_its_references_each_once() -> None:
    assert len(rules.application_problems(False, [], 2)) == 2
    twice = [("A", "a@example.org"), ("B", "a@example.org")]
    assert len(rules.application_problems(True, twice, 2)) == 1
    assert rules.application_problems(True, [], 0) == []


def test_only_reference_professionals_propose() -> None:
    professional = Actor(person_id=1, account_id=1, roles=frozenset({("supervisor", 5)}))
    administrator = Actor(person_id=2, account_id=2, roles=frozenset({("admin", None)}))
    assert policy.can_propose(professional)
    assert not policy.can_propose(administrator)
