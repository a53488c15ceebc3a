"""Progress as JSON and as a table: plain values, in the current language where they are words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext as _

from trainer.attendance.rules import percent
from trainer.core.i18n import day, localised, say
from trainer.gates.rules import GateResult
from trainer.progress.rules import (
    Call,
    Cell,
    CourseProgress,
    MarkLike,
    PersonProgress,
    cell_notes,
    cells,
    channel_text,
    forecast_text,
    left_text,
    outcome_text,
)
from trainer.progress.rules.what_if import Move


def progress_document(course: CourseProgress) -> dict[str, Any]:
    """The document of `trainer progress --format json`: whole minutes, percents cut (null without data).

    `as_of` is there for what was on record at an earlier moment.
    """
    programme = course.programme
    return {
        "course": course.code,
        **({"as_of": course.as_of.isoformat()} if course.as_of else {}),
        "programme": {"code": programme.code, "version": programme.version, "hash": programme.hash},
        "people": [_person(person) for person in course.people],
    }


def _person(person: PersonProgress) -> dict[str, Any]:
    attendance = person.attendance
    return {
        "email": person.email,
        "name": person.name,
        "status": person.status,
        "attendance": {
            "credited_minutes": attendance.credited_minutes,
            "held_minutes": attendance.held_minutes,
            "base_minutes": attendance.base_minutes,
            "percent_so_far": attendance.percent_so_far,
            "can_still_miss_minutes": attendance.can_still_miss_minutes,
            "forecast": attendance.forecast.value,
            "unmarked_sessions": list(attendance.unmarked_sessions),
        },
        "gates": {name: _gate(gate) for name, gate in person.gates.items()},
    }


def _gate(gate: GateResult) -> dict[str, Any]:
    return {
        "status": gate.status.value,
        "requirements": [
            {
                "kind": one.kind,
                "status": one.status.value,
                "have": one.have,
                "need": one.need,
                "explanation": say(one.explanation),
            }
            for one in gate.requirements
        ],
    }


def progress_table(
    course: CourseProgress,
    people: Iterable[PersonProgress] | None = None,
    *,
    by_session: bool = True,
) -> tuple[list[str], list[list[Any]]]:
    """Header and rows of what the page shows, for these people or everybody; with a column a session."""
    gate_titles = [localised(gate.title) or name for name, gate in course.programme.gates.items()]
    header = [
        _("Name"),
        _("Email"),
        _("Status"),
        _("Entity"),
        _("Credited minutes"),
        _("Held minutes"),
        _("Minutes of the course"),
        _("Percent so far"),
        _("Best possible, percent"),
        _("Minutes that may still be missed"),
        _("Forecast"),
        *gate_titles,
    ]
    sessions = course.sessions if by_session else ()
    header += [f"{session.number} · {day(session.starts_local, 'short')}" for session in sessions]
    rows = []
    for person in course.people if people is None else people:
        attendance = person.attendance
        row: list[Any] = [
            person.name,
            person.email,
            word(person.status),
            person.entity,
            attendance.credited_minutes,
            attendance.held_minutes,
            attendance.base_minutes,
            *_forecast(person),
            *(gate_words(person, name) for name in course.programme.gates),
        ]
        if by_session:
            row += [cell_words(cell) for cell in cells(course, person)]
        rows.append(row)
    return header, rows


def _forecast(person: PersonProgress) -> list[Any]:
    """Percent so far, best possible, what may be missed and the forecast; of who left or completed, what they had then."""
    attendance = person.attendance
    if person.is_over:
        had, held = person.when_left
        return [
            percent(had, held),
            None,
            None,
            say(left_text(person)) if person.has_left else word("completed"),
        ]
    return [
        attendance.percent_so_far,
        attendance.best_possible,
        attendance.can_still_miss_minutes,
        say(forecast_text(attendance.forecast)),
    ]


def gate_words(person: PersonProgress, gate: str) -> str:
    """Where somebody stands at a gate; nothing for one that who left or completed the course has not passed."""
    open_ = person.gates[gate].passed or person.waits(gate)
    return word(person.gates[gate].status.value) if open_ else ""


def calls_table(
    calls: Sequence[Call], due: Iterable[PersonProgress] = ()
) -> tuple[list[str], list[list[Any]]]:
    """Header and rows of who needs a call: why, what could be offered, and when they were last spoken with. First those
    who were only to be asked again by today (`due`)."""
    header = [
        _("Name"),
        _("Email"),
        _("Now"),
        _("Why"),
        _("Known already"),
        _("What could be offered"),
        _("Last contact"),
        _("Ask again on"),
    ]
    again = [
        [one.name, one.email, word("due"), "", "", "", one.contact.on, one.contact.again_on]
        for one in due
        if one.contact is not None
    ]
    return header, again + [
        [
            call.person.name,
            call.person.email,
            word(call.state),
            "\n".join(say(one) for one in call.reasons),
            "\n".join(say(one) for one in call.known),
            "\n".join(say(one.text) for one in call.offers) or say(call.next_step),
            call.person.contact.on if call.person.contact else None,
            call.person.contact.again_on if call.person.contact else None,
        ]
        for call in calls
    ]


def contacts_table(log: Iterable[Any]) -> tuple[list[str], list[list[Any]]]:
    """Header and rows of the log of contacts (queries.ContactRow)."""
    header = [
        _("Day"),
        _("Name"),
        _("How"),
        _("What came of it"),
        _("What was agreed"),
        _("Ask again on"),
        _("By"),
    ]
    return header, [
        [
            one.on,
            one.name,
            say(channel_text(one.channel)),
            say(outcome_text(one.outcome)),
            one.agreed,
            one.again_on,
            one.by,
        ]
        for one in log
    ]


def moves_table(course: CourseProgress, moves: Iterable[Move]) -> tuple[list[str], list[list[Any]]]:
    """Header and rows of a "what if": each gate and each figure today and then. Minutes are whole, percents cut."""
    header = [_("Name")]
    for name, gate in course.programme.gates.items():
        title = localised(gate.title) or name
        header += [_("%(what)s, today", what=title), _("%(what)s, then", what=title)]
    for what in (
        *(_("Best possible, percent"), _("Credited minutes")),
        *(_("Minutes that may still be missed"), _("Forecast")),
    ):
        header += [_("%(what)s, today", what=what), _("%(what)s, then", what=what)]
    rows = []
    for move in moves:
        row: list[Any] = [move.before.name]
        for name in course.programme.gates:
            row += [word(one.gates[name].status.value) for one in (move.before, move.after)]
        was, now = move.before.attendance, move.after.attendance
        row += [was.best_possible, now.best_possible, was.credited_minutes, now.credited_minutes]
        row += [was.can_still_miss_minutes, now.can_still_miss_minutes]
        row += [say(forecast_text(one.forecast)) for one in (was, now)]
        rows.append(row)
    return header, rows


def cell_words(cell: Cell) -> str:
    """What a cell of the grid says: the mark, with its minutes where it has some, and what is to be said beside it."""
    said = ""
    if cell.kind:
        said = word(cell.kind)
        if cell.minutes is not None:
            said = str(_("%(mark)s: attended %(minutes)d min", mark=said, minutes=cell.minutes))
    return "; ".join([*([said] if said else []), *(say(one) for one in cell_notes(cell))])


def mark_words(session_status: str, mark: MarkLike | None, missing: str = "unmarked") -> str:
    """What a cell of the grid says: the mark, with its minutes where it has some."""
    if session_status == "cancelled":
        return str(_("Cancelled"))
    if session_status != "held":
        return ""
    if mark is None:
        return word(missing)
    if mark.minutes is None:
        return word(mark.kind)
    return str(_("%(mark)s: attended %(minutes)d min", mark=word(mark.kind), minutes=mark.minutes))


def word(code: str) -> str:
    """A status or a mark in one word or two of the current language."""
    words = {
        "enrolled": _("On the course"),
        "paused": _("Paused"),
        "withdrawn": _("Left the course"),
        "completed": _("Completed"),
        "invited": _("Invited"),
        "met": _("Met"),
        "not_yet": _("Not yet"),
        "unreachable": _("Out of reach"),
        "waived": _("Waived"),
        "cancelled": _("Cancelled"),
        "announced": _("Absence announced"),
        "made_up": _("Made up"),
        "agreed": _("Make-up agreed"),
        "due": _("Ask again today"),
        "now": _("To call"),
        "waiting": _("Waiting"),
        "unmarked": _("Unmarked"),
        "not_expected": _("Not expected"),
        "present": _("Present"),
        "late": _("Late"),
        "left_early": _("Left early"),
        "absent": _("Absent"),
        "excused": _("Excused"),
    }
    return str(words.get(code, code))
