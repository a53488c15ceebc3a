"""Progress as JSON and as a table: plain values, in the current language where they are words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from trainer.core.i18n import day, localised, say
from trainer.gates.rules import GateResult
from trainer.progress.rules import CourseProgress, MarkLike, PersonProgress, forecast_text, missing_mark

Marks = Mapping[int, Mapping[int, MarkLike]]


def progress_document(course: CourseProgress) -> dict[str, Any]:
    """The document of `trainer progress --format json`: whole minutes, percents cut (null without data)."""
    programme = course.programme
    return {
        "course": course.code,
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


def progress_table(course: CourseProgress, marks: Marks | None = None) -> tuple[list[str], list[list[Any]]]:
    """Header and rows of what the page shows; with `marks`, a column a session."""
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
        _("Minutes that may still be missed"),
        _("Forecast"),
        *gate_titles,
    ]
    sessions = sorted(course.sessions, key=lambda session: session.number) if marks is not None else []
    header += [f"{session.number} · {day(session.starts_local, 'short')}" for session in sessions]
    rows = []
    for person in course.people:
        attendance = person.attendance
        row: list[Any] = [
            person.name,
            person.email,
            word(person.status),
            person.entity,
            attendance.credited_minutes,
            attendance.held_minutes,
            attendance.base_minutes,
            attendance.percent_so_far,
            attendance.can_still_miss_minutes,
            say(forecast_text(attendance.forecast)),
            *(word(person.gates[name].status.value) for name in course.programme.gates),
        ]
        own = (marks or {}).get(person.enrolment_id, {})
        row += [
            mark_words(session.status, own.get(session.id), missing_mark(person, session))
            for session in sessions
        ]
        rows.append(row)
    return header, rows


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
    return str(_("%(mark)s, %(minutes)d min", mark=word(mark.kind), minutes=mark.minutes))


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
        "unmarked": _("Unmarked"),
        "not_expected": _("Not expected"),
        "present": _("Present"),
        "late": _("Late"),
        "left_early": _("Left early"),
        "absent": _("Absent"),
        "excused": _("Excused"),
    }
    return str(words.get(code, code))
