"""What would change if a mark, a make-up, a session or a rule were another: facts altered, decided by the same rules. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from trainer.attendance.rules import Attendance, MakeUpFact, MarkFact, MarkKind, SessionFact
from trainer.gates.rules import Status
from trainer.progress.rules.facts import CourseProgress, PersonProgress

if TYPE_CHECKING:
    from trainer.curriculum.rules import GateSpec, Programme


class MadeOf(Protocol):
    """What a person's attendance is made of (attendance.queries.Inputs)."""

    @property
    def sessions(self) -> tuple[SessionFact, ...]: ...
    @property
    def marks(self) -> dict[int, MarkFact]: ...
    @property
    def make_ups(self) -> dict[int, MakeUpFact]: ...


Facts = TypeVar("Facts", bound=MadeOf)


@dataclass(frozen=True)
class MarkIf:
    """A mark for one person, or for everybody, at a session; one that is still to come counts as held for them."""

    session_id: int
    mark: MarkFact
    enrolment_id: int | None = None


@dataclass(frozen=True)
class MakeUpIf:
    """So many minutes of a session made up by one person; without minutes, all of it."""

    enrolment_id: int
    session_id: int
    minutes: int | None = None


@dataclass(frozen=True)
class RulesIf:
    """Other rules. `at_least`: an exact share as programmes write it ("75 %"); `excused`: absent, excluded or credited;
    `cap`: sessions of excused absence at most; `at_most`: sessions missed at most. None leaves the programme's own."""

    at_least: str | None = None
    excused: str | None = None
    cap: int | None = None
    at_most: int | None = None

    @property
    def any(self) -> bool:
        return self != RulesIf()


@dataclass(frozen=True)
class WhatIf:
    """Everything that is supposed to be otherwise."""

    marks: tuple[MarkIf, ...] = ()
    make_ups: tuple[MakeUpIf, ...] = ()
    cancelled: frozenset[int] = frozenset()
    rules: RulesIf = RulesIf()

    @property
    def any(self) -> bool:
        return self != WhatIf()


def altered(facts: Mapping[int, Facts], what_if: WhatIf) -> dict[int, Facts]:
    """The facts by enrolment as they would be; those of the original stay as they are."""
    return {key: _altered(key, one, what_if) for key, one in facts.items()}


def _altered(enrolment_id: int, one: Facts, what_if: WhatIf) -> Facts:
    marks, make_ups = dict(one.marks), dict(one.make_ups)
    held: set[int] = set()
    for mark in what_if.marks:
        if mark.enrolment_id not in (None, enrolment_id):
            continue
        held.add(mark.session_id)
        if mark.mark.kind is MarkKind.UNMARKED:
            marks.pop(mark.session_id, None)
        else:
            marks[mark.session_id] = mark.mark
    for make_up in what_if.make_ups:
        if make_up.enrolment_id == enrolment_id:
            make_ups[make_up.session_id] = MakeUpFact(make_up.session_id, _minutes(one, make_up))
    sessions = tuple(_session(session, held, what_if.cancelled) for session in one.sessions)
    changed: Any = one
    return replace(changed, sessions=sessions, marks=marks, make_ups=make_ups)  # type: ignore[no-any-return]


def _minutes(one: MadeOf, make_up: MakeUpIf) -> int:
    if make_up.minutes is not None:
        return make_up.minutes
    return next((session.length for session in one.sessions if session.id == make_up.session_id), 0)


def _session(session: SessionFact, held: set[int], cancelled: frozenset[int]) -> SessionFact:
    if session.id in cancelled:
        return replace(session, status="cancelled")
    if session.id in held and session.status == "planned":
        return replace(session, status="held")
    return session


def altered_programme(programme: Programme, rules: RulesIf) -> Programme:
    """The programme with those rules; itself when none is another.

    A limit on absences is put on every gate that asks for attendance where the programme has none. Raises ValueError for a
    share or a word that programmes do not know, when it is decided on.
    """
    if not rules.any:
        return programme
    attendance = dict(programme.attendance)
    excused = dict(attendance.get("excused") or {})
    if rules.excused is not None:
        excused["counts_as"] = rules.excused
    if rules.cap is not None:
        excused["cap"] = {"sessions": rules.cap}
    if excused:
        attendance["excused"] = excused
    limited = any(
        one["kind"] == "max_absences" for gate in programme.gates.values() for one in gate.requirements
    )
    gates = {name: _gate(gate, rules, limited=limited) for name, gate in programme.gates.items()}
    return replace(programme, attendance=attendance, gates=gates)


def _gate(gate: GateSpec, rules: RulesIf, *, limited: bool) -> GateSpec:
    requirements = []
    for one in gate.requirements:
        changed = dict(one)
        if one["kind"] == "attendance" and rules.at_least is not None:
            changed["at_least"] = rules.at_least
        if one["kind"] == "max_absences" and rules.at_most is not None:
            changed["at_most"] = {"sessions": rules.at_most}
        requirements.append(changed)
    if rules.at_most is not None and not limited and any(one["kind"] == "attendance" for one in requirements):
        requirements.append({"kind": "max_absences", "at_most": {"sessions": rules.at_most}})
    return replace(gate, requirements=tuple(requirements))


@dataclass(frozen=True)
class Move:
    """One person before and after; `gates` are those whose status is another, by name: (before, after)."""

    before: PersonProgress
    after: PersonProgress
    gates: Mapping[str, tuple[Status, Status]]

    @property
    def counts_otherwise(self) -> bool:
        """Whether their attendance reads otherwise, though no gate moves."""
        return _figures(self.before.attendance) != _figures(self.after.attendance)


def _figures(attendance: Attendance) -> tuple[Any, ...]:
    return (
        attendance.credited,
        attendance.base,
        attendance.need,
        attendance.can_still_miss_minutes,
        attendance.forecast,
    )


def moves(before: CourseProgress, after: CourseProgress) -> list[Move]:
    """Everybody for whom something is otherwise, those whose gates move first, in the order of the roster.

    Who left or completed the course is moved by nothing any more.
    """
    found = []
    for was, now in zip(before.people, after.people, strict=True):
        if was.is_over:
            continue
        gates = {
            name: (was.gates[name].status, now.gates[name].status)
            for name in was.gates
            if was.gates[name].status is not now.gates[name].status
        }
        move = Move(was, now, gates)
        if gates or move.counts_otherwise:
            found.append(move)
    return sorted(found, key=lambda move: not move.gates)


def tally(course: CourseProgress) -> dict[str, dict[Status, int]]:
    """By gate: how many people are in each status. Who left is in none; who completed, in those that they passed."""
    return {
        name: {
            status: sum(
                1
                for one in course.people
                if one.gates[name].status is status
                and not one.has_left
                and (one.gates[name].passed or one.waits(name))
            )
            for status in Status
        }
        for name in course.programme.gates
    }
