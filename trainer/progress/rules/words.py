"""Where a person stands and what is possible, in words. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from trainer.attendance.rules import Attendance, Count, Forecast, amount_text
from trainer.core.text import Text, minutes_text, msg
from trainer.gates.rules import GATE_KIND, PASSING, GateResult, Requirement, Status
from trainer.progress.rules.facts import SessionLike, gate_title

if TYPE_CHECKING:
    from trainer.curriculum.rules import Programme


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
    """Minutes of the base that are neither credited nor still possible."""
    return attendance.lost_minutes


def threshold_minutes(attendance: Attendance) -> int:
    """Where the bar's mark stands. Where the programme counts sessions, the same share of the minutes."""
    if attendance.rule.count is Count.MINUTES:
        return int(attendance.need)
    return int(attendance.need * attendance.base_minutes / attendance.base) if attendance.base else 0


def need_text(attendance: Attendance) -> Text:
    """What is needed, in the unit that the rule counts in; never less than it is."""
    return amount_text(attendance.rule, attendance.need, up=True)


def forecast_text(forecast: Forecast) -> Text:
    """The forecast in one or two words."""
    return {
        Forecast.NO_DATA: msg("No data yet"),
        Forecast.MET: msg("Met"),
        Forecast.UNREACHABLE: msg("Out of reach"),
        Forecast.AT_RISK: msg("At risk"),
        Forecast.ON_TRACK: msg("On track"),
    }[forecast]


def requirement_title(
    requirement: Requirement, gates: Mapping[str, GateResult], programme: Programme | None = None
) -> Any:
    """What a requirement is called: a Text, or the other gate's title by language.

    With the programme, attendance that is asked of one module alone names it.
    """
    evidence = requirement.evidence[0] if requirement.evidence else None
    modules = list(evidence.rule.modules or ()) if isinstance(evidence, Attendance) else []
    if programme is not None and len(modules) == 1:
        return msg("Attendance: %(module)s", module=dict(programme.module(modules[0]).title))
    if requirement.kind == GATE_KIND and requirement.evidence and requirement.evidence[0] in gates:
        return gate_title(gates[requirement.evidence[0]])
    words = {
        "attendance": msg("Attendance"),
        "max_absences": msg("Absences"),
        "unmissable": msg("What may not be missed"),
        "documents": msg("Documents"),
        "portfolio": msg("Portfolio"),
        "test": msg("Test"),
        "decision": msg("Decision"),
        "order": msg("Order of the parts"),
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


CHANNELS = ("call", "message", "in_person", "other")
OUTCOMES = ("reached", "agreed", "left_word", "no_answer")


def channel_text(channel: str) -> Text:
    """How somebody got in touch."""
    return {
        "call": msg("By telephone"),
        "message": msg("By message"),
        "in_person": msg("In person"),
        "other": msg("Another way"),
    }[channel]


def outcome_text(outcome: str) -> Text:
    """What came of getting in touch."""
    return {
        "reached": msg("We spoke"),
        "agreed": msg("We spoke and agreed something"),
        "left_word": msg("Left word"),
        "no_answer": msg("No answer"),
    }[outcome]


def status_text(status: Status) -> Text:
    """The status of a gate or requirement in a word or two."""
    return {
        Status.MET: msg("Met"),
        Status.NOT_YET: msg("Not yet"),
        Status.UNREACHABLE: msg("Out of reach"),
        Status.WAIVED: msg("Waived"),
    }[status]
