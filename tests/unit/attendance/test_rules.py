"""Attendance against a brute-force oracle that counts single minutes, and the edges of the domain page."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.attendance.rules import (
    AttendanceRule,
    Base,
    Excused,
    Forecast,
    MarkFact,
    MarkKind,
    SessionFact,
    attendance,
    explain,
    next_step,
    percent,
)
from trainer.cohorts.rules import PauseSpan, paused_on
from trainer.gates.rules import Status

START = datetime(2026, 9, 22, 10, 0)
EIGHTY = AttendanceRule(at_least=Fraction(80, 100))
PRESENT, ABSENT = MarkFact(MarkKind.PRESENT), MarkFact(MarkKind.ABSENT)
ORDER = [Status.UNREACHABLE, Status.NOT_YET, Status.MET]


def weekly(statuses: str, minutes: int = 240) -> list[SessionFact]:
    """One session a letter: h(eld), p(lanned), c(ancelled)."""
    names = {"h": "held", "p": "planned", "c": "cancelled"}
    return [
        SessionFact(10 + n, n, names[letter], START + timedelta(weeks=n - 1), minutes)
        for n, letter in enumerate(statuses, 1)
    ]


def marks_of(letters: str) -> dict[int, MarkFact]:
    kinds = {"P": PRESENT, "A": ABSENT, "E": MarkFact(MarkKind.EXCUSED), "-": MarkFact(MarkKind.UNMARKED)}
    return {10 + n: kinds[letter] for n, letter in enumerate(letters, 1) if letter in kinds}


# --- generated courses


@st.composite
def courses(draw: st.DrawFn) -> tuple[list[SessionFact], dict[int, MarkFact]]:
    sessions, marks = [], {}
    for number in range(1, draw(st.integers(0, 7)) + 1):
        planned = draw(st.integers(1, 9))
        status = draw(st.sampled_from(["planned", "held", "held", "held", "cancelled"]))
        effective = draw(st.none() | st.integers(1, 9))
        start = START + timedelta(weeks=number)
        sessions.append(SessionFact(100 + number, number, status, start, planned, effective))
        kind = draw(st.none() | st.sampled_from(list(MarkKind)))
        if kind is not None:
            minutes = draw(st.integers(0, 10)) if kind in (MarkKind.LATE, MarkKind.LEFT_EARLY) else None
            marks[100 + number] = MarkFact(kind, minutes)
    return sessions, marks


rules = st.builds(
    AttendanceRule,
    at_least=st.fractions(0, 1, max_denominator=24) | st.just(Fraction(4, 5)),
    base=st.sampled_from(Base),
    excused=st.sampled_from(Excused),
    cap_minutes=st.none() | st.integers(0, 12),
    cap_sessions=st.none() | st.integers(0, 3),
    late_joiners_from_joining=st.booleans(),
    pauses_excluded=st.booleans(),
)
days = st.none() | st.integers(-1, 60).map(lambda n: (START + timedelta(days=n)).date())
people = st.fixed_dictionaries(
    {
        "joined_on": days,
        "left_on": days,
        "pauses": st.lists(
            st.tuples(st.integers(0, 50), st.none() | st.integers(0, 20)).map(
                lambda pair: PauseSpan(
                    (START + timedelta(days=pair[0])).date(),
                    None if pair[1] is None else (START + timedelta(days=pair[0] + pair[1])).date(),
                )
            ),
            max_size=2,
        ).map(tuple),
    }
)


class Oracle:
    """Every minute of every session on its own: earned, lost, open, or out of the base."""

    def __init__(self, sessions, marks, rule, joined_on=None, left_on=None, pauses=()):
        self.rule, self.minutes, self.unmarked, self.held_any = rule, [], [], False
        excused_minutes, excused_sessions = 0, 0

        def best_first(one):
            length = one.effective_minutes if one.status == "held" and one.effective_minutes else one.minutes
            return (length if rule.base == "sessions" else -length), one.starts_local

        for session in sorted(sessions, key=best_first):  # so is the cap on excused absence spent
            held = session.status == "held"
            length = session.effective_minutes if held and session.effective_minutes else session.minutes
            away = any(
                p.starts_on <= session.on and (p.ends_on is None or session.on < p.ends_on) for p in pauses
            )
            early = joined_on is not None and session.on < joined_on
            if session.status == "cancelled":
                continue
            if (early and rule.late_joiners_from_joining) or (away and rule.pauses_excluded):
                continue
            mark = marks.get(session.id)
            kind = mark.kind if mark else MarkKind.UNMARKED
            gone = left_on is not None and session.on > left_on
            if mark is None and (early or away or gone):
                kind = MarkKind.ABSENT
            excusing = held and kind == "excused" and rule.excused != "absent"
            may_excuse = rule.cap_sessions is None or excused_sessions < rule.cap_sessions
            if excusing and may_excuse:
                excused_sessions += 1
            for minute in range(length):
                if not held or kind == "unmarked":
                    state = "open"
                elif kind == "present" or (kind in ("late", "left_early") and minute < mark.minutes):
                    state = "earned"
                elif (
                    excusing
                    and may_excuse
                    and (rule.cap_minutes is None or excused_minutes < rule.cap_minutes)
                ):
                    excused_minutes += 1
                    state = "earned" if rule.excused == "credited" else "out"
                else:
                    state = "lost"
                self.minutes.append((session, length, state))
            if held and kind == "unmarked":
                self.unmarked.append(session.number)

    def count(self, *states):
        return sum(1 for _, _, state in self.minutes if state in states)

    def weight(self, *states):
        if self.rule.base == "hours":
            return Fraction(self.count(*states))
        return sum((Fraction(1, length) for _, length, state in self.minutes if state in states), Fraction(0))

    @property
    def base(self):
        return self.weight("earned", "lost", "open")

    def status(self):
        if self.base and self.weight("earned") >= self.rule.at_least * self.base:
            return Status.MET
        if self.weight("earned", "open") < self.rule.at_least * self.base:
            return Status.UNREACHABLE
        return Status.NOT_YET

    def safe_to_miss(self):
        """Take open minutes away, those of the shortest sessions first, for as long as the rest suffices."""
        left = sorted((length, session.number) for session, length, state in self.minutes if state == "open")
        best, missed = self.weight("earned", "open"), 0
        for length, _ in left:
            best -= 1 if self.rule.base == "hours" else Fraction(1, length)
            if best < self.rule.at_least * self.base:
                break
            missed += 1
        return missed


@given(courses(), rules, people)
def test_agrees_with_counting_single_minutes(course, rule, person):
    sessions, marks = course
    oracle, found = Oracle(sessions, marks, rule, **person), attendance(sessions, marks, rule, **person)
    assert found.credited_minutes == oracle.count("earned")
    assert found.base_minutes == oracle.count("earned", "lost", "open")
    assert found.held_minutes == oracle.count("earned", "lost")
    assert found.open_minutes == oracle.count("open")
    assert (found.credited, found.base) == (oracle.weight("earned"), oracle.base)
    assert found.unmarked_sessions == tuple(sorted(oracle.unmarked))
    assert found.status is oracle.status()
    assert found.can_still_miss_minutes == oracle.safe_to_miss()
    held = oracle.weight("earned", "lost")
    if not held:
        assert found.percent_so_far is None
        assert found.forecast is Forecast.NO_DATA
    else:
        shown = Fraction(found.percent_so_far)
        exact = oracle.weight("earned") / held * 100
        assert shown <= exact < shown + Fraction(1, 10)


@given(courses(), rules, people)
def test_at_risk_is_what_missing_the_next_planned_session_shows(course, rule, person):
    sessions, marks = course
    found = attendance(sessions, marks, rule, **person)
    if found.forecast not in (Forecast.AT_RISK, Forecast.ON_TRACK):
        assert found.forecast.value == ("no_data" if not found.held else found.status.value)
        return
    counted = [
        s
        for s in sorted(sessions, key=lambda s: s.starts_local)
        if s.status == "planned"
        and not (rule.late_joiners_from_joining and person["joined_on"] and s.on < person["joined_on"])
        and not (rule.pauses_excluded and paused_on(person["pauses"], s.on))
    ]
    if not counted:
        assert found.forecast is Forecast.ON_TRACK
        return
    missed = replace(counted[0], status="held", effective_minutes=None)
    others = [s for s in sessions if s.id != missed.id]
    then = attendance([*others, missed], {**marks, missed.id: ABSENT}, rule, **person)
    assert (found.forecast is Forecast.AT_RISK) == (then.status is Status.UNREACHABLE)


@given(courses(), rules, people, st.data())
def test_more_credit_never_worsens(course, rule, person, data):
    sessions, marks = course
    earned = [s for s in sessions if s.status == "held" and s.id in marks]
    earned = [s for s in earned if marks[s.id].kind not in (MarkKind.EXCUSED, MarkKind.UNMARKED)]
    if not earned:
        return
    session = data.draw(st.sampled_from(earned))
    more = data.draw(st.integers(0, 10))
    mark = marks[session.id]
    now = 0 if mark.kind is MarkKind.ABSENT else session.length if mark.minutes is None else mark.minutes
    better = {**marks, session.id: MarkFact(MarkKind.LATE, now + more)}
    before, after = (attendance(sessions, m, rule, **person) for m in (marks, better))
    assert after.credited >= before.credited
    assert after.base == before.base
    assert ORDER.index(after.status) >= ORDER.index(before.status)
    assert after.can_still_miss_minutes >= before.can_still_miss_minutes


@given(courses(), rules, people, st.data())
def test_marking_an_unmarked_session_can_only_settle_what_was_open(course, rule, person, data):
    sessions, marks = course
    before = attendance(sessions, marks, rule, **person)
    if before.status is Status.NOT_YET or not before.unmarked_sessions or rule.excused is not Excused.ABSENT:
        return
    number = data.draw(st.sampled_from(before.unmarked_sessions))
    kind = data.draw(st.sampled_from([MarkKind.PRESENT, MarkKind.ABSENT, MarkKind.EXCUSED]))
    after = attendance(sessions, {**marks, 100 + number: MarkFact(kind)}, rule, **person)
    assert after.status is before.status


@given(courses(), rules, people)
def test_cancelled_sessions_do_not_exist(course, rule, person):
    sessions, marks = course
    without = [s for s in sessions if s.status != "cancelled"]
    assert attendance(sessions, marks, rule, **person) == attendance(without, marks, rule, **person)


@given(courses(), rules, people)
def test_words_never_break(course, rule, person):
    found = attendance(*course, rule, **person)
    assert "%(" not in str(explain(found))
    assert (next_step(found) is None) == (found.status is Status.MET)


# --- the edges, by hand


def test_1920_of_2400_minutes_is_met_and_1919_is_not_yet():
    sessions = weekly("hhhhhhhhhh")
    marks = marks_of("PPPPPPPPAA")
    met = attendance(sessions, marks, EIGHTY)
    assert (met.status, met.forecast, met.percent_so_far, met.need) == (Status.MET, "met", "80.0", 1920)
    short = attendance(sessions, {**marks, 18: MarkFact(MarkKind.LATE, 239)}, EIGHTY)
    assert (short.credited_minutes, short.status) == (1919, Status.UNREACHABLE)
    assert short.percent_so_far == "79.9"
    open_end = attendance(weekly("hhhhhhhhhp"), {**marks, 18: MarkFact(MarkKind.LATE, 239)}, EIGHTY)
    assert (open_end.credited_minutes, open_end.status) == (1919, Status.NOT_YET)


def test_met_as_soon_as_the_credit_reaches_the_threshold_of_the_base():
    found = attendance(weekly("hhhhhhhhpp"), marks_of("PPPPPPPP"), EIGHTY)
    assert (found.status, found.forecast, found.can_still_miss_minutes) == (Status.MET, Forecast.MET, 480)
    assert (found.held_minutes, found.base_minutes, found.percent_so_far) == (1920, 2400, "100.0")


def test_the_forecast_in_the_contracts_order():
    def seen(statuses: str, marks: str) -> tuple[str, int]:
        found = attendance(weekly(statuses), marks_of(marks), EIGHTY)
        return found.forecast.value, found.can_still_miss_minutes

    assert seen("pppppppppp", "") == ("no_data", 480)
    assert seen("hppppppppp", "P") == ("on_track", 480)
    assert seen("hppppppppp", "A") == ("on_track", 240)
    assert seen("hhpppppppp", "AA") == ("at_risk", 0)
    assert seen("hhhppppppp", "AAA") == ("unreachable", 0)
    assert seen("hhhhhhhhpp", "PPPPPPPP") == ("met", 480)
    assert seen("hppppppppp", "-") == ("no_data", 480)


def test_unmarked_counts_neither_way():
    ten = weekly("hhhhhhhhhh")
    found = attendance(ten, marks_of("PPPPPPP-AA"), EIGHTY)
    assert (found.status, found.unmarked_sessions, found.held_minutes) == (Status.NOT_YET, (8,), 2160)
    assert found.percent_so_far == "77.7"
    assert "session 8" in str(next_step(found))
    assert attendance(ten, marks_of("PPPPPPPP-A"), EIGHTY).status is Status.MET
    assert attendance(ten, marks_of("PPPPPP-AAA"), EIGHTY).status is Status.UNREACHABLE
    assert attendance(ten, {}, EIGHTY).percent_so_far is None


def test_a_cancelled_session_lowers_the_threshold():
    found = attendance(weekly("hhhhhhhhhc"), marks_of("PPPPPPPAAP"), EIGHTY)
    assert (found.base_minutes, found.need, found.status) == (2160, 1728, Status.UNREACHABLE)
    found = attendance(weekly("hhhhhhhhcc"), marks_of("PPPPPPPA"), EIGHTY)
    assert (found.base_minutes, found.need, found.status) == (1920, 1536, Status.MET)


def test_the_effective_length_counts():
    sessions = weekly("hh")
    sessions[0] = replace(sessions[0], effective_minutes=180)
    found = attendance(sessions, {11: PRESENT, 12: MarkFact(MarkKind.LATE, 300)}, EIGHTY)
    assert (found.base_minutes, found.credited_minutes) == (420, 420)


def test_no_session_opens_no_gate():
    for sessions in ([], weekly("ccc")):
        found = attendance(sessions, {}, EIGHTY)
        assert (found.status, found.forecast, found.guaranteed) == (Status.NOT_YET, "no_data", None)


def test_late_joiners_and_pauses():
    third = (START + timedelta(weeks=2)).date()
    sessions, marks = weekly("hhhhhhhhhh"), marks_of("..PPPPPPPP")
    assert attendance(sessions, marks, EIGHTY, joined_on=third).status is Status.MET
    assert attendance(sessions, marks, EIGHTY, joined_on=third).base_minutes == 2400
    fewer = marks_of("..PPPPPPPA")
    assert attendance(sessions, fewer, EIGHTY, joined_on=third).status is Status.UNREACHABLE
    from_joining = replace(EIGHTY, late_joiners_from_joining=True)
    assert attendance(sessions, fewer, from_joining, joined_on=third).status is Status.MET
    pause = [PauseSpan(third, third + timedelta(days=8))]
    paused = marks_of("PP..PPPPPP")
    assert attendance(sessions, paused, EIGHTY, pauses=pause).status is Status.MET
    assert attendance(sessions, paused, EIGHTY, pauses=pause).percent_so_far == "80.0"
    excluded = attendance(sessions, paused, replace(EIGHTY, pauses_excluded=True), pauses=pause)
    assert (excluded.base_minutes, excluded.percent_so_far) == (1920, "100.0")


def test_excused_in_its_three_ways_with_a_cap():
    sessions, marks = weekly("hhhhhhhhhh"), marks_of("PPPPPPPEEE")

    def seen(**rule: object) -> tuple[int, int, str | None, str]:
        found = attendance(sessions, marks, replace(EIGHTY, **rule))
        assert found.raw_percent == "70.0"
        return found.credited_minutes, found.base_minutes, found.percent_so_far, found.status.value

    assert seen() == (1680, 2400, "70.0", "unreachable")
    assert seen(excused=Excused.EXCLUDED) == (1680, 1680, "100.0", "met")
    assert seen(excused=Excused.EXCLUDED, cap_sessions=1) == (1680, 2160, "77.7", "unreachable")
    assert seen(excused=Excused.CREDITED) == (2400, 2400, "100.0", "met")
    assert seen(excused=Excused.CREDITED, cap_minutes=239) == (1919, 2400, "79.9", "unreachable")


def test_a_base_of_sessions_weighs_them_alike():
    sessions = weekly("hhhhh")
    sessions[4] = replace(sessions[4], minutes=60)
    rule = replace(EIGHTY, base=Base.SESSIONS)
    found = attendance(sessions, marks_of("APPPP"), rule)
    assert (found.status, found.credited, found.need, found.credited_minutes) == (Status.MET, 4, 4, 780)
    assert attendance(sessions, {**marks_of("APPPP"), 12: MarkFact(MarkKind.LATE, 239)}, rule).status == (
        Status.UNREACHABLE
    )


def test_the_tipping_session_is_where_the_gate_is_lost():
    assert attendance(weekly("hppppppppp"), marks_of("P"), EIGHTY).tipping_session == 4
    assert attendance(weekly("hppppppppp"), marks_of("A"), EIGHTY).tipping_session == 3
    assert attendance(weekly("hhhhhhhhpp"), marks_of("PPPPPPPP"), EIGHTY).tipping_session is None


def test_percent_is_cut():
    assert percent(1919, 2400) == "79.9"
    assert percent(2399, 2400) == "99.9"
    assert percent(0, 2400) == "0.0"
    assert percent(0, 0) is None


def test_the_rule_is_read_from_the_programme():
    plain = {
        "base": "hours",
        "excused": {"counts_as": "absent"},
        "late_joiners": "full_base",
        "pauses": "full_base",
    }
    assert AttendanceRule.from_document(plain, Fraction(4, 5)) == EIGHTY
    other = {
        "base": "sessions",
        "excused": {"counts_as": "credited", "cap": {"hours": 4}},
        "late_joiners": "from_joining",
        "pauses": "excluded",
    }
    rule = AttendanceRule.from_document(other)
    assert (rule.base, rule.excused, rule.cap_minutes) == (Base.SESSIONS, Excused.CREDITED, 240)
    assert rule.late_joiners_from_joining
    assert rule.pauses_excluded
    with pytest.raises(ValueError):
        AttendanceRule.from_document({"pauses": "sometimes"})
