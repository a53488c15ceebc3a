"""Where a course and its people stand, who needs a call and why, and how that is said. Pure.

Source: the domain page, "Attendance" 6 and 7: no data is not a warning, and a warning rests on the best
that is still possible, never on the running rate or on a register that nobody has filled in yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol

from trainer.attendance.rules import Attendance, Base, Forecast, amount_text
from trainer.core.text import Text, minutes_text, msg, nmsg
from trainer.gates.rules import GATE_KIND, PASSING, GateResult, Requirement, Status

if TYPE_CHECKING:
    from trainer.curriculum.rules import Programme


class SessionLike(Protocol):
    """What progress needs to know of a session."""

    @property
    def id(self) -> int: ...
    @property
    def number(self) -> int: ...
    @property
    def module_code(self) -> str: ...
    @property
    def title(self) -> str | None: ...
    @property
    def starts_local(self) -> datetime: ...
    @property
    def starts_at(self) -> datetime: ...
    @property
    def status(self) -> str: ...
    @property
    def venue(self) -> str: ...


class MarkLike(Protocol):
    """What progress needs to know of a mark."""

    @property
    def kind(self) -> str: ...
    @property
    def minutes(self) -> int | None: ...


@dataclass(frozen=True)
class PersonProgress:
    """Where one enrolment stands."""

    enrolment_id: int
    person_id: int
    name: str
    email: str
    status: str
    entity: str
    joined_on: date | None
    left_on: date | None
    attendance: Attendance
    gates: Mapping[str, GateResult]

    @property
    def is_active(self) -> bool:
        """On the course now: not paused, not gone, not finished."""
        return self.status == "enrolled"


@dataclass(frozen=True)
class CourseProgress:
    """Where a course stands: sessions in order of number, everybody in the order of the roster."""

    code: str
    title: str
    closed: bool
    programme: Programme
    sessions: Sequence[SessionLike]
    people: tuple[PersonProgress, ...]
    now: datetime

    def person(self, enrolment_id: int) -> PersonProgress | None:
        """The person of that enrolment, when they are on the course."""
        return next((one for one in self.people if one.enrolment_id == enrolment_id), None)

    @property
    def planned(self) -> list[SessionLike]:
        """Sessions still to come, in order of time."""
        return sorted(
            (s for s in self.sessions if s.status == "planned"), key=lambda s: (s.starts_at, s.number)
        )

    @property
    def ahead(self) -> list[SessionLike]:
        """Planned sessions that have not begun; the others that are planned wait for their register."""
        return [session for session in self.planned if session.starts_at > self.now]

    def waits_for_register(self, session: SessionLike) -> bool:
        return session.status == "planned" and session.starts_at <= self.now

    @property
    def held(self) -> int:
        return sum(1 for session in self.sessions if session.status == "held")

    @property
    def in_use(self) -> int:
        """Sessions that were not cancelled."""
        return sum(1 for session in self.sessions if session.status != "cancelled")


@dataclass(frozen=True)
class Call:
    """Somebody to ring this week: why, and what to offer. `session` is the one that decides, if any."""

    person: PersonProgress
    reasons: tuple[Text, ...]
    next_step: Text
    session: SessionLike | None = None
    kind: str = "at_risk"  # at_risk: can still be kept; unreachable: another way has to be found


def needs_call(course: CourseProgress) -> list[Call]:
    """Who needs a call this week, those first for whom something can still be kept.

    Only people who are on the course now (a pause is theirs to have), only decisions that rest on what is
    recorded, and nothing that a waiver has already settled.
    """
    if course.closed:
        return []
    calls = [call for person in course.people if person.is_active and (call := _call(course, person))]
    return sorted(
        calls, key=lambda call: (call.kind != "at_risk", call.person.attendance.can_still_miss_minutes)
    )


def _call(course: CourseProgress, person: PersonProgress) -> Call | None:
    lost = list(_out_of_reach(person.gates.values()))
    if lost:
        return Call(
            person,
            tuple(_lost_reason(gate, one) for gate, one in lost),
            _offer(lost[0][1]),
            None,
            "unreachable",
        )
    gate = _waiting_for_attendance(person.gates.values())
    if gate is None or person.attendance.forecast is not Forecast.AT_RISK:
        return None
    if not course.ahead:
        return None
    following = course.ahead[0]
    day = following.starts_local.date()
    left = person.attendance.can_still_miss_minutes
    if left:
        reason = msg(
            "Missing session %(number)d on %(day)s would put “%(gate)s” out of reach: "
            "only %(time)s may still be missed.",
            number=following.number,
            day=day,
            gate=_title(gate),
            time=minutes_text(left),
        )
    else:
        reason = msg(
            "Every minute of session %(number)d on %(day)s is needed for “%(gate)s”.",
            number=following.number,
            day=day,
            gate=_title(gate),
        )
    step = msg("Call before %(day)s and ask what would make it easier to come.", day=day)
    return Call(person, (reason,), step, following)


def _out_of_reach(gates: Iterable[GateResult]) -> Iterable[tuple[GateResult, Requirement]]:
    """Requirements that can no longer be met, each once, where no waiver has settled their gate."""
    for gate in gates:
        if gate.status is not Status.UNREACHABLE:
            continue
        for one in gate.requirements:
            if one.status is Status.UNREACHABLE and one.kind != GATE_KIND:
                yield gate, one


def _waiting_for_attendance(gates: Iterable[GateResult]) -> GateResult | None:
    for gate in gates:
        if gate.status not in PASSING and any(
            one.kind == "attendance" and one.status is Status.NOT_YET for one in gate.requirements
        ):
            return gate
    return None


def _lost_reason(gate: GateResult, requirement: Requirement) -> Text:
    return msg(
        "“%(gate)s” is out of reach as things stand. %(why)s", gate=_title(gate), why=requirement.explanation
    )


def _offer(requirement: Requirement) -> Text:
    if requirement.kind == "attendance":
        return msg(
            "Call to look at what is possible: the next edition, another group, or a waiver with its reason."
        )
    return msg("Call to look together at what is still possible.")


def _title(gate: GateResult) -> Any:
    return dict(gate.title) or gate.name


# ------------------------------------------------------------------ words


def standing_text(attendance: Attendance) -> Text:
    """Where a person stands, to the person, in one sentence."""
    if attendance.held <= 0:
        return msg("Nothing counts yet: the first session is still to come or its register is not filled in.")
    rule = attendance.rule
    return msg(
        "You have %(have)s of the %(held)s held so far.",
        have=amount_text(rule, attendance.credited),
        held=amount_text(rule, attendance.held),
    )


def possible_text(attendance: Attendance, tipping: SessionLike | None = None) -> Text:
    """What is still possible, to the person. `tipping`: missing all up to and with it loses the gate."""
    need = amount_text(attendance.rule, attendance.need)
    if attendance.base <= 0:
        return msg("The dates of the sessions are not set yet.")
    if attendance.status is Status.MET:
        return msg("You have the %(need)s that are needed. What you learn in the rest is yours.", need=need)
    if attendance.status is Status.UNREACHABLE:
        return msg(
            "%(need)s are needed, and what is left does not make them any more. "
            "There are other ways: talk with the people below.",
            need=need,
        )
    if attendance.can_still_miss_minutes == 0:
        return msg(
            "%(need)s are needed: every session that is left counts. Tell us early if one is difficult.",
            need=need,
        )
    time = minutes_text(attendance.can_still_miss_minutes)
    if tipping is None:
        return msg("%(need)s are needed. You may still miss %(time)s.", need=need, time=time)
    return msg(
        "%(need)s are needed. You may still miss %(time)s. "
        "If you came to none, it would be out of reach after session %(number)d, on %(day)s.",
        need=need,
        time=time,
        number=tipping.number,
        day=tipping.starts_local.date(),
    )


def bar_text(attendance: Attendance) -> Text:
    """What the attendance bar shows, in words."""
    return msg(
        "%(credited)s attended, %(lost)s missed, %(open)s still to come; %(need)s needed.",
        credited=minutes_text(attendance.credited_minutes),
        lost=minutes_text(lost_minutes(attendance)),
        open=minutes_text(attendance.open_minutes),
        need=amount_text(attendance.rule, attendance.need),
    )


def lost_minutes(attendance: Attendance) -> int:
    """Minutes of the base that were held and not credited."""
    return max(0, attendance.held_minutes - attendance.credited_minutes)


def threshold_minutes(attendance: Attendance) -> int:
    """Where the bar's mark stands. Where the programme counts sessions, the same share of the minutes."""
    if attendance.rule.base is Base.HOURS:
        return int(attendance.need)
    return int(attendance.rule.at_least * attendance.base_minutes)


