"""The order of what is to do, the parts of the way, and what making up brings back: pure."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.progress.test_rules import RULE, A, P, make
from trainer.attendance.rules import Attendance, MakeUpFact, MarkFact, attendance
from trainer.competency.rules import Judgement
from trainer.core.text import msg
from trainer.curriculum.rules import AssessorRule, Level, Scale
from trainer.dossier.rules import DecisionStanding
from trainer.gates.rules import GateResult, Requirement, Status
from trainer.progress.rules import (
    CourseProgress,
    first_things_first,
    needs_call,
    outlook_text,
    parts,
    step_as_told,
    todos,
)
from trainer.progress.rules.offers import can_be_made_up
from trainer.progress.rules.own import nothing_to_assess, still_possible_text

SCALE = Scale(
    (Level("not_yet", {"en": "Not yet"}, False), Level("done", {"en": "Done"}, True)), AssessorRule()
)


def programme(*modules: str) -> Any:
    """Modules with one competency each, and make-ups of any kind."""
    return SimpleNamespace(
        attendance={"make_ups": {"ways": ["task"]}},
        scale=SCALE,
        competency_codes=tuple(f"{code}.skill" for code in modules),
        modules=[
            SimpleNamespace(
                number=number,
                code=code,
                title={"en": code},
                competencies=(SimpleNamespace(code=f"{code}.skill", title={"en": code}),),
            )
            for number, code in enumerate(modules, 1)
        ],
    )


def course_of(marks: list[Any], planned: int, *modules: str, **gates: GateResult) -> CourseProgress:
    """One person; the sessions are of the modules in turn."""
    found = make(marks, planned, **({"gates": gates} if gates else {}))
    sessions = [
        replace(one, module_code=modules[n % len(modules)])  # type: ignore[type-var]
        for n, one in enumerate(found.sessions)
    ]
    return replace(found, sessions=sessions, programme=programme(*modules))


def asked(kind: str, step: str, *evidence: Any, status: Status = Status.NOT_YET) -> Requirement:
    return Requirement(kind, status, "0", "1", msg(kind), msg(step), evidence=evidence)


def test_what_two_gates_ask_is_said_once_and_what_is_met_not_at_all():
    hours = asked("placement_hours", "Agree a placement.")
    yes = asked("documents", "Hand it in.", status=Status.MET)
    gates = {
        "first": GateResult("first", Status.NOT_YET, (hours, yes), title={"en": "First"}),
        "second": GateResult(
            "second", Status.NOT_YET, (hours, asked("gate", "x", "first")), title={"en": "Second"}
        ),
        "third": GateResult("third", Status.WAIVED, (asked("test", "Take it."),)),
    }
    course = course_of([P], 3, "a", **gates)
    (one,) = todos(course, course.people[0])
    assert one.gates == ({"en": "First"}, {"en": "Second"})
    assert one.page == "placement"


def test_a_decision_of_others_has_no_page_to_go_to():
    gate = GateResult("g", Status.NOT_YET, (asked("decision", "Others decide.", DecisionStanding("talk")),))
    course = course_of([P], 3, "a", g=gate)
    (one,) = todos(course, course.people[0])
    assert (one.page, one.anchor) == (None, "")


def standing_gate(course: CourseProgress, kind: str = "attendance") -> GateResult:
    standing = course.people[0].attendance
    return GateResult("g", standing.status, (asked(kind, "Come.", standing, status=standing.status),))


@pytest.mark.parametrize(
    ("marks", "planned", "words"),
    [
        ([], 5, "It begins on"),
        ([P, P], 8, "You are on your way."),
        ([P, A, P], 2, "From here on, every session counts."),
        ([A, A, A], 7, "it can be made up"),
        ([P, P, P, P], 0, "Everything that is asked for is in place."),
    ],
)
def test_the_answer_comes_before_the_figures(marks, planned, words):
    course = course_of(list(marks), planned, "a", "b")
    gates = {"g": standing_gate(course)}
    course = replace(course, people=(replace(course.people[0], gates=gates),))
    person = course.people[0]
    said = str(outlook_text(course, person, todos(course, person), can_be_made_up(course, person)))
    assert words in said
    if not marks:
        (one,) = todos(course, person)
        assert str(one.step).startswith("Come to the first session.")


@pytest.mark.parametrize(("minutes", "waits"), [(240, True), (120, False)])
def test_what_is_asked_for_is_not_asked_for_again(minutes, waits):
    """Three of ten missed, one too many: asked for in full there is an answer to wait for; asked for in part there is not."""
    course = course_of([A, A, A], 7, "a", "b")
    facts = [one.session for one in course.people[0].attendance.lines]
    absent = {n: MarkFact(A) for n in (1, 2, 3)}
    standing = attendance(facts, absent, RULE, make_ups={1: MakeUpFact(1, minutes, "asked")})
    person = replace(course.people[0], attendance=standing)
    person = replace(person, gates={"g": standing_gate(replace(course, people=(person,)))}, status="enrolled")
    course = replace(course, people=(person,))
    (todo,) = todos(course, person)
    assert str(todo.step).startswith("You asked to make it up." if waits else "Come.")
    assert step_as_told([todo], todo.requirement) == todo.step
    (call,) = needs_call(course)
    assert ([one.kind for one in call.offers] == ["answer"]) is waits
    assert "making up 4 h brings the rest" in str(call.told)


def test_what_cannot_be_made_up_is_talked_about_and_stands_first():
    other = asked("documents", "Hand it in.")
    lost = asked("test", "Talk with us.", status=Status.UNREACHABLE)
    waits = asked("decision", "Others decide.", DecisionStanding("talk"))
    gate = GateResult("g", Status.UNREACHABLE, (waits, other, lost))
    course = course_of([P], 3, "a", g=gate)
    person = course.people[0]
    ordered = first_things_first(todos(course, person))
    assert [one.requirement.kind for one in ordered] == ["test", "documents", "decision"]
    assert "something to talk about" in str(outlook_text(course, person, ordered))


def test_nobody_is_sent_to_agree_a_placement_before_it_opens():
    hours = asked("placement_hours", "Agree a placement.")
    gates = {
        "start": GateResult(
            "start",
            Status.NOT_YET,
            (asked("documents", "Hand it in."),),
            opens="placement",
            title={"en": "Start"},
        ),
        "end": GateResult("end", Status.NOT_YET, (hours,), title={"en": "End"}),
    }
    course = course_of([P], 3, "a", **gates)
    later = todos(course, course.people[0])[1]
    assert "There is nothing to do about it now." in str(later.step) and later.page is None
    gates["start"] = replace(gates["start"], status=Status.MET)
    course = course_of([P], 3, "a", **gates)
    assert str(todos(course, course.people[0])[0].step) == "Agree a placement."


def test_the_part_of_the_next_session_is_the_present_one():
    course = course_of([P, A], 2, "a", "b", "c", "d")
    way = parts(course, course.people[0], (), course.ahead[0])
    assert [(one.code, one.state) for one in way] == [
        ("a", "past"),
        ("b", "past"),
        ("c", "present"),
        ("d", "ahead"),
    ]
    assert [one.cell.kind for part in way for one in part.visits] == ["present", "absent", "", ""]


def test_a_module_without_a_date_comes_last():
    course = course_of([P], 1, "b", "c")
    course = replace(course, programme=programme("a", "b", "c"))
    assert [one.code for one in parts(course, course.people[0])] == ["b", "c", "a"]


@pytest.mark.parametrize(("level", "nothing"), [("done", True), ("not_yet", False), (None, False)])
def test_only_what_was_taught_is_to_be_assessed(level, nothing):
    course = course_of([P], 1, "a", "b")
    judged = [Judgement("a.skill", level, "assessor", 9, course.today, 1)] if level else []
    way = parts(course, course.people[0], judged, course.ahead[0])
    assert nothing_to_assess(way) is nothing


@given(st.lists(st.sampled_from([P, A]), max_size=10), st.integers(0, 6))
def test_every_session_is_on_the_way_once_and_making_up_is_said_only_where_it_is_enough(marks, planned):
    course = course_of(list(marks), planned, "a", "b", "c")
    person = course.people[0]
    way = parts(course, person, (), course.ahead[0] if course.ahead else None)
    seen = [one.session.number for part in way for one in part.visits]
    assert sorted(seen) == [one.number for one in course.sessions]
    assert sum(one.state == "present" for one in way) == bool(course.ahead)
    standing: Attendance = person.attendance
    lines = [line for line in standing.lines if line.missed]
    for some in (lines, lines[:1], []):
        enough = 0 < standing.short_minutes <= sum(line.missed for line in some)
        assert ("brings the rest" in str(still_possible_text(standing, None, some))) is enough
