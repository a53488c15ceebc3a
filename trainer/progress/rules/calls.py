"""Who needs a call this week, and why. Pure.

Source: the domain page, "Attendance" 6 and 7: no data is not a warning, and a warning rests on the best
that is still possible, never on the running rate or on a register that nobody has filled in yet.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from trainer.attendance.rules import Forecast
from trainer.core.text import Text, minutes_text, msg
from trainer.gates.rules import GATE_KIND, PASSING, GateResult, Requirement, Status
from trainer.progress.rules.facts import CourseProgress, PersonProgress, SessionLike, gate_title


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
            gate=gate_title(gate),
            time=minutes_text(left),
        )
    else:
        reason = msg(
            "Every minute of session %(number)d on %(day)s is needed for “%(gate)s”.",
            number=following.number,
            day=day,
            gate=gate_title(gate),
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
        "“%(gate)s” is out of reach as things stand. %(why)s",
        gate=gate_title(gate),
        why=requirement.explanation,
    )


def _offer(requirement: Requirement) -> Text:
    if requirement.kind == "attendance":
        return msg(
            "Call to look at what is possible: the next edition, another group, or a waiver with its reason."
        )
    return msg("Call to look together at what is still possible.")
