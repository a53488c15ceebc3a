from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from trainer.scheduling.rules import Booking, ClashKind, clashes

START = datetime(2026, 3, 2, 9, tzinfo=UTC)


def booking(course: str, number: int, hour: float, hours: float = 4, **more) -> Booking:
    begin = START + timedelta(hours=hour)
    return Booking(course, number, begin, begin + timedelta(hours=hours), **more)


def test_each_kind_names_both_sides_and_what_they_share():
    left = booking("CC-1", 3, 0, venue="Vic", trainers={1: "Mercè Puig"}, trainees={7: "Núria Sala"})
    right = booking(
        "CC-2", 5, 2, venue="Vic", trainers={1: "Mercè Puig"}, trainees={7: "Núria Sala", 8: "Pau Mas"}
    )
    found = clashes([left], [right])
    assert [clash.kind for clash in found] == [ClashKind.VENUE, ClashKind.TRAINER, ClashKind.TRAINEE]
    assert [str(clash.text()) for clash in found] == [
        "CC-1 · 3 and CC-2 · 5 are both at Vic at the same time on 2026-03-02.",
        "Mercè Puig would train at CC-1 · 3 and CC-2 · 5 at the same time on 2026-03-02.",
        "Núria Sala would be at CC-1 · 3 and CC-2 · 5 at the same time on 2026-03-02.",
    ]


def test_one_after_the_other_is_no_clash():
    assert clashes([booking("A", 1, 0, venue="Vic")], [booking("B", 1, 4, venue="Vic")]) == []


def test_the_same_course_at_once_is_one_clash():
    found = clashes([booking("A", 1, 0, venue="Vic"), booking("A", 2, 1, venue="Vic")], [])
    assert [clash.kind for clash in found] == [ClashKind.COURSE]


def test_a_session_does_not_clash_with_itself():
    one = booking("A", 1, 0, venue="Vic", key=5)
    assert clashes([one], [booking("A", 1, 1, venue="Vic", key=5)]) == []


spans = st.tuples(st.integers(0, 40), st.integers(1, 8), st.sampled_from(["Vic", "Manresa", ""]))


@given(st.lists(spans, max_size=8), st.lists(spans, max_size=8))
def test_found_exactly_where_spans_overlap_at_one_venue(first, second):
    wanted = [booking("A", n, s, h, venue=v, key=n) for n, (s, h, v) in enumerate(first)]
    others = [booking("B", n, s, h, venue=v, key=100 + n) for n, (s, h, v) in enumerate(second)]
    found = {(c.left.number, c.right.number) for c in clashes(wanted, others) if c.kind is ClashKind.VENUE}
    assert found == {
        (left.number, right.number)
        for left in wanted
        for right in others
        if left.venue and left.venue == right.venue and left.overlaps(right)
    }
