"""Registers saved for a world, through the services."""

from __future__ import annotations

from typing import Any

from trainer.attendance.rules import MarkInput, MarkKind
from trainer.attendance.services import save_register
from trainer.core.database import session
from trainer.scheduling.models import Session
from trainer.scheduling.queries import sessions_of

Marks = dict[tuple[int, int], MarkInput | None]


def hold(world: Any, numbers: range | list[int], marks: Marks | None = None) -> None:
    """Holds the sessions of those numbers: all present but for `marks`, by (trainee's index, session's number).

    None leaves a person unmarked.
    """
    present = MarkInput(MarkKind.PRESENT)
    for row in sessions_of(world.course.id):
        if row.number not in numbers:
            continue
        found = {
            one.id: (marks or {}).get((index, row.number), present)
            for index, one in enumerate(world.trainees)
        }
        save_register(
            world.actor("trainer"),
            session.get_one(Session, row.id),
            {key: mark for key, mark in found.items() if mark is not None},
            reason="test",
        )


ABSENT = MarkInput(MarkKind.ABSENT)
EXCUSED = MarkInput(MarkKind.EXCUSED)


def late(minutes: int) -> MarkInput:
    """Late, `minutes` attended."""
    return MarkInput(MarkKind.LATE, minutes)
