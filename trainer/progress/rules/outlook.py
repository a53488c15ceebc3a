"""The answer before the figures: how things look for somebody, in one calm sentence, and what to do first. Pure.

Source: docs/domain.md, "Attendance" 6 and 7 and "Words": it rests on the best that is still possible, and missing data
is no warning.
"""

from __future__ import annotations

from collections.abc import Sequence

from trainer.attendance.rules import Attendance, Forecast, Line
from trainer.core.text import Text, msg, nmsg
from trainer.gates.rules import Requirement, Status
from trainer.progress.rules.facts import CourseProgress, PersonProgress
from trainer.progress.rules.offers import ATTENDANCE_KINDS, asked_for
from trainer.progress.rules.own import Todo
from trainer.progress.rules.words import step_text


def outlook_text(
    course: CourseProgress, person: PersonProgress, todos: Sequence[Todo], can_make_up: Sequence[Line] = ()
) -> Text:
    """How things look, said first. `can_make_up`: what was missed and may be made up by the programme's rule."""
    lost = [one.requirement for one in todos if one.requirement.status is Status.UNREACHABLE]
    if lost and all(_made_up(one, can_make_up) or asked_for(person, one) for one in lost):
        return msg("Something is missing, and it can be made up.")
    if lost:
        return msg("There is something to talk about. There are other ways.")
    if person.gates and all(gate.passed for gate in person.gates.values()):
        return msg("Everything that is asked for is in place.")
    if not any(one.status == "held" or course.waits_for_register(one) for one in course.sessions):
        first = course.ahead[0].starts_local.date() if course.ahead else None
        return msg("It begins on %(day)s.", day=first) if first else msg("It is about to begin.")
    if not course.ahead:
        return nmsg(
            "The sessions are behind you. %(num)d thing is still open.",
            "The sessions are behind you. %(num)d things are still open.",
            len(todos),
        )
    waits = any(one.requirement.kind in ATTENDANCE_KINDS for one in todos)
    if waits and person.attendance.forecast is Forecast.AT_RISK:
        return msg("You are on your way. From here on, every session counts.")
    return msg("You are on your way.")


def _made_up(one: Requirement, can_make_up: Sequence[Line]) -> bool:
    """Whether making up what may be made up brings a requirement back within reach."""
    evidence = one.evidence[0] if one.evidence else None
    if one.kind not in ATTENDANCE_KINDS:
        return False
    if isinstance(evidence, Attendance):
        own = {line.session.id for line in evidence.lines}
        brings = sum(line.missed for line in can_make_up if line.session.id in own)
        return 0 < evidence.short_minutes <= brings
    by_module = getattr(evidence, "by_module", True)
    found = {line.session.module_code if by_module else line.session.number for line in can_make_up}
    return set(getattr(evidence, "missed", ())) <= found


def first_things_first(todos: Sequence[Todo]) -> list[Todo]:
    """What is out of reach first, then what one can do, then what others do or what only comes later; else as it was."""
    return sorted(todos, key=_rank)


def _rank(one: Todo) -> int:
    if one.requirement.status is Status.UNREACHABLE:
        return 0
    return 1 if one.explain and one.page is not None else 2


def step_as_told(todos: Sequence[Todo], requirement: Requirement) -> Text | None:
    """The next step of a requirement as the person's own page says it; None where nothing is left to do."""
    plain = step_text(requirement)
    alike = [one for one in todos if one.requirement.kind == requirement.kind]
    if plain is None or not alike or any(one.step == plain for one in alike):
        return plain
    return next((one.step for one in alike if one.requirement == requirement), alike[0].step)


def left_text(person: PersonProgress) -> Text:
    """Said to, and of, somebody who left: the day, nothing more."""
    if person.left_on is None:
        return msg("Left the course")
    return msg("Left the course on %(day)s", day=person.left_on)
