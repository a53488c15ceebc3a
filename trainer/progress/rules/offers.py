"""What can be offered to somebody who needs a call: the programme's own ways, the gentlest first. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from trainer.attendance.rules import Attendance, Line, LineState
from trainer.attendance.rules.make_ups import MakeUpPolicy, Used, why_not
from trainer.core.text import Text, minutes_text, msg, nmsg
from trainer.gates.rules import Requirement
from trainer.progress.rules.facts import CourseProgress, PersonProgress, SessionLike

ATTENDANCE_KINDS = frozenset({"attendance", "max_absences", "unmissable"})


@dataclass(frozen=True)
class Offer:
    """One thing to offer. kind: call, answer, make_up, task, other_course, transfer, waiver; `missed` are the ids of the
    sessions that a make-up would be for."""

    kind: str
    text: Text
    missed: tuple[int, ...] = ()


def offers(
    course: CourseProgress,
    person: PersonProgress,
    lost: Requirement | None,
    deciding: SessionLike | None = None,
) -> tuple[Offer, ...]:
    """What could be offered, in the order in which one would. `lost`: the requirement that is out of reach, if one is;
    else `deciding` is the session on which it hangs."""
    if lost is not None and lost.kind not in ATTENDANCE_KINDS:
        return (
            Offer("transfer", msg("Look at the next edition or another group of the programme.")),
            Offer("waiver", msg("A waiver, with its reason; the university will see it.")),
        )
    found: list[Offer] = []
    if deciding is not None:
        day = deciding.starts_local.date()
        found.append(
            Offer("call", msg("Call before %(day)s and ask what would make it easier to come.", day=day))
        )
    if lost is not None and asked_for(person, lost):
        found.append(
            Offer("answer", msg("Answer what they asked for: agree to it, or say what is possible instead."))
        )
        return tuple(found)
    missed = can_be_made_up(course, person)
    ways = MakeUpPolicy.from_document(course.programme.attendance).ways
    if missed:
        needed = _fewest(missed, lost.evidence[0] if lost is not None and lost.evidence else None)
        keys = tuple(line.session.id for line in needed)
        numbers = ", ".join(str(line.session.number) for line in needed)
        time = minutes_text(sum(line.missed for line in needed))
        if "session" in ways or "other_course" in ways:
            found.append(
                Offer(
                    "make_up",
                    nmsg(
                        "Offer to make up session %(numbers)s (%(time)s) in another session of the same module.",
                        "Offer to make up sessions %(numbers)s (%(time)s) in other sessions of the same modules.",
                        len(needed),
                        numbers=numbers,
                        time=time,
                    ),
                    keys,
                )
            )
        if "task" in ways:
            found.append(
                Offer(
                    "task",
                    nmsg(
                        "Agree a task for session %(numbers)s (%(time)s), with a day until which it is done.",
                        "Agree tasks for sessions %(numbers)s (%(time)s), with a day until which they are done.",
                        len(needed),
                        numbers=numbers,
                        time=time,
                    ),
                    keys,
                )
            )
    if lost is not None:
        found.append(Offer("transfer", msg("Look at the next edition or another group of the programme.")))
        found.append(Offer("waiver", msg("A waiver, with its reason; the university will see it.")))
    return tuple(found)


def can_be_made_up(course: CourseProgress, person: PersonProgress) -> list[Line]:
    """What was missed and may still be made up by the programme's rule, the most minutes first, and no more sessions than
    the rule leaves; nothing where the programme knows no make-ups."""
    policy = MakeUpPolicy.from_document(course.programme.attendance)
    used = Used.of(
        (line.make_up.way, line.make_up.status, line.make_up.minutes)
        for line in person.attendance.lines
        if line.make_up is not None
    )
    lines = [
        line
        for line in person.attendance.lines
        if line.missed > 0
        and line.state is not LineState.PLANNED
        and why_not(policy, line, used, course.today) is None
    ]
    lines.sort(key=lambda line: (-line.missed, line.session.starts_local))
    if policy.at_most_sessions is None:
        return lines
    return lines[: max(0, policy.at_most_sessions - used.sessions)]


def asked_for(person: PersonProgress, requirement: Requirement) -> bool:
    """Whether what is missing is asked to be made up already, so that the answer is all there is to wait for."""
    standing = requirement.evidence[0] if requirement.evidence else None
    if (
        requirement.kind != "attendance"
        or not isinstance(standing, Attendance)
        or standing.short_minutes <= 0
    ):
        return False
    waiting = sum(min(line.make_up.minutes, line.missed) for line in asked_lines(person) if line.make_up)
    return waiting >= standing.short_minutes


def asked_lines(person: PersonProgress) -> list[Line]:
    """What they asked to make up; nobody has answered yet."""
    return [
        line
        for line in person.attendance.lines
        if line.make_up is not None and line.make_up.status == "asked"
    ]


def _fewest(missed: Sequence[Line], evidence: object) -> Sequence[Line]:
    """The fewest sessions whose make-up brings a rule back within reach; all of them where that is not known."""
    if isinstance(evidence, Attendance):
        short, chosen = evidence.short_minutes, []
        for line in missed:
            if short <= 0:
                break
            chosen.append(line)
            short -= line.missed
        return chosen or missed[:1]
    codes = frozenset(getattr(evidence, "missed", ()))
    by_module = getattr(evidence, "by_module", True)
    return [
        line for line in missed if (line.session.module_code if by_module else line.session.number) in codes
    ] or missed[:1]
