"""Attendance in words. Pure."""

from __future__ import annotations

from trainer.attendance.rules.facts import Amount, AttendanceRule, Count
from trainer.attendance.rules.standing import Attendance
from trainer.core.text import Text, minutes_text, msg, nmsg
from trainer.gates.rules import Status


def amount_text(rule: AttendanceRule, amount: Amount, *, up: bool = False) -> Text:
    """An amount in the rule's unit, in words: "32 h", "8 sessions". `up` as in amount_plain."""
    if rule.count is Count.MINUTES:
        return minutes_text(int(amount))
    if amount == int(amount):
        return nmsg("%(num)d session", "%(num)d sessions", int(amount))
    return msg("%(number)s sessions", number=amount_plain(amount, up=up))


def amount_plain(amount: Amount, *, up: bool = False) -> str:
    """An amount as a bare number, cut to one decimal where it is not whole.

    What is needed goes `up` instead, so that an unmet requirement never shows two equal figures.
    """
    if amount == int(amount):
        return str(int(amount))
    tenths = -(-amount * 10 // 1) if up else amount * 10 // 1
    return f"{tenths // 10}.{tenths % 10}"


def explain(standing: Attendance) -> Text:
    """The attendance requirement's decision in words, for the person and the organiser alike."""
    rule = standing.rule
    have, need = amount_text(rule, standing.credited), amount_text(rule, standing.need, up=True)
    whole = amount_text(rule, standing.base)
    if standing.base <= 0:
        return msg("No session counts towards attendance yet.")
    if standing.status is Status.MET:
        return msg("%(have)s of %(base)s credited; %(need)s needed.", have=have, base=whole, need=need)
    if standing.status is Status.UNREACHABLE:
        best = amount_text(rule, standing.credited + standing.open)
        return msg(
            "%(have)s of %(base)s credited; %(need)s needed, and all that is left makes %(best)s.",
            have=have,
            base=whole,
            need=need,
            best=best,
        )
    return msg("%(have)s of %(base)s credited so far; %(need)s needed.", have=have, base=whole, need=need)


def next_step(standing: Attendance) -> Text | None:
    """What comes next for the person, or None when nothing is left to do."""
    if standing.status is Status.MET:
        return None
    if standing.base <= 0:
        return msg("Wait for the dates of the sessions, or ask for them.")
    if standing.status is Status.UNREACHABLE:
        return msg(
            "Ask for a make-up, or talk with the course organiser about what is possible: %(time)s are missing.",
            time=minutes_text(standing.short_minutes),
        )
    if standing.planned_sessions == 0 and not standing.unmarked_sessions:
        return msg("Do the make-up that was agreed: it still counts.")
    if standing.planned_sessions == 0:
        numbers = ", ".join(str(number) for number in standing.unmarked_sessions)
        return nmsg(
            "The register of session %(numbers)s is to be completed.",
            "The registers of sessions %(numbers)s are to be completed.",
            len(standing.unmarked_sessions),
            numbers=numbers,
        )
    if standing.can_still_miss_minutes == 0:
        return msg("Come to every session that is left: each of them is needed.")
    if standing.announced_minutes:
        return _beside_what_was_announced(standing.can_still_miss_minutes - standing.announced_minutes)
    time = minutes_text(standing.can_still_miss_minutes)
    return msg("Keep coming: %(time)s may still be missed.", time=time)


def explain_absences(standing: Attendance) -> Text:
    """A limit on absences in words, for the person and the organiser alike."""
    rule = standing.rule
    if standing.base <= 0:
        return msg("No session counts towards attendance yet.")
    missed = amount_text(rule, standing.base - standing.credited - standing.open, up=True)
    limit = amount_text(rule, standing.base - standing.need)
    if standing.status is Status.UNREACHABLE:
        return msg("%(missed)s missed; at most %(limit)s may be.", missed=missed, limit=limit)
    if standing.status is Status.MET:
        return msg("%(missed)s missed of the %(limit)s that may be.", missed=missed, limit=limit)
    return msg("%(missed)s missed so far of the %(limit)s that may be.", missed=missed, limit=limit)


def next_step_absences(standing: Attendance) -> Text | None:
    """What comes next for the person, or None when nothing is left to do."""
    if standing.status is Status.UNREACHABLE:
        return msg("Ask how part of what was missed can be made up.")
    return next_step(standing)


def _beside_what_was_announced(left: int) -> Text:
    """What may still be missed, in minutes, once the absences that the person announced are taken off."""
    if left < 0:
        return msg(
            "What you announced is more than may still be missed: ask for a make-up, or come if you can."
        )
    if left == 0:
        return msg("Come to every other session: with what you announced, each of them is needed.")
    return msg(
        "Keep coming: besides what you announced, %(time)s may still be missed.", time=minutes_text(left)
    )
