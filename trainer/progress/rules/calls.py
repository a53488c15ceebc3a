"""Who needs a call this week, and why. Pure.

Source: the domain page, "Attendance" 6 and 7: no data is not a warning, and a warning rests on the best
that is still possible, never on the running rate or on a register that nobody has filled in yet.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from trainer.attendance.rules import Attendance, Forecast, Line, LineState
from trainer.attendance.rules.make_ups import is_past
from trainer.core.text import Text, minutes_text, msg
from trainer.gates.rules import GATE_KIND, PASSING, GateResult, Requirement, Status
from trainer.progress.rules.facts import (
    ContactFact,
    CourseProgress,
    PersonProgress,
    SessionLike,
    gate_title,
)
from trainer.progress.rules.offers import ATTENDANCE_KINDS, Offer, asked_lines, can_be_made_up, offers
from trainer.progress.rules.own import still_possible_text

WAITING = timedelta(days=7)
"""Somebody who was reached, or left word to, in the last seven days is not called again yet."""


@dataclass(frozen=True)
class Call:
    """Somebody to ring this week: why, and what to offer. `session` is the one that decides, if any.

    `known`: what they announced or asked for already. `state`: due (the team said that it would ask again by now), now,
    or waiting (contacted in the last seven days, or to be asked again later).
    """

    person: PersonProgress
    reasons: tuple[Text, ...]
    next_step: Text
    session: SessionLike | None = None
    # at_risk: can still be kept; unreachable: another way has to be found; warning: a make-up is past its day, and may be done
    kind: str = "at_risk"
    known: tuple[Text, ...] = ()
    offers: tuple[Offer, ...] = ()
    state: str = "now"
    told: Text | None = None  # what their own page says of their attendance


_ORDER = {"due": 0, "now": 1, "waiting": 2}
_KINDS = {"at_risk": 0, "unreachable": 1, "warning": 2}


def needs_call(course: CourseProgress) -> list[Call]:
    """Who needs a call this week: follow-ups that are due first, those for whom something can still be kept before the
    others, who was just contacted last.

    Only people who are on the course now (a pause is theirs to have), only decisions that rest on what is
    recorded, and nothing that a waiver has already settled.
    """
    if course.closed:
        return []
    calls = [
        replace(call, told=_told(course, person))
        for person in course.people
        if person.is_active and (call := _call(course, person))
    ]
    return sorted(
        calls,
        key=lambda call: (
            _ORDER[call.state],
            _KINDS[call.kind],
            call.person.attendance.can_still_miss_minutes,
        ),
    )


def follow_ups(course: CourseProgress) -> list[PersonProgress]:
    """Everybody whom the team meant to ask again by today, the longest waiting first."""
    due = [
        (one.contact.again_on, one)
        for one in course.people
        if one.contact is not None
        and one.contact.again_on is not None
        and one.contact.again_on <= course.today
        and one.status in ("enrolled", "paused")
    ]
    return [one for _day, one in sorted(due, key=lambda pair: pair[0])]


def contact_state(contact: ContactFact | None, today: date) -> str:
    """due, now or waiting (see Call). A call that nobody answered changes nothing, unless a day was set to try again."""
    if contact is None:
        return "now"
    if contact.again_on is not None:
        return "due" if contact.again_on <= today else "waiting"
    if contact.outcome != "no_answer" and today - contact.on <= WAITING:
        return "waiting"
    return "now"


def _call(course: CourseProgress, person: PersonProgress) -> Call | None:
    state = contact_state(person.contact, course.today)
    lost = list(_out_of_reach(person.gates.values()))
    if lost:
        ways = offers(course, person, lost[0][1])
        return Call(
            person,
            tuple(_lost_reason(gate, one) for gate, one in lost),
            _offer(lost[0][1]),
            None,
            "unreachable",
            _known(course, person),
            ways,
            state,
        )
    reasons, session = _at_risk(course, person)
    if not reasons or session is None:
        return _past_make_up(course, person, state)
    day = session.starts_local.date()
    step = msg("Call before %(day)s and ask what would make it easier to come.", day=day)
    ways = offers(course, person, None, session)
    return Call(person, reasons, step, session, "at_risk", _known(course, person), ways, state)


def _told(course: CourseProgress, person: PersonProgress) -> Text:
    """What the person reads of their attendance on their own page, word for word."""
    number = person.attendance.tipping_session
    tipping = next((one for one in course.ahead if one.number == number), None)
    return still_possible_text(
        person.attendance, tipping, [*can_be_made_up(course, person), *asked_lines(person)]
    )


def _past_make_up(course: CourseProgress, person: PersonProgress, state: str) -> Call | None:
    """An agreed make-up whose day went by: it may have been done, so it is asked before anything is said of the forecast."""
    reasons = tuple(
        msg(
            "The make-up of session %(number)d was to be done by %(day)s; nobody has recorded it.",
            number=line.session.number,
            day=line.make_up.until,
        )
        for line in person.attendance.lines
        if line.make_up is not None and is_past(line.make_up.status, line.make_up.until, course.today)
    )
    if not reasons:
        return None
    step = msg("Ask whether it was done: credit it, or agree on another day.")
    return Call(person, reasons, step, None, "warning", _known(course, person), (), state)


def _at_risk(course: CourseProgress, person: PersonProgress) -> tuple[tuple[Text, ...], SessionLike | None]:
    """Why a gate hangs on what comes next, and the session that decides."""
    if not course.ahead:
        return (), None
    gate = _waiting_for_attendance(person.gates.values())
    following = course.ahead[0]
    if gate is not None and person.attendance.forecast is Forecast.AT_RISK:
        return (_next_reason(gate, following, person.attendance.can_still_miss_minutes),), following
    return _announced(course, person)


def _next_reason(gate: GateResult, following: SessionLike, left: int) -> Text:
    day = following.starts_local.date()
    if left:
        return msg(
            "Missing session %(number)d on %(day)s would put “%(gate)s” out of reach: "
            "only %(time)s may still be missed.",
            number=following.number,
            day=day,
            gate=gate_title(gate),
            time=minutes_text(left),
        )
    return msg(
        "Every minute of session %(number)d on %(day)s is needed for “%(gate)s”.",
        number=following.number,
        day=day,
        gate=gate_title(gate),
    )


def _announced(course: CourseProgress, person: PersonProgress) -> tuple[tuple[Text, ...], SessionLike | None]:
    """What they said themselves that they will miss, where a gate would be lost by it."""
    by_id = {session.id: session for session in course.ahead}
    coming = [line for line in person.attendance.lines if line.announced and line.session.id in by_id]
    for gate in person.gates.values():
        if gate.passed:
            continue
        for one in gate.requirements:
            if one.status is not Status.NOT_YET or one.kind not in ATTENDANCE_KINDS or not one.evidence:
                continue
            lines = [line for line in coming if _would_lose(one.evidence[0], line)]
            if lines:
                session = by_id[lines[0].session.id]
                return (
                    msg(
                        "They announced that they will miss session %(number)d on %(day)s; "
                        "“%(gate)s” would then be out of reach.",
                        number=session.number,
                        day=session.starts_local.date(),
                        gate=gate_title(gate),
                    ),
                ), session
    return (), None


def _would_lose(evidence: object, line: Line) -> bool:
    if isinstance(evidence, Attendance):
        mine = any(one.session.id == line.session.id for one in evidence.lines)
        return mine and evidence.credited + evidence.open - evidence.announced < evidence.need
    wanted = getattr(evidence, "open", ())
    by_module = getattr(evidence, "by_module", False)
    return (line.session.module_code if by_module else line.session.number) in wanted


def _known(course: CourseProgress, person: PersonProgress) -> tuple[Text, ...]:
    """What the person announced or asked for, and what was agreed with them: before one rings, not after."""
    said = []
    for line in person.attendance.lines:
        number, day = line.session.number, line.session.on
        if line.make_up is not None and line.make_up.status == "asked":
            said.append(
                msg("They asked to make up session %(number)d; nobody has answered yet.", number=number)
            )
        elif line.make_up is not None and is_past(line.make_up.status, line.make_up.until, course.today):
            said.append(
                msg(
                    "The make-up of session %(number)d is past its day, and is not recorded as done.",
                    number=number,
                )
            )
        elif line.make_up is not None and line.make_up.status == "agreed":
            said.append(msg("A make-up of session %(number)d is agreed.", number=number))
        if line.notice is not None and line.state is LineState.PLANNED:
            said.append(
                msg("They announced beforehand: session %(number)d on %(day)s.", number=number, day=day)
            )
    return tuple(said)


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
            one.kind in ("attendance", "max_absences") and one.status is Status.NOT_YET
            for one in gate.requirements
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
    if requirement.kind in ATTENDANCE_KINDS:
        return msg(
            "Call to look at what is possible: the next edition, another group, or a waiver with its reason."
        )
    return msg("Call to look together at what is still possible.")
