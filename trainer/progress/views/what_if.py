""" "What if" for the organiser: a mark, a make-up, a cancelled session or another rule, before and after. Writes nothing."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import render_template, request
from flask_babel import gettext as _

from trainer.attendance.rules import NEEDS_MINUTES, MarkFact, MarkKind
from trainer.cohorts.models import Course
from trainer.cohorts.queries import course_by_code
from trainer.core.access import access
from trainer.curriculum.rules.numbers import exact_fraction
from trainer.progress import queries, rules
from trainer.progress.policy import can_read_course
from trainer.progress.rules.what_if import MakeUpIf, MarkIf, RulesIf, WhatIf, moves, tally
from trainer.progress.views.base import WORDS, bp

MARKS = ("present", "late", "left_early", "absent", "excused", "unmarked")
EXCUSED = ("absent", "excluded", "credited")
EVERYBODY = "all"


@dataclass
class _Asked:
    """The address read: what is supposed, and what could not be understood, in words."""

    what_if: WhatIf = field(default_factory=WhatIf)
    problems: list[str] = field(default_factory=list)


@bp.get("/courses/<code>/what-if")
@access(load=course_by_code, read=can_read_course)
def what_if(course: Course) -> str | tuple[str, int]:
    """The form, and who moves between met, not yet and out of reach."""
    loaded = queries.load(course)
    asked = _read(loaded.progress)
    after = queries.supposing(loaded, asked.what_if) if asked.what_if.any and not asked.problems else None
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
        args=request.args,
        **WORDS,
    )
    return (page, 422) if asked.problems else page


def _read(progress: rules.CourseProgress) -> _Asked:
    asked = _Asked()
    sessions = {str(one.number): one.id for one in progress.sessions}
    people = {str(one.enrolment_id): one.enrolment_id for one in progress.people}
    asked.what_if = WhatIf(
        marks=_marks(asked.problems, sessions, people),
        make_ups=_make_ups(asked.problems, sessions, people),
        cancelled=frozenset(
            sessions[number] for number in request.args.getlist("cancel") if number in sessions
        ),
        rules=_rules(asked.problems),
    )
    return asked


def _marks(problems: list[str], sessions: dict[str, int], people: dict[str, int]) -> tuple[MarkIf, ...]:
    person, number, kind = (request.args.get(name, "") for name in ("person", "session", "mark"))
    if not kind:
        return ()
    if (person not in people and person != EVERYBODY) or number not in sessions or kind not in MARKS:
        problems.append(_("For another mark, choose who, which session, and the mark."))
        return ()
    minutes = _number(problems, "minutes", _("Minutes attended"))
    mark = MarkKind(kind)
    if mark in NEEDS_MINUTES and minutes is None:
        problems.append(_("Late and left early need the minutes attended."))
        return ()
    fact = MarkFact(mark, minutes if mark in NEEDS_MINUTES else None)
    return (MarkIf(sessions[number], fact, people.get(person)),)


def _make_ups(problems: list[str], sessions: dict[str, int], people: dict[str, int]) -> tuple[MakeUpIf, ...]:
    person, number = request.args.get("who", ""), request.args.get("made_up", "")
    if not person and not number:
        return ()
    if person not in people or number not in sessions:
        problems.append(_("For a make-up, choose who and which session."))
        return ()
    minutes = _number(problems, "worth", _("Minutes made up"))
    return (MakeUpIf(people[person], sessions[number], minutes),)


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
