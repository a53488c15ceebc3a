"""Saving what was typed into the sheet of a course: session by session, each whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from trainer.attendance.rules import MarkInput
from trainer.attendance.services.registers import SaveResult, save_register
from trainer.core.access import Actor
from trainer.core.errors import Invalid, Refused
from trainer.core.text import Text
from trainer.scheduling.services.changes import SessionRef


@dataclass(frozen=True, slots=True)
class SheetPart:
    """What was typed for one session, by enrolment id, with the versions that the sheet showed."""

    session: SessionRef
    marks: Mapping[int, MarkInput]
    versions: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SheetResult:
    """By session id: what a save did, or why a session was refused as a whole."""

    done: Mapping[int, SaveResult] = field(default_factory=dict)
    refused: Mapping[int, Text | str] = field(default_factory=dict)


def save_sheet(actor: Actor, parts: list[SheetPart], reason: str | None = None) -> SheetResult:
    """Saves each session's marks by `save_register`, in order of their ids, each in a transaction of its own.

    A session in which somebody else changed one of the marks meanwhile, or in which a correction lacks its reason, is
    left whole and reported; the others are saved. Whoever may not take a register is refused session by session.
    """
    done: dict[int, SaveResult] = {}
    refused: dict[int, Text | str] = {}
    for part in sorted(parts, key=lambda one: one.session.id):
        try:
            done[part.session.id] = save_register(
                actor, part.session, part.marks, reason, part.versions, partial=True, whole=True
            )
        except (Invalid, Refused) as error:
            refused[part.session.id] = error.text
    return SheetResult(done, refused)
