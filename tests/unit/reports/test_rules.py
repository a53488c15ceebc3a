"""Counting people for a report."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from trainer.reports.rules import Standing, lines

GATES = ["placement", "accreditation"]
people = st.lists(
    st.builds(
        Standing,
        entity=st.sampled_from(["", "Alzina", "Riu Verd"]),
        status=st.sampled_from(["enrolled", "paused", "withdrawn", "completed"]),
        gates_passed=st.frozensets(st.sampled_from(GATES)),
    ),
    max_size=30,
)


@given(people)
def test_the_last_line_is_the_sum_of_the_others(everyone: list[Standing]) -> None:
    *parts, whole = lines(everyone, GATES)
    assert whole.entity is None
    assert whole.began == len(everyone) == whole.on_course + whole.paused + whole.left + whole.completed
    if parts:
        assert sum(line.began for line in parts) == whole.began
        for position in range(len(GATES)):
            assert sum(line.passed[position] for line in parts) == whole.passed[position]


def test_one_entity_is_not_shown_twice() -> None:
    assert len(lines([Standing("Alzina", "enrolled", frozenset())], GATES)) == 1
