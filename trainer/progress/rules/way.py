"""The way through a course: sessions, gates, and the registers still to fill in. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from trainer.core.text import Text, msg, nmsg
from trainer.gates.rules import GateResult
from trainer.progress.rules.facts import CourseProgress, MarkLike, PersonProgress, SessionLike, gate_title

if TYPE_CHECKING:
    from trainer.curriculum.rules import Programme


@dataclass(frozen=True)
class Stop:
    """One stop of a person's way: a session, or a gate after the sessions."""

    title: Any  # a Text, words by language, or a plain string
    state: str  # done | current | next | off
    session: SessionLike | None = None
    kind: str | None = None  # of the mark; unmarked where one is missing
    minutes: int | None = None
    gate: GateResult | None = None


@dataclass(frozen=True)
class Timeline:
    stops: list[Stop] = field(default_factory=list)
    following: SessionLike | None = None


def timeline(course: CourseProgress, person: PersonProgress, marks: Mapping[int, MarkLike]) -> Timeline:
    """Every session in order of time, then the gates; of who left, nothing to come. The next session is the current stop."""
    following = course.ahead[0] if course.ahead and person.status in ("enrolled", "invited") else None
    stops = []
    for session in sorted(course.sessions, key=lambda s: (s.starts_at, s.number)):
        if person.has_left and session.status == "planned":
            continue  # it is not theirs to come to any more
        mark = marks.get(session.id)
        state = {"held": "done", "cancelled": "off"}.get(session.status, "next")
        if following is not None and session.id == following.id:
            state = "current"
        kind = None
        if session.status == "held":
            kind = mark.kind if mark else missing_mark(person, session)
        elif course.waits_for_register(session):
            state, kind = "done", "unmarked"
        stops.append(
            Stop(
                session_title(course.programme, session), state, session, kind, mark.minutes if mark else None
            )
        )
    stops += [
        Stop(gate_title(gate), "done" if gate.passed else "next", gate=gate)
        for gate in person.gates.values()
        if gate.passed or not person.has_left
    ]
    return Timeline(stops, following)


def missing_mark(person: PersonProgress, session: SessionLike) -> str:
    """What a held session without a mark is to somebody: a register to complete, or one on which they were not
    expected (paused, gone, or not there yet)."""
    return "unmarked" if session.number in person.attendance.unmarked_sessions else "not_expected"


def session_title(programme: Programme, session: SessionLike) -> Any:
    """The session's own title, else its module's by language, else the module's code."""
    if session.title:
        return session.title
    module = next((one for one in programme.modules if one.code == session.module_code), None)
    return module.title if module else session.module_code


def to_complete(course: CourseProgress) -> list[tuple[int, int]]:
    """Registers to fill in: (session number, people unmarked; 0: not begun). A task, not a warning."""
    counts: dict[int, int] = {
        session.number: 0 for session in course.sessions if course.waits_for_register(session)
    }
    for person in course.people:
        for number in person.attendance.unmarked_sessions:
            counts[number] = counts.get(number, 0) + 1
    return sorted(counts.items())


def gaps_text(number: int, people: int) -> Text:
    """One register to fill in, in words."""
    if not people:
        return msg("Session %(session)s: the register is still to be taken", session=number)
    return nmsg(
        "Session %(session)s: %(num)d person without a mark",
        "Session %(session)s: %(num)d people without a mark",
        people,
        session=number,
    )
