"""Make-ups, notices, limits on absences and unmissable parts, against every way in which a course can still go on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.attendance.rules import (
    AttendanceRule,
    Base,
    Excused,
    LineState,
    MakeUpFact,
    MarkFact,
    MarkKind,
    NoticeFact,
    SessionFact,
    attendance,
    next_step,
    overall,
    unmissable,
)
from trainer.gates.rules import Status

START = datetime(2026, 9, 8, 10)
TODAY = date(2026, 9, 30)
ENDINGS = (MarkFact(MarkKind.PRESENT), MarkFact(MarkKind.ABSENT), MarkFact(MarkKind.EXCUSED))


def session(number: int, status: str = "held", minutes: int = 60) -> SessionFact:
    start = START + timedelta(weeks=number - 1)
    return SessionFact(number, number, status, start, minutes, None, "ab"[number % 2])


@st.composite
def courses(draw, sizes=(1, 6), open_most=3):
    sessions, marks, make_ups = [], {}, {}
    still_open = 0
    for number in range(1, draw(st.integers(*sizes)) + 1):
        status = draw(st.sampled_from(["held", "held", "planned"]))
        kind = draw(st.sampled_from(list(MarkKind))) if status == "held" else MarkKind.UNMARKED
        if kind is MarkKind.UNMARKED and still_open == open_most:
            status, kind = "held", MarkKind.ABSENT
        still_open += kind is MarkKind.UNMARKED
        length = draw(st.integers(1, 6))
        sessions.append(session(number, status, length))
        if status == "held":
            minutes = draw(st.integers(0, length)) if kind in (MarkKind.LATE, MarkKind.LEFT_EARLY) else None
            marks[number] = MarkFact(kind, minutes)
        if draw(st.booleans()):
            make_ups[number] = MakeUpFact(
                number,
                draw(st.integers(0, 9)),
                draw(st.sampled_from(["asked", "agreed", "done"])),
                draw(st.none() | st.just(TODAY) | st.just(TODAY - timedelta(days=1))),
            )
    return sessions, marks, make_ups


rules = st.builds(
    AttendanceRule,
    at_least=st.fractions(0, 1, max_denominator=12),
    base=st.sampled_from(Base),
    excused=st.sampled_from(Excused),
    cap_sessions=st.none() | st.integers(0, 2),
) | st.builds(
    AttendanceRule,
    base=st.sampled_from(Base),
    at_most_missed=st.integers(0, 8),
    whole_sessions=st.booleans(),
    missed_below=st.none() | st.fractions(0, 1, max_denominator=4),
).map(lambda rule: replace(rule, base=Base.SESSIONS) if rule.whole_sessions else rule)


def endings(sessions, marks, make_ups):
    """Every way in which what is open can end: each open session marked, each agreed make-up done or not."""
    waiting = [
        one.id for one in sessions if one.status == "planned" or marks[one.id].kind is MarkKind.UNMARKED
    ]
    agreed = [key for key, one in make_ups.items() if one.status == "agreed"]
    for marked, done in product(
        product(ENDINGS, repeat=len(waiting)), product((True, False), repeat=len(agreed))
    ):
        held = [replace(one, status="held") for one in sessions]
        then = {**marks, **dict(zip(waiting, marked, strict=True))}
        made = {
            key: replace(one, status="done")
            if dict(zip(agreed, done, strict=True)).get(key) and (one.until is None or one.until >= TODAY)
            else one
            for key, one in make_ups.items()
            if one.status != "agreed" or dict(zip(agreed, done, strict=True))[key]
        }
        made = {key: one for key, one in made.items() if one.status != "agreed"}
        yield attendance(held, then, RULE[0], make_ups=made, today=TODAY)


RULE: list[AttendanceRule] = [AttendanceRule()]


@settings(max_examples=150, deadline=None)
@given(courses(open_most=2), rules)
def test_the_bounds_hold_however_the_course_ends(course, rule):
    sessions, marks, make_ups = course
    RULE[0] = rule
    now = attendance(sessions, marks, rule, make_ups=make_ups, today=TODAY)
    ends = list(endings(sessions, marks, make_ups))
    statuses = {end.status for end in ends}
    assert Status.NOT_YET not in statuses or now.base <= 0 or any(end.base <= 0 for end in ends)
    if now.status is Status.MET:
        assert statuses <= {Status.MET, Status.NOT_YET}
    elif now.status is Status.UNREACHABLE:
        assert statuses == {Status.UNREACHABLE}
    elif now.base > 0:
        assert Status.MET in statuses
    # A make-up of what the programme excuses anyway may free the excuse for another session: the one thing the sums leave out.
    freed = any(line.excused and line.make_up and line.make_up.possible_on(TODAY) for line in now.lines)
    for end in ends:
        if end.base == now.base and not freed:
            assert now.credited <= end.credited <= now.credited + now.open


@given(courses(), rules)
def test_no_session_is_credited_above_its_length(course, rule):
    sessions, marks, make_ups = course
    found = attendance(sessions, marks, rule, make_ups=make_ups, today=TODAY)
    for line in found.lines:
        assert 0 <= line.credit <= line.credit + line.open <= line.counts <= line.session.length
        if line.make_up is None or line.make_up.status != "done":
            assert line.made_up == 0
        else:
            assert line.made_up <= line.make_up.minutes
    assert found.credited_minutes == sum(line.credit for line in found.lines)
    assert found.base_minutes == found.credited_minutes + found.open_minutes + found.lost_minutes


@given(courses(), rules, st.integers(1, 6), st.integers(0, 9))
def test_a_make_up_done_never_worsens_anything(course, rule, number, minutes):
    sessions, marks, make_ups = course
    without = {key: one for key, one in make_ups.items() if key != number}
    before = attendance(sessions, marks, rule, make_ups=without, today=TODAY)
    after = attendance(
        sessions, marks, rule, make_ups={**without, number: MakeUpFact(number, minutes)}, today=TODAY
    )
    order = [Status.UNREACHABLE, Status.NOT_YET, Status.MET]
    assert order.index(after.status) >= order.index(before.status)
    assert after.credited >= before.credited
    if not rule.whole_sessions:
        ahead = sum(
            line.open for line in after.lines if line.state in (LineState.PLANNED, LineState.UNMARKED)
        )
        assert after.can_still_miss_minutes >= min(before.can_still_miss_minutes, ahead)


@given(courses(), rules, st.sampled_from(["agreed", "done"]))
def test_what_is_agreed_is_possible_and_what_is_asked_is_nothing(course, rule, status):
    sessions, marks, make_ups = course
    only = {key: replace(one, status=status, until=None) for key, one in make_ups.items()}
    with_them = attendance(sessions, marks, rule, make_ups=only, today=TODAY)
    without = attendance(sessions, marks, rule, today=TODAY)
    assert with_them.credited + with_them.open >= without.credited + without.open
    asked = {key: replace(one, status="asked") for key, one in make_ups.items()}
    assert replace(attendance(sessions, marks, rule, make_ups=asked, today=TODAY), lines=()) == replace(
        without, lines=()
    )


@given(courses(), st.integers(0, 8))
def test_a_limit_in_hours_is_what_was_missed(course, most):
    sessions, marks, make_ups = course
    rule = AttendanceRule(at_most_missed=most)
    found = attendance(sessions, marks, rule, make_ups=make_ups, today=TODAY)
    missed = sum(line.missed for line in found.lines)
    assert (found.status is Status.UNREACHABLE) == (missed > most)
    assert (found.status is Status.MET) == (missed + found.open_minutes <= most and found.base > 0)


def test_an_announced_absence_shows_without_changing_what_is_possible():
    ten = [session(number, "planned", 240) for number in range(1, 11)]
    rule = AttendanceRule(Fraction(4, 5))
    notices = {2: NoticeFact(2), 3: NoticeFact(3, "late")}
    found = attendance(ten, {}, rule, notices=notices, today=TODAY)
    assert (found.announced_minutes, found.best_as_announced, found.best_possible) == (240, "90.0", "100.0")
    assert found.can_still_miss_minutes == 480
    assert "besides what you announced, 4 h may" in str(next_step(found))
    three = attendance(ten, {}, rule, notices={n: NoticeFact(n) for n in (2, 3, 4)}, today=TODAY)
    assert "ask for a make-up" in str(next_step(three))
    agreed = {2: MakeUpFact(2, 240, "agreed", TODAY)}
    after = attendance(ten, {}, rule, notices=notices, make_ups=agreed, today=TODAY)
    assert (after.announced_minutes, after.best_as_announced) == (0, "100.0")
    late = attendance(ten, {}, rule, notices=notices, make_ups=agreed, today=TODAY + timedelta(days=1))
    assert late.announced_minutes == 240


def test_a_make_up_brings_the_threshold_back_into_reach():
    ten = [session(number, "held" if number < 10 else "planned", 240) for number in range(1, 11)]
    marks = {n: MarkFact(MarkKind.PRESENT if n <= 6 else MarkKind.ABSENT) for n in range(1, 10)}
    rule = AttendanceRule(Fraction(4, 5))
    lost = attendance(ten, marks, rule, today=TODAY)
    assert (lost.status, lost.short_minutes) == (Status.UNREACHABLE, 240)
    agreed = attendance(ten, marks, rule, make_ups={7: MakeUpFact(7, 240, "agreed", TODAY)}, today=TODAY)
    assert (agreed.status, agreed.can_still_miss_minutes, agreed.lost_minutes) == (Status.NOT_YET, 0, 480)
    over = attendance(
        ten, marks, rule, make_ups={7: MakeUpFact(7, 240, "agreed", TODAY)}, today=TODAY + timedelta(days=1)
    )
    assert over.status is Status.UNREACHABLE


def test_two_sessions_may_be_missed_whole():
    rule = AttendanceRule(base=Base.SESSIONS, at_most_missed=2, whole_sessions=True)
    four = [session(number) for number in range(1, 5)]
    absent, late = MarkFact(MarkKind.ABSENT), MarkFact(MarkKind.LATE, 1)
    two = attendance(four, {1: absent, 2: absent, 3: late, 4: late}, rule)
    assert (two.status, two.credited, two.need) == (Status.MET, 2, 2)
    assert attendance(four, {1: absent, 2: absent, 3: absent, 4: late}, rule).status is Status.UNREACHABLE
    half = replace(rule, missed_below=Fraction(1, 2))
    assert attendance(four, {1: absent, 2: absent, 3: late, 4: late}, half).status is Status.UNREACHABLE
    enough = MarkFact(MarkKind.LEFT_EARLY, 30)
    assert attendance(four, {1: absent, 2: absent, 3: enough, 4: enough}, half).status is Status.MET


def test_several_rules_warn_by_the_strictest():
    ten = [session(number, "held" if number < 3 else "planned") for number in range(1, 11)]
    marks = {1: MarkFact(MarkKind.PRESENT), 2: MarkFact(MarkKind.ABSENT)}
    share, hours = AttendanceRule(Fraction(1, 2)), AttendanceRule(at_most_missed=90)
    both = overall([attendance(ten, marks, rule) for rule in (share, hours)])
    assert (both.need, both.can_still_miss_minutes, both.forecast) == (300, 30, "at_risk")
    assert both.tipping_session == 3


@pytest.mark.parametrize(
    ("mark", "make_up", "below", "expected"),
    [
        (MarkKind.PRESENT, None, None, Status.MET),
        (MarkKind.ABSENT, None, None, Status.UNREACHABLE),
        (MarkKind.EXCUSED, None, None, Status.UNREACHABLE),  # whatever an excuse is worth elsewhere
        (MarkKind.UNMARKED, None, None, Status.NOT_YET),
        (MarkKind.ABSENT, MakeUpFact(1, 60, "done"), None, Status.MET),
        (MarkKind.ABSENT, MakeUpFact(1, 60, "agreed"), None, Status.NOT_YET),
        (MarkKind.ABSENT, MakeUpFact(1, 47, "done"), Fraction(4, 5), Status.UNREACHABLE),
        (MarkKind.ABSENT, MakeUpFact(1, 48, "done"), Fraction(4, 5), Status.MET),
    ],
)
def test_an_unmissable_module(mark, make_up, below, expected):
    rule = AttendanceRule(excused=Excused.CREDITED)
    own = {1: make_up} if make_up else {}
    lines = attendance([session(1)], {1: MarkFact(mark)}, rule, make_ups=own, today=TODAY).lines
    assert unmissable(lines, ["b"], None, below).status is expected
    assert unmissable(lines, None, [1], below).status is expected


def test_an_unmissable_module_without_a_date_is_not_yet():
    found = unmissable((), ["b"], None)
    assert (found.status, found.undated) == (Status.NOT_YET, ("b",))


def test_what_left_the_base_is_still_a_line():
    rule = AttendanceRule(late_joiners_from_joining=True)
    found = attendance([session(1), session(2)], {}, rule, joined_on=date(2026, 9, 10), today=TODAY)
    assert [line.state for line in found.lines] == [LineState.OUTSIDE, LineState.UNMARKED]
    assert found.base_minutes == 60
