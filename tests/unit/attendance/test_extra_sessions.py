"""Repeats are in nobody's base: whatever they are and whatever is marked there, nobody's figures change."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from trainer.attendance.rules import (
    Attendance,
    AttendanceRule,
    Base,
    Excused,
    MakeUpFact,
    MarkFact,
    MarkKind,
    NoticeFact,
    SessionFact,
    attendance,
    unmissable,
)
from trainer.attendance.rules.transfers import Earned, carried

START = datetime(2026, 9, 8, 10)
TODAY = date(2026, 9, 30)

rules = st.builds(
    AttendanceRule,
    at_least=st.fractions(0, 1, max_denominator=12),
    base=st.sampled_from(Base),
    excused=st.sampled_from(Excused),
    cap_minutes=st.none() | st.integers(0, 9),
    cap_sessions=st.none() | st.integers(0, 2),
    late_joiners_from_joining=st.booleans(),
    modules=st.none() | st.just(frozenset("a")),
    at_most_missed=st.none() | st.integers(0, 6),
)
one_session = st.builds(
    SessionFact,
    id=st.just(0),
    number=st.just(0),
    status=st.sampled_from(["planned", "held", "held", "cancelled"]),
    starts_local=st.integers(0, 40).map(lambda day: START + timedelta(days=day)),
    minutes=st.integers(1, 6),
    effective_minutes=st.none() | st.integers(1, 6),
    module_code=st.sampled_from("ab"),
)
mark = st.builds(MarkFact, st.sampled_from(list(MarkKind)), st.integers(0, 6))
made = st.builds(MakeUpFact, st.just(0), st.integers(0, 6), st.sampled_from(["asked", "agreed", "done"]))
meeting = st.tuples(one_session, st.none() | mark, st.none() | made, st.booleans())


def facts(meetings: list[Any], first: int, *, extra: bool) -> tuple[list[SessionFact], list[dict[int, Any]]]:
    """Sessions numbered from `first` on, and the marks, make-ups and notices there."""
    own, marks, make_ups, notices = [], {}, {}, {}
    for key, (one, its_mark, make_up, announced) in enumerate(meetings, first):
        own.append(replace(one, id=key, number=key, extra=extra))
        if its_mark is not None:
            marks[key] = its_mark
        if make_up is not None:
            make_ups[key] = replace(make_up, session_id=key)
        if announced:
            notices[key] = NoticeFact(key)
    return own, [marks, make_ups, notices]


@given(
    st.lists(meeting, min_size=1, max_size=5),
    st.lists(meeting, min_size=1, max_size=3),
    rules,
    st.none() | st.integers(0, 40),
)
def test_repeats_with_any_marks_change_nobodys_figures(
    course: list[Any], added: list[Any], rule: AttendanceRule, joined: int | None
) -> None:
    own, around = facts(course, 1, extra=False)
    repeats, more = facts(added, 20, extra=True)
    on = None if joined is None else (START + timedelta(days=joined)).date()

    def stand(sessions: list[SessionFact], marks: Any, make_ups: Any, notices: Any) -> Attendance:
        return attendance(
            sessions, marks, rule, joined_on=on, make_ups=make_ups, notices=notices, today=TODAY
        )

    before = stand(own, *around)
    after = stand([*repeats, *own], *({**one, **other} for one, other in zip(around, more, strict=True)))
    assert after == before
    for modules, numbers in ((["a", "b"], None), (None, [1, 20, 21])):
        assert unmissable(after.lines, modules, numbers) == unmissable(before.lines, modules, numbers)


def test_what_is_carried_over_never_lands_on_a_repeat() -> None:
    plain = SessionFact(1, 1, "held", START, 60, None, "a")
    repeat = replace(plain, id=2, number=2, starts_local=START + timedelta(days=1), extra=True)
    found = carried([Earned(9, "a", 100)], [plain, repeat], date(2026, 10, 1))
    assert [(one.session.id, one.minutes) for one in found] == [(1, 60)]


def test_a_repeat_made_up_brings_its_minutes_once() -> None:
    missed = SessionFact(1, 1, "held", START, 60, None, "a")
    repeat = replace(missed, id=2, number=2, starts_local=START + timedelta(days=7), extra=True)
    absent = {1: MarkFact(MarkKind.ABSENT), 2: MarkFact(MarkKind.PRESENT)}
    done = {1: MakeUpFact(1, 60)}
    found = attendance([missed, repeat], absent, AttendanceRule(Fraction(4, 5)), make_ups=done)
    assert (found.credited_minutes, found.base_minutes, found.held_minutes) == (60, 60, 60)