def forecast_text(forecast: Forecast) -> Text:
    """The forecast in one or two words."""
    return {
        Forecast.NO_DATA: msg("No data yet"),
        Forecast.MET: msg("Met"),
        Forecast.UNREACHABLE: msg("Out of reach"),
        Forecast.AT_RISK: msg("At risk"),
        Forecast.ON_TRACK: msg("On track"),
    }[forecast]


def requirement_title(requirement: Requirement, gates: Mapping[str, GateResult]) -> Any:
    """What a requirement is called: a Text, or the other gate's title by language."""
    if requirement.kind == GATE_KIND and requirement.evidence and requirement.evidence[0] in gates:
        return _title(gates[requirement.evidence[0]])
    words = {
        "attendance": msg("Attendance"),
        "competencies": msg("Competencies"),
        "placement_hours": msg("Placement hours"),
        GATE_KIND: msg("What comes before"),
    }
    return words.get(requirement.kind, Text(requirement.kind))


def step_text(requirement: Requirement) -> Text | None:
    """What to do about a requirement that is not passed; never silent about one."""
    if requirement.status in PASSING:
        return None
    return requirement.next_step or msg("Ask the people who run the course what comes next.")


def status_sentence(status: str) -> Text | None:
    """A calm sentence to somebody who is not in the middle of the course."""
    return {
        "invited": msg("You are invited. The course begins for you when you say yes."),
        "paused": msg("You are taking a pause. Your place is kept, and so is all that you have done."),
        "withdrawn": msg("You left the course. What you did here stays yours, and the door is open."),
        "completed": msg("You have completed the course. Congratulations!"),
    }.get(status)


# ------------------------------------------------------------------ the timeline


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
    """Every session in order of time, then the gates. The next session is the current stop."""
    following = course.ahead[0] if course.ahead and person.status in ("enrolled", "invited") else None
    stops = []
    for session in sorted(course.sessions, key=lambda s: (s.starts_at, s.number)):
        mark = marks.get(session.id)
        state = {"held": "done", "cancelled": "off"}.get(session.status, "next")
        if following is not None and session.id == following.id:
            state = "current"
        kind = None
        if session.status == "held":
            kind = mark.kind if mark else "unmarked"
        elif course.waits_for_register(session):
            state, kind = "done", "unmarked"
        stops.append(
            Stop(
                session_title(course.programme, session), state, session, kind, mark.minutes if mark else None
            )
        )
    stops += [
        Stop(_title(gate), "done" if gate.passed else "next", gate=gate) for gate in person.gates.values()
    ]
    return Timeline(stops, following)


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
