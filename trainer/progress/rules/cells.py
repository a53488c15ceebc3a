"""What one cell of a course's grid shows: one person at one session. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from trainer.attendance.rules import Line, LineState, MarkKind
from trainer.core.text import Text, minutes_text, msg
from trainer.progress.rules.facts import CourseProgress, PersonProgress, SessionLike


@dataclass(frozen=True, slots=True)
class Cell:
    """`kind` of the mark, or announced, or cancelled; empty for a session to come of which nothing is known.

    Minutes are whole. `minutes`: attended, for late and left early. `made_up`: credited by a make-up. `agreed`: of a make-up
    that is agreed and not done yet, until a day. `announced`: they said beforehand that they would miss it.
    """

    kind: str = ""
    minutes: int | None = None
    made_up: int = 0
    agreed: int = 0
    until: date | None = None
    announced: bool = False

    @property
    def badge(self) -> str:
        """What stands in the corner of the mark, if anything does."""
        return "made_up" if self.made_up else "agreed" if self.agreed else ""


def cells(course: CourseProgress, person: PersonProgress) -> list[Cell]:
    """A person's cells in the order of the course's sessions."""
    lines = {line.session.id: line for line in person.attendance.lines}
    return [_cell(session, lines.get(session.id)) for session in course.sessions]


def _cell(session: SessionLike, line: Line | None) -> Cell:
    if session.status == "cancelled" or line is None:
        return Cell("cancelled" if session.status == "cancelled" else "")
    said = line.notice is not None and line.notice.kind == "absent"
    agreed = line.agreed
    if line.make_up is not None and line.make_up.status == "agreed" and line.state is LineState.PLANNED:
        agreed = min(line.make_up.minutes, line.session.length)
    until = line.make_up.until if line.make_up is not None and agreed else None
    if session.status != "held":
        return Cell("announced" if said else "", None, line.made_up, agreed, until, said)
    if line.mark is not None and line.mark.kind is not MarkKind.UNMARKED:
        return Cell(line.mark.kind.value, line.mark.minutes, line.made_up, agreed, until, said)
    missing = "unmarked" if line.state is LineState.UNMARKED else "not_expected"
    return Cell(missing, None, line.made_up, agreed, until, said)


def cell_notes(cell: Cell) -> list[Text]:
    """What is to be said of a cell beside its mark."""
    notes = []
    if cell.announced and cell.kind != "announced":
        notes.append(msg("announced beforehand"))
    if cell.made_up:
        notes.append(msg("%(time)s made up", time=minutes_text(cell.made_up)))
    if cell.agreed and cell.until:
        notes.append(
            msg("make-up of %(time)s agreed, until %(day)s", time=minutes_text(cell.agreed), day=cell.until)
        )
    elif cell.agreed:
        notes.append(msg("make-up of %(time)s agreed", time=minutes_text(cell.agreed)))
    return notes
