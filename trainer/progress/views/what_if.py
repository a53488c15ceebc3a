""" "What if" for the organiser: marks, make-ups, cancelled sessions and other rules, all at once, before and after.

Everything supposed stands in the address, the changes piled up in `c`; what the form adds is put on the pile. Writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import abort, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from trainer.attendance.rules import NEEDS_MINUTES
from trainer.cohorts.models import Course
from trainer.cohorts.queries import course_by_code
from trainer.core.access import access
from trainer.core.web import file_form, of_file, table_file
from trainer.curriculum.rules.numbers import exact_fraction
from trainer.progress import queries, rules
from trainer.progress.documents import moves_table
from trainer.progress.policy import can_read_course
from trainer.progress.rules.supposed import (
    CANCEL,
    EVERYBODY,
    MAKE_UP,
    MARK,
    MARKS,
    MOST,
    Change,
    known,
    pile,
    what_if_of,
)
from trainer.progress.rules.supposed import read as read_change
from trainer.progress.rules.what_if import RulesIf, WhatIf, moves, tally
from trainer.progress.views.base import WORDS, bp

EXCUSED = ("absent", "excluded", "credited")


@dataclass
class _Asked:
    """The address read: what is supposed, and what could not be understood, in words."""

    what_if: WhatIf = field(default_factory=WhatIf)
    changes: list[Change] = field(default_factory=list)
    rules: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


@bp.get("/courses/<code>/what-if")
@access(load=course_by_code, read=can_read_course)
def what_if(course: Course) -> str | tuple[str, int]:
    """The form, and who moves between met, not yet and out of reach."""
    loaded = queries.load(course)
    asked = _read(loaded.progress)
    after = queries.supposing(loaded, asked.what_if) if asked.what_if.any and not asked.problems else None
    people = {str(one.enrolment_id): one.name for one in loaded.progress.people}
    page = render_template(
        "progress/what_if.html",
        course=course,
        progress=loaded.progress,
        after=after,
        moves=moves(loaded.progress, after) if after else [],
        before_counts=tally(loaded.progress),
        after_counts=tally(after) if after else {},
        problems=asked.problems,
        marks=MARKS,
        excused=EXCUSED,
        everybody=EVERYBODY,
        args=request.args if asked.problems else asked.rules,
        pile=[_shown(course, asked, one, people) for one in asked.changes],
        rules_if=asked.rules,
        most=MOST,
        supposed=_supposed(asked),
        **WORDS,
    )
    return (page, 422) if asked.problems else page


@bp.get("/courses/<code>/what-if.<any(csv, xlsx):form>")
@access(load=of_file(course_by_code), read=can_read_course)
def what_if_file(course: Course) -> Response:
    """Everybody for whom something would be otherwise, today and then: those whose gates move first."""
    loaded = queries.load(course)
    asked = _read(loaded.progress)
    if asked.problems:
        abort(422)
    after = queries.supposing(loaded, asked.what_if) if asked.what_if.any else None
    header, rows = moves_table(loaded.progress, moves(loaded.progress, after) if after else [])
    return table_file(f"{course.code}-what-if", file_form(), header, rows)


@dataclass(frozen=True)
class _Shown:
    """One change of the pile: what it is, of whom (nothing: everybody), and the address without it."""

    change: Change
    who: str
    without: str


def _shown(course: Course, asked: _Asked, one: Change, people: dict[str, str]) -> _Shown:
    rest = [other.token for other in asked.changes if other is not one]
    without = url_for("progress.what_if", code=course.code, c=rest, **asked.rules, _anchor="supposed")
    return _Shown(one, people.get(one.who, ""), without)


def _supposed(asked: _Asked) -> dict[str, Any]:
    """What is supposed, for the address of the file."""
    return {"c": [one.token for one in asked.changes], **asked.rules}


def _read(progress: rules.CourseProgress) -> _Asked:
    asked = _Asked()
    sessions = {one.number: one.id for one in progress.sessions}
    people = {str(one.enrolment_id): one.enrolment_id for one in progress.people}
    found = [read_change(token) for token in request.args.getlist("c")[: 3 * MOST]]
    piled = [one for one in found if one is not None and known(one, sessions, people)]
    if len(piled) < len(found):
        asked.problems.append(_("One of the changes in the address could not be read, and was left out."))
    piled += [
        one for one in _added(asked.problems) if _is_known(asked.problems, one, known(one, sessions, people))
    ]
    asked.changes = pile(piled)
    if len(asked.changes) > MOST:
        asked.changes = asked.changes[:MOST]
        asked.problems.append(
            _("At most %(most)d changes can be supposed at once. Take one away first.", most=MOST)
        )
    changed = _rules(asked.problems)
    asked.rules = {
        name: value.strip()
        for name in ("at_least", "excused", "cap", "at_most")
        if (value := request.args.get(name, "")).strip()
    }
    asked.what_if = what_if_of(asked.changes, sessions, changed)
    return asked


def _is_known(problems: list[str], one: Change, is_known: bool) -> bool:
    if not is_known:
        problems.append(_UNKNOWN[one.kind]())
    return is_known


_UNKNOWN: dict[str, Callable[[], str]] = {
    MARK: lambda: _("For another mark, choose who, which session, and the mark."),
    MAKE_UP: lambda: _("For a make-up, choose who and which session."),
    CANCEL: lambda: _("Choose the session that would be cancelled."),
}


def _added(problems: list[str]) -> list[Change]:
    """What the form puts on the pile."""
    asked = request.args
    found = [Change(CANCEL, _session(number)) for number in asked.getlist("cancel") if number]
    person, number, kind = (asked.get(name, "") for name in ("person", "session", "mark"))
    if kind and kind not in MARKS:
        problems.append(_UNKNOWN[MARK]())
    elif kind:
        minutes = _number(problems, "minutes", _("Minutes attended"))
        needs = kind in {one.value for one in NEEDS_MINUTES}
        if needs and minutes is None:
            problems.append(_("Late and left early need the minutes attended."))
        else:
            found.append(Change(MARK, _session(number), person or "?", kind, minutes if needs else None))
    person, number = asked.get("who", ""), asked.get("made_up", "")
    if person or number:
        minutes = _number(problems, "worth", _("Minutes made up"))
        found.append(Change(MAKE_UP, _session(number), person or "?", "", minutes))
    return found


def _session(number: str) -> int:
    """The session's number; none has the number -1."""
    return int(number) if number.isascii() and number.isdigit() and len(number) <= 4 else -1


def _rules(problems: list[str]) -> RulesIf:
    share = request.args.get("at_least", "").strip()
    if share:
        share = share.replace(",", ".")
        share = share if "%" in share or "/" in share else f"{share} %"
        try:
            if not 0 <= exact_fraction(share) <= 1:
                raise ValueError
        except ValueError:
            problems.append(
                _("Write the share that is needed as 75 %(sign)s or 3/4, at most the whole.", sign="%")
            )
            share = ""
    excused = request.args.get("excused", "")
    return RulesIf(
        at_least=share or None,
        excused=excused if excused in EXCUSED else None,
        cap=_number(problems, "cap", _("Excused at most")),
        at_most=_number(problems, "at_most", _("Missed at most")),
    )


def _number(problems: list[str], name: str, label: str) -> int | None:
    text = request.args.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        problems.append(_("%(field)s: a whole number, please.", field=label))
        return None
    return int(text)
