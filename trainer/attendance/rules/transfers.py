"""What goes along when somebody goes on in another course of the same programme. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from trainer.attendance.rules.facts import AttendanceRule, SessionFact


@dataclass(frozen=True, slots=True)
class Earned:
    """Minutes of one session of the old course that were attended or made up."""

    session_id: int
    module_code: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Carried:
    """Minutes credited to one session of the new course; `from_session_id` is the old session that gave the most of them."""

    session: SessionFact
    from_session_id: int
    minutes: int


def carried(earned: Iterable[Earned], sessions: Sequence[SessionFact], joined_on: date) -> list[Carried]:
    """Each module's minutes, credited to that module's sessions before the day of joining, in order of time.

    No session gets more than its length and no minute is credited twice. What lies from that day on is attended there.
    """
    left: dict[str, list[list[int]]] = {}
    for one in earned:
        if one.minutes > 0:
            left.setdefault(one.module_code, []).append([one.session_id, one.minutes])
    found = []
    for session in sorted(sessions, key=lambda s: (s.starts_local, s.number)):
        if session.status == "cancelled" or session.extra or session.on >= joined_on:
            continue
        room, given, most = session.length, 0, (0, 0)
        for source in left.get(session.module_code, []):
            taken = min(room - given, source[1])
            source[1] -= taken
            given += taken
            most = max(most, (taken, source[0]))
        if given:
            found.append(Carried(session, most[1], given))
    return found


def carries(rule: AttendanceRule, joined_on: date, starts_on: date) -> bool:
    """Whether who joins on that day needs credit for the sessions before: not where the programme leaves these out."""
    return not (joined_on > starts_on and rule.late_joiners_from_joining)
