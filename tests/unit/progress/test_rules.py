"""Who needs a call, the timeline and the words: pure, from real attendance arithmetic."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.attendance.rules import (
    AttendanceRule,
    Forecast,
    MarkFact,
    MarkKind,
    SessionFact,
    attendance,
    explain,
    next_step,
)
from trainer.core.text import msg
from trainer.gates.rules import GateResult, Requirement, Status, combine
from trainer.progress.rules import (
    CourseProgress,
    PersonProgress,
    bar_text,
    forecast_text,
    gaps_text,
    lost_minutes,
    needs_call,
    possible_text,
    requirement_title,
    session_title,
    standing_text,
    status_sentence,
    step_text,
    threshold_minutes,
    timeline,
    to_complete,
)

FIRST = datetime(2026, 10, 8, 10, 0)
RULE = AttendanceRule(at_least=Fraction(4, 5))
P, A, U = MarkKind.PRESENT, MarkKind.ABSENT, None


@dataclass(frozen=True)
class Row:
    id: int
    number: int
    status: str
    starts_local: datetime
    module_code: str = "recovery"
    title: str | None = None
    venue: str = "Vic"

    @property
    def starts_at(self) -> datetime:
        return self.starts_local.replace(tzinfo=UTC)


PROGRAMME: Any = SimpleNamespace(
    attendance={}, modules=[SimpleNamespace(code="recovery", title={"en": "Recovery", "ca": "Recuperació"})]
)


def rows(held: int, planned: int, cancelled: int = 0) -> list[Row]:
    statuses = ["held"] * held + ["cancelled"] * cancelled + ["planned"] * planned
    return [Row(n, n, status, FIRST + timedelta(weeks=n - 1)) for n, status in enumerate(statuses, 1)]


def make(marks: list[MarkKind | None], planned: int, **values: Any) -> CourseProgress:
    """One person on a course of four-hour sessions: `marks` of the held ones, then `planned` more."""
    sessions = rows(len(marks), planned)
    facts = [SessionFact(s.id, s.number, s.status, s.starts_local, 240) for s in sessions]
    given_marks = {n: MarkFact(kind) for n, kind in enumerate(marks, 1) if kind is not None}
    standing = attendance(facts, given_marks, RULE)
    requirement = Requirement("attendance", standing.status, "0", "0", explain(standing), next_step(standing))
    gate = GateResult("placement", combine([standing.status]), (requirement,), title={"en": "Placement"})
    person = PersonProgress(
        enrolment_id=1,
        person_id=1,
        name="Núria",
        email="nuria@example.org",
        status="enrolled",
        entity="",
        joined_on=None,
        left_on=None,
        attendance=standing,
        gates={"placement": gate},
    )
    person = replace(person, **{key: value for key, value in values.items() if key in ("status", "gates")})
    now = values.get("now") or (FIRST + timedelta(weeks=len(marks) - 1, days=1)).replace(tzinfo=UTC)
    return CourseProgress("C", "Course", values.get("closed", False), PROGRAMME, sessions, (person,), now)


def test_nobody_is_called_before_anything_is_recorded():
    assert needs_call(make([], 10)) == []
    assert needs_call(make([U] * 10, 0)) == []


def test_the_next_session_decides():
    course = make([P, A, P, A], 6)
    (call,) = needs_call(course)
    assert call.kind == "at_risk"
    assert call.session is not None and call.session.number == 5
    assert "session 5" in str(call.reasons[0])
    assert "Call before" in str(call.next_step)
    assert needs_call(make([P, A, P, P], 6)) == []


def test_out_of_reach_says_why_and_what_to_offer():
    (call,) = needs_call(make([A, A, A], 7))
    assert call.kind == "unreachable"
    assert "out of reach" in str(call.reasons[0]) and "28 h" in str(call.reasons[0])
    assert "waiver" in str(call.next_step)


@pytest.mark.parametrize("status", ["paused", "withdrawn", "completed"])
def test_a_pause_or_leaving_asks_for_no_call(status):
    assert needs_call(make([A, A, A], 7, status=status)) == []


def test_a_closed_course_asks_for_no_call():
    assert needs_call(make([A, A, A], 7, closed=True)) == []


def test_a_waiver_settles_it():
    lost = make([A, A, A], 7).people[0].gates["placement"]
    waived = replace(lost, status=Status.WAIVED)
    assert needs_call(make([A, A, A], 7, gates={"placement": waived})) == []
    at_risk = make([P, A, P, A], 6).people[0].gates["placement"]
    assert (
        needs_call(make([P, A, P, A], 6, gates={"placement": replace(at_risk, status=Status.WAIVED)})) == []
    )


def test_a_session_that_waits_for_its_register_is_not_the_one_to_call_about():
    past = (FIRST + timedelta(weeks=4, days=2)).replace(
        tzinfo=UTC
    )  # after the fifth, whose register is missing
    course = make([P, A, P, A], 6, now=past)
    (call,) = needs_call(course)
    assert call.session is not None and call.session.number == 6
    assert to_complete(course) == [(5, 0)]
    assert "still to be taken" in str(gaps_text(5, 0))
    everything_past = make([P, A, P, A], 6, now=datetime(2027, 6, 1, tzinfo=UTC))
    assert needs_call(everything_past) == []
    assert [number for number, _ in to_complete(everything_past)] == [5, 6, 7, 8, 9, 10]


def test_those_for_whom_something_can_be_kept_come_first():
    lost, tight = make([A, A, A], 7).people[0], make([P, A, P, A], 6).people[0]
    course = replace(make([P, A, P, A], 6), people=(lost, tight))
    assert [call.kind for call in needs_call(course)] == ["at_risk", "unreachable"]


kinds = st.lists(st.sampled_from([P, A, MarkKind.EXCUSED, U]), max_size=12)


@given(kinds, st.integers(0, 8))
def test_a_call_rests_on_the_best_that_is_possible(marks, planned):
    """Checked against plain arithmetic: 4 h a session, 80 % of all of them."""
    total = len(marks) + planned
    lost = sum(1 for kind in marks if kind in (A, MarkKind.EXCUSED))
    calls = needs_call(make(marks, planned))
    spare = total * 240 - lost * 240 - Fraction(4, 5) * total * 240
    done = sum(1 for kind in marks if kind is P) >= Fraction(4, 5) * total
    recorded = any(kind is not None for kind in marks)
    if total and spare < 0:
        assert [call.kind for call in calls] == ["unreachable"]
    elif recorded and not done and planned and spare < 240:
        assert [call.kind for call in calls] == ["at_risk"]
    else:
        assert calls == []


@given(kinds, st.integers(0, 8), st.data())
def test_forgetting_a_mark_never_makes_things_worse(marks, planned, data):
    if not marks:
        return
    at = data.draw(st.integers(0, len(marks) - 1))
    fewer = [*marks[:at], U, *marks[at + 1 :]]
    worse = {call.kind for call in needs_call(make(fewer, planned))}
    assert "unreachable" not in worse or needs_call(make(marks, planned))[0].kind == "unreachable"


@given(kinds, st.integers(0, 8))
def test_every_sentence_can_be_said_and_the_bar_adds_up(marks, planned):
    course = make(marks, planned)
    standing = course.people[0].attendance
    tipping = next((s for s in course.sessions if s.number == standing.tipping_session), None)
    for text in (
        standing_text(standing),
        possible_text(standing, tipping),
        possible_text(standing),
        bar_text(standing),
    ):
        assert "%(" not in str(text)
    assert standing.credited_minutes + lost_minutes(standing) + standing.open_minutes == standing.base_minutes
    assert 0 <= threshold_minutes(standing) <= standing.base_minutes
    for requirement in course.people[0].gates["placement"].requirements:
        assert (step_text(requirement) is None) == (requirement.status in (Status.MET, Status.WAIVED))


def test_the_way_from_the_first_day_to_the_last_document():
    course = make([P, A, U], 2)
    person = course.people[0]
    mark = SimpleNamespace(kind="present", minutes=None)
    way = timeline(course, person, {1: mark, 2: SimpleNamespace(kind="absent", minutes=None)})
    assert [stop.state for stop in way.stops] == ["done", "done", "done", "current", "next", "next"]
    assert [stop.kind for stop in way.stops[:4]] == ["present", "absent", "unmarked", None]
    away = timeline(course, person, {1: mark}).stops[1]
    assert away.kind == "not_expected"  # no mark, and none is missed: paused on that day, say
    assert way.following is not None and way.following.number == 4
    assert way.stops[-1].gate is person.gates["placement"]
    assert timeline(course, replace(person, status="withdrawn"), {}).following is None


def test_a_cancelled_session_stays_in_sight():
    course = make([P], 1)
    cancelled = Row(9, 9, "cancelled", FIRST)
    way = timeline(replace(course, sessions=[*course.sessions, cancelled]), course.people[0], {})
    assert [stop.state for stop in way.stops if stop.session is cancelled] == ["off"]
    assert replace(course, sessions=[*course.sessions, cancelled]).in_use == 2


def test_titles():
    assert session_title(PROGRAMME, Row(1, 1, "held", FIRST)) == {"en": "Recovery", "ca": "Recuperació"}
    assert session_title(PROGRAMME, Row(1, 1, "held", FIRST, title="Visit")) == "Visit"
    assert session_title(PROGRAMME, Row(1, 1, "held", FIRST, module_code="gone")) == "gone"
    gates = make([P], 1).people[0].gates
    before = Requirement("gate", Status.NOT_YET, "0", "1", msg("x"), evidence=("placement",))
    assert requirement_title(before, gates) == {"en": "Placement"}
    assert (
        str(requirement_title(Requirement("attendance", Status.MET, "", "", msg("x")), gates)) == "Attendance"
    )
    assert str(requirement_title(Requirement("unheard", Status.MET, "", "", msg("x")), gates)) == "unheard"


def test_words_for_every_state():
    for forecast in Forecast:
        assert str(forecast_text(forecast))
    assert status_sentence("enrolled") is None
    for status in ("invited", "paused", "withdrawn", "completed"):
        said = str(status_sentence(status)).lower()
        assert not any(word in said for word in ("fail", "dropout", "patient"))
    assert str(gaps_text(3, 1)) == "Session 3: 1 person without a mark"
    assert str(gaps_text(3, 2)) == "Session 3: 2 people without a mark"


def test_dates_are_those_of_the_session():
    (call,) = needs_call(make([P, A, P, A], 6))
    assert call.next_step.values["day"] == date(2026, 11, 5)
