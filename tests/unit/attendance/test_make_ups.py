"""What a make-up is worth: never above a session, once, in time, within what the programme allows."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.attendance.rules import (
    AttendanceRule,
    MakeUpFact,
    MarkFact,
    MarkKind,
    NoticeFact,
    SessionFact,
    attendance,
)
from trainer.attendance.rules.lines import lines_of
from trainer.attendance.rules.make_ups import (
    MakeUpPolicy,
    MakeUpStatus,
    Used,
    check_in_time,
    check_minutes,
    check_move,
    check_until,
    credited,
    is_past,
    missed_minutes,
    why_not,
    worth,
)
from trainer.attendance.rules.notices import cap_use, effect_of
from trainer.attendance.rules.transfers import Earned, carried
from trainer.core.errors import Invalid, Refused

DAY = date(2026, 9, 8)
POLICY = MakeUpPolicy.from_document(
    {
        "make_ups": {
            "ways": ["session", "other_course", "task"],
            "within": {"weeks": 4},
            "at_most": {"sessions": 2},
            "not_for": ["ethics"],
        }
    }
)


def session(number, minutes=240, status="held", module="m", weeks=None):
    starts = datetime(2026, 9, 8, 10) + timedelta(weeks=number - 1 if weeks is None else weeks)
    return SessionFact(number, number, status, starts, minutes, None, module)


def line(mark=None, status="held", module="m", notice=None, make_up=None, **rule):
    one = session(1, status=status, module=module)
    marks = {1: mark} if mark else {}
    return lines_of(
        [one],
        marks,
        AttendanceRule(**rule),
        notices={1: notice} if notice else {},
        make_ups={1: make_up} if make_up else {},
    )[0]


ABSENT = MarkFact(MarkKind.ABSENT)


@given(
    length=st.integers(1, 600),
    attended=st.integers(0, 600),
    minutes=st.integers(0, 1440),
    kind=st.sampled_from(
        [MarkKind.LATE, MarkKind.LEFT_EARLY, MarkKind.ABSENT, MarkKind.PRESENT, MarkKind.EXCUSED]
    ),
    status=st.sampled_from(["done", "agreed", "asked"]),
)
def test_a_make_up_never_credits_above_the_session(length, attended, minutes, kind, status):
    attended = min(attended, length)
    mark = MarkFact(kind, attended if kind in (MarkKind.LATE, MarkKind.LEFT_EARLY) else None)
    found = attendance(
        [session(1, length)], {1: mark}, AttendanceRule(), make_ups={1: MakeUpFact(1, minutes, status)}
    )
    one = found.lines[0]
    assert found.credited_minutes <= length
    assert one.made_up == (credited(length, one.attended, [minutes]) if status == "done" else 0)
    assert one.attended + one.made_up + one.open <= length


@given(
    missed=st.integers(0, 600),
    target=st.none() | st.integers(1, 600),
    minutes=st.integers(-5, 700),
    most=st.none() | st.integers(0, 1000),
    used=st.integers(0, 600),
)
def test_what_is_agreed_stays_within_what_was_missed_and_what_is_left(missed, target, minutes, most, used):
    policy = MakeUpPolicy(("task",), at_most_minutes=most)
    taken = Used(1, used)
    suggested = worth(policy, missed, target, taken)
    assert 0 <= suggested <= missed
    if suggested:
        check_minutes(suggested, missed, policy, taken)
    try:
        check_minutes(minutes, missed, policy, taken)
    except Invalid:
        assert minutes < 1 or minutes > missed or (most is not None and used + minutes > most)
    else:
        assert 1 <= minutes <= missed
        assert most is None or used + minutes <= most


@given(days=st.integers(-60, 90), until=st.none() | st.integers(-60, 90))
def test_a_deadline_lies_between_today_and_the_programmes_last_day(days, until):
    today = DAY + timedelta(days=days)
    given_day = None if until is None else DAY + timedelta(days=until)
    last = DAY + timedelta(weeks=4)
    try:
        kept = check_until(given_day, POLICY, DAY, today)
    except Invalid:
        assert given_day is not None
        assert given_day < today or given_day > last
    else:
        assert kept is not None
        assert kept <= last
    assert is_past("agreed", last, today) == (today > last)
    assert not is_past("done", last, today)


def test_past_its_day_nothing_is_done():
    check_in_time("agreed", DAY, DAY)  # the day itself still counts
    with pytest.raises(Refused):
        check_in_time("agreed", DAY, DAY + timedelta(days=1))
    check_in_time("agreed", None, DAY + timedelta(days=900))


@pytest.mark.parametrize(
    ("policy", "one", "used", "today", "said"),
    [
        (MakeUpPolicy(), line(ABSENT), Used(), DAY, "no make-ups"),
        (POLICY, line(ABSENT, module="ethics"), Used(), DAY, "be there"),
        (POLICY, line(ABSENT, make_up=MakeUpFact(1, 60, "asked")), Used(), DAY, "already"),
        (POLICY, line(MarkFact(MarkKind.PRESENT)), Used(), DAY, "nothing"),
        (POLICY, line(), Used(), DAY, "nothing"),  # held and unmarked: nobody has said yet
        (POLICY, line(status="planned"), Used(), DAY, "nothing"),
        (POLICY, line(status="planned", notice=NoticeFact(1, "late")), Used(), DAY, "nothing"),
        (POLICY, line(ABSENT), Used(), DAY + timedelta(days=29), "until"),
        (POLICY, line(ABSENT), Used(2, 480), DAY, "allows 2"),
        (MakeUpPolicy(("task",), at_most_minutes=60), line(ABSENT), Used(1, 60), DAY, "allows 1 h"),
        (POLICY, line(ABSENT), Used(1, 240), DAY + timedelta(days=28), None),
        (POLICY, line(MarkFact(MarkKind.LATE, 200)), Used(), DAY, None),
        (POLICY, line(status="planned", notice=NoticeFact(1)), Used(), DAY, None),
    ],
)
def test_why_a_session_cannot_be_made_up(policy, one, used, today, said):
    found = why_not(policy, one, used, today)
    assert (found is None) if said is None else (said in str(found))


def test_what_was_missed():
    assert missed_minutes(line(ABSENT)) == 240
    assert missed_minutes(line(MarkFact(MarkKind.LATE, 200))) == 40
    assert missed_minutes(line(status="planned", notice=NoticeFact(1))) == 240
    assert missed_minutes(line(MarkFact(MarkKind.EXCUSED))) == 240
    assert missed_minutes(line(MarkFact(MarkKind.EXCUSED), excused="credited")) == 0
    assert missed_minutes(line(MarkFact(MarkKind.EXCUSED), excused="excluded")) == 0
    assert missed_minutes(line(MarkFact(MarkKind.EXCUSED), excused="credited", cap_minutes=100)) == 140


def test_a_transfer_uses_up_no_make_up():
    assert Used.of([("transfer", "done", 240), ("task", "declined", 60), ("task", "asked", 30)]) == Used(
        1, 30
    )


@pytest.mark.parametrize("status", list(MakeUpStatus))
def test_what_ended_stays_ended(status):
    ends = {
        "asked": {"done"},
        "agreed": {"asked", "declined"},
        "done": {"agreed", "done", "declined", "asked"},
    }
    never = ends.get(status, set(MakeUpStatus))
    for to in never:
        with pytest.raises(Refused):
            check_move(status, to)


def test_an_announced_absence_shows_in_the_forecast_and_a_make_up_mends_it():
    from fractions import Fraction

    sessions = [session(number, status="planned") for number in range(1, 6)]
    rule = AttendanceRule(at_least=Fraction(9, 10))
    said = {2: NoticeFact(2)}
    announced = effect_of([attendance(sessions, {}, rule, notices=said)])
    assert (announced.best, announced.best_as_announced) == ("100.0", "80.0")
    assert announced.breaks
    agreed = {2: MakeUpFact(2, 240, "agreed")}
    mended = effect_of([attendance(sessions, {}, rule, notices=said, make_ups=agreed)])
    assert (mended.best_as_announced, mended.breaks) == ("100.0", False)


def test_the_cap_counts_marked_and_decided_alike():
    from trainer.attendance.rules import Excused

    used = cap_use(AttendanceRule(excused=Excused.CREDITED, cap_sessions=2), [240, 240])
    assert used.is_full
    assert not cap_use(AttendanceRule(excused=Excused.ABSENT, cap_sessions=2), [240, 240]).has_cap


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 300)), max_size=6),
    st.lists(st.tuples(st.sampled_from("abcd"), st.integers(1, 300)), max_size=6),
    st.integers(0, 7),
)
def test_a_transfer_credits_no_minute_twice_and_no_session_above_its_length(old, new, joins):
    earned = [Earned(100 + key, module, minutes) for key, (module, minutes) in enumerate(old)]
    sessions = [session(key + 1, minutes, module=module) for key, (module, minutes) in enumerate(new)]
    joined_on = DAY + timedelta(weeks=joins)
    found = carried(earned, sessions, joined_on)
    for one in found:
        assert 0 < one.minutes <= one.session.length
        assert one.session.on < joined_on
    for module in "abcd":
        given_there = sum(one.minutes for one in found if one.session.module_code == module)
        room = sum(one.length for one in sessions if one.module_code == module and one.on < joined_on)
        had = sum(one.minutes for one in earned if one.module_code == module)
        assert given_there == min(room, had)
    assert len({one.session.id for one in found}) == len(found)
